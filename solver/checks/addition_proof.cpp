#include "solver/checks/addition_proof.h"

#include <algorithm>
#include <map>
#include <optional>

#include "solver/checks/compared_addition.h"
#include "solver/checks/flow_proof.h"
#include "solver/engines/flows/addition_claim.h"

namespace meshproof {
namespace {

LabelSelector selector_of(const LabelPairs& labels, SymbolTable& symbols) {
  LabelSelector selector;
  for (const auto& [key, value] : labels) {
    selector.requirements.push_back(
        {symbols.intern(key), LabelOperator::In, {symbols.intern(value)}});
  }
  return selector;
}

KeptTerm term_of(const KeptRule& rule, SymbolTable& symbols) {
  return {selector_of(rule.pods, symbols),      selector_of(rule.peer.projects, symbols),
          selector_of(rule.peer.pods, symbols), rule.peer.block,
          rule.peer.block_holds_pods,           rule.ports};
}

std::string statement_about(const std::vector<std::string>& names, const std::string& ns) {
  const bool is_one = names.size() == 1;
  std::string text = is_one ? "NetworkPolicy " : "NetworkPolicies ";
  for (std::size_t i = 0; i < names.size(); ++i) text += (i == 0 ? "" : ", ") + ns + '/' + names[i];
  return text + (is_one ? " opens what is kept and nothing else, and closes nothing"
                        : " open what is kept and nothing else, and close nothing");
}

Reason told(std::string text) {
  Reason reason;
  reason.rule_id = "A2";
  reason.text = std::move(text);
  return reason;
}

/// The statement about the policies of ingress in one namespace.
class NamespaceProof {
 public:
  NamespaceProof(const Snapshot& without, const Snapshot& with, NamespaceId destination,
                 Addition addition, const SmtLimits& limits)
      : without_(without),
        with_(with),
        destination_(destination),
        addition_(std::move(addition)),
        limits_(limits) {}

  /// SEMANTICS A4: sources that evaluate() does not confirm are passed over, a few of them.
  [[nodiscard]] Finding prove() const {
    FlowProof proof(with_, {.statement = "suggest:nothing-else", .limits = limits_});
    const auto is_destination = [&](NamespaceId ns, std::uint32_t) { return ns == destination_; };
    if (std::string reason = proof.encoder().shared_network(is_destination); !reason.empty()) {
      return Undecided{std::move(reason)};
    }
    FlowProof::Answer answer = proof.prove(
        AdditionClaim(addition_), destination_,
        [this](const Counterexample& counterexample, bool is_admitted, std::string& doubt) {
          return confirm(counterexample, is_admitted, doubt);
        });
    if (answer.violated) return std::move(*answer.violated);
    if (!answer.undecided.empty()) return Undecided{std::move(answer.undecided)};
    return Holds{Universe::Unbounded, scope()};
  }

 private:
  /// The counterexample in both states, if evaluate() says of them what makes it one.
  [[nodiscard]] std::optional<Violated> confirm(const Counterexample& counterexample,
                                                bool is_admitted, std::string& doubt) const {
    Replay with = replay(with_, counterexample);
    const Replay without = replay(without_, counterexample);
    const Access is = with.decision.access;
    const Access was = without.decision.access;
    std::vector<Reason> reasons;
    if (is == Access::Allowed && was == Access::Denied) {
      reasons.push_back(told("open with the policy, closed without it, and not to be kept"));
      std::ranges::copy(with.decision.reasons, std::back_inserter(reasons));
    } else if (is == Access::Denied && was == Access::Allowed) {
      reasons.push_back(told("closed by the policy, and open without it"));
      std::ranges::copy(with.decision.reasons, std::back_inserter(reasons));
    } else if (is == Access::Denied && was == Access::Denied && !is_admitted) {
      reasons.push_back(told("to be kept, and closed with the policy too"));
      std::ranges::copy(with.decision.reasons, std::back_inserter(reasons));
    } else {
      if (doubt.empty()) {
        doubt = "engines disagree about " + with.src + " reaching " + with.dst +
                (with.decision.reasons.empty() ? std::string()
                                               : ": " + with.decision.reasons.front().text);
      }
      return std::nullopt;
    }
    return Violated{std::move(with.src),
                    std::move(with.dst),
                    counterexample.protocol,
                    counterexample.port,
                    std::move(reasons),
                    std::move(with.manifests),
                    1};
  }

  [[nodiscard]] std::string scope() const {
    const Cluster& cluster = with_.cluster;
    std::string text =
        "any pod with any labels in any project, present or future, and any address "
        "outside the cluster, against any pod of project " +
        cluster.at(destination_).name + ", on any port";
    const bool has_completed = cluster.network.dialect == Dialect::OpenShiftSdn &&
                               std::ranges::any_of(cluster.pods, [](const Pod& pod) {
                                 return pod.is_completed() && !pod.addresses.empty();
                               });
    if (has_completed) text += "; who takes over the address of a completed pod counts as that pod";
    if (cluster.network.assumed) {
      text += "; assumes a network that enforces NetworkPolicies as Kubernetes specifies";
    }
    return text +
           "; not spoken of: a node's traffic to its own pods, hostNetwork pods of the "
           "project, and what enters through a NodePort or LoadBalancer";
  }

  const Snapshot& without_;
  const Snapshot& with_;
  const NamespaceId destination_;
  const Addition addition_;
  const SmtLimits limits_;
};

/// SEMANTICS A6: why nothing can be proved of the policies of a namespace; empty if it can.
std::string obstacle(const Cluster& cluster, NamespaceId ns) {
  if (!cluster.network.unknown_because.empty()) return cluster.network.unknown_because;
  if (cluster.at(ns).uncollected.policies) {
    return "which NetworkPolicies " + cluster.at(ns).name +
           " has is not known: the input lacks them";
  }
  for (const UnmodelledObject& object : cluster.unmodelled) {
    const bool touches = !object.ns.is_valid() || object.ns == ns;
    if (touches && !object.only_denies && object.key.kind != "EgressFirewall") {
      return to_string(object.key) + " can change who reaches whom and is not modelled";
    }
  }
  return {};
}

Addition addition_of(const Cluster& cluster, NamespaceId ns, const std::vector<std::string>& names,
                     const std::vector<KeptRule>& rules, SymbolTable& symbols) {
  Addition addition;
  for (const PolicyId id : cluster.at(ns).policies) {
    if (std::ranges::find(names, cluster.at(id).name) != names.end()) {
      addition.policies.push_back(id);
    }
  }
  for (const KeptRule& rule : rules) {
    const bool is_of_it = rule.direction == Direction::Ingress && rule.ns == cluster.at(ns).name;
    if (is_of_it) addition.kept.push_back(term_of(rule, symbols));
  }
  return addition;
}

}  // namespace

std::vector<Verdict> prove_addition(const Snapshot& without, const Snapshot& with,
                                    const std::vector<SuggestedPolicy>& policies,
                                    const std::vector<KeptRule>& rules, const SmtLimits& limits) {
  std::map<std::string, std::vector<std::string>> names;
  for (const SuggestedPolicy& policy : policies) {
    if (policy.direction == Direction::Ingress) names[policy.ns].push_back(policy.name);
  }
  std::vector<Verdict> verdicts;
  // What is meant may name labels that nobody has yet.
  Snapshot named = with;
  for (const auto& [ns_name, of_namespace] : names) {
    const NamespaceId ns = with.cluster.find_namespace(ns_name);
    Addition addition = addition_of(named.cluster, ns, of_namespace, rules, named.cluster.symbols);
    Finding finding = Undecided{obstacle(with.cluster, ns)};
    if (std::get<Undecided>(finding).reason.empty()) {
      finding = NamespaceProof(without, named, ns, std::move(addition), limits).prove();
    }
    verdicts.push_back({"suggest:nothing-else",
                        statement_about(of_namespace, ns_name),
                        Severity::Error,
                        std::move(finding),
                        {}});
  }
  if (!policies.empty()) {
    verdicts.push_back({"suggest:compared",
                        "who reaches whom with the policies: only what is kept is gained, and "
                        "nothing is lost",
                        Severity::Error,
                        compare_addition(without, with, rules),
                        {}});
  }
  return verdicts;
}

}  // namespace meshproof
