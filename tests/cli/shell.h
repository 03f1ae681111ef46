#pragma once

#include <string>

namespace meshproof {

/// What a shell line gave.
struct ShellRun {
  int code = -1;
  std::string out;
  std::string err;
};

/// Runs a line of sh in a folder; `meshproof` is the built program.
[[nodiscard]] ShellRun run_shell(const std::string& folder, const std::string& line);

/// True if there is a program of this name.
[[nodiscard]] bool has_program(const std::string& name);

}  // namespace meshproof
