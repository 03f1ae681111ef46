#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "model/mesh/control_plane.h"
#include "solver/lint/policy_findings.h"
#include "solver/lint/workload_findings.h"

namespace meshproof {
namespace {

/// The pods of a workload that depart in one of these ways, as one finding.
void add_misfits(const WorkloadInjection& workload, std::initializer_list<PodMisfit> kinds,
                 std::string_view what, WorkloadFindings& found) {
  std::vector<std::string> names;
  Place place;
  for (const MisfittingPod& pod : workload.misfits) {
    if (std::ranges::find(kinds, pod.misfit) == kinds.end()) continue;
    if (names.empty()) place = pod.place;
    names.push_back(pod.name);
  }
  if (names.empty()) return;
  found.add(fmt::format("runs {} of {} {} {} ({})", names.size(), workload.pods,
                        workload.pods == 1 ? "pod" : "pods", what, list_some(names)),
            place);
}

std::vector<LintFinding> lacks_sidecar(const LintedState& state) {
  return about_workloads(state, [](const WorkloadInjection& workload, WorkloadFindings& found) {
    add_misfits(workload, {PodMisfit::LacksSidecar}, "without the sidecar that a new one gets",
                found);
  });
}

std::vector<LintFinding> keeps_sidecar(const LintedState& state) {
  return about_workloads(state, [](const WorkloadInjection& workload, WorkloadFindings& found) {
    add_misfits(workload, {PodMisfit::KeepsSidecar}, "with a sidecar that a new one does not get",
                found);
  });
}

std::vector<LintFinding> not_redirected(const LintedState& state) {
  return about_workloads(state, [](const WorkloadInjection& workload, WorkloadFindings& found) {
    add_misfits(workload, {PodMisfit::NotRedirected},
                "with a sidecar that nothing redirects its traffic to", found);
  });
}

std::vector<LintFinding> other_mesh(const LintedState& state) {
  return about_workloads(state, [](const WorkloadInjection& workload, WorkloadFindings& found) {
    add_misfits(workload, {PodMisfit::OtherMesh},
                "with a sidecar of another mesh than that of the project", found);
  });
}

/// Whether the project is a member whose pods need no rights for the network.
bool is_member(const LintedState& state, const WorkloadInjection& workload) {
  return !workload.host_network && state.mesh_with_member(workload.ns) != nullptr;
}

std::vector<LintFinding> privileges(const LintedState& state) {
  return about_workloads(state, [&](const WorkloadInjection& workload, WorkloadFindings& found) {
    if (!is_member(state, workload)) return;
    for (const HeldPrivilege& held : workload.privileges) {
      found.add(fmt::format("{} {} holds {}", held.init ? "init container" : "container",
                            held.container, to_string(held.privilege)),
                held.place);
    }
  });
}

std::vector<LintFinding> redirecting(const LintedState& state) {
  return about_workloads(state, [&](const WorkloadInjection& workload, WorkloadFindings& found) {
    if (!is_member(state, workload)) return;
    for (const RedirectingContainer& container : workload.redirecting) {
      found.add(fmt::format("init container {} redirects the pod's traffic: {}", container.name,
                            container.why),
                container.place);
    }
  });
}

/// A mesh that is only declared has not written its attachments yet.
bool is_installed(const LintedState& state, const WorkloadInjection& workload) {
  const Object* plane =
      state.objects().find("ServiceMeshControlPlane", workload.mesh, workload.control_plane);
  return plane != nullptr && !lacks_status(*plane);
}

constexpr std::string_view kKind = "NetworkAttachmentDefinition";

/// Those that a change makes say nothing about whether the input has the others.
bool shows_attachments(const LintedState& state) {
  return std::ranges::any_of(state.objects().of_kind(kKind),
                             [](const Object* object) { return object->place().is_known(); });
}

std::vector<LintFinding> missing_networks(const LintedState& state) {
  if (!shows_attachments(state)) return {};
  return about_workloads(state, [&](const WorkloadInjection& workload, WorkloadFindings& found) {
    const PodNetworks& networks = workload.networks;
    for (const NetworkSelection& each :
         read_networks(networks.before).value_or(std::vector<NetworkSelection>{})) {
      const std::string& ns = each.ns.empty() ? workload.ns : each.ns;
      if (each.name == networks.network || state.objects().find(kKind, ns, each.name) != nullptr) {
        continue;
      }
      found.add(fmt::format("names the network {}, and project {} has no {} of that name",
                            to_string(each), ns, kKind),
                networks.place);
    }
    if (!networks.lacks_attachment || !is_installed(state, workload)) return;
    found.add(fmt::format("gets the mesh's network {}, and project {} has no {} of that name",
                          networks.network, workload.ns, kKind),
              networks.place);
  });
}

std::vector<LintFinding> lost_networks(const LintedState& state) {
  return about_workloads(state, [](const WorkloadInjection& workload, WorkloadFindings& found) {
    const PodNetworks& networks = workload.networks;
    if (networks.lost.empty()) return;
    found.add(
        fmt::format("loses {} in its pods: {} {} overwrites {} with {}", list_some(networks.lost),
                    workload.mesh, workload.version, kNetworksAnnotation, networks.network),
        networks.place);
  });
}

std::vector<LintFinding> unreadable_networks(const LintedState& state) {
  return about_workloads(state, [](const WorkloadInjection& workload, WorkloadFindings& found) {
    const PodNetworks& networks = workload.networks;
    if (networks.was_readable && networks.is_readable && !networks.bypasses) return;
    const std::string problem = networks_problem(networks);
    found.add(problem.empty()
                  ? fmt::format("{} is not readable for Multus: no pod starts", kNetworksAnnotation)
                  : fmt::format("{}: {}", kNetworksAnnotation, problem),
              networks.place);
  });
}

constexpr std::array kPods{std::string_view{"Pod"}};
constexpr std::array kAttachments{std::string_view{"k8s.cni.cncf.io/NetworkAttachmentDefinition"}};

constexpr auto kRows = std::to_array<RuleRow>({
    {{.code = "MP0303",
      .name = "pod-lacks-sidecar",
      .group = RuleGroup::Injection,
      .severity = Severity::Warning,
      .meaning =
          "Pods run without a sidecar, and pods that are made now get one: they are older than the "
          "project's membership or the annotation. Where mTLS is strict, they reach no peer.",
      .source = "mission M9; incident 5 (MAISTRA-453)",
      .fix = "Restart the pods: oc rollout restart.",
      .needs = kPods},
     lacks_sidecar},
    {{.code = "MP0304",
      .name = "pod-keeps-sidecar",
      .group = RuleGroup::Injection,
      .severity = Severity::Warning,
      .meaning =
          "Pods run with a sidecar that pods made now do not get: the project has left the mesh, "
          "or the workload no more asks for one. Such a sidecar goes on redirecting traffic, gets "
          "no configuration any more, and its certificate ends.",
      .source = "mission M9; operator.md 8.2",
      .fix = "Restart the pods: oc rollout restart.",
      .needs = kPods},
     keeps_sidecar},
    {{.code = "MP0305",
      .name = "member-holds-network-rights",
      .group = RuleGroup::Injection,
      .severity = Severity::Warning,
      .meaning =
          "A container of a member holds NET_ADMIN, NET_RAW, all capabilities, or is privileged. "
          "With the mesh's CNI plugin no container of a member needs them, and with them it can "
          "get around its sidecar.",
      .source = "mission M12",
      .fix = "Take the capability out of the container's securityContext."},
     privileges},
    {{.code = "MP0306",
      .name = "member-redirects-itself",
      .group = RuleGroup::Injection,
      .severity = Severity::Warning,
      .meaning =
          "An init container of a member sets up redirection, as that of upstream Istio does. "
          "Here the CNI plugin does that: without its rights the container fails, with them it "
          "redirects a second time, and without a sidecar to nowhere.",
      .source = "mission M12; operator.md 6.5",
      .fix = "Take the init container out; do not add what istioctl kube-inject has made."},
     redirecting},
    {{.code = "MP0307",
      .name = "missing-network-attachment",
      .group = RuleGroup::Injection,
      .severity = Severity::Error,
      .meaning =
          "Pods name a network of which there is no NetworkAttachmentDefinition in their project, "
          "so that none of them starts. That of the mesh is called by the control plane's version "
          "and written when the project joins; an upgrade replaces it before istiod is upgraded.",
      .source = "mission M10; operator.md 4",
      .fix = "Create the NetworkAttachmentDefinition, or correct the name; that of the mesh comes "
             "back with the next look of the operator at the project.",
      .needs = kAttachments},
     missing_networks},
    {{.code = "MP0308",
      .name = "injection-loses-networks",
      .group = RuleGroup::Injection,
      .severity = Severity::Error,
      .meaning =
          "The injector of a v1 control plane overwrites the Multus annotation of a pod, so that "
          "it loses the networks that it asks for. Control planes since v2.0 append to it.",
      .source = "mission M11; operator.md 5.3",
      .fix = "Set spec.istio.sidecarInjectorWebhook.injectPodRedirectAnnot: true in a v1.1 control "
             "plane, or upgrade it."},
     lost_networks},
    {{.code = "MP0309",
      .name = "unreadable-networks",
      .group = RuleGroup::Injection,
      .severity = Severity::Error,
      .meaning =
          "The Multus annotation of a pod is not readable, or injection makes it so. Up to v2.0 "
          "the network is put before the last bracket, whatever stands there, and an empty list "
          "becomes invalid in all versions: then no pod starts. Since v2.1 what is no list of "
          "objects is left as it is, and the pod's traffic passes by its sidecar.",
      .source = "mission M11; operator.md 5.3",
      .fix = "Write names with commas, or a JSON list of objects that has at least one; "
             "leave the annotation out rather than empty."},
     unreadable_networks},
    {{.code = "MP0313",
      .name = "sidecar-not-redirected",
      .group = RuleGroup::Injection,
      .severity = Severity::Error,
      .meaning =
          "Pods run with a sidecar and without the mesh's network in their Multus annotation. "
          "Nothing redirects their traffic, so that it passes by the sidecar: in plain text, and "
          "unnoticed since v2.1.",
      .source = "mission M10, M12; operator.md 5.3",
      .fix = "Correct the annotation of the pod template, and restart the pods.",
      .needs = kPods},
     not_redirected},
    {{.code = "MP0314",
      .name = "sidecar-of-another-mesh",
      .group = RuleGroup::Injection,
      .severity = Severity::Warning,
      .meaning = "Pods run with a sidecar that talks to another control plane than that of their "
                 "project. The project has moved, and they were not restarted.",
      .source = "mission M4, M9; operator.md 8.3",
      .fix = "Restart the pods: oc rollout restart.",
      .needs = kPods},
     other_mesh},
});

}  // namespace

std::span<const RuleRow> injected_pod_rules() { return kRows; }

}  // namespace meshproof
