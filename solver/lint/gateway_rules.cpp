#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "model/mesh/control_plane.h"
#include "solver/exposures.h"
#include "solver/lint/policy_findings.h"

namespace meshproof {
namespace {

constexpr std::string_view kPolicyGroup = "network.openshift.io/policy-group";

bool is_ingress_group(const Namespace& ns, const Cluster& cluster) {
  const Symbol value = ns.labels.find(cluster.symbols.find(kPolicyGroup));
  return value.is_valid() && cluster.symbols.text(value) == "ingress";
}

/// Whether the label on this project stands for the nodes in the network (sdn.md 7.3 to 7.5; ovn.md
/// 2.11).
bool stands_for_hosts(std::string_view ns, const Network& network) {
  if (ns == kHostNetworkNamespace) return true;
  return ns == "default" && network.dialect == Dialect::OpenShiftSdn;
}

/// The project of the first router on its node's network; invalid if there is none.
NamespaceId project_of_host_router(const Cluster& cluster) {
  for (const PodId id : routers(cluster)) {
    if (cluster.at(id).host_network) return cluster.at(id).ns;
  }
  return {};
}

std::vector<LintFinding> host_routers(const LintedState& state) {
  const Cluster& cluster = state.cluster();
  const Network& network = cluster.network;
  const bool by_policies = network.strategy == Strategy::NetworkPolicy &&
                           (network.assumed || network.dialect != Dialect::Kubernetes);
  const NamespaceId project = project_of_host_router(cluster);
  if (!by_policies || state.meshes().empty() || !project.is_valid()) return {};
  std::vector<std::string> labelled;
  for (const Namespace& ns : cluster.namespaces) {
    if (!is_ingress_group(ns, cluster)) continue;
    if (stands_for_hosts(ns.name, network)) return {};
    labelled.push_back(ns.name);
  }
  const std::string where = network.dialect == Dialect::OpenShiftSdn
                                ? "default or openshift-host-network"
                                : std::string{kHostNetworkNamespace};
  return {finding_about_project(
      state, cluster.at(project).name,
      fmt::format("has routers on their nodes' network, and {}: for these it counts on {}",
                  labelled.empty()
                      ? fmt::format("no project has {}: ingress", kPolicyGroup)
                      : fmt::format("{}: ingress stands on {}", kPolicyGroup, list_some(labelled)),
                  where))};
}

/// A control plane and its additional gateways.
struct Plane {
  const Object* object = nullptr;
  const Mesh* mesh = nullptr;
  ControlPlane spec;
};

std::vector<Plane> planes_of(const LintedState& state) {
  std::vector<Plane> planes;
  for (const Mesh& mesh : state.meshes()) {
    const Object* object = state.objects().find("ServiceMeshControlPlane", mesh.ns, mesh.name);
    if (object == nullptr) continue;
    planes.push_back({object, &mesh, read_control_plane(*object, state.operator_version())});
  }
  return planes;
}

bool is_enabled(const AdditionalGateway& gateway) { return gateway.enabled.value_or(false); }

/// The roll may mean more than it lists.
bool selects_more(const LintedState& state, const Mesh& mesh) {
  const Object* roll = state.objects().find("ServiceMeshMemberRoll", mesh.ns, "default");
  return std::ranges::find(mesh.roll_members, "*") != mesh.roll_members.end() ||
         (roll != nullptr && roll->tree->find_path({"spec", "memberSelectors"}) != nullptr);
}

bool is_in_mesh(const LintedState& state, const Mesh& mesh, const std::string& ns) {
  const bool is_listed = std::ranges::find(mesh.roll_members, ns) != mesh.roll_members.end();
  return ns == mesh.ns || is_listed || std::ranges::binary_search(mesh.labelled, ns) ||
         state.objects().find("ServiceMeshMember", ns, "default") != nullptr ||
         selects_more(state, mesh);
}

std::vector<LintFinding> gateways_outside(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const Plane& plane : planes_of(state)) {
    for (const AdditionalGateway& gateway : plane.spec.additional_gateways) {
      if (!is_enabled(gateway) || is_in_mesh(state, *plane.mesh, gateway.ns)) continue;
      findings.push_back(finding_about(
          *plane.object, fmt::format("asks for gateway {} in project {}, which is not in the mesh",
                                     gateway.name, gateway.ns)));
    }
  }
  return findings;
}

Labels labels_of(const AdditionalGateway& gateway, const SymbolTable& symbols) {
  Labels labels;
  const auto set = [&](std::string_view key, std::string_view value) {
    const Symbol name = symbols.find(key);
    const Symbol text = symbols.find(value);
    if (name.is_valid() && text.is_valid()) labels.set(name, text);
  };
  set("app", gateway.name);
  for (const TreeField& field : gateway.labels.fields) set(field.key, field.value.text);
  return labels;
}

/// Whether some rule of the policy is for everybody, or for projects of routers.
bool admits_routers(const NetworkPolicy& policy, const Cluster& cluster) {
  return std::ranges::any_of(policy.ingress, [&](const PolicyRule& rule) {
    return rule.peers.empty() || std::ranges::any_of(rule.peers, [&](const PolicyPeer& peer) {
             return peer.block ||
                    (peer.namespaces &&
                     std::ranges::any_of(cluster.namespaces, [&](const Namespace& ns) {
                       return holds_routers(ns, cluster) && matches(*peer.namespaces, ns.labels);
                     }));
           });
  });
}

std::vector<LintFinding> closed_gateways(const LintedState& state) {
  const Cluster& cluster = state.cluster();
  std::vector<LintFinding> findings;
  if (cluster.network.strategy != Strategy::NetworkPolicy) return findings;
  for (const Plane& plane : planes_of(state)) {
    if (lacks_status(*plane.object)) continue;
    for (const AdditionalGateway& gateway : plane.spec.additional_gateways) {
      const NamespaceId ns = cluster.find_namespace(gateway.ns);
      if (!gateway.ingress || !is_enabled(gateway) || !ns.is_valid()) continue;
      const Labels labels = labels_of(gateway, cluster.symbols);
      const auto is_for_it = [&](PolicyId id) {
        return cluster.at(id).isolates_ingress && matches(cluster.at(id).pods, labels);
      };
      const auto admits = [&](PolicyId id) {
        return is_for_it(id) && admits_routers(cluster.at(id), cluster);
      };
      const std::vector<PolicyId>& policies = cluster.at(ns).policies;
      if (std::ranges::none_of(policies, is_for_it) || std::ranges::any_of(policies, admits)) {
        continue;
      }
      findings.push_back(finding_about(
          *plane.object,
          fmt::format("has gateway {} in project {}, where no NetworkPolicy admits routers to it",
                      gateway.name, gateway.ns)));
    }
  }
  return findings;
}

constexpr std::array kPods{std::string_view{"Namespace"}, std::string_view{"Pod"}};
constexpr std::array kPolicies{std::string_view{"networking.k8s.io/NetworkPolicy"}};

constexpr auto kRows = std::to_array<RuleRow>({
    {{.code = "MP0505",
      .name = "host-routers-not-admitted",
      .group = RuleGroup::Callers,
      .severity = Severity::Error,
      .meaning =
          "Routers run on their nodes' network, so that their traffic is that of nodes. The mesh "
          "admits projects with network.openshift.io/policy-group: ingress, and on the routers' "
          "own project that label means none of them: only pods on the same node are reached. With "
          "the OpenShift SDN it has to stand on default or openshift-host-network, both of which "
          "let addresses outside of the cluster in too; with OVN-Kubernetes on "
          "openshift-host-network.",
      .source = "operator.md 3.4; sdn.md 7.3 to 7.5; ovn.md 2.19",
      .fix =
          "oc label namespace openshift-host-network network.openshift.io/policy-group=ingress; or "
          "publish the ingress controller by another strategy than HostNetwork.",
      .needs = kPods},
     host_routers},
    {{.code = "MP0507",
      .name = "gateway-closed-to-routers",
      .group = RuleGroup::Callers,
      .severity = Severity::Error,
      .meaning =
          "An additional ingress gateway is in a project whose pods are isolated, and no "
          "NetworkPolicy there admits routers to it: its Route answers 503. Older operators wrote "
          "no policy for additional gateways.",
      .source = "incident 6 (MAISTRA-2411)",
      .fix = "Upgrade the operator, or write a NetworkPolicy that selects the gateway's pods and "
             "admits namespaces with network.openshift.io/policy-group: ingress.",
      .needs = kPolicies},
     closed_gateways},
    {{.code = "MP0508",
      .name = "gateway-outside-mesh",
      .group = RuleGroup::Callers,
      .severity = Severity::Error,
      .meaning =
          "A control plane asks for an additional gateway in a project that is neither its own nor "
          "a member's. The operator refuses all of the control plane's objects, so that no change "
          "of it takes effect before the project is on the roll and configured.",
      .source = "incident 15 (MAISTRA-1089, OSSM-1718); operator.md 7.3",
      .fix = "Put the project on the member roll, or the gateway into a member."},
     gateways_outside},
});

}  // namespace

std::span<const RuleRow> gateway_rules() { return kRows; }

}  // namespace meshproof
