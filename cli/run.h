#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "cli/exit_code.h"
#include "cli/screen.h"

namespace meshproof {

/// The program: everything that main() does but for owning the process. `args` is the command line
/// without the program's name, which `program` is as the user calls it, for --help.
[[nodiscard]] ExitCode run(const std::vector<std::string>& args, std::ostream& out,
                           std::ostream& err, const Screen& screen = {},
                           const std::string& program = "meshproof");

/// How the user calls a program of this file name: `kubectl meshproof` for its plugin.
[[nodiscard]] std::string called_program(std::string_view path);

}  // namespace meshproof
