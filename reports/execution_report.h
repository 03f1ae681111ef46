#pragma once

#include <cstddef>
#include <string>

#include "model/execution.h"
#include "model/execution_run.h"

/// What `apply` shows.
namespace meshproof {

/// What would be written, stage by stage, with what is waited for, what speaks against it, and the
/// way back. `full` shows whole objects.
[[nodiscard]] std::string execution_table(const Execution& execution, Via via, std::size_t width,
                                          bool full);
/// `{"version", "result": "dry-run", "via", "execution"}`
[[nodiscard]] std::string execution_json(const Execution& execution, Via via);
/// A POSIX shell script that does with oc what `apply` does; every word from the plan is quoted. It
/// writes what a script can look at no closer: nothing in it sees that somebody else has edited an
/// object in between.
[[nodiscard]] std::string execution_script(const Execution& execution, Via via);

/// One patch for each barrier, as YAML documents with what to wait for in between, for those who
/// keep the cluster as a repository has it.
[[nodiscard]] std::string execution_patches(const Execution& execution, Via via);

/// What was done, and how it ended.
[[nodiscard]] std::string run_table(const Execution& execution, const ExecutionRun& run, Via via,
                                    std::size_t width);
/// `{"version", "result", "via", "because", "stages", "mismatches", "meanwhile"}` (docs/FORMATS.md)
[[nodiscard]] std::string run_json(const Execution& execution, const ExecutionRun& run, Via via);

/// The same of waiting for a change that is made elsewhere.
[[nodiscard]] std::string wait_table(const ExecutionRun& run, std::size_t width);

}  // namespace meshproof
