#include "cli/completion/completion.h"

#include <algorithm>
#include <array>

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
