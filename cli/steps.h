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

/// The flows of --flows; none of them is no error.
[[nodiscard]] std::optional<ObservedFlows> open_flows(Session& session);

/// What a prediction is told.
[[nodiscard]] PredictOptions predict_options(const Options& options);

/// Which rules are asked, and what they are told.
[[nodiscard]] LintOptions lint_options(const Options& options, PredictOptions told);

/// Violated (and not waived) or vacuous at or above --fail-on: 1; undecided: 3; else 0.
[[nodiscard]] ExitCode exit_code_of(const std::vector<Verdict>& verdicts,
                                    std::optional<Severity> fail_on);
/// True if one of them is at or above --fail-on.
[[nodiscard]] bool fails(const std::vector<LintFinding>& findings, std::optional<Severity> fail_on);
/// Of the verdicts, the findings that the change brings, and the safe order that was asked for.
[[nodiscard]] ExitCode exit_code_of(const Plan& plan, std::optional<Severity> fail_on);

}  // namespace meshproof
