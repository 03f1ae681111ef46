#pragma once

#include <string_view>
#include <vector>

#include "cli/command.h"

namespace meshproof {

/// A line that a user may adapt, with what it does.
struct Example {
  std::string_view command;  ///< of the command table
  std::string_view says;
  std::string_view line;
};

/// The examples of a command, as --help and the manual page show them. A test runs each of them.
[[nodiscard]] std::vector<Example> examples_of(const Command& command);

}  // namespace meshproof
