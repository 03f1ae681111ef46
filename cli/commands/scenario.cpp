#include "scenarios/scenario.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "cli/args.h"
#include "cli/commands/commands.h"
#include "cli/commands/plan.h"
#include "cli/reporting.h"
#include "cli/scenario_checks.h"
#include "cli/session.h"
#include "cli/steps.h"
#include "reports/plan_report.h"
#include "reports/scenario_report.h"

namespace meshproof {
namespace {

/// The scenario's command line with its cluster; names of files that lie in the folder are meant
/// from there.
std::vector<std::string> command_line(const Scenario& scenario) {
  const std::filesystem::path folder = scenario.folder;
  std::vector<std::string> args = scenario.run;
  for (std::string& word : args) {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(folder / word, ignored)) word = (folder / word).string();
  }
  args.insert(args.end(), {"-f", (folder / "cluster.yaml").string()});
  return args;
}

/// Plans as the command line says; its diagnostics and files become those of the outer session.
std::optional<ScenarioResult> play(Session& session, const Scenario& scenario) {
  auto parsed = session.take(parse_args(command_line(scenario)));
  const Invocation* invocation = parsed ? std::get_if<Invocation>(&*parsed) : nullptr;
  if (invocation == nullptr) return std::nullopt;
  Session inner(invocation->options, session);
  const std::optional<PlannedChange> planned = plan_change(inner);
  session.sources = inner.sources;
  const bool failed = inner.has_failed();
  if (failed) session.add(std::move(inner.diagnostics));
  if (!planned || failed) return std::nullopt;

  const Options& options = invocation->options;
  const Plan& plan = planned->plan;
  const ScenarioRun run{plan, exit_code_of(report_of(inner, plan)),
                        plan_table(plan, inner.sources, Screen{}.width, options.full),
                        options.network};
  ScenarioResult result{scenario.folder, scenario.description, {}};
  for (const ScenarioCheck& check : check_scenario(scenario, run)) {
    result.lines.push_back(
        {check.passed, check.expected, check.seen, inner.sources.format(check.place, false)});
  }
  return result;
}

}  // namespace

ExitCode run_scenario(Session& session) {
  const Options& options = session.options;
  std::vector<ScenarioResult> results;
  for (const std::string& word : options.words) {
    const std::vector<std::string> folders = find_scenarios(word);
    if (folders.empty()) {
      session.add_error("no-scenario", "there is no scenario.yaml in it or below it", word);
    }
    for (const std::string& folder : folders) {
      const auto scenario = session.take(read_scenario(folder, session.sources));
      if (!scenario) continue;
      if (auto result = play(session, *scenario)) results.push_back(std::move(*result));
    }
  }
  if (session.has_failed()) return ExitCode::InvalidInput;
  const bool passed = std::all_of(results.begin(), results.end(),
                                  [](const ScenarioResult& each) { return each.passed(); });
  const std::string text = options.format == Format::Json
                               ? scenarios_json(results)
                               : scenarios_table(results, session.screen.width);
  return session.finish(text, passed ? ExitCode::Success : ExitCode::Violated);
}

}  // namespace meshproof
