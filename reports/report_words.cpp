#include "reports/report_words.h"

#include <array>
#include <map>

#include <fmt/format.h>

#include "reports/text.h"

namespace meshproof {
namespace {

bool is_noted(const Judgement& judgement) {
  return judgement.standing == Standing::Failed && judgement.severity == Severity::Note;
}

}  // namespace

std::string_view standing_word(Standing standing) {
  constexpr std::array<std::string_view, 5> kWords{"HOLDS", "FAIL", "UNKNOWN", "WAIVED", "KNOWN"};
  return kWords.at(static_cast<std::size_t>(standing));
}

std::string_view standing_word(const Judgement& judgement) {
  return is_noted(judgement) ? "NOTE" : standing_word(judgement.standing);
}

std::string statement_counts(const Report& report) {
  std::map<Standing, std::size_t> counts;
  std::size_t all = 0;
  std::size_t noted = 0;
  for (const Judgement& each : report.judgements) {
    if (each.kind != JudgementKind::Statement) continue;
    ++all;
    is_noted(each) ? ++noted : ++counts[each.standing];
  }
  if (all == 0) return "nothing was asked";
  std::string words = fmt::format("{} of {} {}", counts[Standing::Passed],
                                  counted(all, "statement"), all == 1 ? "holds" : "hold");
  const auto add = [&](std::size_t count, std::string_view what) {
    if (count > 0) words += fmt::format(" · {} {}", count, what);
  };
  add(counts[Standing::Failed], "violated");
  add(noted, "noted");
  add(counts[Standing::Undecided], "unknown");
  add(counts[Standing::Waived], "waived");
  add(counts[Standing::Known], "in the baseline");
  return words;
}

}  // namespace meshproof
