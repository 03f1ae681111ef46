#include "cli/option_list.h"

#include <algorithm>
#include <array>
#include <utility>

#include "cli/completion/completion.h"

namespace meshproof {
namespace {

using namespace option;
using enum Heading;
using enum Completed;

constexpr std::array kRows{
    OptionRow{"-f", Input, "INPUT…", Files},
    OptionRow{"--cluster", Input, "NAME=INPUT", Files},
    OptionRow{"-n", Input, "NS…", Nothing, kSnapshot},
    OptionRow{"-n", Input, "NS"},
    OptionRow{"--sdn", Shape, "MODE", Nothing, kShape},
    OptionRow{"--sdn", Input, "MODE"},
    OptionRow{"--dialect", Shape, "DIALECT", Nothing, kShape},
    OptionRow{"--dialect", Input, "DIALECT"},
    OptionRow{"--operator-version", Input, "VERSION"},
    OptionRow{"--charts", Input, "WHOSE"},
    OptionRow{"--ipblock-matches-pods", Input, "yes|no"},
    OptionRow{"--absent-kind", Input, "KIND…"},
    OptionRow{"--max-age", Input, "AGE"},
    OptionRow{"--strict", Input},
    OptionRow{"--assume-empty", Input, "KIND…"},
    OptionRow{"--require-coverage", Input},

    OptionRow{"--kubeconfig", Live, "FILE", Files},
    OptionRow{"--context", Live, "NAME"},
    OptionRow{"--oc", Live, "PROGRAM", Files},
    OptionRow{"--redact", Live},
    OptionRow{"--print-oc", Live},

    OptionRow{"--join", Editing, "NS…"},
    OptionRow{"--leave", Editing, "NS…"},
    OptionRow{"--mesh", Editing, "CPNS[/NAME]"},
    OptionRow{"--change", Editing, "FILE", Files},
    OptionRow{"--to", Editing, "INPUT…", Files, kChange},
    OptionRow{"--settle", Editing},
    OptionRow{"--flows", Editing, "FILE…", Files},
    OptionRow{"--safe", Editing},
    OptionRow{"--hops", Editing, "K"},
    OptionRow{"--keep", Editing, "FLOW"},

    OptionRow{"--to", Pairs, "INPUT…", Files, kTarget},
    OptionRow{"--dialect-to", Pairs, "DIALECT"},
    OptionRow{"--semantic", Pairs},
    OptionRow{"--from", Pairs, "END"},
    OptionRow{"--to", Pairs, "END"},
    OptionRow{"--by", Pairs, "workload|pod"},
    OptionRow{"--summary", Pairs},
    OptionRow{"--port", Pairs, "P[/PROTO]"},
    OptionRow{"--max-hops", Pairs, "K"},
    OptionRow{"--probes", Pairs, "FILE", Files},

    OptionRow{"--only", Rules, "RULE…"},
    OptionRow{"--without", Rules, "RULE…"},
    OptionRow{"--all", Rules},
    OptionRow{"--list", Rules},
    OptionRow{"--explain", Rules, "RULE"},

    OptionRow{"--assert", Verdicts, "FILE…", Files},
    OptionRow{"--today", Verdicts, "DAY"},
    OptionRow{"--fail-on", Verdicts, "SEVERITY"},
    OptionRow{"--baseline", Verdicts, "FILE", Files},
    OptionRow{"--exit-code", Verdicts},
    OptionRow{"--smt2", Verdicts, "DIR", Folders},
    OptionRow{"--repro", Verdicts, "DIR", Folders},
    OptionRow{"--recheck", Verdicts},

    OptionRow{"--backend", Run, "WHO"},
    OptionRow{"--via", Run, "WAY"},
    OptionRow{"--timeout", Run, "SECONDS"},
    OptionRow{"--stage", Run, "N"},
    OptionRow{"--network-delay", Run, "SECONDS"},
    OptionRow{"--journal", Run, "FILE", Files},
    OptionRow{"--resume", Run},
    OptionRow{"--rollback", Run},
    OptionRow{"--on-failure", Run, "WHAT"},
    OptionRow{"--accept-objections", Run},
    OptionRow{"--force", Run},

    OptionRow{"--namespaces", Shape, "N"},
    OptionRow{"--pods", Shape, "N"},
    OptionRow{"--policies", Shape, "N"},
    OptionRow{"--members", Shape, "N"},
    OptionRow{"--seed", Shape, "N"},
    OptionRow{"--kind", Shape, "KIND"},
    OptionRow{"--lean", Shape},

    OptionRow{"-o", Output, "FORMAT"},
    OptionRow{"--out", Output, "FILE", Files},
    OptionRow{"--also", Output, "FORMAT=FILE", Files},
    OptionRow{"--source-root", Output, "DIR", Folders},
    OptionRow{"--source-url", Output, "URL"},
    OptionRow{"--state-out", Output, "FILE", Files},
    OptionRow{"--full", Output},
    OptionRow{"--quiet", Output},
    OptionRow{"--timing", Output},
    OptionRow{"--help", Output},
};

}  // namespace

std::string_view to_string(Heading heading) {
  switch (heading) {
    case Input:
      return "Input";
    case Live:
      return "A live cluster";
    case Editing:
      return "The edit";
    case Pairs:
      return "What is compared or shown";
    case Rules:
      return "Rules";
    case Verdicts:
      return "Verdicts";
    case Run:
      return "Carrying it out";
    case Shape:
      return "The cluster that is made";
    case Output:
      return "Output";
  }
  return {};
}

const OptionRow* find_option_row(const Command& command, std::string_view name) {
  for (const OptionRow& row : kRows) {
    const bool fits = row.of == 0 || (command.options & row.of) != 0;
    if (fits && row.name == name) return &row;
  }
  return nullptr;
}

std::vector<OptionGroup> option_groups(const Command& command) {
  std::vector<CommandOption> options = options_of(command);
  std::ranges::stable_sort(options, {}, &CommandOption::heading);
  std::vector<OptionGroup> groups;
  for (CommandOption& each : options) {
    const bool is_new = groups.empty() || groups.back().heading != each.heading;
    if (is_new) groups.push_back({each.heading, {}});
    groups.back().options.push_back(std::move(each));
  }
  return groups;
}

Operands operands_of(const Command& command) {
  const auto has = [&](unsigned groups) { return (command.options & groups) != 0; };
  if (has(kShell)) return {Nothing, shell_names()};
  if (has(kFolders)) return {Folders, {}};
  if (has(kApply | kPlanWait)) return {Files, {}};
  return {};
}

}  // namespace meshproof
