#include <array>
#include <map>

#include <fmt/format.h>

#include "solver/deviations.h"
#include "solver/engines/all_pairs/flow_limit.h"
#include "solver/lint/policy_findings.h"

namespace meshproof {
namespace {

constexpr std::array kNetworks{Dialect::OpenShiftSdn, Dialect::OvnKubernetes};

/// The networks that the policies are read for: the cluster's, or both where it is not known.
std::vector<Dialect> networks_of(const Network& network) {
  if (network.assumed) return {kNetworks.begin(), kNetworks.end()};
  const bool ignores = network.dialect == Dialect::OpenShiftSdn &&
                       (network.mode != SdnMode::NetworkPolicy || !network.unknown_because.empty());
  if (network.dialect == Dialect::Kubernetes || ignores) return {};
  return {network.dialect};
}

std::vector<LintFinding> find_deviating(const LintedState& state, bool by_name) {
  const Cluster& cluster = state.cluster();
  std::vector<LintFinding> findings;
  for (const Dialect dialect : networks_of(cluster.network)) {
    for (PolicyDeviation& deviation : find_deviations(cluster, dialect)) {
      if ((deviation.kind == DeviationKind::NamedPort) != by_name) continue;
      const NetworkPolicy& policy = cluster.at(deviation.policy);
      // What is wrong with copies is told once, of the policy that they are copies of.
      if (is_copy(state, policy)) continue;
      std::string text = std::move(deviation.text);
      if (cluster.network.assumed) text = fmt::format("with {}: {}", to_string(dialect), text);
      findings.push_back(finding_about_policy(state, policy, std::move(text), deviation.place));
    }
  }
  return findings;
}

bool has_named_port(const Cluster& cluster, const std::vector<PodId>& pods,
                    const LabelSelector& selector, const PolicyPort& port) {
  return std::ranges::any_of(pods, [&](PodId id) {
    const Pod& pod = cluster.at(id);
    return matches(selector, pod.labels) &&
           std::ranges::any_of(pod.ports, [&](const ContainerPort& each) {
             return each.name == port.name && each.protocol == port.protocol;
           });
  });
}

/// SEMANTICS P11: names that no pod behind the policy gives to a port. Where the selected pods do
/// not stand in the input, nothing can be said.
void find_unknown_names(const LintedState& state, const NetworkPolicy& policy,
                        std::vector<LintFinding>& findings) {
  const Cluster& cluster = state.cluster();
  const std::vector<PodId>& pods = cluster.at(policy.ns).pods;
  const bool selects_any = std::ranges::any_of(
      pods, [&](PodId id) { return matches(policy.pods, cluster.at(id).labels); });
  if (!policy.isolates_ingress || !selects_any) return;
  for (std::size_t i = 0; i < policy.ingress.size(); ++i) {
    const std::vector<PolicyPort>& ports = policy.ingress[i].ports;
    for (std::size_t k = 0; k < ports.size(); ++k) {
      if (ports[k].name.empty() || has_named_port(cluster, pods, policy.pods, ports[k])) continue;
      findings.push_back(finding_about_policy(
          state, policy,
          fmt::format("ingress[{}].ports[{}] is the {} port named {}, which no pod that the policy "
                      "selects has",
                      i, k, to_string(ports[k].protocol), ports[k].name),
          ports[k].place));
    }
  }
}

std::vector<LintFinding> named_ports(const LintedState& state) {
  std::vector<LintFinding> findings = find_deviating(state, true);
  if (state.cluster().network.dialect == Dialect::Kubernetes) {
    for (const NetworkPolicy& policy : state.cluster().policies) {
      find_unknown_names(state, policy, findings);
    }
  }
  return findings;
}

std::vector<LintFinding> other_meanings(const LintedState& state) {
  return find_deviating(state, false);
}

std::vector<LintFinding> oversized(const LintedState& state) {
  const Network& network = state.cluster().network;
  std::vector<LintFinding> findings;
  if (network.mode != SdnMode::NetworkPolicy || !network.unknown_because.empty()) return findings;
  const auto too_large = oversized_policies(state.cluster());
  for (const NetworkPolicy& policy : state.cluster().policies) {
    if (!too_large.contains({state.cluster().at(policy.ns).name, policy.name})) continue;
    findings.push_back(finding_about_policy(
        state, policy,
        "makes 10,000 flows or more, so that the OpenShift SDN drops all that it admits"));
  }
  return findings;
}

constexpr std::array kSelected{std::string_view{"Pod"}};

constexpr auto kRows = std::to_array<RuleRow>({
    {{.code = "MP0401",
      .name = "named-port",
      .group = RuleGroup::Policies,
      .severity = Severity::Error,
      .meaning =
          "A NetworkPolicy names a port. The OpenShift SDN ignores such an entry: a rule that has "
          "no other admits nothing. OVN-Kubernetes takes it for no number: if the rule has no "
          "number for the protocol it opens the whole protocol, else the entry counts for nothing. "
          "Only the specification of the API looks the name up at each pod, and there a name that "
          "no pod has admits nothing.",
      .source = "networkpolicy.md; sdn.md 7.1; ovn.md 2.4",
      .fix = "Write the number of the container's port.",
      .needs = kSelected},
     named_ports},
    {{.code = "MP0402",
      .name = "network-dependent-policy",
      .group = RuleGroup::Policies,
      .severity = Severity::Warning,
      .meaning =
          "A NetworkPolicy means another thing in this network than the specification says, or in "
          "the OpenShift SDN and in OVN-Kubernetes where it is not known which of them it is. In "
          "the SDN a namespaceSelector alone that is empty or selects a project with NetID 0 "
          "(default, openshift-host-network) admits nodes and everybody outside of the cluster "
          "too, and IPv6 blocks are skipped. In OVN-Kubernetes selectors that do not rule "
          "openshift-host-network out admit the nodes, a selected hostNetwork pod opens its whole "
          "node, and rules count though policyTypes does not list their direction.",
      .source = "sdn.md 7.2 to 7.6 and 7.11; ovn.md 2.3, 2.4, 2.11 and 2.13",
      .fix =
          "Name what is meant: a podSelector beside the namespaceSelector keeps hosts and outside "
          "out in both networks, policyTypes lists each direction that has rules."},
     other_meanings},
    {{.code = "MP0412",
      .name = "oversized-policy",
      .group = RuleGroup::Policies,
      .severity = Severity::Error,
      .meaning =
          "The OpenShift SDN makes flows of a NetworkPolicy: for each pod that it selects one for "
          "each peer and port. At 10,000 it drops all of them and still isolates the pods, so that "
          "nobody reaches them by this policy.",
      .source = "sdn.md 7.8",
      .fix = "Select projects by a namespaceSelector alone and ports by few ranges, or split the "
             "policy.",
      .needs = kSelected},
     oversized},
});

}  // namespace

std::span<const RuleRow> policy_dialect_rules() { return kRows; }

}  // namespace meshproof
