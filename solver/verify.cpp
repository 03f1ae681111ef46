#include "solver/verify.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "solver/checks/continuity.h"
#include "solver/checks/denial.h"
#include "solver/checks/isolation.h"
#include "solver/checks/judged_state.h"
#include "solver/checks/no_orphans.h"
#include "solver/checks/no_privilege.h"
#include "solver/checks/only_via.h"
#include "solver/checks/sentence.h"
#include "solver/checks/shadowed_rules.h"
#include "solver/checks/tenancy.h"
#include "solver/checks/unchanged.h"
#include "solver/exceptions.h"
#include "solver/moments/moments.h"

namespace meshproof {

namespace {

struct CheckRow {
  AssertionKind kind;
  Check check;
};

/// Who decides what; a kind that is not here is not decided yet.
constexpr std::array kChecks = std::to_array<CheckRow>({
    {AssertionKind::Deny, check_denial},
    {AssertionKind::Allow, decide_flows},
    {AssertionKind::Isolate, check_isolation},
    {AssertionKind::OnlyVia, check_only_via},
    {AssertionKind::Unchanged, check_unchanged},
    {AssertionKind::NoOrphans, check_no_orphans},
    {AssertionKind::NoPrivilege, check_no_privilege},
    {AssertionKind::NoShadowedRules, check_no_shadowed_rules},
});

Decided decide(const JudgedState& state, const Assertion& assertion) {
  const auto* row = std::ranges::find(kChecks, assertion.kind, &CheckRow::kind);
  if (row != kChecks.end()) return row->check(state, assertion);
  return {Undecided{std::string(to_string(assertion.kind)) + " is not decided yet"}, {}};
}

StatementOptions proof_options(const VerifyOptions& options) {
  StatementOptions result;
  result.limits.work = options.solver_work;
  result.quotient.cases = options.quotient_cases;
  result.evidence = options.evidence;
  result.second_decider = options.second_decider_of_statements;
  return result;
}

std::vector<Verdict> check_moments(const Snapshot& /*snapshot*/, const VerifyOptions& options) {
  return moment_verdicts(options.moments);
}

struct BuiltinRow {
  BuiltinStatement statement;
  std::vector<Verdict> (*check)(const Snapshot& snapshot, const VerifyOptions& options);
};

constexpr std::array kBuiltins = std::to_array<BuiltinRow>({
    {{"builtin:tenancy",
      "does nobody outside a mesh reach its members, but for what is exposed on purpose?"},
     check_tenancy},
    {{"builtin:control-plane",
      "does nobody outside a mesh reach its control plane, but for what is exposed on purpose?"},
     check_control_plane},
    {{"builtin:continuity", "does what is in use stay reachable?"}, check_continuity},
    {{"builtin:moments", "is every moment safe while a change takes effect?"}, check_moments},
});

constexpr auto kStatements = [] {
  std::array<BuiltinStatement, kBuiltins.size()> statements;
  for (std::size_t i = 0; i < statements.size(); ++i) statements[i] = kBuiltins[i].statement;
  return statements;
}();

Verdict unknown_builtin(const std::string& id) {
  std::string known;
  for (const BuiltinStatement& statement : kStatements) {
    known += (known.empty() ? "" : ", ") + std::string(statement.id);
  }
  return {id,
          "unknown built-in statement",
          Severity::Error,
          Undecided{"there is no built-in statement " + id + "; there are " + known},
          {}};
}

/// What assertions are judged on: one state, or the two of a change.
struct Occasion {
  const Snapshot* before;
  const Snapshot& after;
  const JudgedState& state;  ///< of `after`, with that of `before`
  const VerifyOptions& options;
};

Decided decide_at(const Occasion& occasion, const Assertion& assertion, Moment moment) {
  if (moment == Moment::Before) return decide(*occasion.state.before(), assertion);
  if (moment == Moment::After) return decide(occasion.state, assertion);
  if (occasion.options.stages == nullptr) {
    return {Undecided{"not decided for the steps between the states: they are not known"}, {}};
  }
  return {judge_every_step(*occasion.before, occasion.after, *occasion.options.stages, assertion),
          {Decider::Evaluation}};
}

Verdict judge(const Occasion& occasion, const Assertion& assertion, Moment moment,
              const std::vector<Exception>& exceptions) {
  Decided decided = decide_at(occasion, assertion, moment);
  Verdict verdict{assertion.id, to_sentence(assertion), assertion.severity,
                  std::move(decided.finding), assertion.place};
  verdict.deciders = std::move(decided.deciders);
  verdict.moment = moment;
  verdict.description = assertion.description;
  apply_exceptions(
      exceptions, assertion,
      [&](const Assertion& narrowed) { return decide_at(occasion, narrowed, moment); }, verdict);
  return verdict;
}

/// Tells how many of the statements are judged.
class StatementCount {
 public:
  StatementCount(std::size_t all, const VerifyOptions& options)
      : all_(all), tell_(options.progress) {
    if (tell_) tell_(done_, all_);
  }
  void advance() {
    ++done_;
    if (tell_) tell_(done_, all_);
  }

 private:
  std::size_t done_ = 0;
  std::size_t all_;
  const std::function<void(std::size_t, std::size_t)>& tell_;
};

void add_builtins(const JudgedState& state, const Assertions& asked, const VerifyOptions& options,
                  StatementCount& judged, std::vector<Verdict>& verdicts) {
  for (const std::string& id : asked.builtins) {
    const auto row = std::ranges::find_if(
        kBuiltins, [&](const BuiltinRow& one) { return one.statement.id == id; });
    if (row == kBuiltins.end()) {
      verdicts.push_back(unknown_builtin(id));
      continue;
    }
    for (Verdict& verdict : row->check(state.snapshot(), options)) {
      apply_exceptions(asked.exceptions, verdict);
      verdicts.push_back(std::move(verdict));
    }
    judged.advance();
  }
}

/// A statement about a change says nothing about one state, and that is nobody's fault.
Verdict without_change(const Assertion& assertion) {
  Verdict verdict{assertion.id, to_sentence(assertion), Severity::Note,
                  Vacuous{"it is about a change, and this is one state: plan judges it"},
                  assertion.place};
  verdict.description = assertion.description;
  return verdict;
}

bool is_same_flow(const Finding& one, const Finding& other) {
  const auto* first = std::get_if<Violated>(&one);
  const auto* second = std::get_if<Violated>(&other);
  return first != nullptr && second != nullptr && first->src == second->src &&
         first->dst == second->dst && first->protocol == second->protocol &&
         first->port == second->port;
}

/// A statement about a state alone: continuity is one about both.
bool is_of_one_state(std::string_view id) {
  return id == "builtin:tenancy" || id == "builtin:control-plane";
}

}  // namespace

void mark_as_before(const Snapshot& before, std::vector<Verdict>& verdicts) {
  Assertions asked;
  for (const Verdict& verdict : verdicts) {
    const bool counts = std::holds_alternative<Violated>(verdict.finding) &&
                        is_of_one_state(verdict.id) &&
                        std::ranges::find(asked.builtins, verdict.id) == asked.builtins.end();
    if (counts) asked.builtins.push_back(verdict.id);
  }
  if (asked.builtins.empty()) return;
  const std::vector<Verdict> were = verify(before, asked);
  for (Verdict& verdict : verdicts) {
    verdict.as_before = std::ranges::any_of(were, [&](const Verdict& was) {
      return was.id == verdict.id && is_same_flow(was.finding, verdict.finding);
    });
  }
}

std::span<const BuiltinStatement> builtin_statements() { return kStatements; }

std::vector<Verdict> verify(const Snapshot& snapshot, const Assertions& assertions,
                            const VerifyOptions& options) {
  const JudgedState state(snapshot, proof_options(options));
  const Occasion occasion{nullptr, snapshot, state, options};
  std::vector<Verdict> verdicts;
  StatementCount judged(assertions.assertions.size() + assertions.builtins.size(), options);
  for (const Assertion& assertion : assertions.assertions) {
    verdicts.push_back(assertion.kind == AssertionKind::Unchanged
                           ? without_change(assertion)
                           : judge(occasion, assertion, Moment::After, assertions.exceptions));
    judged.advance();
  }
  add_builtins(state, assertions, options, judged, verdicts);
  return verdicts;
}

std::vector<Verdict> verify_change(const Snapshot& before, const Snapshot& after,
                                   const Assertions& assertions, const VerifyOptions& options) {
  const JudgedState first(before, proof_options(options));
  const JudgedState state(after, proof_options(options), &first);
  const Occasion occasion{&before, after, state, options};
  std::vector<Verdict> verdicts;
  StatementCount judged(assertions.assertions.size() + assertions.builtins.size(), options);
  for (const Assertion& assertion : assertions.assertions) {
    for (const Moment moment : assertion.when) {
      verdicts.push_back(judge(occasion, assertion, moment, assertions.exceptions));
    }
    judged.advance();
  }
  add_builtins(state, assertions, options, judged, verdicts);
  mark_as_before(before, verdicts);
  return verdicts;
}

}  // namespace meshproof
