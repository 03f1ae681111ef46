#include "solver/checks/statement_proof.h"

#include <algorithm>
#include <set>

#include "model/mesh/mesh.h"
#include "solver/checks/enumerate.h"
#include "solver/checks/lacking.h"

namespace meshproof {

namespace {

constexpr std::string_view kNotSpokenOf =
    "; not spoken of beyond the input: a node's traffic to its own pods, hostNetwork pods, and "
    "what "
    "enters through a NodePort or LoadBalancer";

LabelOperator operator_of(std::string_view word) {
  if (word == "In") return LabelOperator::In;
  if (word == "NotIn") return LabelOperator::NotIn;
  return word == "Exists" ? LabelOperator::Exists : LabelOperator::DoesNotExist;
}

LabelSelector selector_of(const SelectorText& text, SymbolTable& symbols) {
  LabelSelector selector;
  for (const SelectorText::Term& term : text.terms) {
    LabelRequirement requirement{symbols.intern(term.key), operator_of(term.op), {}};
    for (const std::string& value : term.values) {
      requirement.values.push_back(symbols.intern(value));
    }
    std::ranges::sort(requirement.values);
    selector.requirements.push_back(std::move(requirement));
  }
  return selector;
}

void intern_names(const Group& group, SymbolTable& symbols) {
  symbols.intern(kMemberOfLabel);
  symbols.intern("kubernetes.io/metadata.name");
  for (const auto* mesh : {&group.member_of, &group.not_member_of, &group.mesh}) {
    if (*mesh) symbols.intern(**mesh);
  }
  for (const std::string& name : group.namespace_names) symbols.intern(name);
}

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

std::string describe(const GroupWords& words) {
  const Group& group = *words.group;
  if (!group.unbounded) return "the pods of the input in " + group.name;
  return "any pod of " + group.name + " with any labels, in any project, present or future";
}

std::vector<std::pair<const Group*, const Group*>> pairs_of(const Assertion& assertion) {
  if (assertion.kind != AssertionKind::Isolate) return {{&assertion.from, &assertion.to}};
  std::vector<std::pair<const Group*, const Group*>> pairs;
  for (const Group& from : assertion.between) {
    for (const Group& to : assertion.between) {
      if (&from != &to) pairs.emplace_back(&from, &to);
    }
  }
  return pairs;
}

Assertion bounded(Assertion assertion) {
  assertion.from.unbounded = false;
  assertion.to.unbounded = false;
  for (Group& group : assertion.between) group.unbounded = false;
  return assertion;
}

}  // namespace

bool is_unbounded(const Assertion& assertion) {
  return assertion.from.unbounded || assertion.to.unbounded ||
         std::ranges::any_of(assertion.between, &Group::unbounded);
}

StatementProof::StatementProof(const Snapshot& snapshot, FlowProofOptions options)
    : snapshot_(snapshot), groups_(snapshot_.cluster), proof_(snapshot_, std::move(options)) {}

GroupWords StatementProof::words(const Group& group, bool receives, bool only_certain) {
  const Cluster& cluster = snapshot_.cluster;
  SymbolTable& symbols = snapshot_.cluster.symbols;
  intern_names(group, symbols);
  GroupWords words;
  words.group = &group;
  for (std::uint32_t i = 0; i < cluster.namespaces.size(); ++i) {
    words.has_namespace.push_back(groups_.has_namespace(group, {i}));
  }
  if (group.namespace_selector) words.namespaces = selector_of(*group.namespace_selector, symbols);
  if (group.pod_selector) words.pods = selector_of(*group.pod_selector, symbols);
  const bool names_pods = asks_for_namespace_labels(group) || !group.namespace_names.empty() ||
                          group.pod_selector.has_value();
  words.holds_outside = !receives && !group.cidrs.empty() && !names_pods;
  if (group.unbounded) return words;
  Resolution resolution;
  if (receives) resolution.side = Resolution::Side::Destination;
  for (const EndClass& one : groups_.resolve(group, resolution).classes) {
    if (!one.certain && only_certain) continue;
    std::ranges::copy_if(one.pods, std::back_inserter(words.existing),
                         [&](PodId id) { return !cluster.at(id).host_network; });
  }
  return words;
}

FlowStatement StatementProof::statement(const Assertion& assertion, const Group& from,
                                        const Group& to) {
  FlowStatement result;
  result.violating = assertion.kind == AssertionKind::Allow ? Access::Denied : Access::Allowed;
  const bool allows = result.violating == Access::Denied;
  result.from = words(from, false, allows);
  result.to = words(to, true, allows);
  // Whoever may not be in an excepted group is not left out.
  const auto leave_out = [&](const std::optional<Group>& source,
                             const std::optional<Group>& destination) {
    ExceptedWords flows;
    if (source) flows.from = words(*source, false, true);
    if (destination) flows.to = words(*destination, true, true);
    result.excepted.push_back(std::move(flows));
  };
  if (assertion.except_from || assertion.except_to) {
    leave_out(assertion.except_from, assertion.except_to);
  }
  for (const ExceptedFlows& flows : assertion.excused) leave_out(flows.from, flows.to);
  result.ports = assertion.ports;
  result.key = "statement " + std::to_string(statements_++);
  return result;
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

/// An invalid one stands for a namespace to come.
std::vector<NamespaceId> StatementProof::destinations(const FlowStatement& statement) const {
  std::vector<NamespaceId> result;
  const Cluster& cluster = snapshot_.cluster;
  std::set<NamespaceId> with_pods;
  for (const PodId id : statement.to.existing) with_pods.insert(cluster.at(id).ns);
  for (std::uint32_t i = 0; i < cluster.namespaces.size(); ++i) {
    if (!statement.to.has_namespace[i]) continue;
    if (statement.to.group->unbounded || with_pods.contains({i})) result.push_back({i});
  }
  const bool to_come = statement.to.group->unbounded && may_be_future(*statement.to.group, cluster);
  if (to_come) result.push_back({});
  return result;
}

Finding StatementProof::prove(const FlowStatement& statement) {
  const auto confirm = [&](const Counterexample& counterexample, bool,
                           std::string& doubt) -> std::optional<Violated> {
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
  const StatementClaim claim(snapshot_.cluster, statement);
  for (const NamespaceId destination : destinations(statement)) {
    FlowProof::Answer answer =
        proof_.prove(claim, destination, violated ? FlowProof::Confirm{} : confirm);
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
  if (assertion.hops > 1) {
    return Undecided{
        "over several hops only pods of the input are judged: leave universe or "
        "transitive out"};
  }
  Finding enumerated = Enumeration(snapshot_).decide(bounded(assertion));
  if (std::holds_alternative<Violated>(enumerated)) return enumerated;
  std::string scope;
  std::string undecided;
  std::vector<RestsOn> needed;
  for (const auto& [from, to] : pairs_of(assertion)) {
    const FlowStatement asked = statement(assertion, *from, *to);
    for (const GroupWords* words : {&asked.from, &asked.to}) {
      const bool is_vacuous = !words->group->allow_empty && !may_hold(*words, snapshot_.cluster);
      if (is_vacuous) return Vacuous{"group " + words->group->name + " selects nothing"};
    }
    Finding finding = prove(asked);
    if (std::holds_alternative<Violated>(finding)) {
      return limited(std::move(finding), lacking_for(assertion, snapshot_, groups_));
    }
    if (auto* doubt = std::get_if<Undecided>(&finding)) undecided = doubt->reason;
    if (auto* holds = std::get_if<Holds>(&finding)) {
      scope += (scope.empty() ? "" : "; ") + holds->scope;
      needed.insert(needed.end(), holds->rests_on.begin(), holds->rests_on.end());
    }
  }
  if (!undecided.empty()) return Undecided{undecided};
  if (std::holds_alternative<Undecided>(enumerated)) return enumerated;
  Holds holds{Universe::Unbounded, scope + std::string(kNotSpokenOf), std::move(needed)};
  if (snapshot_.cluster.network.assumed) {
    holds.scope += "; assumes a network that enforces NetworkPolicies as Kubernetes specifies";
  }
  return limited(std::move(holds), lacking_for(assertion, snapshot_, groups_));
}

}  // namespace meshproof
