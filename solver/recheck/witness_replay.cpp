#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "solver/checks/named_ends.h"
#include "solver/checks/replay.h"
#include "solver/recheck/recheck_parts.h"

namespace meshproof {
namespace {

std::vector<WitnessHop> hops_of(const Violated& violated) {
  std::vector<WitnessHop> hops{{violated.src, violated.dst, violated.protocol, violated.port, {}}};
  hops.insert(hops.end(), violated.further.begin(), violated.further.end());
  return hops;
}

std::string_view word(Access access) {
  switch (access) {
    case Access::Denied:
      return "closed";
    case Access::Allowed:
      return "open";
    case Access::Unknown:
      return "unknown";
  }
  return "";
}

/// Nothing if an end is not there.
std::optional<Access> ask(const Cluster& cluster, const WitnessHop& hop) {
  const auto src = find_end(cluster, hop.src);
  const auto dst = find_end(cluster, hop.dst);
  if (!src || !dst) return std::nullopt;
  const Evaluator evaluator(cluster, PendingPods::WillRun);
  return decide(evaluator, *src, *dst, hop.protocol, hop.port).access;
}

RecheckResult judged(const WitnessHop& hop, std::optional<Access> answer, Access claimed,
                     std::string_view where) {
  RecheckResult result;
  const std::string flow = flow_words(hop.src, hop.dst, hop.protocol, hop.port);
  result.flows = 1;
  if (answer == claimed) {
    result.outcome = Recheck::Confirmed;
    result.words = fmt::format("{} is {}{}", flow, word(claimed), where);
  } else {
    result.outcome = Recheck::Disagrees;
    result.words = fmt::format("{} should be {}{}, and evaluate() says: {}", flow, word(claimed),
                               where, answer ? word(*answer) : "an end is not there");
    result.ends = {hop.src, hop.dst};
  }
  return result;
}

RecheckResult replay_hypothetical(const Snapshot& snapshot, const Violated& violated) {
  const Decision decision = replay_witness(snapshot, violated);
  const WitnessHop hop = hops_of(violated).front();
  if (decision.access != Access::Unknown) {
    return judged(hop, decision.access, Access::Allowed, " with the pods that it makes");
  }
  RecheckResult result;
  result.flows = 1;
  result.words = fmt::format("{} hangs on an address that the manifests do not have",
                             flow_words(hop.src, hop.dst, hop.protocol, hop.port));
  return result;
}

/// Of what one state lacks nothing is open there.
std::optional<Access> ask_or_absent(const Snapshot& snapshot, const WitnessHop& hop) {
  const std::optional<Access> answer = ask(snapshot.cluster, hop);
  return answer ? answer : Access::Denied;
}

RecheckResult replay_change(const RecheckedState& state, const Violated& violated) {
  const WitnessHop hop = hops_of(violated).front();
  const Access was = violated.is_open ? Access::Denied : Access::Allowed;
  const Access is = violated.is_open ? Access::Allowed : Access::Denied;
  RecheckResult before = judged(hop, ask_or_absent(*state.before, hop), was, " before the change");
  if (before.outcome == Recheck::Disagrees) return before;
  RecheckResult after = judged(hop, ask_or_absent(state.snapshot, hop), is, " after the change");
  after.flows += before.flows;
  if (after.outcome == Recheck::Confirmed) after.words = before.words + "; " + after.words;
  return after;
}

}  // namespace

RecheckResult replay_violation(const RecheckedState& state, const Violated& violated,
                               bool is_about_change) {
  if (!violated.object.empty()) return {Recheck::NotAsked, "it is not about flows", 0};
  if (!violated.manifests.empty()) return replay_hypothetical(state.snapshot, violated);
  if (is_about_change && state.before != nullptr) return replay_change(state, violated);
  const Access claimed = violated.is_open ? Access::Allowed : Access::Denied;
  RecheckResult result;
  for (const WitnessHop& hop : hops_of(violated)) {
    const std::optional<Access> answer =
        violated.is_open ? ask(state.snapshot.cluster, hop) : ask_or_absent(state.snapshot, hop);
    RecheckResult one = judged(hop, answer, claimed, "");
    one.flows += result.flows;
    if (one.outcome == Recheck::Disagrees) return one;
    if (!result.words.empty()) one.words = result.words + "; " + one.words;
    result = std::move(one);
  }
  return result;
}

}  // namespace meshproof
