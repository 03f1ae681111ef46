#include "cli/explain_assertion.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/did_you_mean.h"
#include "cli/reporting.h"
#include "cli/steps.h"
#include "reports/text.h"
#include "reports/verdict_report.h"
#include "solver/verify.h"

namespace meshproof {
namespace {

/// What --assert names: files and built-in statements, and the ids of those to be explained.
struct Named {
  std::vector<std::string> files;
  std::vector<std::string> ids;
};

Named sort_out(const std::vector<std::string>& words) {
  Named named;
  for (const std::string& word : words) {
    const bool is_builtin = word.starts_with("builtin:");
    if (word == "-" || std::filesystem::exists(word)) {
      named.files.push_back(word);
    } else {
      named.ids.push_back(word);
      if (is_builtin) named.files.push_back(word);
    }
  }
  return named;
}

/// Leaves what is named; false after telling which name there is not.
bool keep_named(Session& session, const std::vector<std::string>& ids, Assertions& assertions) {
  if (ids.empty()) return true;
  std::vector<std::string> known = assertions.builtins;
  for (const Assertion& one : assertions.assertions) known.push_back(one.id);
  for (const std::string& id : ids) {
    if (std::ranges::find(known, id) != known.end()) continue;
    session.add_error(
        "unknown-assertion-id",
        fmt::format("no file of --assert has a statement '{}'{}, and there is no such "
                    "file",
                    id, did_you_mean(id, known)),
        "command line");
  }
  const std::set<std::string> wanted(ids.begin(), ids.end());
  std::erase_if(assertions.assertions,
                [&](const Assertion& one) { return !wanted.contains(one.id); });
  return !session.has_failed();
}

struct DeciderRow {
  Decider decider;
  std::string_view words;
};

constexpr std::array kDeciders = std::to_array<DeciderRow>({
    {Decider::Evaluation,
     "evaluate: each pair of ends that rules can tell apart was put to the evaluator, or the "
     "witness was (SEMANTICS Q1)"},
    {Decider::Z3,
     "z3: a solution would be a flow that breaks it, of any pods that could exist "
     "(docs/PROOFS.md); "
     "--smt2 DIR of verify writes the question for another solver"},
    {Decider::Quotient,
     "quotient: the finite cases to which all pods come down were each put to the evaluator "
     "(SEMANTICS T7-T9); it agrees with the solver"},
    {Decider::NetIds, "netids: network ids and the mode decide, without policies (SEMANTICS T11)"},
    {Decider::Objects, "objects: read off the objects themselves, no flow is asked about"},
});

std::string how_decided(const Verdict& verdict, std::size_t width) {
  std::string text;
  for (const Decider decider : verdict.deciders) {
    const auto* row = std::ranges::find(kDeciders, decider, &DeciderRow::decider);
    text += wrapped(fmt::format("  {}", row->words), width, 4) + "\n";
  }
  if (text.empty()) return text;
  return fmt::format("how {} was decided\n", printable(verdict.id)) + text;
}

}  // namespace

ExitCode run_explain_assertion(Session& session) {
  const Named named = sort_out(session.options.assertions);
  const std::optional<Snapshot> snapshot = open_snapshot(session);
  std::optional<Assertions> assertions = open_assertions(session, named.files);
  if (!snapshot || !assertions || !keep_named(session, named.ids, *assertions)) {
    return ExitCode::InvalidInput;
  }
  if (session.has_failed()) return ExitCode::InvalidInput;
  session.timing.enter("verify");
  const Verification verification{snapshot->cluster.network,
                                  snapshot->coverage,
                                  verify(*snapshot, *assertions),
                                  session.assumptions(),
                                  {}};
  session.timing.enter("report");
  const Report report = report_of(session, verification);
  const ExitCode code = exit_code_of(report);
  if (session.options.format == Format::Json) {
    return session.finish(verification_json(verification, report.judgements, session.sources),
                          code);
  }
  const std::size_t width = session.screen.width;
  std::string text = verification_table(verification, session.sources, width, true) + "\n";
  for (const Verdict& verdict : verification.verdicts) text += how_decided(verdict, width);
  return session.finish(text, code);
}

}  // namespace meshproof
