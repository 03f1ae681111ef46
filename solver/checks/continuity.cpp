#include "solver/checks/continuity.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "solver/checks/lacking.h"
#include "solver/uses/uses.h"

namespace meshproof {
namespace {

constexpr std::size_t kShown = 4;

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + ' ' + std::string(count == 1 ? one : many);
}

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size() && i < kShown; ++i)
    text += (i == 0 ? "" : "; ") + words[i];
  if (words.size() > kShown) text += "; and " + std::to_string(words.size() - kShown) + " more";
  return text;
}

/// What is not part of the verdict and worth knowing.
std::string remarks(const JudgedUses& judged) {
  std::string text;
  if (!judged.unreachable.empty()) {
    text += "; not reachable before either: " + listed(judged.unreachable);
  }
  if (!judged.unjudged.empty()) text += "; not judged: " + listed(judged.unjudged);
  return text;
}

std::string lost_words(const JudgedUses& judged) {
  std::vector<std::string> words;
  for (const ChangedUse& use : judged.changes.lost) words.push_back(use.signs.front().words);
  return std::to_string(words.size()) + " of " + counted(judged.changes.found, "use", "uses") +
         ": " + listed(words);
}

Finding conclude(const JudgedUses& judged) {
  const std::string remarked = remarks(judged);
  if (judged.witness) {
    Violated violated = *judged.witness;
    violated.all = lost_words(judged) + remarked;
    return violated;
  }
  if (!judged.undecided.empty()) {
    return Undecided{counted(judged.undecided.size(), "use", "uses") + " of " +
                     std::to_string(judged.changes.found) + ": " + listed(judged.undecided)};
  }
  if (judged.changes.found == 0) {
    return Holds{Universe::Enumerated,
                 "no sign of use was found, which does not prove that there is none" + remarked};
  }
  return Holds{Universe::Enumerated, counted(judged.changes.found, "use", "uses") +
                                         " known; what shows no sign of use is not judged" +
                                         remarked};
}

}  // namespace

std::vector<Verdict> check_continuity(const Snapshot& snapshot, const VerifyOptions& options) {
  std::optional<JudgedUses> own;
  if (options.uses == nullptr) own = judge_uses(snapshot, find_uses(snapshot));
  const JudgedUses& judged = own ? *own : *options.uses;
  Verdict verdict;
  verdict.id = "builtin:continuity";
  verdict.statement = own ? "what is in use is reachable" : "what is in use stays reachable";
  verdict.finding = limited(conclude(judged), lacking_for_uses(snapshot));
  return {std::move(verdict)};
}

}  // namespace meshproof
