#include "reports/report_words.h"

#include <array>
#include <map>

#include <fmt/format.h>

#include "reports/text.h"

namespace meshproof {

std::string_view standing_word(Standing standing) {
  constexpr std::array<std::string_view, 5> kWords{"HOLDS", "FAIL", "UNKNOWN", "WAIVED", "KNOWN"};
  return kWords.at(static_cast<std::size_t>(standing));
}

std::string statement_counts(const Report& report) {
  std::map<Standing, std::size_t> counts;
  std::size_t all = 0;
  for (const Judgement& each : report.judgements) {
    if (each.kind != JudgementKind::Statement) continue;
    ++counts[each.standing];
    ++all;
  }
  if (all == 0) return "nothing was asked";
  std::string words =
      fmt::format("{} of {} hold", counts[Standing::Passed], counted(all, "statement"));
  const auto add = [&](Standing standing, std::string_view what) {
    if (counts[standing] > 0) words += fmt::format(" · {} {}", counts[standing], what);
  };
  add(Standing::Failed, "violated");
  add(Standing::Undecided, "unknown");
  add(Standing::Waived, "waived");
  add(Standing::Known, "in the baseline");
  return words;
}

}  // namespace meshproof
