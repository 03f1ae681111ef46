#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "model/mesh/control_plane.h"
#include "model/project/owners.h"
#include "solver/exposures.h"
#include "solver/lint/policy_findings.h"

namespace meshproof {
namespace {

constexpr std::string_view kExposeRoute = "maistra.io/expose-route";

/// The label as a pod, template or other object has it; null without one.
const Tree* label_of(const Tree& part) {
  return part.find_path({"metadata", "labels", kExposeRoute});
}

/// Objects on which the label says nothing, because only pods are selected.
void find_misplaced(const LintedState& state, std::vector<LintFinding>& findings) {
  std::vector<std::string_view> kinds{"Namespace", "Project", "Route", "Service"};
  for (const PodMaker& maker : pod_makers()) kinds.push_back(maker.kind);
  for (const std::string_view kind : kinds) {
    for (const Object* object : state.objects().of_kind(kind)) {
      const std::shared_ptr<const Tree> tree = object->tree.read();
      const Tree* label = label_of(*tree);
      if (label == nullptr) continue;
      const Tree* pod = pod_template(kind, *tree);
      if (pod != nullptr && label_of(*pod) != nullptr) continue;
      findings.push_back(
          finding_about(*object,
                        fmt::format("has the label {}, which counts on pods alone{}", kExposeRoute,
                                    pod == nullptr ? "" : ": its pod template has none"),
                        label->place));
    }
  }
}

/// Whether a policy of the project is for pods by this label.
bool has_policy_for_it(const Cluster& cluster, const Pod& pod, Symbol key) {
  return std::ranges::any_of(cluster.at(pod.ns).policies, [&](PolicyId id) {
    const LabelSelector& selector = cluster.at(id).pods;
    return matches(selector, pod.labels) &&
           std::ranges::any_of(selector.requirements,
                               [&](const LabelRequirement& each) { return each.key == key; });
  });
}

/// A project that the operator has not come to yet will have the policy.
bool is_awaited(const LintedState& state, const std::string& ns) {
  return std::ranges::any_of(state.meshes(), [&](const Mesh& mesh) {
    if (std::ranges::find(mesh.roll_members, ns) == mesh.roll_members.end()) return false;
    const Object* plane = state.objects().find("ServiceMeshControlPlane", mesh.ns, mesh.name);
    return plane == nullptr || lacks_status(*plane);
  });
}

std::string without_effect(const LintedState& state, const Pod& pod, Symbol key) {
  const Cluster& cluster = state.cluster();
  const std::string_view value = cluster.symbols.text(pod.labels.find(key));
  if (value != "true") {
    return fmt::format("has {} \"{}\", and only \"true\" counts", kExposeRoute, value);
  }
  const std::string& ns = cluster.at(pod.ns).name;
  const bool by_policies = cluster.network.strategy == Strategy::NetworkPolicy;
  if (!by_policies || has_policy_for_it(cluster, pod, key) || is_awaited(state, ns)) return {};
  return fmt::format("has {}, and no NetworkPolicy of the project is for it{}", kExposeRoute,
                     state.mesh_with_member(ns) == nullptr ? ": it is in no mesh" : "");
}

/// Each workload once, by one of its pods that has the label.
template <typename Take>
void visit_labelled(const Cluster& cluster, Symbol key, Take take) {
  if (!key.is_valid()) return;
  std::set<WorkloadId> seen;
  for (const Pod& pod : cluster.pods) {
    if (pod.is_completed() || !pod.labels.find(key).is_valid()) continue;
    if (seen.insert(pod.workload).second) take(pod, cluster.at(pod.workload));
  }
}

LintFinding finding_about_workload(const Cluster& cluster, const Workload& workload,
                                   std::string message) {
  const std::string& ns = cluster.at(workload.ns).name;
  return {nullptr,
          fmt::format("{} {}/{}", workload.kind, ns, workload.name),
          ns,
          std::move(message),
          workload.place,
          {}};
}

std::vector<LintFinding> label_without_effect(const LintedState& state) {
  const Cluster& cluster = state.cluster();
  std::vector<LintFinding> findings;
  find_misplaced(state, findings);
  const Symbol key = cluster.symbols.find(kExposeRoute);
  visit_labelled(cluster, key, [&](const Pod& pod, const Workload& workload) {
    std::string why = without_effect(state, pod, key);
    if (!why.empty()) findings.push_back(finding_about_workload(cluster, workload, std::move(why)));
  });
  return findings;
}

/// Workloads with a pod to which some Route or Ingress leads.
std::set<WorkloadId> exposed_workloads(const LintedState& state) {
  const Cluster& cluster = state.cluster();
  std::set<WorkloadId> exposed;
  for (const Exposure& exposure : exposures_of(state.objects())) {
    const NamespaceId ns = cluster.find_namespace(exposure.object->key.ns);
    if (!ns.is_valid()) continue;
    for (const ExposedService& each : exposure.services) {
      const ServiceId service = cluster.find_service(ns, each.service);
      if (!service.is_valid()) continue;
      for (const PodId pod : pods_behind(cluster.at(service), cluster)) {
        exposed.insert(cluster.at(pod).workload);
      }
    }
  }
  return exposed;
}

std::vector<LintFinding> opened_for_nothing(const LintedState& state) {
  const Cluster& cluster = state.cluster();
  const Symbol key = cluster.symbols.find(kExposeRoute);
  std::vector<LintFinding> findings;
  if (!key.is_valid()) return findings;
  const std::set<WorkloadId> exposed = exposed_workloads(state);
  visit_labelled(cluster, key, [&](const Pod& pod, const Workload& workload) {
    const bool is_open = cluster.symbols.text(pod.labels.find(key)) == "true" &&
                         has_policy_for_it(cluster, pod, key);
    if (!is_open || exposed.contains(pod.workload)) return;
    findings.push_back(finding_about_workload(
        cluster, workload,
        fmt::format("is open to routers on all ports by its label {}, and no Route or Ingress "
                    "leads to it",
                    kExposeRoute)));
  });
  return findings;
}

constexpr std::array kRoutes{std::string_view{"networking.k8s.io/Ingress"},
                             std::string_view{"route.openshift.io/Route"}};
constexpr std::array kPolicies{std::string_view{"networking.k8s.io/NetworkPolicy"}};

constexpr auto kRows = std::to_array<RuleRow>({
    {{.code = "MP0504",
      .name = "expose-route-without-effect",
      .group = RuleGroup::Callers,
      .severity = Severity::Warning,
      .meaning =
          "The label maistra.io/expose-route opens pods of a member to routers. It counts on the "
          "pod alone, so in a pod template, with the value \"true\", and where the project has the "
          "mesh's policy for it. On a Deployment, Service or project it does nothing, and the "
          "Route "
          "stays closed.",
      .source = "mission M6; operator.md 3.4",
      .fix = "Write maistra.io/expose-route: \"true\" in spec.template.metadata.labels.",
      .needs = kPolicies},
     label_without_effect},
    {{.code = "MP0506",
      .name = "exposed-without-route",
      .group = RuleGroup::Callers,
      .severity = Severity::Note,
      .meaning =
          "A tenant's pods are open to routers on all ports by a label that anybody who may write "
          "pods can set, and no Route or Ingress leads to them.",
      .source = "incident 8 (maistra/istio 127)",
      .fix = "Take the label off the pod template.",
      .needs = kRoutes},
     opened_for_nothing},
});

}  // namespace

std::span<const RuleRow> expose_route_rules() { return kRows; }

}  // namespace meshproof
