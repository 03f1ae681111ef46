#pragma once

#include <string>
#include <variant>
#include <vector>

#include "cli/command.h"
#include "cli/help.h"
#include "cli/options.h"
#include "model/result.h"

namespace meshproof {

/// A command with its options.
struct Invocation {
  const Command* command = nullptr;
  Options options;
};

/// What --help or --version print.
struct Message {
  std::string text;
};

/// Reads the command line (without the program's name). All mistakes are told at once. `style` is
/// how --help is shown.
[[nodiscard]] Result<std::variant<Invocation, Message>> parse_args(
    const std::vector<std::string>& args, const HelpStyle& style = {});

/// The same of what stands behind the name of a command.
[[nodiscard]] Result<std::variant<Invocation, Message>> parse_command(const Command& command,
                                                                      std::vector<std::string> args,
                                                                      const HelpStyle& style);

}  // namespace meshproof
