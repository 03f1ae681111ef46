#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "model/assertion.h"
#include "model/snapshot.h"
#include "model/verdict.h"
#include "solver/engines/quotient.h"
#include "solver/evidence.h"

namespace meshproof {

struct JudgedUses;
struct MomentVerdict;
struct Stage;

struct VerifyOptions {
  /// Z3's measure of work for one question (its rlimit); beyond it the verdict is Undecided.
  std::uint32_t solver_work = 20'000'000;
  /// Finite cases that are asked about one question; with more it is decided by Z3 alone, and said
  /// so.
  std::uint64_t quotient_cases = QuotientLimits{}.cases;
  /// Where questions and disagreements go.
  EvidenceSinks evidence = {};
  /// Takes the place of the second decider: see TenancyOptions.
  std::function<QuotientAnswer(const IsolationQuestion&)> second_decider = {};
  /// The same of deny, allow and isolate: see StatementOptions.
  std::function<QuotientAnswer(const StatementQuestion&)> second_decider_of_statements = {};
  /// What became of the uses of the state before, where the state is one after a change (judge_uses
  /// in uses/judge.h). Null: builtin:continuity looks for the uses of the state itself.
  const JudgedUses* uses = nullptr;
  /// What was found of the moments of the change (judge_prediction). Null: there is no change.
  const std::vector<MomentVerdict>* moments = nullptr;
  /// The writes of the change, for what is to hold at every step; null: Undecided.
  const std::vector<Stage>* stages = nullptr;
  /// Told before the first statement and after each: assertions, then built-in ones.
  std::function<void(std::size_t done, std::size_t all)> progress = {};
};

/// Judges one state: a verdict for each assertion, in the order given, then those of the built-in
/// statements, by mesh (SEMANTICS T). A name that is no built-in statement is Undecided. `when`
/// does not count, and a statement about a change is Vacuous and a note.
///
/// Assertions are decided by evaluate() for every pair of ends that the rules can tell apart and
/// every port range that they can tell apart, so their Holds is exact for the pods and addresses of
/// the input. A group that selects nothing is Vacuous. Where the coverage lacks a part that could
/// turn a verdict, that verdict is Undecided and names the part (SEMANTICS C).
///
/// The exceptions are applied (exceptions.h).
[[nodiscard]] std::vector<Verdict> verify(const Snapshot& snapshot, const Assertions& assertions,
                                          const VerifyOptions& options = {});

/// Judges a change: for each assertion a verdict for each moment of its `when`, in order of time,
/// then the built-in statements on the state after. Those of them that are about one state, and
/// that the state before breaks by the same flow, are marked so.
[[nodiscard]] std::vector<Verdict> verify_change(const Snapshot& before, const Snapshot& after,
                                                 const Assertions& assertions,
                                                 const VerifyOptions& options = {});

/// Marks the violated built-in statements that the state before breaks by the same flow. Judges it
/// only if there are such.
void mark_as_before(const Snapshot& before, std::vector<Verdict>& verdicts);

/// A built-in statement: its id for --assert and its question in one line.
struct BuiltinStatement {
  std::string_view id;
  std::string_view question;
};

/// All of them, in the order in which they are documented.
[[nodiscard]] std::span<const BuiltinStatement> builtin_statements();

}  // namespace meshproof
