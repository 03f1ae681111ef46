#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/completion/scripts.h"

namespace meshproof {
namespace {

/// Between single quotes, where fish reads `\'` and `\\`.
std::string fish_quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char each : text) {
    if (each == '\'' || each == '\\') quoted += '\\';
    quoted += each;
  }
  return quoted + '\'';
}

std::string functions() {
  std::vector<std::string> pairs;
  for (const Command& command : commands()) {
    if (command.name.find(' ') != std::string_view::npos)
      pairs.push_back(fish_quoted(command.name));
  }
  return fmt::format(R"(# True behind this command.
function __meshproof_at
    set -l typed (commandline -opc)
    set -l found "$typed[2]"
    if contains -- "$typed[2] $typed[3]" {}
        set found "$typed[2] $typed[3]"
    end
    test "$found" = "$argv[1]"
end

# True right behind these words.
function __meshproof_after
    set -l typed (commandline -opc)
    test "$typed[2..-1]" = "$argv[1]"
end

complete -c meshproof -f
)",
                     fmt::join(pairs, " "));
}

std::string rule(std::string_view condition, std::string_view rest) {
  return fmt::format("complete -c meshproof -n {} {}\n", fish_quoted(condition), rest);
}

std::string word_rule(std::string_view before, std::string_view word, std::string_view says) {
  return rule(fmt::format("__meshproof_after \"{}\"", before),
              fmt::format("-a {} -d {}", word, fish_quoted(says)));
}

std::string option_rule(const Command& command, const CommandOption& option) {
  std::string rest;
  for (const std::string& name : option.names) {
    rest += name.starts_with("--") ? "-l " + name.substr(2) : "-s " + name.substr(1);
    rest += ' ';
  }
  if (option.takes_value) rest += option.completed == Completed::Nothing ? "-x " : "-r -F ";
  if (!option.words.empty()) {
    rest += fmt::format("-a {} ", fish_quoted(fmt::format("{}", fmt::join(option.words, " "))));
  }
  return rule(fmt::format("__meshproof_at \"{}\"", command.name),
              rest + "-d " + fish_quoted(option.description));
}

/// What stands behind no option: operands, and further values of an option that takes many.
std::string operand_rules(const Command& command, const std::vector<CommandOption>& options) {
  const Operands operands = operands_of(command);
  const std::string condition = fmt::format("__meshproof_at \"{}\"", command.name);
  if (!operands.words.empty()) {
    return rule(condition, fmt::format("-a '{}'", fmt::join(operands.words, " ")));
  }
  const bool takes_files = operands.completed != Completed::Nothing ||
                           std::ranges::any_of(options, [](const CommandOption& each) {
                             return each.takes_many && each.completed == Completed::Files;
                           });
  return takes_files ? rule(condition, "-F") : std::string{};
}

}  // namespace

std::string fish_script() {
  std::string text =
      "# fish completion for meshproof, made by: meshproof completion fish\n\n" + functions();
  for (const Command& command : commands()) {
    const std::size_t space = command.name.find(' ');
    const std::string first{command.name.substr(0, space)};
    const bool is_first = std::ranges::find_if(commands(), [&](const Command& each) {
                            return each.name.substr(0, each.name.find(' ')) == first;
                          })->name == command.name;
    text += '\n';
    if (is_first) text += word_rule("", first, command.summary);
    if (space != std::string_view::npos) {
      text += word_rule(first, command.name.substr(space + 1), command.summary);
    }
    const std::vector<CommandOption> options = options_of(command);
    for (const CommandOption& each : options) text += option_rule(command, each);
    text += operand_rules(command, options);
  }
  return text +
         "\ncomplete -c kubectl-meshproof -w meshproof\n"
         "complete -c oc-meshproof -w meshproof\n";
}

}  // namespace meshproof
