#include "cli/steps.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <span>
#include <string_view>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "backends/rfc3339.h"
#include "cli/live_text.h"
#include "cli/today.h"
#include "model/edit.h"
#include "model/mesh/roll_edit.h"
#include "model/mesh/settle.h"
#include "model/project.h"
#include "scenarios/assertions.h"
#include "scenarios/change.h"
#include "scenarios/flows.h"
#include "scenarios/read.h"
#include "solver/verify.h"

namespace meshproof {
namespace {

/// What a plan asks without being told to.
constexpr std::array<std::string_view, 2> kPlanDefaults{"builtin:tenancy", "builtin:continuity"};

/// What cannot be read must not hide what is wrong in the objects that could be. Only errors count:
/// a warning may come from what is missing.
void tell_errors_of(const ObjectStore& readable, Session& session) {
  Diagnostics told;
  const Cluster unused = project(readable, {}, told);
  std::erase_if(told, [](const Diagnostic& each) { return each.severity != Severity::Error; });
  session.add(std::move(told));
}

/// What was read, if it had no error.
std::optional<Input> checked(Session& session, Input input, Diagnostics told) {
  const bool failed = has_errors(told);
  session.add(std::move(told));
  const std::vector<std::string>& assumed_empty = session.options.assumed_empty;
  input.coverage.assumed_empty.insert(assumed_empty.begin(), assumed_empty.end());
  input.coverage.required = session.options.require_coverage;
  if (!failed) return input;
  tell_errors_of(input.objects, session);
  return std::nullopt;
}

/// `120 of 500 MB have come` of a long file, before any of it is read.
std::string loaded_of(const ReadProgress& read) {
  constexpr double kMegabyte = 1e6;
  const double loaded = static_cast<double>(read.loaded) / kMegabyte;
  if (read.loaded == 0) return {};
  if (read.to_load == 0) return fmt::format("{:.0f} MB have come", loaded);
  return fmt::format("{:.0f} of {:.0f} MB have come", loaded,
                     static_cast<double>(read.to_load) / kMegabyte);
}

/// How inputs are read; who waits is told how far that is.
ReadOptions read_options(Session& session) {
  ReadOptions options{.default_namespace = session.options.default_namespace};
  if (!session.shows_progress()) return options;
  options.progress = [&session](const ReadProgress& read) {
    session.count({.done = read.files,
                   .total = read.all_files,
                   .unit = "files",
                   .bytes_done = read.bytes,
                   .bytes_total = read.all_bytes,
                   .detail = loaded_of(read)});
  };
  return options;
}

std::optional<Input> read_files(Session& session, const std::vector<std::string>& paths) {
  session.timing.enter("read");
  const bool asks_terminal =
      session.screen.input_is_terminal && std::find(paths.begin(), paths.end(), "-") != paths.end();
  if (asks_terminal) session.hint("reading manifests from the terminal; Ctrl-D ends them");
  const Progress::Hush hushed = asks_terminal ? session.hush() : Progress::Hush{nullptr};
  Diagnostics told;
  Input input = read_inputs(paths, read_options(session), session.sources, told);
  return checked(session, std::move(input), std::move(told));
}

/// The live cluster of the options.
std::optional<Input> read_live(Session& session) {
  session.timing.enter("read");
  std::optional<LiveText> live = read_live_text(session);
  if (!live) return std::nullopt;
  Diagnostics told;
  Input input = read_text(std::move(live->server), std::move(live->text), read_options(session),
                          session.sources, told);
  return checked(session, std::move(input), std::move(told));
}

/// What was collected too long ago says nothing about now; each origin counts.
void refuse_old(Session& session, const Coverage& coverage) {
  if (!session.options.max_age) return;
  const auto tell = [&](std::string code, const Origin& origin, std::string_view what) {
    session.add_error(std::move(code),
                      fmt::format("{}; --max-age wants an input that is not older: take a new "
                                  "snapshot",
                                  what),
                      origin.name);
  };
  for (const Origin& origin : coverage.origins) {
    const auto moment = moment_of(origin.time);
    if (!moment) {
      tell("input-age-unknown", origin, "this does not say when it was collected");
      continue;
    }
    const auto age = std::chrono::floor<std::chrono::seconds>(now() - *moment);
    if (age <= *session.options.max_age) continue;
    const auto minutes = std::chrono::floor<std::chrono::minutes>(age).count();
    tell("input-too-old", origin,
         fmt::format("this was collected at {}, {} hours and {} minutes ago", origin.time,
                     minutes / 60, minutes % 60));
  }
}

/// The files of --to are a whole state: what they leave out is deleted. Who gives the one file that
/// was edited means something else.
void warn_of_deletions(Session& session, const Change& change, std::size_t objects) {
  std::size_t deletions = 0;
  for (const ChangePhase& phase : change.phases) {
    for (const ChangeStep& step : phase.steps) {
      if (std::holds_alternative<DeleteObject>(step.edit)) ++deletions;
    }
  }
  if (deletions < 2 || deletions * 2 < objects) return;
  session.add({{{},
                Severity::Warning,
                "target-deletes",
                fmt::format("{} of {} objects are not in the files of --to, so this plan deletes "
                            "them: --to is the whole state that is wanted; --change takes an edit",
                            deletions, objects),
                {},
                "--to"}});
}

std::optional<Assertions> take_assertions(Session& session, const std::vector<std::string>& names) {
  session.timing.enter("read");
  std::vector<std::string_view> builtins;
  for (const BuiltinStatement& each : builtin_statements()) builtins.push_back(each.id);
  return session.take(read_assertions(names, session.sources, session.diagnostics,
                                      {session.options.today, builtins}));
}

/// Those of --assert, and these unless it says `none`.
std::optional<Assertions> with_defaults(Session& session,
                                        std::span<const std::string_view> defaults) {
  std::vector<std::string> words = session.options.assertions;
  const bool has_defaults = std::erase(words, kNoDefaults) == 0;
  for (const std::string_view id : defaults) {
    if (has_defaults && std::ranges::find(words, id) == words.end()) words.emplace_back(id);
  }
  return take_assertions(session, words);
}

/// Whatever a target leaves out is deleted, so it must not leave out by accident.
void refuse_incomplete(Session& session, const Coverage& target) {
  Coverage told = target;
  told.required = false;
  const std::vector<std::string> missing = missing_parts(told);
  if (missing.empty()) return;
  session.add_error("target-incomplete",
                    fmt::format("--to is the whole state that is wanted, and what its files lack "
                                "would be deleted: {}",
                                fmt::join(missing, "; ")),
                    "--to");
}

}  // namespace

Snapshot project_objects(Session& session, ObjectStore objects, Coverage coverage,
                         const Snapshot* like) {
  session.timing.enter("project");
  Snapshot snapshot{std::move(objects), std::move(coverage), {}};
  snapshot.cluster = project(snapshot.objects, session.options.network, session.diagnostics, like);
  return snapshot;
}

Snapshot project_prediction(Session& session, ObjectStore objects, const Snapshot& input) {
  Coverage coverage = input.coverage;
  const bool knows_namespaces = !coverage.lacks({"Namespace", {}});
  for (const Object* ns : objects.of_kind("Namespace")) {
    const bool is_new = !input.cluster.find_namespace(ns->key.name).is_valid();
    if (is_new && knows_namespaces) coverage.created.insert(ns->key.name);
  }
  return project_objects(session, std::move(objects), std::move(coverage), &input);
}

std::optional<Snapshot> open_snapshot(Session& session) {
  std::optional<Input> input =
      session.options.is_live() ? read_live(session) : read_files(session, session.options.inputs);
  if (!input) return std::nullopt;
  refuse_old(session, input->coverage);
  return project_objects(session, std::move(input->objects), std::move(input->coverage));
}

std::optional<Snapshot> open_target(Session& session) {
  std::optional<Input> input = read_files(session, session.options.target);
  if (!input) return std::nullopt;
  return project_objects(session, std::move(input->objects), std::move(input->coverage));
}

std::optional<Change> open_change(Session& session, const std::optional<Snapshot>& before) {
  const Options& options = session.options;
  if (!options.change_file.empty()) {
    session.timing.enter("read");
    return session.take(read_change(options.change_file, {options.default_namespace},
                                    session.sources, session.diagnostics));
  }
  if (!options.target.empty()) {
    const std::optional<Snapshot> target = open_target(session);
    if (target) refuse_incomplete(session, target->coverage);
    if (!before || !target) return std::nullopt;
    Change change = change_between(before->objects, target->objects);
    warn_of_deletions(session, change, before->objects.size());
    return change;
  }
  if (!before) return std::nullopt;
  return session.take(edit_roll(before->objects, options.join, options.leave, options.mesh));
}

std::optional<Assertions> open_assertions(Session& session) {
  return open_assertions(session, session.options.assertions);
}

std::optional<Assertions> open_assertions(Session& session, const std::vector<std::string>& words) {
  return take_assertions(session, words);
}

std::optional<Assertions> open_plan_assertions(Session& session) {
  return with_defaults(session, kPlanDefaults);
}

std::optional<Assertions> open_report_assertions(Session& session) {
  return with_defaults(session, std::span(kPlanDefaults).first(1));
}

void excuse_empty_defaults(const Options& options, std::vector<Verdict>& verdicts) {
  for (Verdict& verdict : verdicts) {
    const bool is_own =
        verdict.id.starts_with("builtin:") &&
        std::ranges::find(options.assertions, verdict.id) == options.assertions.end();
    if (is_own && std::holds_alternative<Vacuous>(verdict.finding))
      verdict.severity = Severity::Note;
  }
}

std::optional<ObservedFlows> open_flows(Session& session) {
  session.timing.enter("read");
  return session.take(read_flows(session.options.flows, session.sources));
}

void warn_of_declared_meshes(Session& session, const ObjectStore& objects) {
  for (const ObjectKey& plane : declared_planes(objects)) {
    session.add({{objects.find(plane)->place(),
                  Severity::Warning,
                  "mesh-judged-as-given",
                  to_string(plane) +
                      " has no status: the state is judged as given, without what the operator "
                      "would write; plan predicts that",
                  {},
                  to_string(plane)}});
  }
}

std::optional<Snapshot> settled(Session& session, const Snapshot& input) {
  session.timing.enter("predict");
  const Change restart{{{{{ChangeNote{"operator restarted"}, {}}}}}, {}, {}};
  std::optional<Prediction> prediction =
      session.take(predict(input, restart, predict_options(session.options)));
  if (!prediction) return std::nullopt;
  session.add(prediction->diagnostics);
  return project_prediction(session, prediction->after, input);
}

bool has_edit(const Options& options) {
  return !options.join.empty() || !options.leave.empty() || !options.change_file.empty() ||
         !options.target.empty();
}

PredictOptions predict_options(const Options& options) {
  return {options.network, options.operator_version, options.chart_ports};
}

LintOptions lint_options(const Options& options, PredictOptions told) {
  return {std::move(told),
          {options.only_rules.begin(), options.only_rules.end()},
          {options.without_rules.begin(), options.without_rules.end()},
          options.all_rules};
}

}  // namespace meshproof
