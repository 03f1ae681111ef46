#include "cli/completion/completion.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/completion/scripts.h"

namespace meshproof {
namespace {

struct ShellRow {
  std::string_view name;
  std::string (*script)();
};
constexpr std::array kShells{
    ShellRow{"bash", bash_script},
    ShellRow{"zsh", zsh_script},
    ShellRow{"fish", fish_script},
};

}  // namespace

std::vector<std::string> shell_names() {
  std::vector<std::string> names;
  for (const ShellRow& row : kShells) names.emplace_back(row.name);
  return names;
}

std::string completion_script(std::string_view shell) {
  const auto* row = std::ranges::find(kShells, shell, &ShellRow::name);
  return row == kShells.end() ? std::string{} : row->script();
}

std::string shell_quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char each : text) {
    if (each == '\'') {
      quoted += "'\\''";
    } else {
      quoted += each;
    }
  }
  return quoted + '\'';
}

std::vector<std::string> first_words() {
  std::vector<std::string> words;
  for (const Command& command : commands()) {
    std::string first{command.name.substr(0, command.name.find(' '))};
    if (std::ranges::find(words, first) == words.end()) words.push_back(std::move(first));
  }
  return words;
}

std::string value_function(std::string_view variable, std::string_view open,
                           std::string_view close) {
  const auto list = [&](const std::vector<std::string>& words) {
    return fmt::format("{}={}{}{}", variable, open, fmt::join(words, " "), close);
  };
  std::string text =
      fmt::format("__meshproof_value() {{\n  many='' files='' {}\n  case \"$1 $2\" in\n", list({}));
  for (const Command& command : commands()) {
    for (const CommandOption& each : options_of(command)) {
      if (!each.takes_value) continue;
      std::vector<std::string> patterns;
      for (const std::string& name : each.names) {
        patterns.push_back(shell_quoted(fmt::format("{} {}", command.name, name)));
      }
      text += fmt::format("    {}) many={} files={} {} ;;\n", fmt::join(patterns, "|"),
                          each.takes_many ? "1" : "''", completed_letter(each.completed),
                          list(each.words));
    }
    const Operands operands = operands_of(command);
    text += fmt::format("    {}) files={} {} ;;\n", shell_quoted(fmt::format("{} ", command.name)),
                        completed_letter(operands.completed), list(operands.words));
  }
  return text + "    *) return 1 ;;\n  esac\n}\n";
}

std::string_view completed_letter(Completed completed) {
  switch (completed) {
    case Completed::Nothing:
      return "";
    case Completed::Files:
      return "f";
    case Completed::Folders:
      return "d";
  }
  return {};
}

}  // namespace meshproof
