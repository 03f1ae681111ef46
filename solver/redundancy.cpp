#include "solver/redundancy.h"

#include <algorithm>
#include <set>

#include "solver/checks/flow_proof.h"
#include "solver/engines/flows/difference_claim.h"

namespace meshproof {

namespace {

constexpr std::string_view kNameLabel = "kubernetes.io/metadata.name";

/// Peers that mean addresses outside too.
bool reaches_addresses(const PolicyRule& rule) {
  return rule.peers.empty() || std::ranges::any_of(rule.peers, [](const PolicyPeer& peer) {
           return peer.block.has_value();
         });
}

class RedundancySearch {
 public:
  RedundancySearch(const Snapshot& snapshot,
                   const std::function<bool(const NetworkPolicy&)>& counts, const SmtLimits& limits)
      : tried_(snapshot),
        counts_(counts),
        proof_(tried_, {.statement = "lint", .limits = limits}) {}

  Redundancy find() {
    const Cluster& cluster = tried_.cluster;
    const Network& network = cluster.network;
    result_.obstacle = network.unknown_because;
    const bool has_modes = network.dialect == Dialect::OpenShiftSdn;
    if (result_.obstacle.empty() && has_modes && network.mode != SdnMode::NetworkPolicy) {
      result_.obstacle = "policies only say something in mode networkpolicy";
    }
    if (!result_.obstacle.empty()) return std::move(result_);
    for (std::uint32_t i = 0; i < cluster.namespaces.size(); ++i) look_at({i});
    std::ranges::sort(result_.parts, {}, [](const RedundantPart& part) {
      return std::tuple(part.policy, part.direction, part.rule);
    });
    return std::move(result_);
  }

 private:
  void look_at(NamespaceId ns) {
    const std::vector<PolicyId> policies = tried_.cluster.at(ns).policies;
    if (policies.size() < 2 && !has_several_rules(policies)) return;
    now_ = {};
    for (const PolicyId id : policies) {
      if (!counts_(tried_.cluster.at(id))) continue;
      FlowView without = now_;
      without.policies[id] = Problem::falsehood();
      if (is_same(ns, id, without)) {
        now_ = std::move(without);
        result_.parts.push_back({id, Direction::Ingress, std::nullopt});
      } else {
        look_at_rules(ns, id);
      }
    }
  }

  [[nodiscard]] bool has_several_rules(const std::vector<PolicyId>& policies) const {
    return std::ranges::any_of(policies, [&](PolicyId id) {
      const NetworkPolicy& policy = tried_.cluster.at(id);
      return policy.ingress.size() > 1 || policy.egress.size() > 1;
    });
  }

  /// The whole policy: in every direction that it says something of.
  [[nodiscard]] bool is_same(NamespaceId ns, PolicyId id, const FlowView& without) {
    const NetworkPolicy& policy = tried_.cluster.at(id);
    ++result_.asked;
    for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
      if (!policy.isolates(direction) && policy.rules(direction).empty()) continue;
      if (direction == Direction::Egress && std::ranges::any_of(policy.egress, reaches_addresses)) {
        ++result_.undecided;
        return false;
      }
      if (!admits_the_same(ns, direction, without)) return false;
    }
    return true;
  }

  void look_at_rules(NamespaceId ns, PolicyId id) {
    PolicyId current = id;
    for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
      const std::size_t count = tried_.cluster.at(id).rules(direction).size();
      std::size_t left_out = 0;
      for (std::size_t rule = 0; rule < count; ++rule) {
        ++result_.asked;
        if (direction == Direction::Egress &&
            reaches_addresses(tried_.cluster.at(id).egress[rule])) {
          ++result_.undecided;
          continue;
        }
        const PolicyId shorter = without_rule(current, direction, rule - left_out);
        FlowView view = now_;
        view.policies[current] = Problem::falsehood();
        view.policies.erase(shorter);
        now_.policies[shorter] = Problem::falsehood();
        if (!admits_the_same(ns, direction, view)) continue;
        now_ = std::move(view);
        current = shorter;
        ++left_out;
        result_.parts.push_back({id, direction, rule});
      }
    }
  }

  /// A copy of the policy that lacks a rule, among the policies of its namespace.
  PolicyId without_rule(PolicyId of, Direction direction, std::size_t rule) {
    Cluster& cluster = tried_.cluster;
    NetworkPolicy copy = cluster.at(of);
    std::vector<PolicyRule>& rules = direction == Direction::Ingress ? copy.ingress : copy.egress;
    rules.erase(rules.begin() + static_cast<std::ptrdiff_t>(rule));
    const PolicyId id{static_cast<std::uint32_t>(cluster.policies.size())};
    cluster.namespaces[copy.ns.value].policies.push_back(id);
    cluster.policies.push_back(std::move(copy));
    return id;
  }

  [[nodiscard]] bool admits_the_same(NamespaceId ns, Direction direction, const FlowView& view) {
    const AdmissionClaim claim(now_, view, ns, direction);
    const std::vector<NamespaceId> destinations =
        direction == Direction::Ingress ? std::vector{ns} : ends_of_egress(ns);
    for (const NamespaceId destination : destinations) {
      const FlowProof::Answer answer = proof_.prove(claim, destination, {});
      if (!answer.undecided.empty()) ++result_.undecided;
      if (!answer.is_proved()) return false;
    }
    return true;
  }

  /// The namespace itself, those that a peer can tell from all others by their names, and one to
  /// come, which may have any labels and so stands for the rest.
  [[nodiscard]] std::vector<NamespaceId> ends_of_egress(NamespaceId ns) const {
    const Cluster& cluster = tried_.cluster;
    std::set<NamespaceId> found{ns, NamespaceId{}};
    const Symbol key = cluster.symbols.find(kNameLabel);
    for (const PolicyId id : cluster.at(ns).policies) {
      for (const PolicyRule& rule : cluster.at(id).egress) {
        for (const PolicyPeer& peer : rule.peers) {
          if (!peer.namespaces) continue;
          for (const LabelRequirement& requirement : peer.namespaces->requirements) {
            if (requirement.key != key) continue;
            for (const Symbol name : requirement.values) {
              found.insert(cluster.find_namespace(cluster.symbols.text(name)));
            }
          }
        }
      }
    }
    return {found.begin(), found.end()};
  }

  Snapshot tried_;  // grows by policies that lack a rule
  const std::function<bool(const NetworkPolicy&)>& counts_;
  FlowProof proof_;
  FlowView now_;
  Redundancy result_;
};

}  // namespace

Redundancy find_redundancy(const Snapshot& snapshot,
                           const std::function<bool(const NetworkPolicy&)>& counts,
                           const SmtLimits& limits) {
  return RedundancySearch(snapshot, counts, limits).find();
}

}  // namespace meshproof
