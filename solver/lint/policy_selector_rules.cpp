#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "solver/lint/policy_findings.h"

namespace meshproof {
namespace {

constexpr std::array kDirections{Direction::Ingress, Direction::Egress};

bool counts(const Pod& pod) { return !pod.is_completed() && !pod.host_network; }

std::vector<LintFinding> selects_no_pod(const LintedState& state) {
  const Cluster& cluster = state.cluster();
  std::vector<LintFinding> findings;
  for (const NetworkPolicy& policy : cluster.policies) {
    const std::vector<PodId>& pods = cluster.at(policy.ns).pods;
    // Of a project without pods in the input it is not known which ones it will have.
    if (pods.empty() || policy.pods.matches_everything()) continue;
    const auto selects = [&](PodId id) { return matches(policy.pods, cluster.at(id).labels); };
    const auto isolates = [&](PodId id) { return selects(id) && counts(cluster.at(id)); };
    if (std::ranges::any_of(pods, isolates) || is_of_mesh(state, policy)) continue;
    const bool selects_any = std::ranges::any_of(pods, selects);
    const std::string selector = to_string(policy.pods, cluster.symbols);
    findings.push_back(finding_about_policy(
        state, policy,
        selects_any ? fmt::format("selects ({}) only pods that have ended or are on their node's "
                                  "network, which no policy is for",
                                  selector)
                    : fmt::format("selects {}, which no pod of the project is", selector),
        policy.pods.place));
  }
  return findings;
}

/// Finds peers that mean nobody.
class PeerSearch {
 public:
  explicit PeerSearch(const Cluster& cluster) : cluster_(cluster) {
    for (const Pod& pod : cluster.pods) {
      if (pod.is_completed()) continue;
      for (const Label& label : pod.labels.all()) labels_.insert({label.key, label.value});
    }
  }

  /// Why the peer selects nothing; empty if it selects something or that is not known.
  [[nodiscard]] std::string nothing(const NetworkPolicy& policy, const PolicyPeer& peer) const {
    if (!peer.namespaces) return peer.pods ? nothing_inside(policy, *peer.pods) : std::string{};
    const std::vector<NamespaceId> namespaces = selected(*peer.namespaces);
    if (namespaces.empty()) {
      if (asks_for_unknown_labels(*peer.namespaces)) return {};
      return fmt::format("no project is {}", to_string(*peer.namespaces, cluster_.symbols));
    }
    if (!peer.pods || peer.pods->matches_everything()) return {};
    const auto is_known = [&](NamespaceId ns) { return !cluster_.at(ns).pods.empty(); };
    if (!std::ranges::all_of(namespaces, is_known)) return {};
    const auto has_one = [&](NamespaceId ns) { return has_pod(ns, *peer.pods); };
    if (may_select(*peer.pods) && std::ranges::any_of(namespaces, has_one)) return {};
    return fmt::format("no pod of projects that are {} is {}",
                       to_string(*peer.namespaces, cluster_.symbols),
                       to_string(*peer.pods, cluster_.symbols));
  }

 private:
  [[nodiscard]] std::string nothing_inside(const NetworkPolicy& policy,
                                           const LabelSelector& pods) const {
    if (cluster_.at(policy.ns).pods.empty() || pods.matches_everything()) return {};
    if (has_pod(policy.ns, pods)) return {};
    return fmt::format("no pod of its own project is {}", to_string(pods, cluster_.symbols));
  }

  [[nodiscard]] std::vector<NamespaceId> selected(const LabelSelector& selector) const {
    std::vector<NamespaceId> result;
    for (std::uint32_t i = 0; i < cluster_.namespaces.size(); ++i) {
      if (matches(selector, cluster_.namespaces[i].labels)) result.push_back({i});
    }
    return result;
  }

  /// Namespaces that the input lacks have their name for their only label.
  [[nodiscard]] bool asks_for_unknown_labels(const LabelSelector& selector) const {
    const Symbol name = cluster_.symbols.find("kubernetes.io/metadata.name");
    const bool by_name = std::ranges::all_of(
        selector.requirements, [&](const LabelRequirement& each) { return each.key == name; });
    return !by_name && std::ranges::any_of(cluster_.namespaces, [](const Namespace& ns) {
      return ns.assumed || ns.uncollected.labels;
    });
  }

  [[nodiscard]] bool has_pod(NamespaceId ns, const LabelSelector& selector) const {
    return std::ranges::any_of(cluster_.at(ns).pods, [&](PodId id) {
      const Pod& pod = cluster_.at(id);
      return !pod.is_completed() && matches(selector, pod.labels);
    });
  }

  /// False if it asks for a label that no pod has at all, so that none need be looked at.
  [[nodiscard]] bool may_select(const LabelSelector& selector) const {
    return std::ranges::all_of(selector.requirements, [&](const LabelRequirement& each) {
      return each.op != LabelOperator::In || std::ranges::any_of(each.values, [&](Symbol value) {
               return labels_.contains({each.key, value});
             });
    });
  }

  const Cluster& cluster_;
  std::set<std::pair<Symbol, Symbol>> labels_;  ///< keys and values that some pod has
};

std::string field_of(Direction direction, std::size_t rule, std::size_t peer) {
  return direction == Direction::Ingress ? fmt::format("ingress[{}].from[{}]", rule, peer)
                                         : fmt::format("egress[{}].to[{}]", rule, peer);
}

/// Each peer of the directions that a policy isolates.
template <typename Take>
void visit_peers(const NetworkPolicy& policy, Take take) {
  for (const Direction direction : kDirections) {
    if (!policy.isolates(direction)) continue;
    const std::vector<PolicyRule>& rules = policy.rules(direction);
    for (std::size_t i = 0; i < rules.size(); ++i) {
      for (std::size_t k = 0; k < rules[i].peers.size(); ++k) {
        take(rules[i].peers[k], direction, field_of(direction, i, k));
      }
    }
  }
}

std::vector<LintFinding> selects_no_peer(const LintedState& state) {
  const Cluster& cluster = state.cluster();
  const PeerSearch search(cluster);
  std::vector<LintFinding> findings;
  for (const NetworkPolicy& policy : cluster.policies) {
    std::vector<LintFinding> of_policy;
    visit_peers(policy, [&](const PolicyPeer& peer, Direction, const std::string& field) {
      const std::string why = search.nothing(policy, peer);
      if (why.empty()) return;
      of_policy.push_back(finding_about_policy(
          state, policy, fmt::format("{} selects nothing: {}", field, why), peer.place));
    });
    if (of_policy.empty() || is_of_mesh(state, policy)) continue;
    std::ranges::move(of_policy, std::back_inserter(findings));
  }
  return findings;
}

bool overlap(const Cidr& a, const Cidr& b) {
  return a.contains(b.first()) || b.contains(a.first());
}

/// What a block has to do with the addresses of the cluster; empty for nothing.
std::string inside_meaning(const IpBlock& block, Direction direction, const Network& network) {
  const auto is_cut_out = [&](const Cidr& cidr) {
    return std::ranges::any_of(block.except, [&](const Cidr& each) { return each.contains(cidr); });
  };
  const std::string cidr = block.cidr.to_string();
  const bool pods_count = network.dialect != Dialect::Kubernetes || network.ip_block_matches_pods;
  for (const Cidr& pods : network.cluster_networks) {
    if (!overlap(block.cidr, pods) || is_cut_out(pods)) continue;
    if (!pods_count) {
      if (block.cidr.contains(pods)) continue;
      return fmt::format(
          "{} lies in the pod network, and this network matches no pod by its "
          "address",
          cidr);
    }
    if (!block.cidr.contains(pods)) {
      return fmt::format("{} lies in the pod network {}, where each new pod has another address",
                         cidr, pods.to_string());
    }
    return fmt::format("{} holds the pod network {}: {} every pod of the cluster", cidr,
                       pods.to_string(),
                       direction == Direction::Ingress ? "it admits" : "it lets reach");
  }
  for (const Cidr& services : network.service_networks) {
    if (!services.contains(block.cidr)) continue;
    return fmt::format("{} lies in the service network {}: policies see the pod behind a Service",
                       cidr, services.to_string());
  }
  return {};
}

std::vector<LintFinding> inside_blocks(const LintedState& state) {
  const Cluster& cluster = state.cluster();
  std::vector<LintFinding> findings;
  for (const NetworkPolicy& policy : cluster.policies) {
    visit_peers(policy, [&](const PolicyPeer& peer, Direction direction, const std::string& field) {
      if (!peer.block) return;
      const std::string meaning = inside_meaning(*peer.block, direction, cluster.network);
      if (meaning.empty() || is_copy(state, policy)) return;
      findings.push_back(finding_about_policy(
          state, policy, fmt::format("{}.ipBlock {}", field, meaning), peer.place));
    });
  }
  return findings;
}

constexpr std::array kPods{std::string_view{"Pod"}};
constexpr std::array kPodsAndProjects{std::string_view{"Namespace"}, std::string_view{"Pod"}};

constexpr auto kRows = std::to_array<RuleRow>({
    {{.code = "MP0405",
      .name = "policy-selects-no-pod",
      .group = RuleGroup::Policies,
      .severity = Severity::Warning,
      .meaning =
          "A NetworkPolicy selects none of the pods of its project, so that it does nothing: what "
          "was to be isolated is open, what was to be admitted is not. Pods on their node's "
          "network are not protected by any policy. The mesh's own policies are left out: that for "
          "exposed pods waits for such a pod.",
      .source = "networkpolicy.md; sdn.md 7.5; ovn.md 2.10",
      .fix = "Correct the podSelector, or delete the policy.",
      .needs = kPods},
     selects_no_pod},
    {{.code = "MP0406",
      .name = "peer-selects-nothing",
      .group = RuleGroup::Policies,
      .severity = Severity::Warning,
      .meaning =
          "A peer of a NetworkPolicy selects no project, or no pod in those that it selects, so "
          "that nobody is admitted by it. Often the label that it asks for stands on the project "
          "in place of the pod, or on neither.",
      .source = "networkpolicy.md",
      .fix = "Correct the selector, or label the projects or pods that are meant.",
      .needs = kPodsAndProjects},
     selects_no_peer},
    {{.code = "MP0411",
      .name = "ipblock-in-cluster",
      .group = RuleGroup::Policies,
      .severity = Severity::Warning,
      .meaning =
          "An ipBlock holds addresses of pods or Services. The specification means it for "
          "addresses outside of the cluster: the OpenShift SDN, OVN-Kubernetes and Calico match "
          "pods by it all the same, Cilium does not. A block around the whole pod network admits "
          "every pod, one inside of it whatever pod has the address later, and one in the service "
          "network nothing, because policies see the pod behind a Service.",
      .source = "networkpolicy.md; sdn.md 7; ovn.md 2.7",
      .fix = "Except the pod network from the block, or select pods and projects by their labels."},
     inside_blocks},
});

}  // namespace

std::span<const RuleRow> policy_selector_rules() { return kRows; }

}  // namespace meshproof
