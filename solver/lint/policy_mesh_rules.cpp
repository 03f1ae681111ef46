#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "model/project.h"
#include "solver/lint/control_plane_pods.h"
#include "solver/lint/policy_findings.h"
#include "solver/lint/witness.h"

namespace meshproof {
namespace {

constexpr std::uint16_t kSomePort = 8080;

/// What one policy cuts off, told once for all whom it cuts off from the same thing.
class Cuts {
 public:
  void add(const NetworkPolicy* policy, std::string what, std::string whom, Violated witness) {
    Cut& cut = cuts_[{policy, std::move(what)}];
    if (cut.whom.empty()) cut.witness = std::move(witness);
    cut.whom.insert(std::move(whom));
  }

  [[nodiscard]] std::vector<LintFinding> findings(const LintedState& state) const {
    std::vector<LintFinding> result;
    for (const auto& [key, cut] : cuts_) {
      const auto& [policy, what] = key;
      LintFinding finding = finding_about_policy(
          state, *policy,
          fmt::format("{} {}", what, list_some({cut.whom.begin(), cut.whom.end()})));
      finding.witness = cut.witness;
      result.push_back(std::move(finding));
    }
    return result;
  }

 private:
  struct Cut {
    std::set<std::string> whom;
    std::optional<Violated> witness;
  };
  std::map<std::pair<const NetworkPolicy*, std::string>, Cut> cuts_;
};

/// The user's policy in the control plane's project that isolates the pod; null if there is none.
const NetworkPolicy* user_isolation(const LintedState& state, PodId pod, Direction direction) {
  const Cluster& cluster = state.cluster();
  for (const PolicyId id : cluster.at(cluster.at(pod).ns).policies) {
    const NetworkPolicy& policy = cluster.at(id);
    const bool isolates =
        policy.isolates(direction) && matches(policy.pods, cluster.at(pod).labels);
    if (isolates && !is_of_mesh(state, policy)) return &policy;
  }
  return nullptr;
}

void find_cut_from_istiod(const LintedState& state, const ControlPlanePods& plane, PodId member,
                          Cuts& cuts) {
  const Cluster& cluster = state.cluster();
  for (const PodId istiod : plane.istiods) {
    if (istiod == member) continue;
    const NetworkPolicy* policy = user_isolation(state, istiod, Direction::Ingress);
    if (policy == nullptr) continue;
    auto witness = refused(state, {member, istiod, Protocol::Tcp, plane.discovery_port});
    const NamespaceId ns = cluster.at(istiod).ns;
    if (!witness || refusing_policy(state, *witness, Direction::Ingress, ns) == nullptr) continue;
    cuts.add(policy, fmt::format("keeps out of istiod (TCP {}) the pods of", plane.discovery_port),
             cluster.at(cluster.at(member).ns).name, std::move(*witness));
  }
}

void find_cut_gateways(const LintedState& state, const ControlPlanePods& plane, PodId member,
                       Cuts& cuts) {
  const Cluster& cluster = state.cluster();
  const std::vector<ContainerPort>& ports = cluster.at(member).ports;
  const std::uint16_t port = ports.empty() ? kSomePort : ports.front().port;
  for (const PodId gateway : plane.gateways) {
    const NetworkPolicy* policy = user_isolation(state, gateway, Direction::Egress);
    if (policy == nullptr) continue;
    auto witness = refused(state, {gateway, member, Protocol::Tcp, port});
    const NamespaceId ns = cluster.at(gateway).ns;
    if (!witness || refusing_policy(state, *witness, Direction::Egress, ns) == nullptr) continue;
    cuts.add(policy, fmt::format("keeps gateway {} from the pods of", cluster.at(gateway).name),
             cluster.at(cluster.at(member).ns).name, std::move(*witness));
  }
}

std::vector<LintFinding> closed_control_plane(const LintedState& state) {
  const Cluster& cluster = state.cluster();
  Cuts cuts;
  for (const Mesh& mesh : state.meshes()) {
    const NamespaceId ns = cluster.find_namespace(mesh.ns);
    if (!ns.is_valid() || cluster.at(ns).policies.empty()) continue;
    const ControlPlanePods plane = control_plane_pods(cluster, mesh);
    std::vector<std::string> names = mesh.labelled;
    for (const std::string& name : names) {
      const NamespaceId member_ns = cluster.find_namespace(name);
      const PodId member = member_ns.is_valid() ? some_pod(cluster, member_ns) : PodId{};
      if (!member.is_valid()) continue;
      find_cut_from_istiod(state, plane, member, cuts);
      find_cut_gateways(state, plane, member, cuts);
    }
    for (const PodId gateway : plane.gateways) find_cut_from_istiod(state, plane, gateway, cuts);
  }
  return cuts.findings(state);
}

using WorkloadName = std::tuple<std::string, std::string, std::string>;

/// Workloads whose pods have a sidecar, or will.
std::set<WorkloadName> with_sidecars(const LintedState& state) {
  std::set<WorkloadName> names;
  const Injections* injections = state.injections();
  if (injections == nullptr) return names;
  for (const WorkloadInjection& each : injections->workloads) {
    if (each.decision.injected || each.sidecars > 0) {
      names.insert({each.ns, each.kind, each.name});
    }
  }
  return names;
}

/// One pod of each such workload of a namespace.
std::vector<PodId> sidecar_pods(const Cluster& cluster, NamespaceId ns,
                                const std::set<WorkloadName>& names) {
  std::set<WorkloadId> seen;
  std::vector<PodId> pods;
  for (const PodId id : cluster.at(ns).pods) {
    const Pod& pod = cluster.at(id);
    const Workload& workload = cluster.at(pod.workload);
    const bool is_one = !pod.host_network && !pod.is_completed() &&
                        names.contains({cluster.at(ns).name, workload.kind, workload.name});
    if (is_one && seen.insert(pod.workload).second) pods.push_back(id);
  }
  return pods;
}

/// A thing that every sidecar needs.
struct Needed {
  FlowEnd end;
  Protocol protocol;
  std::uint16_t port;
  std::string words;
};

std::vector<Needed> needed_by_sidecars(const Cluster& cluster, const Mesh& mesh) {
  constexpr std::array kNameServices{std::pair{"openshift-dns", "dns-default"},
                                     std::pair{"kube-system", "kube-dns"}};
  constexpr std::uint16_t kDns = 53;
  std::vector<Needed> needed;
  const ControlPlanePods plane = control_plane_pods(cluster, mesh);
  if (!plane.istiods.empty()) {
    needed.push_back({plane.istiods.front(), Protocol::Tcp, plane.discovery_port,
                      fmt::format("istiod of {} (TCP {})", mesh.ns, plane.discovery_port)});
  }
  for (const auto& [project, name] : kNameServices) {
    const NamespaceId ns = cluster.find_namespace(project);
    const ServiceId service = ns.is_valid() ? cluster.find_service(ns, name) : ServiceId{};
    if (!service.is_valid()) continue;
    needed.push_back({service, Protocol::Udp, kDns, fmt::format("DNS ({}/{})", project, name)});
  }
  return needed;
}

std::vector<LintFinding> cut_sidecars(const LintedState& state) {
  const Cluster& cluster = state.cluster();
  const auto isolates = [&](PolicyId id) { return cluster.at(id).isolates_egress; };
  std::set<WorkloadName> names;
  Cuts cuts;
  for (const Mesh& mesh : state.meshes()) {
    const std::vector<Needed> needed = needed_by_sidecars(cluster, mesh);
    for (const std::string& name : mesh.labelled) {
      const NamespaceId ns = cluster.find_namespace(name);
      if (!ns.is_valid() || !std::ranges::any_of(cluster.at(ns).policies, isolates)) continue;
      if (names.empty()) names = with_sidecars(state);
      for (const PodId pod : sidecar_pods(cluster, ns, names)) {
        for (const Needed& each : needed) {
          auto witness = refused(state, {pod, each.end, each.protocol, each.port});
          if (!witness) continue;
          const NetworkPolicy* policy = refusing_policy(state, *witness, Direction::Egress, ns);
          if (policy == nullptr) continue;
          cuts.add(policy, fmt::format("cuts off from {} the sidecars of", each.words),
                   cluster.at(cluster.at(pod).workload).name, std::move(*witness));
        }
      }
    }
  }
  return cuts.findings(state);
}

/// Projects with policies of their users that a mode of the SDN does not look at.
void find_ignored(const LintedState& state, std::vector<LintFinding>& findings) {
  const Cluster& cluster = state.cluster();
  for (const Namespace& ns : cluster.namespaces) {
    std::vector<std::string> names;
    Place place;
    for (const PolicyId id : ns.policies) {
      if (is_of_mesh(state, cluster.at(id))) continue;
      if (names.empty()) place = cluster.at(id).place;
      names.push_back(cluster.at(id).name);
    }
    if (names.empty()) continue;
    LintFinding finding = finding_about_project(
        state, ns.name,
        fmt::format("has {} {} ({}), which the OpenShift SDN does not look at in mode {}",
                    names.size(), names.size() == 1 ? "NetworkPolicy" : "NetworkPolicies",
                    list_some(names), to_string(cluster.network.mode)));
    finding.place = place;
    findings.push_back(std::move(finding));
  }
}

/// Incident 17: the operator writes NetworkPolicies for any type that it does not know.
void find_unknown_network(const LintedState& state, std::vector<LintFinding>& findings) {
  if (state.meshes().empty() || state.cluster().network.strategy != Strategy::NetworkPolicy) return;
  Diagnostics told;
  const Network unused = find_network(state.objects(), state.options().network, told);
  const Object* network = state.objects().find("Network", "", "cluster");
  const auto unsupported =
      std::ranges::find(told, std::string_view{"unsupported-network"}, &Diagnostic::code);
  if (unsupported == told.end() || network == nullptr) return;
  const std::string_view type = network->tree->string_at({"spec", "networkType"});
  findings.push_back(finding_about(
      *network,
      fmt::format("networkType {} is not known to enforce NetworkPolicies, by which alone {} "
                  "isolated",
                  type.empty() ? "(empty)" : type,
                  state.meshes().size() == 1 ? "the mesh is" : "the meshes are"),
      network->place()));
}

std::vector<LintFinding> not_enforced(const LintedState& state) {
  const Network& network = state.cluster().network;
  std::vector<LintFinding> findings;
  const bool ignored = network.dialect == Dialect::OpenShiftSdn &&
                       network.unknown_because.empty() && network.mode != SdnMode::NetworkPolicy;
  if (ignored) find_ignored(state, findings);
  find_unknown_network(state, findings);
  return findings;
}

constexpr std::array kPods{std::string_view{"Pod"}};

constexpr auto kRows = std::to_array<RuleRow>({
    {{.code = "MP0408",
      .name = "control-plane-closed",
      .group = RuleGroup::Policies,
      .severity = Severity::Error,
      .meaning =
          "A NetworkPolicy that is not the mesh's isolates pods of the control plane, and nothing "
          "admits the members: their sidecars get neither configuration nor certificates from "
          "istiod and do not start, or gateways do not reach the members' pods. The mesh's own "
          "policies admit members to the control plane where they are written, and none of them "
          "opens egress.",
      .source = "incident 18 (istio-operator PR 100)",
      .fix = "Add a policy in the control plane's project that admits namespaces with "
             "maistra.io/member-of of the mesh, and for egress one that lets out to them.",
      .needs = kPods},
     closed_control_plane},
    {{.code = "MP0409",
      .name = "sidecars-cut-off",
      .group = RuleGroup::Policies,
      .severity = Severity::Error,
      .meaning =
          "A member's NetworkPolicy limits egress and lets its sidecars reach neither istiod, from "
          "which they have configuration and certificates, nor DNS. Nothing that the mesh writes "
          "opens egress, since generated egress rules broke gateways. Only pods with a sidecar "
          "count.",
      .source = "incident 14 (MAISTRA-1180)",
      .fix =
          "Let the pods out to the control plane's project on TCP 15012 (v1: 15010 and 15011), to "
          "openshift-dns on UDP and TCP 5353, and to the members that they call.",
      .needs = kPods},
     cut_sidecars},
    {{.code = "MP0410",
      .name = "policies-not-enforced",
      .group = RuleGroup::Policies,
      .severity = Severity::Error,
      .meaning =
          "There are NetworkPolicies, and the network does not look at them: the OpenShift SDN in "
          "modes subnet and multitenant, or a network type of which it is not known. For an "
          "unknown type operators since 2.0 write NetworkPolicies all the same, so that members "
          "seem to be isolated.",
      .source = "mission M7, M8; incident 17 (MAISTRA-1399); sdn.md 2 and 3",
      .fix = "Isolate by what the network enforces (the mode multitenant by NetIDs), or move to "
             "OVN-Kubernetes or the mode networkpolicy."},
     not_enforced},
});

}  // namespace

std::span<const RuleRow> policy_mesh_rules() { return kRows; }

}  // namespace meshproof
