#include <algorithm>
#include <set>
#include <utility>

#include "solver/checks/internal_policies.h"
#include "solver/checks/mesh_members.h"
#include "solver/checks/statement_maker.h"
#include "solver/engines/quotient.h"
#include "solver/recheck/recheck_parts.h"

/// Verdicts about every pod that could exist, worked out again by evaluate() over the finite cases
/// of SEMANTICS T7 and T8.
namespace meshproof {
namespace {

/// Puts one question for each of some projects, as far as the limit goes.
class CaseTally {
 public:
  explicit CaseTally(std::uint64_t limit) : limit_(limit) {}

  [[nodiscard]] bool is_over() const { return result_.outcome == Recheck::Disagrees; }

  /// False once there is nothing more to ask.
  bool add(const QuotientAnswer& answer) {
    if (const auto* found = std::get_if<CaseBreaks>(&answer)) {
      result_.outcome = Recheck::Disagrees;
      result_.words = "it should hold, and of the finite cases " + to_string(*found);
      return false;
    }
    if (const auto* too_many = std::get_if<NotDecided>(&answer)) {
      if (why_not_.empty()) why_not_ = too_many->reason;
    } else {
      ++decided_;
      result_.flows += std::get<NoCaseBreaks>(answer).cases;
    }
    ++asked_;
    return true;
  }

  [[nodiscard]] bool has_room() const { return result_.flows < limit_; }
  void pass_over() { ++asked_; }

  [[nodiscard]] RecheckResult conclude() && {
    if (is_over()) return std::move(result_);
    result_.outcome = decided_ == asked_ ? Recheck::Confirmed : Recheck::Sampled;
    if (decided_ == 0 && asked_ > 0) result_.outcome = Recheck::NotAsked;
    result_.words = "by the finite cases of every pod that could exist";
    if (decided_ != asked_) {
      result_.words += ", for " + std::to_string(decided_) + " of " + std::to_string(asked_) +
                       " projects" + (why_not_.empty() ? "" : ": " + why_not_);
    }
    return std::move(result_);
  }

 private:
  const std::uint64_t limit_;
  RecheckResult result_;
  std::string why_not_;
  std::size_t asked_ = 0;
  std::size_t decided_ = 0;
};

RecheckResult recheck_assertion(const Snapshot& snapshot, const Assertion& assertion,
                                const RecheckLimits& limits) {
  RecheckResult enumerated = recheck_pairs(snapshot, enumerated_only(assertion), limits.flows);
  if (enumerated.outcome == Recheck::Disagrees) return enumerated;
  Cluster cluster = snapshot.cluster;
  StatementMaker maker(cluster);
  QuotientDecider decider(cluster, {limits.cases});
  CaseTally tally(limits.flows);
  std::set<PodId> pods;
  for (const auto& [from, to] : unbounded_directions(assertion)) {
    const FlowStatement statement = maker.make(assertion, *from, *to);
    for (const NamespaceId destination : maker.destinations(statement)) {
      if (!tally.has_room()) {
        tally.pass_over();
      } else if (!tally.add(decider.decide({statement, destination}))) {
        pods = given_pods(statement);
        break;
      }
    }
    if (tally.is_over()) break;
  }
  RecheckResult result = std::move(tally).conclude();
  result.flows += enumerated.flows;
  for (const PodId id : pods) {
    result.ends.push_back(cluster.at(cluster.at(id).ns).name + '/' + cluster.at(id).name);
  }
  if (enumerated.outcome == Recheck::Sampled && result.outcome == Recheck::Confirmed) {
    result.outcome = Recheck::Sampled;
  }
  if (!result.is_disagreement()) result.words = enumerated.words + "; and " + result.words;
  return result;
}

/// SEMANTICS T: of the mesh that the verdict is about.
RecheckResult recheck_tenancy(const Snapshot& snapshot, const Verdict& verdict,
                              const std::vector<NamespaceId>& destinations,
                              const RecheckLimits& limits) {
  QuotientDecider decider(snapshot.cluster, {limits.cases});
  CaseTally tally(limits.flows);
  for (const NamespaceId destination : destinations) {
    if (!tally.has_room()) {
      tally.pass_over();
      continue;
    }
    const IsolationQuestion question{*verdict.mesh, destination,
                                     internal_policies(snapshot, *verdict.mesh, destination)};
    if (!tally.add(decider.decide(question))) break;
  }
  return std::move(tally).conclude();
}

}  // namespace

RecheckResult recheck_unbounded(const Snapshot& snapshot, const Verdict& verdict,
                                const Assertion* assertion, const RecheckLimits& limits) {
  if (assertion != nullptr) {
    const bool is_of_flows = assertion->kind == AssertionKind::Deny ||
                             assertion->kind == AssertionKind::Allow ||
                             assertion->kind == AssertionKind::Isolate;
    if (!is_of_flows) return {Recheck::NotAsked, "it is not about flows", 0};
    return recheck_assertion(snapshot, *assertion, limits);
  }
  const Network& network = snapshot.cluster.network;
  const bool is_by_netid =
      network.dialect == Dialect::OpenShiftSdn && network.mode != SdnMode::NetworkPolicy;
  if (is_by_netid) return {Recheck::NotAsked, "it was read off network ids", 0};
  if (!verdict.mesh) return {Recheck::NotAsked, "it is about no mesh", 0};
  if (verdict.id == "builtin:control-plane") {
    return recheck_tenancy(snapshot, verdict, {snapshot.cluster.find_namespace(*verdict.mesh)},
                           limits);
  }
  const std::vector<MeshMembers> meshes = mesh_members(snapshot);
  const auto mesh = std::ranges::find(meshes, *verdict.mesh, &MeshMembers::mesh);
  if (mesh == meshes.end()) return {Recheck::NotAsked, "its mesh is not found", 0};
  return recheck_tenancy(snapshot, verdict, mesh->members, limits);
}

}  // namespace meshproof
