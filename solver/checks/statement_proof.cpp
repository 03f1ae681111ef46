#include "solver/checks/statement_proof.h"

#include <algorithm>

#include "solver/checks/enumerate.h"
#include "solver/checks/lacking.h"

namespace meshproof {

namespace {

constexpr std::string_view kNotSpokenOf =
    "; not spoken of beyond the input: a node's traffic to its own pods, hostNetwork pods, and "
    "what "
    "enters through a NodePort or LoadBalancer";

/// Whether the group can hold an end at all, in the input or to come.
bool may_hold(const GroupWords& words, const Cluster& cluster) {
  if (words.holds_outside) return true;
  if (!words.group->unbounded) return !words.existing.empty();
  const bool has_own = std::ranges::find(words.has_namespace, true) != words.has_namespace.end();
  const std::vector<std::string>& names = words.group->namespace_names;
  return has_own || names.empty() || std::ranges::any_of(names, [&](const std::string& name) {
           return !cluster.find_namespace(name).is_valid();
         });
}

/// With the OpenShift SDN pods of `default` have VNID 0 and are let in with others that have it
/// (SDN-P3, SDN-P4). A project to come has not, so where the input lacks `default` and has others
/// of which a policy may speak, nothing speaks for its pods.
bool lacks_default(const GroupWords& from, const Cluster& cluster) {
  if (cluster.network.dialect != Dialect::OpenShiftSdn) return false;
  if (cluster.find_namespace("default").is_valid() || !from.group->unbounded) return false;
  const std::vector<std::string>& names = from.group->namespace_names;
  const bool may_hold_it = !from.group->member_of && !from.group->mesh &&
                           (names.empty() || std::ranges::find(names, "default") != names.end());
  return may_hold_it && std::ranges::any_of(cluster.namespaces, [&](const Namespace& ns) {
           const NetNamespaceId id = ns.net_namespace;
           return ns.name == kHostNetworkNamespace || (id.is_valid() && cluster.at(id).netid == 0);
         });
}

std::string describe(const GroupWords& words) {
  const Group& group = *words.group;
  if (!group.unbounded) return "the pods of the input in " + group.name;
  return "any pod of " + group.name + " with any labels, in any project, present or future";
}

}  // namespace

bool is_unbounded(const Assertion& assertion) {
  return assertion.from.unbounded || assertion.to.unbounded ||
         std::ranges::any_of(assertion.between, &Group::unbounded);
}

StatementProof::StatementProof(const Snapshot& snapshot, StatementOptions options)
    : snapshot_(snapshot),
      options_(std::move(options)),
      maker_(snapshot_.cluster),
      proof_(snapshot_, {{}, options_.limits, options_.evidence}) {}

QuotientAnswer StatementProof::decide_again(const StatementQuestion& question) {
  if (options_.second_decider) return options_.second_decider(question);
  if (!quotient_) quotient_.emplace(snapshot_.cluster, options_.quotient);
  return quotient_->decide(question);
}

/// SEMANTICS Q, and T10 for what is asked here: why the statement cannot be put soundly.
std::string StatementProof::obstacle(const FlowStatement& statement) const {
  const Cluster& cluster = snapshot_.cluster;
  if (!cluster.network.unknown_because.empty()) return cluster.network.unknown_because;
  if (cluster.network.dialect == Dialect::OpenShiftSdn &&
      cluster.network.mode != SdnMode::NetworkPolicy) {
    return "pods that do not exist yet are only judged in mode networkpolicy; builtin:tenancy also "
           "is in the others";
  }
  if (!statement.to.group->cidrs.empty() && !statement.to.group->unbounded &&
      statement.to.existing.empty()) {
    return "flows to addresses are judged for the pods of the input only: leave universe out";
  }
  const auto is_end = [&](NamespaceId ns) {
    return statement.from.has_namespace[ns.value] || statement.to.has_namespace[ns.value];
  };
  if (std::string shared = proof_.encoder().shared_network(
          [&](NamespaceId ns, std::uint32_t) { return is_end(ns); });
      !shared.empty()) {
    return shared;
  }
  if (lacks_default(statement.from, cluster)) {
    return "the input lacks project default, whose pods count as hosts do";
  }
  for (std::uint32_t i = 0; i < cluster.namespaces.size(); ++i) {
    if (!is_end({i})) continue;
    if (std::string kind = unmodelled_for(cluster, {i}); !kind.empty()) return kind;
    const bool needs_all = statement.violating == Access::Denied || statement.to.has_namespace[i];
    if (needs_all && cluster.namespaces[i].uncollected.policies) {
      return "which NetworkPolicies " + cluster.namespaces[i].name +
             " has is not known: the input lacks them";
    }
  }
  return {};
}

/// Whether a pod of the input that is shown for one that could be may be left out itself.
bool StatementProof::may_be_excepted(const Counterexample& counterexample,
                                     const FlowStatement& statement) const {
  const auto may_hold = [&](const std::optional<GroupWords>& words, PodId pod) {
    if (!words) return true;
    return pod.is_valid() ? maker_.groups().contains(*words->group, EndClass{{pod}, {}})
                          : words->group->unbounded;
  };
  return std::ranges::any_of(statement.excepted, [&](const ExceptedWords& flows) {
    return may_hold(flows.from, counterexample.existing_source) &&
           may_hold(flows.to, counterexample.existing_destination);
  });
}

Finding StatementProof::prove(const FlowStatement& statement) {
  const auto confirm = [&](const Counterexample& counterexample, bool,
                           std::string& doubt) -> std::optional<Violated> {
    const bool is_shown_by_pods =
        counterexample.existing_source.is_valid() || counterexample.existing_destination.is_valid();
    if (is_shown_by_pods && may_be_excepted(counterexample, statement)) return std::nullopt;
    Replay shown = replay(snapshot_, counterexample);
    if (shown.decision.access != statement.violating) {
      if (doubt.empty()) doubt = not_confirmed(counterexample, shown);
      return std::nullopt;
    }
    Violated violated = violated_by(counterexample, std::move(shown));
    violated.is_open = statement.violating == Access::Allowed;
    return violated;
  };
  std::optional<Violated> violated;
  std::vector<PolicyId> needed;
  std::string undecided = obstacle(statement);
  if (!undecided.empty()) return Undecided{undecided};
  is_solved_ = true;
  const StatementClaim claim(snapshot_.cluster, statement);
  for (const NamespaceId destination : maker_.destinations(statement)) {
    FlowProof::Answer answer =
        proof_.prove(claim, destination, violated ? FlowProof::Confirm{} : confirm, [&] {
          return decide_again({statement, destination});
        });
    if (disagreement_.empty()) disagreement_ = std::move(answer.disagreement);
    if (decided_once_.empty()) decided_once_ = std::move(answer.decided_once);
    is_minimal_ = is_minimal_ && answer.is_minimal;
    needed.insert(needed.end(), answer.rests_on.begin(), answer.rests_on.end());
    if (answer.violated && violated) {
      ++violated->count;
    } else if (answer.violated) {
      violated = std::move(answer.violated);
    } else if (undecided.empty()) {
      undecided = std::move(answer.undecided);
    }
  }
  if (violated) return *violated;
  if (!undecided.empty()) return Undecided{undecided};
  return Holds{Universe::Unbounded,
               describe(statement.from) + (statement.from.holds_outside ? " or any address" : "") +
                   ", against " + describe(statement.to),
               rests_on(snapshot_.cluster, needed)};
}

Finding StatementProof::decide(const Assertion& assertion) {
  deciders_.clear();
  if (assertion.hops > 1) {
    return Undecided{
        "over several hops only pods of the input are judged: leave universe or "
        "transitive out"};
  }
  deciders_ = {Decider::Evaluation};
  Finding enumerated = Enumeration(snapshot_).decide(enumerated_only(assertion));
  if (std::holds_alternative<Violated>(enumerated)) return enumerated;
  disagreement_.clear();
  decided_once_.clear();
  is_minimal_ = true;
  is_solved_ = false;
  proof_.speak_for(assertion.id);
  Finding finding = prove_all(assertion);
  if (is_solved_) deciders_.push_back(Decider::Z3);
  if (is_solved_ && decided_once_.empty()) deciders_.push_back(Decider::Quotient);
  const bool is_undecided_before =
      std::holds_alternative<Holds>(finding) && std::holds_alternative<Undecided>(enumerated);
  return is_undecided_before ? enumerated : finding;
}

Finding StatementProof::prove_all(const Assertion& assertion) {
  std::string scope;
  std::string undecided;
  std::vector<RestsOn> needed;
  for (const auto& [from, to] : unbounded_directions(assertion)) {
    const FlowStatement asked = maker_.make(assertion, *from, *to);
    for (const GroupWords* words : {&asked.from, &asked.to}) {
      const bool is_vacuous = !words->group->allow_empty && !may_hold(*words, snapshot_.cluster);
      if (is_vacuous) return Vacuous{"group " + words->group->name + " selects nothing"};
    }
    Finding finding = prove(asked);
    if (!disagreement_.empty()) return Undecided{disagreement_};
    if (std::holds_alternative<Violated>(finding)) {
      return limited(std::move(finding), lacking_for(assertion, snapshot_, maker_.groups()));
    }
    if (auto* doubt = std::get_if<Undecided>(&finding)) undecided = doubt->reason;
    if (auto* holds = std::get_if<Holds>(&finding)) {
      scope += (scope.empty() ? "" : "; ") + holds->scope;
      needed.insert(needed.end(), holds->rests_on.begin(), holds->rests_on.end());
    }
  }
  if (!undecided.empty()) return Undecided{undecided};
  Holds holds{Universe::Unbounded, scope + std::string(kNotSpokenOf), std::move(needed)};
  holds.scope += by_z3_alone(decided_once_);
  if (!is_minimal_) holds.scope += "; it may rest on fewer policies than are named";
  if (snapshot_.cluster.network.assumed) {
    holds.scope += "; assumes a network that enforces NetworkPolicies as Kubernetes specifies";
  }
  return limited(std::move(holds), lacking_for(assertion, snapshot_, maker_.groups()));
}

}  // namespace meshproof
