#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/session.h"
#include "model/assertion.h"
#include "model/change.h"
#include "model/observed_flow.h"
#include "model/plan.h"
#include "model/prediction.h"
#include "model/snapshot.h"
#include "model/verdict.h"
#include "solver/lint/lint.h"

namespace meshproof {

/// Steps that several commands take. Each adds what there is to say to the session's diagnostics;
/// nothing comes back where there is no value, so a command can go on and find the errors of its
/// other inputs before it gives up.

/// The typed view of the objects beside them. Diagnostics that were told before are not repeated.
/// `like` is a state of which they are a change, see project().
[[nodiscard]] Snapshot project_objects(Session& session, ObjectStore objects, Coverage coverage,
                                       const Snapshot* like = nullptr);

/// A state that was predicted from an input, with the input's coverage. Namespaces that only the
/// prediction has hold nothing but what it shows, if the input knows all Namespaces.
[[nodiscard]] Snapshot project_prediction(Session& session, ObjectStore objects,
                                          const Snapshot& input);

/// Reads -f and projects it: the state as given.
[[nodiscard]] std::optional<Snapshot> open_snapshot(Session& session);
/// The state of --to, as given.
[[nodiscard]] std::optional<Snapshot> open_target(Session& session);

/// The edit of --join, --leave, --change or --to. Reads their files even if there is no state
/// before to apply them to.
[[nodiscard]] std::optional<Change> open_change(Session& session,
                                                const std::optional<Snapshot>& before);

/// The files and names of --assert; none of them is no error.
[[nodiscard]] std::optional<Assertions> open_assertions(Session& session);
/// The same of these words instead of those of --assert.
[[nodiscard]] std::optional<Assertions> open_assertions(Session& session,
                                                        const std::vector<std::string>& words);

/// The same for a plan, with the built-in statements that are asked unless --assert says `none`.
[[nodiscard]] std::optional<Assertions> open_plan_assertions(Session& session);

/// The same for a report of a state, which asks for tenancy alone.
[[nodiscard]] std::optional<Assertions> open_report_assertions(Session& session);

/// That there is no mesh with a member is a finding where tenancy was asked for, and a note where
/// it is asked by default.
void excuse_empty_defaults(const Options& options, std::vector<Verdict>& verdicts);

/// The flows of --flows; none of them is no error.
[[nodiscard]] std::optional<ObservedFlows> open_flows(Session& session);

/// Whoever judges a repository as given may expect what `plan` does: the mesh's own objects put in.
void warn_of_declared_meshes(Session& session, const ObjectStore& objects);

/// --settle: the state when the operator has come to rest in it. Nothing after an error.
[[nodiscard]] std::optional<Snapshot> settled(Session& session, const Snapshot& input);
/// What a result says of a state that settled() made.
inline constexpr std::string_view kSettled =
    "--settle: what is judged is as the operator leaves it once it has come to rest, not as the "
    "files have it";

/// One of --join, --leave, --change and --to was given.
[[nodiscard]] bool has_edit(const Options& options);

/// What a prediction is told.
[[nodiscard]] PredictOptions predict_options(const Options& options);

/// Which rules are asked, and what they are told.
[[nodiscard]] LintOptions lint_options(const Options& options, PredictOptions told);

}  // namespace meshproof
