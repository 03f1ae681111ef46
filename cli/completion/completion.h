#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace meshproof {

/// The shells for which there is a script, by name.
[[nodiscard]] std::vector<std::string> shell_names();

/// The script that makes a shell complete meshproof's command lines; empty for a shell that is not
/// known. It is made of the command table and of the options that CLI11 takes, and starts no
/// program.
[[nodiscard]] std::string completion_script(std::string_view shell);

}  // namespace meshproof
