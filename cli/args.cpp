#include "cli/args.h"

#include <algorithm>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/apply_options.h"
#include "cli/completion/completion.h"
#include "cli/did_you_mean.h"
#include "cli/fleet_options.h"
#include "cli/judge_options.h"
#include "cli/live_options.h"
#include "cli/option_list.h"
#include "cli/option_words.h"
#include "cli/value_words.h"
#include "model/mesh/operator_version.h"
#include "model/shell.h"

namespace meshproof {
namespace {

void add_common_options(CLI::App& app, const Command& command, Options& options, Written& written) {
  if ((command.options & option::kText) != 0) {
    app.add_option("--out", options.out_file, "write the result to a file");
  } else if ((command.options & (option::kShape | option::kSnapshot)) == 0) {
    app.add_option("-o", written.format,
                   fmt::format("how to show the result: {}", fmt::join(formats_of(command), ", ")));
    app.add_option("--out", options.out_file, "write the result to a file");
    app.add_flag("--full", options.full, "fold nothing away");
  }
  app.add_flag("--quiet", options.quiet, "no warnings and notes on standard error");
  app.add_flag("--timing", options.timing, "one JSON line on standard error: where the time went");
}

void add_shape_options(CLI::App& app, Options& options, Written& written) {
  for (std::size_t i = 0; i < kShapeCounts.size(); ++i) {
    app.add_option(kShapeCounts[i].option, written.counts[i], kShapeCounts[i].description);
  }
  app.add_option("--kind", written.kind,
                 "Pod, or Deployment: each pod as a Deployment of one replica, as in a repository");
  app.add_option("--sdn", written.sdn, "mode of the SDN: subnet, multitenant, networkpolicy");
  app.add_option("--dialect", written.dialect,
                 "whose network it is: openshift-sdn, ovn-kubernetes, kubernetes");
  app.add_flag("--lean", options.shape.lean, "leave out what decides nothing: env, volumes, ...");
  app.add_option("-o,--out", options.out_file, "write the cluster to a file");
}

void add_input_options(CLI::App& app, const Command& command, Options& options, Written& written) {
  CLI::Option* inputs =
      app.add_option("-f", options.inputs, "a file, a directory, or - for standard input");
  // FROM and TO stand behind the inputs without an option of their own.
  inputs->allow_extra_args((command.options & option::kEnds) == 0);
  app.add_option("--cluster", written.clusters,
                 "NAME=INPUT, once for each of several clusters, instead of -f: each is judged and "
                 "shown on its own")
      ->allow_extra_args(false);
  app.add_option("-n", options.default_namespace, "namespace of objects that name none");
  app.add_option("--sdn", written.sdn,
                 "mode of the SDN and what the operator configures: subnet, multitenant, "
                 "networkpolicy");
  app.add_option("--dialect", written.dialect,
                 "what the network enforces: kubernetes, openshift-sdn, ovn-kubernetes");
  app.add_option(
      "--operator-version", options.operator_version,
      "of the mesh operator: " + known_operator_versions() + "; 2.6 is taken as the newest");
  app.add_option(
      "--charts", written.charts,
      "whether the charts' policies that mean to open one port do: product, or upstream, "
      "which open all; without it as the input shows, else upstream");
  app.add_option("--ipblock-matches-pods", written.ip_block,
                 "whether an ipBlock matches pod addresses (dialect kubernetes): yes, no");
  app.add_option("--absent-kind", written.absent_kinds,
                 "a kind that the API server does not serve");
  app.add_option("--max-age", written.max_age,
                 "refuse an input that was collected longer ago (90s, 30m, 24h, 7d), or does not "
                 "say when");
  app.add_flag("--strict", options.strict, "warnings about the input are errors");
}

void add_special_options(CLI::App& app, const Command& command, Options& options,
                         Written& written) {
  const auto has = [&](unsigned group) { return (command.options & group) != 0; };
  if (has(option::kChange)) {
    app.add_option("--join", options.join, "namespaces to add to the member roll");
    app.add_option("--leave", options.leave, "namespaces to take off the member roll");
    app.add_option("--mesh", options.mesh, "which mesh: CPNS or CPNS/NAME");
    app.add_option("--change", options.change_file, "an edit: kind Change, or plain manifests");
    app.add_option("--to", options.target,
                   "the whole state that is wanted: what it lacks is deleted");
    app.add_flag("--settle", options.settle,
                 "both states as the operator leaves them once it has come to rest: for manifests "
                 "of a repository, which show wishes only");
    if (!has(option::kReport)) {
      app.add_option("--state-out", options.state_file, "write the predicted state, a kind: List");
    }
    app.add_option("--flows", options.flows,
                   "flows that were observed, JSON of network observability or CSV: what is used");
  }
  if (has(option::kSafe)) {
    app.add_flag("--safe", options.safe,
                 "an order in which no moment of the edit is bad: with waits, or with temporary "
                 "policies, or a proof that there is none");
    app.add_option(
        "--hops", written.hops,
        "the longest paths of which none may open on the way that neither state has (2)");
  }
  if (has(option::kKeep)) {
    app.add_option("--keep", options.keep,
                   "FROM=TO[:PORT[/PROTOCOL]], once for each flow to keep: the ends as of explain; "
                   "without PORT those of the Service, or all that the edit closes")
        ->allow_extra_args(false);
  }
  add_judge_options(app, command, options, written);
  if (has(option::kTarget)) {
    app.add_option("--to", options.target, "the state to compare with");
    app.add_option("--dialect-to", written.target_dialect, "the same state in another dialect");
    app.add_flag("--exit-code", options.exit_code, "exit 1 if there is a difference");
    app.add_flag("--semantic", options.semantic,
                 "whether the states let the same through for every pod that could exist: proved, "
                 "or example differences");
  }
  if (has(option::kProbes)) {
    app.add_option("--probes", options.probes_file, "the flows to decide, JSON");
  }
  if (has(option::kSlice)) {
    app.add_option("--from", options.from,
                   "only from here: NS/POD, NS/KIND/NAME, ns=SELECTOR, label=SELECTOR, an address, "
                   "a CIDR or outside");
    app.add_option("--to", options.to, "only to here: the same, or svc:NS/NAME");
    app.add_option("--by", written.by, "what one end is: workload, pod");
    app.add_flag("--summary", options.summary, "only how much of the cluster is open, in numbers");
  }
  if (has(option::kPort)) {
    app.add_option("--port", options.port, "one port: 8080/TCP, or its number alone for TCP");
  }
  if (has(option::kEnds)) app.add_option("ENDS", options.words, "FROM TO");
  if (has(option::kStated)) {
    app.add_option("--assert", options.assertions,
                   "instead of FROM TO: files of the kind Assertions and the ids of statements in "
                   "them, or built-in statements, to be explained");
    app.add_option("--today", options.today,
                   "YYYY-MM-DD instead of the day of the clock (UTC): which exceptions count");
  }
  if (has(option::kHops)) {
    app.add_option("--max-hops", written.max_hops, "longer ways are not looked for (5)");
  }
  if (has(option::kShape)) add_shape_options(app, options, written);
  if (has(option::kSnapshot)) add_snapshot_options(app, options);
  if (has(option::kInput) || has(option::kLive)) add_live_options(app, command, options);
  if (has(option::kFolders)) app.add_option("ENDS", options.words, "DIR…");
  if (has(option::kShell)) app.add_option("ENDS", options.words, "SHELL");
  if (has(option::kApply)) add_apply_options(app, options, written.apply);
  if (has(option::kPlanWait)) add_wait_options(app, written.apply);
  if (has(option::kApply) || has(option::kPlanWait)) app.add_option("ENDS", options.words, "PLAN");
}

void add_options(CLI::App& app, const Command& command, Options& options, Written& written,
                 bool& help) {
  app.set_help_flag();
  app.allow_extras();
  if ((command.options & option::kInput) != 0) add_input_options(app, command, options, written);
  add_special_options(app, command, options, written);
  add_common_options(app, command, options, written);
  app.add_flag("-h,--help", help, "this text");
  for (CLI::Option* each : app.get_options()) {
    // Scripts that append options expect the last one to count.
    if (each->get_items_expected_max() == 1) each->take_last();
  }
}

void check_shell(const Options& options, Diagnostics& diagnostics) {
  const std::vector<std::string> shells = shell_names();
  if (options.words.size() != 1) {
    diagnostics.push_back(usage_error(
        "missing-option", fmt::format("completion needs one shell: {}", fmt::join(shells, ", "))));
  } else {
    check_word("SHELL", options.words.front(), shells, diagnostics);
  }
}

void check_combination(const Command& command, const Written& written, const Options& options,
                       Diagnostics& diagnostics) {
  const auto has = [&](unsigned group) { return (command.options & group) != 0; };
  const auto missing = [&](std::string_view what) {
    diagnostics.push_back(
        usage_error("missing-option", fmt::format("{} needs {}; meshproof {} --help shows how",
                                                  command.name, what, command.name)));
  };
  const bool has_files = !options.inputs.empty() || !options.clusters.empty();
  const bool has_input = has_files || options.is_live();
  const bool needs_input = !options.list_rules && options.explained_rule.empty();
  if (has(option::kInput) && needs_input && !has_input) missing("an input: -f INPUT");
  if (has(option::kInput) && has_files && options.is_live()) {
    diagnostics.push_back(usage_error("conflicting-options",
                                      "-f or --cluster and a live cluster (--kubeconfig, "
                                      "--context, --oc) exclude each other: which one is the "
                                      "input"));
  }
  if (has(option::kSnapshot) && !options.print_oc && options.out_file.empty())
    missing("a file: -o FILE, or -o -");
  if (has(option::kChange)) {
    std::vector<std::string_view> given;
    if (!options.join.empty() || !options.leave.empty()) given.emplace_back("--join or --leave");
    if (!options.change_file.empty()) given.emplace_back("--change");
    if (!options.target.empty()) given.emplace_back("--to");
    if (given.empty() && !has(option::kReport))
      missing("an edit: --join NS, --leave NS, --change FILE or --to INPUT");
    const bool asks_of_edit = options.safe || !options.flows.empty() || !written.hops.empty();
    if (given.empty() && has(option::kReport) && asks_of_edit) {
      diagnostics.push_back(
          usage_error("conflicting-options",
                      "--safe, --hops and --flows are about an edit, and none is given"));
    }
    if (given.size() > 1) {
      diagnostics.push_back(usage_error(
          "conflicting-options",
          fmt::format("{} exclude each other: which one is the edit", fmt::join(given, " and "))));
    }
    const bool asks_nothing = !options.assertions.empty() &&
                              std::ranges::all_of(options.assertions, [](const auto& each) {
                                return each == kNoDefaults;
                              });
    if (options.require_coverage && asks_nothing) {
      diagnostics.push_back(usage_error("conflicting-options",
                                        "--require-coverage is about verdicts, and --assert none "
                                        "asks for none"));
    }
    if (!options.mesh.empty() && options.join.empty() && options.leave.empty()) {
      diagnostics.push_back(
          usage_error("conflicting-options", "--mesh belongs to --join or --leave"));
    }
  }
  if (has(option::kKeep) && options.keep.empty()) {
    missing("the flows to keep: --keep FROM=TO[:PORT]");
  }
  if (has(option::kAssert) && !has(option::kChange) && options.assertions.empty()) {
    missing("assertions: --assert FILE or --assert builtin:tenancy");
  }
  if (has(option::kTarget) && options.target.empty() == written.target_dialect.empty()) {
    missing("either --to AFTER or --dialect-to DIALECT");
  }
  if (options.semantic && !written.target_dialect.empty()) {
    diagnostics.push_back(usage_error("conflicting-options",
                                      "--semantic compares states of one network: it goes "
                                      "with --to, not with --dialect-to"));
  }
  const bool is_slice = !options.from.empty() || !options.to.empty() || !options.port.empty() ||
                        options.by == By::Pod;
  if (options.summary && is_slice) {
    diagnostics.push_back(usage_error(
        "conflicting-options",
        "--summary is about the whole cluster: it goes without --from, --to, --port and --by"));
  }
  const bool is_summary = options.format == Format::Table || options.format == Format::Json;
  if (options.summary && !is_summary) {
    diagnostics.push_back(
        usage_error("conflicting-options",
                    fmt::format("--summary is shown as table or json, not as {}", written.format)));
  }
  if (has(option::kProbes) && options.probes_file.empty()) missing("flows: --probes FILE");
  const bool is_stated = has(option::kStated) && !options.assertions.empty();
  if (has(option::kEnds) && options.words.size() != (is_stated ? 0U : 2U)) {
    missing(is_stated ? "either FROM TO or --assert, not both" : "two ends: FROM TO");
  }
  const bool has_plan = has(option::kApply) || has(option::kPlanWait);
  if (has_plan && options.words.size() != 1) missing("one plan: a file of plan --out");
  if (has(option::kFolders) && options.words.empty()) missing("a folder: DIR");
  if (has(option::kShell)) check_shell(options, diagnostics);
}

/// CLI11 takes an option for the value of the one before it.
void check_values(const CLI::App& app, const std::vector<std::string>& args,
                  Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < args.size(); ++i) {
    const CLI::Option* option = app.get_option_no_throw(args[i]);
    if (option == nullptr || option->get_items_expected_min() == 0) continue;
    const bool is_last = i + 1 == args.size();
    if (!is_last && app.get_option_no_throw(args[i + 1]) == nullptr) continue;
    diagnostics.push_back(usage_error("wrong-usage", args[i] + " needs a value"));
  }
}

/// Words that no option took.
void check_extras(CLI::App& app, const Command& command, Diagnostics& diagnostics) {
  std::vector<std::string> known{"--help"};
  for (const CLI::Option* each : app.get_options()) known.push_back(each->get_name());
  for (const std::string& word : app.remaining()) {
    const bool is_option = word.size() > 1 && word.front() == '-';
    diagnostics.push_back(
        usage_error(is_option ? "unknown-option" : "unexpected-argument",
                    is_option ? fmt::format("{} has no option '{}'{}", command.name, word,
                                            did_you_mean(word.substr(0, word.find('=')), known))
                              : fmt::format("{} does not expect '{}'{}", command.name, word,
                                            did_you_mean(word, commands_below(command.name)))));
  }
}

}  // namespace

Result<std::variant<Invocation, Message>> parse_command(const Command& command,
                                                        std::vector<std::string> args,
                                                        const HelpStyle& style) {
  std::variant<Invocation, Message> result;
  Invocation& invocation = std::get<Invocation>(result);
  invocation.command = &command;
  invocation.options.invocation = fmt::format("meshproof {}", command.name);
  for (const std::string& word : args) {
    invocation.options.invocation += " " + shell_word(word);
  }
  Written written;
  CLI::App app;
  bool help = false;
  add_options(app, command, invocation.options, written, help);

  Diagnostics diagnostics;
  check_values(app, args, diagnostics);
  if (has_errors(diagnostics)) return tl::make_unexpected(diagnostics);
  std::reverse(args.begin(), args.end());  // CLI11 takes them from the back
  try {
    app.parse(std::move(args));
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string text = error.what();
    const std::string name = text.substr(0, text.find(':'));
    return tl::make_unexpected(Diagnostics{usage_error("wrong-usage", name + " needs a value")});
  } catch (const CLI::ParseError& error) {
    return tl::make_unexpected(Diagnostics{usage_error("wrong-usage", error.what())});
  }
  if (help) return Message{command_help(command, style)};
  check_extras(app, command, diagnostics);
  settle_words(command, written, invocation.options, diagnostics);
  if ((command.options & (option::kApply | option::kPlanWait)) != 0) {
    settle_apply(written.apply, invocation.options, diagnostics);
  }
  settle_clusters(command, written, invocation.options, diagnostics);
  check_combination(command, written, invocation.options, diagnostics);
  if (!diagnostics.empty()) return tl::make_unexpected(diagnostics);
  return result;
}

std::vector<CommandOption> options_of(const Command& command) {
  Options options;
  Written written;
  CLI::App app;
  bool help = false;
  add_options(app, command, options, written, help);
  std::vector<CommandOption> found;
  for (const CLI::Option* each : app.get_options()) {
    if (each->get_positional()) continue;
    CommandOption option;
    option.description = each->get_description();
    for (const std::string& name : each->get_snames()) option.names.push_back("-" + name);
    for (const std::string& name : each->get_lnames()) option.names.push_back("--" + name);
    option.takes_value = each->get_items_expected_max() > 0;
    option.takes_many = each->get_items_expected_max() > 1 && each->get_allow_extra_args();
    if (const OptionRow* row = find_option_row(command, each->get_name())) {
      option.heading = row->heading;
      option.value = row->value;
      option.completed = row->completed;
    }
    option.words = value_words(command, each->get_name());
    found.push_back(std::move(option));
  }
  return found;
}

}  // namespace meshproof
