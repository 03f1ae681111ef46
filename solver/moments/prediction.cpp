#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "solver/checks/flow_proof.h"
#include "solver/checks/reproduction.h"
#include "solver/moments/moment_frame.h"
#include "solver/moments/moment_proof.h"
#include "solver/moments/moments.h"

namespace meshproof {
namespace {

constexpr std::string_view kTakesLag =
    "not if each write is seen everywhere before the next one of its project is made, but nothing "
    "waits for that";

std::string statement_of(const MomentVerdict& verdict) {
  switch (verdict.rule) {
    case MomentRule::NoBlackhole:
      return "what is open before and after the change is never closed while it takes effect";
    case MomentRule::NoBreach:
      return "what is closed before and after the change never opens while it takes effect";
    case MomentRule::NoPivot:
      return fmt::format("no path of {} opens while the change takes effect that neither state has",
                         pivot_hops_in_words(verdict.hops));
  }
  return "";
}

Finding finding_of(const MomentVerdict& verdict) {
  if (const auto* safe = std::get_if<SafeMoments>(&verdict.finding)) {
    return Holds{safe->universe, safe->scope};
  }
  if (const auto* unknown = std::get_if<Undecided>(&verdict.finding)) return *unknown;
  const auto& bad = std::get<BadMoment>(verdict.finding);
  const MomentHop& hop = bad.hops.front();
  Violated violated{hop.src, hop.dst, hop.protocol, hop.port, hop.reasons, bad.manifests};
  violated.is_open = hop.is_open;
  violated.all = fmt::format("{}", fmt::join(bad.story, "; "));
  return violated;
}

/// What is safe for the pods of the input is asked of all that could exist, too (SEMANTICS W13).
void look_beyond(const MomentFrame& frame, const EvidenceSinks& evidence, MomentVerdict& verdict) {
  auto* safe = std::get_if<SafeMoments>(&verdict.finding);
  if (safe == nullptr) return;
  // Longer paths are not asked of pods to come.
  if (verdict.rule == MomentRule::NoPivot && verdict.hops > kPivotHops) return;
  ProvedMoments proved = prove_moments(frame, verdict.rule, {.evidence = evidence});
  if (!proved.broken.empty() && proved.by_existing_pods) {
    std::string text = "engines disagree: every moment was looked at, and yet " + proved.broken;
    if (evidence.disagreement) {
      text += "; " + evidence.disagreement({"builtin:moments",
                                            std::string(to_string(verdict.rule)),
                                            text,
                                            objects_of_isolation(frame.before()),
                                            {}});
    }
    verdict.finding = Undecided{std::move(text)};
    return;
  }
  if (is_disagreement(proved.undecided)) {
    verdict.finding = Undecided{std::move(proved.undecided)};
    return;
  }
  if (!proved.undecided.empty()) {
    safe->scope += "; for pods of the input only: " + proved.undecided;
    return;
  }
  verdict.deciders.push_back(Decider::Z3);
  if (proved.is_proved()) {
    safe->universe = Universe::Unbounded;
    safe->scope += "; proved for every pod that could exist in any project";
  } else {
    safe->scope += "; not so for pods that do not exist yet: " + proved.broken;
  }
}

}  // namespace

std::vector<MomentVerdict> judge_prediction(const Snapshot& before, const Snapshot& after,
                                            const std::vector<Stage>& stages,
                                            const MomentOptions& options) {
  std::vector<MomentVerdict> verdicts = judge_moments(before, after, stages, options);
  const auto is_safe = [](const MomentVerdict& verdict) {
    return std::holds_alternative<SafeMoments>(verdict.finding);
  };
  if (!stages.empty() && std::ranges::any_of(verdicts, is_safe)) {
    const MomentFrame frame(before, after, stages);
    for (MomentVerdict& verdict : verdicts) look_beyond(frame, options.evidence, verdict);
  }
  const auto is_bad = [](const MomentVerdict& verdict) {
    return std::holds_alternative<BadMoment>(verdict.finding);
  };
  if (std::ranges::none_of(verdicts, is_bad)) return verdicts;
  std::vector<Stage> waiting = stages;
  for (Stage& stage : waiting) stage.in_order = true;
  std::vector<MomentVerdict> ordered = judge_moments(before, after, waiting, options);
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    if (!is_bad(verdicts[i])) continue;
    if (is_bad(ordered[i])) {
      verdicts[i] = std::move(ordered[i]);
    } else if (std::holds_alternative<SafeMoments>(ordered[i].finding)) {
      std::get<BadMoment>(verdicts[i].finding).story.emplace_back(kTakesLag);
    }
  }
  return verdicts;
}

std::vector<Verdict> moment_verdicts(const std::vector<MomentVerdict>* moments) {
  Verdict verdict;
  verdict.id = "builtin:moments";
  if (moments == nullptr) {
    verdict.statement = "every moment of a change is safe";
    verdict.finding = Undecided{"there is no change; plan judges one"};
    return {std::move(verdict)};
  }
  if (moments->empty()) {
    verdict.statement = "every moment of the change is safe";
    verdict.finding = Holds{Universe::Enumerated, "no write changes who reaches whom"};
    return {std::move(verdict)};
  }
  std::vector<Verdict> verdicts;
  for (const MomentVerdict& moment : *moments) {
    verdict.statement = statement_of(moment);
    verdict.moment = Moment::EveryStep;
    verdict.finding = finding_of(moment);
    verdict.deciders = moment.deciders;
    verdicts.push_back(verdict);
  }
  return verdicts;
}

}  // namespace meshproof
