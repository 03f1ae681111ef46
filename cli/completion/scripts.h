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

/// `__meshproof_value COMMAND OPTION` for bash and zsh: sets what the value of the option may be,
/// or, without an option, an operand. A list stands in `variable`, between `open` and `close`.
[[nodiscard]] std::string value_function(std::string_view variable, std::string_view open,
                                         std::string_view close);

/// How the scripts write it: nothing, `f` or `d`.
[[nodiscard]] std::string_view completed_letter(Completed completed);

}  // namespace meshproof
