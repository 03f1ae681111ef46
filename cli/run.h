#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/screen.h"

namespace meshproof {

/// The program: everything that main() does but for owning the process. `args` is the command line
/// without the program's name.
[[nodiscard]] ExitCode run(const std::vector<std::string>& args, std::ostream& out,
                           std::ostream& err, const Screen& screen = {});

}  // namespace meshproof
