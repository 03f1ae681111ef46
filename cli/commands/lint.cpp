#include "solver/lint/lint.h"

#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/baseline.h"
#include "cli/commands/commands.h"
#include "cli/did_you_mean.h"
#include "cli/reporting.h"
#include "cli/session.h"
#include "cli/steps.h"
#include "reports/lint_report.h"
#include "reports/rule_report.h"

namespace meshproof {
namespace {

ExitCode list_rules(Session& session) {
  const auto rules = rule_catalogue();
  return session.finish(session.options.format == Format::Json
                            ? rule_list_json(rules)
                            : rule_list_table(rules, session.screen.width),
                        ExitCode::Success);
}

ExitCode explain_rule(Session& session) {
  const Rule* rule = find_rule(session.options.explained_rule);
  if (rule == nullptr) {
    std::vector<std::string> known;
    for (const Rule* each : rule_catalogue()) {
      known.insert(known.end(), {std::string{each->code}, std::string{each->name}});
    }
    const std::string& word = session.options.explained_rule;
    session.add_error("unknown-rule",
                      fmt::format("--explain '{}' is no code or name of a rule{}; meshproof lint "
                                  "--list shows them",
                                  word, did_you_mean(word, known)),
                      "command line");
    return ExitCode::InvalidInput;
  }
  const ExplainedRule explained{*rule, firing_example(rule->code), quiet_example(rule->code)};
  return session.finish(session.options.format == Format::Json
                            ? rule_explanation_json(explained)
                            : rule_explanation(explained, session.screen.width),
                        ExitCode::Success);
}

Report report_of(const Session& session, const LintResult& result) {
  Report report =
      begin_report(session, "lint", result.network, result.coverage, result.assumptions);
  Judgements judgements(report, locator_of(session), first_input(session));
  judgements.add(result.report.findings);
  judgements.add(result.report.unjudged);
  add_fingerprints(report);
  return report;
}

}  // namespace

ExitCode run_lint(Session& session) {
  const Options& options = session.options;
  if (options.list_rules) return list_rules(session);
  if (!options.explained_rule.empty()) return explain_rule(session);
  const std::optional<Snapshot> snapshot = open_snapshot(session);
  const std::optional<Baseline> baseline = open_baseline(session);
  if (!snapshot || !baseline || session.has_failed()) return ExitCode::InvalidInput;

  session.timing.enter("lint");
  LintResult result{snapshot->cluster.network, snapshot->coverage,
                    lint(*snapshot, lint_options(options, predict_options(options))),
                    session.assumptions()};
  mark_known(*baseline, cluster_name(session, result.coverage), result.report.findings);
  session.timing.enter("report");
  const OwnWriting own = [&](const Report& report, const WritePiece& write) {
    write(options.format == Format::Json
              ? lint_json(result, report.judgements, session.sources)
              : lint_table(result, session.sources, session.screen.width, options.full));
  };
  Report report = report_of(session, result);
  const ExitCode code = exit_code_of(report);
  return finish_report(session, std::move(report), own, code);
}

}  // namespace meshproof
