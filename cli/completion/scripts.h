#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/option_list.h"

namespace meshproof {

/// The script of each shell (completion.h).
[[nodiscard]] std::string bash_script();
[[nodiscard]] std::string zsh_script();
[[nodiscard]] std::string fish_script();

/// Between single quotes, as bash and zsh read it.
[[nodiscard]] std::string shell_quoted(std::string_view text);

/// The words with which a command line can begin, each once, in the order of the command table.
[[nodiscard]] std::vector<std::string> first_words();

/// How the scripts write it: nothing, `f` or `d`.
[[nodiscard]] std::string_view completed_letter(Completed completed);

}  // namespace meshproof
