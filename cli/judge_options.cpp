#include "cli/judge_options.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace meshproof {

void add_judge_options(CLI::App& app, const Command& command, Options& options, Written& written) {
  const auto has = [&](unsigned group) { return (command.options & group) != 0; };
  if (has(option::kAssert)) {
    app.add_option("--assert", options.assertions,
                   has(option::kChange) ? "kind Assertions, or a built-in statement; none: without "
                                          "builtin:tenancy and builtin:continuity, which are asked "
                                          "by default"
                                        : "kind Assertions, or builtin:tenancy");
    app.add_option("--today", options.today,
                   "YYYY-MM-DD instead of the day of the clock (UTC): which exceptions count");
    app.add_option("--assume-empty", options.assumed_empty,
                   "kinds of which, on your word, there are no objects but those of the input");
    app.add_flag("--require-coverage", options.require_coverage,
                 "what the input cannot show to be complete is missing, and undecided");
    app.add_option("--smt2", options.smt2_dir,
                   "a directory, new or empty or of an earlier run: each question that the solver "
                   "was asked, as SMT-LIB 2");
    app.add_option("--repro", options.repro_dir,
                   "a directory to be made if two deciders disagree, with what shows it again");
    app.add_flag("--recheck", options.recheck,
                 "work every verdict out a second time, flow by flow; exit 3 if engines disagree");
  }
  if (has(option::kJudge)) {
    app.add_option("--fail-on", written.fail_on,
                   "exit 1 for violations and findings of this severity and above: critical or "
                   "error (alike), warning, note, never");
    app.add_option("--also", written.also,
                   fmt::format("FORMAT=FILE, as often as wanted: the same result in another format "
                               "too, into a file: {}",
                               fmt::join(report_format_names(), ", ")))
        ->allow_extra_args(false);
    app.add_option("--baseline", options.baseline,
                   "what an earlier run wrote by -o sarif: what failed then is told and fails no "
                   "more, unless it has grown");
    app.add_option("--source-root", options.source_root,
                   "where the paths begin that kustomize and helm say their output comes from (.)");
    app.add_option("--source-url", options.source_url,
                   "the address of the folder of the run, https://HOST/REPO/blob/SHA: comments and "
                   "pages link their lines to it");
  }
  if (has(option::kRules)) {
    app.add_option("--only", options.only_rules,
                   "only these rules: codes, names or groups, also those that are off by default");
    app.add_option("--without", options.without_rules, "without these rules");
    app.add_flag("--all", options.all_rules, "rules that are off by default too");
    app.add_flag("--list", options.list_rules, "the rules, without any input");
    app.add_option("--explain", options.explained_rule, "one rule with examples, likewise");
  }
}

}  // namespace meshproof
