#include "solver/exceptions.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace meshproof {
namespace {

Waiver waiver_of(const Exception& exception) {
  return {exception.id, exception.owner, exception.ticket, exception.expires, exception.place};
}

void waive(const Exception& exception, Verdict& verdict) {
  verdict.waivers = {waiver_of(exception)};
  verdict.is_waived = true;
}

bool covers_all(const Exception& exception) { return !exception.from && !exception.to; }

/// Whether some of the flows that broke the statement have gone.
bool is_less(const Finding& now, const Violated& before) {
  const auto* violated = std::get_if<Violated>(&now);
  if (violated == nullptr) return true;
  const auto flow = [](const Violated& each) {
    return std::tie(each.src, each.dst, each.protocol, each.port, each.count);
  };
  return flow(*violated) != flow(before);
}

}  // namespace

void apply_exceptions(const std::vector<Exception>& exceptions, const Assertion& assertion,
                      const DecideAgain& decide, Verdict& verdict) {
  if (!std::holds_alternative<Violated>(verdict.finding)) return;
  const auto is_ours = [&](const Exception& each) { return each.assertion == assertion.id; };
  for (const Exception& each : exceptions) {
    if (is_ours(each) && covers_all(each)) return waive(each, verdict);
  }
  Assertion narrowed = assertion;
  Decided left{verdict.finding, verdict.deciders};
  for (const Exception& each : exceptions) {
    const auto* violated = std::get_if<Violated>(&left.finding);
    if (violated == nullptr) break;
    if (!is_ours(each)) continue;
    narrowed.excused.push_back({each.from, each.to});
    Decided decided = decide(narrowed);
    if (!is_less(decided.finding, *violated)) {
      narrowed.excused.pop_back();
      continue;
    }
    verdict.waivers.push_back(waiver_of(each));
    left = std::move(decided);
  }
  verdict.is_waived = std::holds_alternative<Holds>(left.finding);
  if (verdict.is_waived) return;
  verdict.finding = std::move(left.finding);
  verdict.deciders = std::move(left.deciders);
}

void apply_exceptions(const std::vector<Exception>& exceptions, Verdict& verdict) {
  if (!std::holds_alternative<Violated>(verdict.finding)) return;
  const auto found = std::ranges::find_if(exceptions, [&](const Exception& each) {
    return each.assertion == verdict.id &&
           (covers_all(each) || (each.to && each.to->mesh == verdict.mesh));
  });
  if (found != exceptions.end()) waive(*found, verdict);
}

Diagnostics unused_exceptions(const std::vector<Exception>& exceptions,
                              const std::vector<Verdict>& verdicts) {
  Diagnostics notes;
  for (const Exception& exception : exceptions) {
    bool is_decided = false;
    bool is_used = false;
    for (const Verdict& verdict : verdicts) {
      if (verdict.id != exception.assertion) continue;
      is_decided = is_decided || !std::holds_alternative<Undecided>(verdict.finding);
      is_used = is_used || std::ranges::find(verdict.waivers, exception.id, &Waiver::exception) !=
                               verdict.waivers.end();
    }
    if (is_used || !is_decided) continue;
    notes.push_back({exception.place,
                     Severity::Note,
                     "unused-exception",
                     "the exception " + exception.id +
                         " is not needed: nothing that it covers "
                         "breaks " +
                         exception.assertion,
                     {},
                     {}});
  }
  return notes;
}

}  // namespace meshproof
