#include "solver/verify.h"

#include <algorithm>
#include <array>

#include "solver/checks/continuity.h"
#include "solver/checks/enumerate.h"
#include "solver/checks/lacking.h"
#include "solver/checks/tenancy.h"

namespace meshproof {

namespace {

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

std::vector<Verdict> judge(const Snapshot& snapshot, const Assertions& assertions,
                           const VerifyOptions& options) {
  std::vector<Verdict> verdicts;
  if (!assertions.assertions.empty()) {
    const Enumeration enumeration(snapshot);
    for (const Assertion& assertion : assertions.assertions) {
      verdicts.push_back({assertion.id, to_sentence(assertion), assertion.severity,
                          enumeration.decide(assertion), assertion.place});
    }
  }
  for (const std::string& id : assertions.builtins) {
    const auto row = std::ranges::find_if(
        kBuiltins, [&](const BuiltinRow& one) { return one.statement.id == id; });
    if (row == kBuiltins.end()) {
      verdicts.push_back(unknown_builtin(id));
      continue;
    }
    std::vector<Verdict> more = row->check(snapshot, options);
    verdicts.insert(verdicts.end(), more.begin(), more.end());
  }
  return verdicts;
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
  // SEMANTICS C: nothing holds over a part that was not collected.
  if (snapshot.coverage.is_silent()) return judge(snapshot, assertions, options);
  return judge(mark_uncollected(snapshot), assertions, options);
}

}  // namespace meshproof
