#include "model/report.h"

#include <algorithm>
#include <array>

namespace meshproof {

std::string_view to_string(Standing standing) {
  constexpr std::array<std::string_view, 5> kNames{"passed", "failed", "undecided", "waived",
                                                   "known"};
  return kNames.at(static_cast<std::size_t>(standing));
}

bool counts(const Report& report, const Judgement& judgement) {
  return judgement.standing == Standing::Failed && judgement.kind != JudgementKind::Moment &&
         report.fail_on && judgement.severity >= *report.fail_on;
}

const JudgedRule* rule_of(const Report& report, const Judgement& judgement) {
  const auto rule = std::ranges::find(report.rules, judgement.rule, &JudgedRule::id);
  return rule == report.rules.end() ? nullptr : &*rule;
}

}  // namespace meshproof
