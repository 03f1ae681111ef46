#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/args.h"
#include "cli/did_you_mean.h"
#include "cli/option_words.h"

namespace meshproof {
namespace {

/// A word that only begins the names of commands.
Result<std::variant<Invocation, Message>> parse_group(const std::vector<std::string>& args,
                                                      const std::vector<std::string>& below,
                                                      const HelpStyle& style) {
  const std::string names = fmt::format("{}", fmt::join(below, ", "));
  if (args.size() < 2) {
    return tl::make_unexpected(Diagnostics{usage_error(
        "missing-command", fmt::format("{} needs one of its commands: {}", args[0], names))});
  }
  if (args[1] == "--help" || args[1] == "-h") return Message{group_help(args[0], style)};
  return tl::make_unexpected(Diagnostics{
      usage_error("unknown-command", fmt::format("{} has no command '{}', only {}{}", args[0],
                                                 args[1], names, did_you_mean(args[1], below)))});
}

}  // namespace

Result<std::variant<Invocation, Message>> parse_args(const std::vector<std::string>& args,
                                                     const HelpStyle& style) {
  if (args.empty()) {
    return tl::make_unexpected(Diagnostics{
        usage_error("missing-command", "a command is missing; meshproof --help lists them")});
  }
  const std::string& first = args.front();
  if (first == "help" && args.size() > 1) {
    std::vector<std::string> asked(args.begin() + 1, args.end());
    asked.emplace_back("--help");
    return parse_args(asked, style);
  }
  if (first == "--help" || first == "-h" || first == "help") return Message{program_help(style)};
  if (first == "--version") return Message{"meshproof " MESHPROOF_VERSION "\n"};
  std::vector<std::string> names;
  if (args.size() > 1) {
    for (const Command& command : commands()) {
      if (first + ' ' + args[1] != command.name) continue;
      return parse_command(command, {args.begin() + 2, args.end()}, style);
    }
  }
  for (const Command& command : commands()) {
    if (first == command.name) return parse_command(command, {args.begin() + 1, args.end()}, style);
    names.emplace_back(command.name);
  }
  const std::vector<std::string> below = commands_below(first);
  if (!below.empty()) return parse_group(args, below, style);
  return tl::make_unexpected(
      Diagnostics{usage_error("unknown-command", fmt::format("there is no command '{}'{}", first,
                                                             did_you_mean(first, names)))});
}

}  // namespace meshproof
