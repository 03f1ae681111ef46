#include "solver/matrix/matrix_causes.h"

#include <utility>

#include <fmt/format.h>

namespace meshproof {
namespace {

/// The reasons of evaluate() are as many policies as isolate a pod: enough to understand by.
constexpr std::size_t kReasonsKept = 4;

std::string spelled(const std::vector<Reason>& reasons) {
  std::string all;
  for (const Reason& each : reasons) {
    all += fmt::format("{}\n{}\n{}\n{} {} {}\n{} {} {}\n{}\n", static_cast<int>(each.direction),
                       each.rule_id, each.policy, each.rule, each.peer, each.port,
                       each.place.file.value, each.place.line, each.place.column, each.text);
  }
  return all;
}

}  // namespace

MatrixCauses::Cause MatrixCauses::of(const Flow& flow, Direction direction, Known& known,
                                     std::uint32_t silence) {
  Decision decision = evaluator_.evaluate_one_way(flow, direction);
  if (decision.reasons.size() > kReasonsKept) decision.reasons.resize(kReasonsKept);
  if (decision.reasons.empty()) return {silence, decision.access};
  Deciders deciders;
  for (const Reason& each : decision.reasons) {
    deciders.emplace_back(each.rule_id, each.policy, each.rule, each.peer, each.port);
  }
  const auto [entry, is_new] = known.try_emplace({decision.access, std::move(deciders)});
  if (is_new) entry->second = intern(std::move(decision.reasons));
  return {entry->second, decision.access};
}

std::uint32_t MatrixCauses::plain(Direction direction, std::string_view text) {
  Reason reason;
  reason.direction = direction;
  reason.text = text;
  return intern({std::move(reason)});
}

std::uint32_t MatrixCauses::intern(std::vector<Reason> reasons) {
  const auto next = static_cast<std::uint32_t>(causes_.size());
  const auto [entry, is_new] = numbers_.try_emplace(spelled(reasons), next);
  if (is_new) causes_.push_back(std::move(reasons));
  return entry->second;
}

}  // namespace meshproof
