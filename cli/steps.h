#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/session.h"
#include "model/assertion.h"
#include "model/change.h"
#include "model/snapshot.h"
#include "model/verdict.h"

namespace meshproof {

/// Steps that several commands take. Each adds what there is to say to the session's diagnostics;
/// nothing comes back where there is no value, so a command can go on and find the errors of its
/// other inputs before it gives up.

/// Reads -f and projects it: the state as given.
[[nodiscard]] std::optional<Snapshot> open_snapshot(Session& session);
/// The same, with the meshes that manifests only declare taken as installed and at rest. What that
/// assumes is added to the session's assumptions.
[[nodiscard]] std::optional<Snapshot> open_settled_snapshot(Session& session);
/// The state of --to, as given.
[[nodiscard]] std::optional<Snapshot> open_target(Session& session);

/// The edit of --join, --leave, --change or --to. Reads their files even if there is no state
/// before to apply them to.
[[nodiscard]] std::optional<Change> open_change(Session& session,
                                                const std::optional<Snapshot>& before);

/// The files and names of --assert; none of them is no error.
[[nodiscard]] std::optional<Assertions> open_assertions(Session& session);

/// Violated or vacuous at or above --fail-on: 1; undecided: 3; else 0.
[[nodiscard]] ExitCode exit_code_of(const std::vector<Verdict>& verdicts,
                                    std::optional<Severity> fail_on);

}  // namespace meshproof
