#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace meshproof {

/// The words of an option whose values are a closed set (`--sdn`), in the order in which messages
/// list them; none for any other option. The words of -o hang on the command: see formats_of.
[[nodiscard]] std::vector<std::string> closed_words(std::string_view option);

/// The words with which a shell completes the value of a command's option: those of a closed set,
/// or known ones where others may be meant too (rules, kinds, built-in statements). None where
/// nothing is known before any file is read.
[[nodiscard]] std::vector<std::string> value_words(const Command& command, std::string_view option);

}  // namespace meshproof
