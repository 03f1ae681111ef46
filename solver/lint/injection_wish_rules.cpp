#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "model/mesh/mesh.h"
#include "solver/lint/workload_findings.h"

namespace meshproof {
namespace {

bool asks(const WorkloadInjection& workload) {
  return workload.wish.by != InjectionWish::By::Nothing;
}

/// A project on a roll gets its label when the operator comes to it.
bool is_listed(const LintedState& state, std::string_view ns) {
  return std::ranges::any_of(state.meshes(), [&](const Mesh& mesh) {
    return std::ranges::find(mesh.roll_members, ns) != mesh.roll_members.end();
  });
}

bool is_outside(const WorkloadInjection& workload) {
  return workload.decision.rule == InjectionRule::NotAMember ||
         workload.decision.rule == InjectionRule::NoControlPlane;
}

std::vector<LintFinding> outside_of_mesh(const LintedState& state) {
  return about_workloads(state, [&](const WorkloadInjection& workload, WorkloadFindings& found) {
    if (!asks(workload) || !is_outside(workload) || is_listed(state, workload.ns)) return;
    found.add(fmt::format("asks for a sidecar and gets none: {}", workload.decision.reason),
              workload.wish.where);
  });
}

std::vector<LintFinding> only_upstream(const LintedState& state) {
  return about_workloads(state, [&](const WorkloadInjection& workload, WorkloadFindings& found) {
    if (!workload.only_upstream() || asks(workload)) return;
    found.add(fmt::format("gets no sidecar: {}; upstream Istio injects it, because {}",
                          workload.decision.reason, workload.upstream.reason),
              workload.upstream.where);
  });
}

std::vector<LintFinding> host_network(const LintedState& state) {
  return about_workloads(state, [&](const WorkloadInjection& workload, WorkloadFindings& found) {
    if (!workload.host_network || !asks(workload) || is_outside(workload)) return;
    found.add("asks for a sidecar and is on its node's network, where none is injected",
              workload.wish.where);
  });
}

std::vector<LintFinding> misplaced_wish(const LintedState& state) {
  return about_workloads(state, [&](const WorkloadInjection& workload, WorkloadFindings& found) {
    if (!workload.misplaced_wish) return;
    found.add(fmt::format("has {} in its own metadata, which nobody reads: its pods get no sidecar",
                          kInjectKey),
              *workload.misplaced_wish);
  });
}

/// Values of the flag by which a person means yes, and that mean no.
constexpr auto kSeemingYes = std::to_array<std::string_view>(
    {"1", "allow", "allowed", "always", "auto", "enable", "enabled", "inject", "ok", "t"});

bool seems_yes(std::string_view value) {
  std::string lower{value};
  const auto is_space = [](char letter) { return letter == ' ' || letter == '\t'; };
  std::erase_if(lower, is_space);
  for (char& letter : lower) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return std::ranges::find(kSeemingYes, lower) != kSeemingYes.end() ||
         (means_yes(lower) && !means_yes(value));
}

std::vector<LintFinding> seeming_yes(const LintedState& state) {
  return about_workloads(state, [&](const WorkloadInjection& workload, WorkloadFindings& found) {
    const InjectionRule rule = workload.decision.rule;
    const bool by_flag =
        rule == InjectionRule::InjectLabel || rule == InjectionRule::InjectAnnotation;
    if (workload.decision.injected || !by_flag) return;
    const std::string_view where = rule == InjectionRule::InjectLabel ? "labels" : "annotations";
    const HeldTemplate pod = template_of(state, workload);
    const Tree* flag =
        pod.tree == nullptr ? nullptr : pod.tree->find_path({"metadata", where, kInjectKey});
    if (flag == nullptr || !seems_yes(flag->text)) return;
    found.add(fmt::format("has {} \"{}\", which means no: yes is true, yes, y or on", kInjectKey,
                          flag->text),
              flag->place);
  });
}

constexpr auto kRows = std::to_array<RuleRow>({
    {{.code = "MP0301",
      .name = "injection-outside-mesh",
      .group = RuleGroup::Injection,
      .severity = Severity::Warning,
      .meaning =
          "A workload asks for a sidecar, and its project is in no mesh. Upstream Istio looks at "
          "labels alone; here the annotation counts only in a project that has the member-of label "
          "when the pod is created. The pods run without a sidecar, and nothing says so.",
      .source = "mission M9; operator.md 5.1",
      .fix =
          "Put the project on the member roll, then restart the pods; or take the annotation off."},
     outside_of_mesh},
    {{.code = "MP0302",
      .name = "injection-by-namespace-label",
      .group = RuleGroup::Injection,
      .severity = Severity::Warning,
      .meaning =
          "A label of the namespace asks upstream Istio to inject all of its pods. Here it has no "
          "such effect: each pod template has to ask for itself, unless the control plane says "
          "autoInject.",
      .source = "mission M9; operator.md 5.1, 5.2",
      .fix = "Set the annotation sidecar.istio.io/inject: \"true\" on the pod template."},
     only_upstream},
    {{.code = "MP0310",
      .name = "injection-on-host-network",
      .group = RuleGroup::Injection,
      .severity = Severity::Warning,
      .meaning =
          "A workload asks for a sidecar and runs on its node's network. Such a pod is never "
          "injected, no policy protects it, and to the mesh's policies it is a node.",
      .source = "mission M9; operator.md 5.2",
      .fix = "Take hostNetwork off, or the annotation."},
     host_network},
    {{.code = "MP0311",
      .name = "injection-wish-misplaced",
      .group = RuleGroup::Injection,
      .severity = Severity::Warning,
      .meaning =
          "The annotation that asks for a sidecar stands on the Deployment or its like. Only that "
          "of the pod template comes to the pod, so that nothing is injected.",
      .source = "mission M9; operator.md 5.2",
      .fix = "Move the annotation to spec.template.metadata.annotations."},
     misplaced_wish},
    {{.code = "MP0312",
      .name = "injection-value-means-no",
      .group = RuleGroup::Injection,
      .severity = Severity::Warning,
      .meaning =
          "The value of sidecar.istio.io/inject looks like a yes. The injector takes only true, "
          "yes, y and on, in any case, for one; all other values mean no, and override what the "
          "control plane injects by default.",
      .source = "mission M9; operator.md 5.2",
      .fix = "Write sidecar.istio.io/inject: \"true\"."},
     seeming_yes},
});

}  // namespace

std::span<const RuleRow> injection_wish_rules() { return kRows; }

}  // namespace meshproof
