#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "solver/lint/policy_findings.h"

namespace meshproof {
namespace {

/// A copy of the mesh that opens every pod of the project, on all ports, to other projects.
const NetworkPolicy* opening_copy(const LintedState& state, const Namespace& ns) {
  const Cluster& cluster = state.cluster();
  for (const PolicyId id : ns.policies) {
    const NetworkPolicy& policy = cluster.at(id);
    if (!is_copy(state, policy) || !policy.pods.matches_everything()) continue;
    const bool opens = std::ranges::any_of(policy.ingress, [](const PolicyRule& rule) {
      return rule.ports.empty() && std::ranges::any_of(rule.peers, [](const PolicyPeer& peer) {
               return peer.namespaces && !peer.pods;
             });
    });
    if (opens) return &policy;
  }
  return nullptr;
}

/// It admits nobody, or nobody but pods of its own project: whoever wrote it meant to close it to
/// others. A policy that names other projects may mean to open.
bool means_to_close(const NetworkPolicy& policy) {
  if (!policy.isolates_ingress) return false;
  return std::ranges::all_of(policy.ingress, [](const PolicyRule& rule) {
    return !rule.peers.empty() && std::ranges::all_of(rule.peers, [](const PolicyPeer& peer) {
      return peer.pods && !peer.namespaces && !peer.block;
    });
  });
}

std::vector<LintFinding> made_moot(const LintedState& state) {
  const Cluster& cluster = state.cluster();
  std::vector<LintFinding> findings;
  for (const Mesh& mesh : state.meshes()) {
    for (const std::string& name : mesh.labelled) {
      const NamespaceId id = cluster.find_namespace(name);
      const NetworkPolicy* copy = id.is_valid() ? opening_copy(state, cluster.at(id)) : nullptr;
      if (copy == nullptr) continue;
      for (const PolicyId each : cluster.at(id).policies) {
        const NetworkPolicy& policy = cluster.at(each);
        if (is_of_mesh(state, policy) || !means_to_close(policy)) continue;
        findings.push_back(finding_about_policy(
            state, policy,
            fmt::format("closes nothing to the members of {}: {} opens the same pods to all of "
                        "them on all ports",
                        mesh.ns, copy->name)));
      }
    }
  }
  return findings;
}

constexpr std::array kNeeded{std::string_view{"Namespace"}};

constexpr auto kRows = std::to_array<RuleRow>({
    {{.code = "MP0413",
      .name = "policy-made-moot",
      .group = RuleGroup::Policies,
      .severity = Severity::Warning,
      .meaning =
          "A project of the mesh has a policy that admits nobody, or only pods of the project "
          "itself, and the mesh's own policy opens the same pods to every member on all ports. "
          "Policies only ever add, so the narrow one keeps nobody of the mesh out.",
      .source = "incident 7 (maistra/istio 204, MAISTRA-2236); networkpolicy.md",
      .fix = "Restrict members by AuthorizationPolicies, or set "
             "spec.security.manageNetworkPolicy: false (since operator 2.1) and write all policies "
             "of the mesh yourself.",
      .needs = kNeeded},
     made_moot},
});

}  // namespace

std::span<const RuleRow> policy_moot_rules() { return kRows; }

}  // namespace meshproof
