#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/drift.h"
#include "model/plan.h"
#include "model/report.h"
#include "model/rule.h"
#include "model/safe_order.h"

/// Everything that commands find, as judgements of a report: one home for what each of them is
/// called, says and points to.
namespace meshproof {

/// Where a place is for a reader; an unknown one for an unknown place.
using Locate = std::function<SourceLine(const Place& place)>;

/// Adds judgements to a report, with their rules. Fingerprints are left to the caller. Refers to
/// the report.
class Judgements {
 public:
  /// `elsewhere` is where a judgement points to that knows no line of its own: what the run is
  /// about. So does one whose line nobody edits, because `is_collected` from a cluster; null: none
  /// is.
  Judgements(Report& report, Locate locate, SourceLine elsewhere,
             std::function<bool(const Place& place)> is_collected = nullptr);

  /// `state`: there is no change, so that a verdict is about the one state.
  void add(const std::vector<Verdict>& verdicts, bool state = false);
  void add(const std::vector<LintFinding>& findings);
  void add(const std::vector<UnjudgedRule>& unjudged);
  void add(const std::vector<Departure>& departures);
  /// What is bad on the way is a note: who wants it to count asserts `every-step`.
  void add(const std::vector<MomentVerdict>& moments, const std::vector<Stage>& stages);
  void add(const SafeOrder& order);

 private:
  void add(Judgement judgement, JudgedRule rule);
  [[nodiscard]] bool nobody_edits(const Place& place) const;
  [[nodiscard]] SourceLine line_or_elsewhere(const Place& place) const;
  [[nodiscard]] std::vector<Evidence> evidence_of(const std::vector<Reason>& reasons) const;
  [[nodiscard]] std::vector<Evidence> witness_of(const Violated& violated) const;
  [[nodiscard]] SourceLine place_of(const Violated& violated, const Place& wish) const;

  Report& report_;
  Locate locate_;
  SourceLine elsewhere_;
  std::function<bool(const Place&)> is_collected_;
};

/// Judgement::identity of what fails.
[[nodiscard]] std::string identity_of(const Verdict& verdict);
[[nodiscard]] std::string identity_of(const LintFinding& finding);
[[nodiscard]] std::string identity_of(const Departure& departure);

/// How many flows or objects a violation is about; 1 for anything else.
[[nodiscard]] std::uint64_t count_of(const Verdict& verdict);

}  // namespace meshproof
