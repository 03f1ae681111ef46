#include "cli/help.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/examples.h"
#include "cli/exit_code.h"
#include "cli/option_list.h"
#include "reports/text.h"

namespace meshproof {
namespace {

/// Two columns; a left part that is too long has a line of its own.
std::string entry(std::string_view left, std::string_view right, std::size_t column,
                  std::size_t width) {
  std::string text = fmt::format("  {}", left);
  if (display_width(text) + 1 < column) {
    text = padded(text, column);
  } else {
    text += '\n' + std::string(column, ' ');
  }
  const std::size_t last = text.rfind('\n') + 1;
  return text.substr(0, last) + wrapped(text.substr(last) + std::string(right), width, column) +
         '\n';
}

/// A command line as the user calls the program.
std::string called(std::string_view line, const HelpStyle& style) {
  std::string text;
  for (constexpr std::string_view kName = "meshproof "; !line.empty();) {
    const std::size_t at = line.find(kName);
    text += line.substr(0, at);
    if (at == std::string_view::npos) break;
    text += style.program + ' ';
    line.remove_prefix(at + kName.size());
  }
  return text;
}

std::string examples_text(const Command& command, const HelpStyle& style) {
  const std::vector<Example> examples = examples_of(command);
  if (examples.empty()) return {};
  std::string text = "\nExamples:\n";
  for (const Example& example : examples) {
    if (&example != &examples.front()) text += '\n';
    text += wrapped(fmt::format("  # {}", example.says), style.width, 4) + '\n';
    text += fmt::format("  {}\n", called(example.line, style));
  }
  return text;
}

std::string options_text(const Command& command, const HelpStyle& style) {
  constexpr std::size_t kColumn = 28;
  std::string text;
  for (const OptionGroup& group : option_groups(command)) {
    text += fmt::format("\n{}:\n", to_string(group.heading));
    for (const CommandOption& each : group.options) {
      text += entry(option_usage(each), each.description, kColumn, style.width);
    }
  }
  return text;
}

}  // namespace

std::string option_usage(const CommandOption& option) {
  std::string text = fmt::format("{}", fmt::join(option.names, ", "));
  if (option.takes_value) text += fmt::format(" {}", option.value);
  return text;
}

std::string command_help(const Command& command, const HelpStyle& style) {
  const std::string usage =
      fmt::format("Usage: {} {} {}", style.program, command.name, command.usage);
  return wrapped(usage, style.width, 4) + '\n' + wrapped(command.summary, style.width, 0) + '\n' +
         examples_text(command, style) + options_text(command, style);
}

std::string group_help(std::string_view first, const HelpStyle& style) {
  std::string text;
  for (const std::string& word : commands_below(first)) {
    const auto name = fmt::format("{} {}", first, word);
    const auto command = std::ranges::find(commands(), name, &Command::name);
    if (!text.empty()) text += '\n';
    text += command_help(*command, style);
  }
  return text;
}

std::string program_help(const HelpStyle& style) {
  constexpr std::size_t kColumn = 16;
  std::string text = wrapped(fmt::format("{} COMMAND -f INPUT…: what an edit of a "
                                         "ServiceMeshMemberRoll does to a cluster",
                                         style.program),
                             style.width, 4) +
                     "\n\nCommands:\n";
  for (const Command& command : commands()) {
    text += entry(command.name, command.summary, kColumn, style.width);
  }
  text += "\nExit codes:\n";
  for (const ExitCodeRow& row : kExitCodes) {
    text +=
        wrapped(fmt::format("  {}  {}", static_cast<int>(row.code), row.meaning), style.width, 5) +
        '\n';
  }
  return text + '\n' +
         wrapped(fmt::format("{0} COMMAND --help shows the options of a command with examples, {0} "
                             "--version the version.",
                             style.program),
                 style.width, 0) +
         '\n';
}

}  // namespace meshproof
