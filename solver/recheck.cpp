#include "solver/recheck.h"

#include <algorithm>
#include <set>
#include <utility>

#include "solver/checks/lacking.h"
#include "solver/checks/reproduction.h"
#include "solver/recheck/recheck_parts.h"

namespace meshproof {
namespace {

/// A state with what the input lacks marked, as verdicts see it.
class MarkedState {
 public:
  explicit MarkedState(const Snapshot& snapshot) : given_(&snapshot) {
    if (!snapshot.coverage.is_silent()) marked_ = mark_uncollected(snapshot);
  }
  [[nodiscard]] const Snapshot& get() const { return marked_ ? *marked_ : *given_; }

 private:
  const Snapshot* given_;
  std::optional<Snapshot> marked_;
};

RecheckResult not_asked(std::string why) { return {Recheck::NotAsked, std::move(why), 0}; }

const Assertion* assertion_of(const Verdict& verdict, const Assertions& assertions) {
  const auto at = std::ranges::find(assertions.assertions, verdict.id, &Assertion::id);
  return at == assertions.assertions.end() ? nullptr : &*at;
}

RecheckResult recheck_holds(const RecheckedState& state, const Verdict& verdict,
                            const Assertion* assertion, const RecheckLimits& limits) {
  const auto& holds = std::get<Holds>(verdict.finding);
  if (holds.universe == Universe::Unbounded) {
    return limits.unbounded ? limits.unbounded(state.snapshot, verdict, assertion)
                            : recheck_unbounded(state.snapshot, verdict, assertion, limits);
  }
  if (assertion == nullptr) return not_asked("it is a built-in statement about what is in use");
  switch (assertion->kind) {
    case AssertionKind::Deny:
    case AssertionKind::Allow:
      return recheck_pairs(state.snapshot, *assertion, limits.flows);
    case AssertionKind::Isolate:
      return assertion->hops == 1 ? recheck_pairs(state.snapshot, *assertion, limits.flows)
                                  : recheck_ways(state.snapshot, *assertion, limits.flows);
    case AssertionKind::OnlyVia:
      return recheck_ways(state.snapshot, *assertion, limits.flows);
    case AssertionKind::Unchanged:
      if (state.before == nullptr) return not_asked("there is no state before");
      return recheck_unchanged(*state.before, state.snapshot, *assertion, limits.flows);
    case AssertionKind::NoOrphans:
    case AssertionKind::NoPrivilege:
    case AssertionKind::NoShadowedRules:
      break;
  }
  return not_asked("it is not about flows");
}

RecheckResult recheck_one(const RecheckedState& state, const Verdict& verdict,
                          const RecheckLimits& limits) {
  const Assertion* assertion = assertion_of(verdict, state.assertions);
  if (verdict.holds()) return recheck_holds(state, verdict, assertion, limits);
  const auto* violated = std::get_if<Violated>(&verdict.finding);
  if (violated == nullptr) return not_asked("it says neither yes nor no");
  const bool is_about_change = assertion != nullptr && assertion->kind == AssertionKind::Unchanged;
  return replay_violation(state, *violated, is_about_change);
}

std::string namespace_of(std::string_view end) {
  if (end.starts_with("svc:")) end.remove_prefix(4);
  const auto slash = end.find('/');
  return std::string(slash == std::string_view::npos ? std::string_view() : end.substr(0, slash));
}

/// What decides about flows between the projects of these ends: of pods only the ends.
std::vector<ObjectKey> objects_about(const std::vector<std::string>& ends,
                                     const ObjectStore& objects) {
  std::set<std::string> projects;
  for (const std::string& end : ends) projects.insert(namespace_of(end));
  std::vector<ObjectKey> found;
  for (const Object& object : objects) {
    const ObjectKey& key = object.key;
    const std::string kind = group_and_kind(key.group, key.kind);
    if (std::ranges::find(deciding_kinds(), kind) == deciding_kinds().end()) continue;
    const bool is_named = key.kind == "Namespace" || key.kind == "NetNamespace";
    const bool is_of_project =
        key.ns.empty() ? !is_named || projects.contains(key.name) : projects.contains(key.ns);
    const bool is_other_pod =
        key.kind == "Pod" && std::ranges::find(ends, key.ns + '/' + key.name) == ends.end();
    if (is_of_project && !is_other_pod) found.push_back(key);
  }
  return found;
}

/// What decides about every pod that could exist, and these pods.
std::vector<ObjectKey> objects_about_all(const std::vector<std::string>& pods,
                                         const Snapshot& snapshot) {
  std::vector<ObjectKey> found;
  for (const Object& object : objects_of_isolation(snapshot)) found.push_back(object.key);
  for (const Object& object : snapshot.objects) {
    const bool is_one =
        object.key.kind == "Pod" &&
        std::ranges::find(pods, object.key.ns + '/' + object.key.name) != pods.end();
    if (is_one) found.push_back(object.key);
  }
  return found;
}

}  // namespace

std::vector<RecheckedVerdict> recheck(const RecheckedState& state,
                                      const std::vector<Verdict>& verdicts,
                                      const RecheckLimits& limits) {
  const MarkedState after(state.snapshot);
  std::optional<MarkedState> before;
  if (state.before != nullptr) before.emplace(*state.before);
  std::vector<RecheckedVerdict> result;
  for (const Verdict& verdict : verdicts) {
    const bool is_before = verdict.moment == Moment::Before && before;
    RecheckResult one = verdict.moment == Moment::EveryStep
                            ? not_asked("it is about states between the two that were given")
                            : recheck_one({is_before ? before->get() : after.get(),
                                           before ? &before->get() : nullptr, state.assertions},
                                          verdict, limits);
    RecheckedVerdict rechecked{verdict.id, one.outcome, std::move(one.words), one.flows, {}};
    if (one.outcome == Recheck::Disagrees) {
      const Snapshot& meant = is_before ? before->get() : after.get();
      const auto* holds = std::get_if<Holds>(&verdict.finding);
      const bool is_about_all = holds != nullptr && holds->universe == Universe::Unbounded;
      rechecked.objects = is_about_all ? objects_about_all(one.ends, meant)
                                       : objects_about(one.ends, meant.objects);
    }
    result.push_back(std::move(rechecked));
  }
  return result;
}

}  // namespace meshproof
