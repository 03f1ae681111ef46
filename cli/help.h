#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "cli/command.h"

namespace meshproof {

struct CommandOption;

/// How help is shown.
struct HelpStyle {
  std::string program = "meshproof";  ///< as the user calls it: `kubectl meshproof`, too
  std::size_t width = 96;             ///< columns
};

/// The commands with their summaries, and the exit codes.
[[nodiscard]] std::string program_help(const HelpStyle& style);

/// One command: usage, examples, and its options below headings.
[[nodiscard]] std::string command_help(const Command& command, const HelpStyle& style);

/// The same of each command with this first word, where that word alone is none.
[[nodiscard]] std::string group_help(std::string_view first, const HelpStyle& style);

/// `-f INPUT…`, `-o, --out FILE`: an option with what stands for its value.
[[nodiscard]] std::string option_usage(const CommandOption& option);

}  // namespace meshproof
