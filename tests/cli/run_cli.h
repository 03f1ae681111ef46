#pragma once

#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/screen.h"
#include "model/tree.h"
#include "tests/support/temporary_folder.h"

namespace meshproof {

/// What one run of the program gave.
struct CliRun {
  ExitCode code = ExitCode::Success;
  std::string out;
  std::string err;
};

/// Runs the program in this process, in the root of the source tree.
[[nodiscard]] CliRun run_cli(const std::vector<std::string>& args, const Screen& screen = {});

/// The result of -o json.
[[nodiscard]] Tree json_of(const CliRun& run);

[[nodiscard]] std::string read_file(const std::string& path);

/// The text with every occurrence of `from` replaced.
[[nodiscard]] std::string replaced(std::string text, const std::string& from,
                                   const std::string& to);

}  // namespace meshproof
