#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/completion/scripts.h"

namespace meshproof {
namespace {

constexpr std::string_view kFunction = R"(
_meshproof() {
  local command='' option='' many='' files='' i at=3 is_value=''
  local -a options below values typed
  typed=("${(@)words[1,CURRENT-1]}")

  __meshproof_command "$typed[2]" "$typed[3]"
  if (($#typed < 2)); then
    _describe -t commands command below
    return
  elif [[ -z $command ]]; then
    (($#typed == 2)) && _describe -t commands command below
    return
  fi
  __meshproof_options "$command"
  for ((i = $#typed; i >= at; i--)); do
    if [[ $typed[i] == -?* ]]; then
      option=$typed[i]
      break
    fi
  done
  if [[ $PREFIX == --*=* ]]; then
    option=${PREFIX%%=*}
    compset -P 1 '*='
    __meshproof_value "$command" "$option" && is_value=1
  elif [[ -n $option ]] && __meshproof_value "$command" "$option"; then
    ((i == $#typed)) && is_value=1
    [[ -n $many && $PREFIX != -* ]] && is_value=1
  fi
  if [[ -z $is_value ]]; then
    values=() files=''
    [[ $PREFIX == -* ]] || __meshproof_value "$command" ''
    (($#typed == 2 && $#below)) && _describe -t commands command below
    if (($#values == 0)) && [[ -z $files ]]; then
      _describe -o -t options option options
      return
    fi
  fi
  (($#values)) && compadd -a values
  case $files in
    f) _files ;;
    d) _files -/ ;;
  esac
}

# Loaded from $fpath the file is the function; sourced, it defines it.
if [[ ${funcstack[1]} == _meshproof ]]; then
  _meshproof "$@"
else
  compdef _meshproof meshproof kubectl-meshproof oc-meshproof
fi
)";

/// An element for _describe: its name ends at the first colon that no backslash keeps.
std::string described(std::string_view name, std::string_view says) {
  std::string text;
  for (const char each : name) {
    if (each == ':' || each == '\\') text += '\\';
    text += each;
  }
  return shell_quoted(fmt::format("{}:{}", text, says));
}

std::string summary_of(std::string_view name) {
  const auto command = std::ranges::find(commands(), name, &Command::name);
  return std::string{command == commands().end() ? name : command->summary};
}

std::string command_function() {
  std::string text = "__meshproof_command() {\n  case \"$1 $2\" in\n";
  for (const Command& command : commands()) {
    if (command.name.find(' ') == std::string_view::npos) continue;
    text += fmt::format("    {0}) command={0} at=4; return ;;\n", shell_quoted(command.name));
  }
  text += "  esac\n  case $1 in\n";
  std::string all;
  for (const std::string& first : first_words()) {
    const bool is_command =
        std::ranges::find(commands(), first, &Command::name) != commands().end();
    std::string below;
    for (const std::string& word : commands_below(first)) {
      below += (below.empty() ? "" : " ") + described(word, summary_of(first + ' ' + word));
    }
    text += fmt::format("    {}) {}below=({}) ;;\n", first,
                        is_command ? fmt::format("command={} ", first) : "", below);
    const std::vector<std::string> words = commands_below(first);
    const std::string name = is_command ? first : first + ' ' + words.front();
    all += "      " + described(first, summary_of(name)) + '\n';
  }
  return text + "    *) below=(\n" + all + "      '--help:this text' '--version:the version'\n" +
         "    ) ;;\n  esac\n}\n";
}

std::string options_function() {
  std::string text = "__meshproof_options() {\n  case $1 in\n";
  for (const Command& command : commands()) {
    text += fmt::format("    {}) options=(\n", shell_quoted(command.name));
    for (const CommandOption& each : options_of(command)) {
      for (const std::string& name : each.names) {
        text += "      " + described(name, each.description) + '\n';
      }
    }
    text += "    ) ;;\n";
  }
  return text + "  esac\n}\n";
}

}  // namespace

std::string zsh_script() {
  return "#compdef meshproof kubectl-meshproof oc-meshproof\n"
         "# zsh completion for meshproof, made by: meshproof completion zsh\n\n" +
         command_function() + '\n' + options_function() + '\n' +
         value_function("values", "(", ")") + std::string{kFunction};
}

}  // namespace meshproof
