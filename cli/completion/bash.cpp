#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/completion/scripts.h"

namespace meshproof {
namespace {

/// The words of a command line are cut at spaces and not as COMP_WORDS has them, which readline
/// cuts at `:` and `=` too (builtin:tenancy, --sdn=subnet).
constexpr std::string_view kFunction = R"(
_meshproof() {
  local IFS=$' \t\n'
  local line=${COMP_LINE:0:COMP_POINT}
  local current=${line##*[[:space:]]}
  local -a typed
  read -r -a typed <<<"${line%"$current"}"
  local count=${#typed[@]} command='' at=2 option='' options='' below='' many='' files='' words=''
  COMPREPLY=()

  __meshproof_command "${typed[1]}" "${typed[2]}"
  if ((count < 2)); then
    words=$below
  elif [[ -z $command ]]; then
    ((count == 2)) && words=$below
  else
    __meshproof_options "$command"
    local i is_value=''
    for ((i = count - 1; i >= at; i--)); do
      if [[ ${typed[i]} == -?* ]]; then
        option=${typed[i]}
        break
      fi
    done
    if [[ $current == --*=* ]]; then
      option=${current%%=*}
      __meshproof_value "$command" "$option" && is_value=1
      words=$(compgen -P "$option=" -W "$words" -- "${current#*=}")
    elif [[ -n $option ]] && __meshproof_value "$command" "$option"; then
      ((i == count - 1)) && is_value=1
      [[ -n $many && $current != -* ]] && is_value=1
    fi
    if [[ -z $is_value ]]; then
      words='' files=''
      [[ $current == -* ]] || __meshproof_value "$command" ''
      [[ -n $words$files ]] || words=$options
      ((count == 2)) && words="$below $words"
    fi
  fi

  COMPREPLY=($(compgen -W "$words" -- "$current"))
  local sign start trimmed=''
  for sign in : =; do
    [[ $COMP_WORDBREAKS == *"$sign"* && $current == *"$sign"* ]] || continue
    start=${current%"${current##*"$sign"}"}
    ((${#start} > ${#trimmed})) && trimmed=$start
  done
  COMPREPLY=("${COMPREPLY[@]#"$trimmed"}")

  ((${#COMPREPLY[@]})) && return
  [[ $files == f ]] || compopt +o default +o bashdefault 2>/dev/null
  [[ $files != d ]] || compopt -o dirnames 2>/dev/null
}

complete -o bashdefault -o default -F _meshproof meshproof kubectl-meshproof oc-meshproof
)";

/// Sets `command`, the index of what stands behind it, and the words that may follow what is typed.
std::string command_function() {
  std::string text = "__meshproof_command() {\n  case \"$1 $2\" in\n";
  for (const Command& command : commands()) {
    if (command.name.find(' ') == std::string_view::npos) continue;
    text += fmt::format("    {0}) command={0} at=3; return ;;\n", shell_quoted(command.name));
  }
  text += "  esac\n  case $1 in\n";
  for (const std::string& first : first_words()) {
    const bool is_command =
        std::ranges::find(commands(), first, &Command::name) != commands().end();
    const std::string name = is_command ? "command=" + first + ' ' : "";
    text += fmt::format("    {}) {}below='{}' ;;\n", first, name,
                        fmt::join(commands_below(first), " "));
  }
  return text + fmt::format("    *) below='{} help --help --version' ;;\n  esac\n}}\n",
                            fmt::join(first_words(), " "));
}

std::string options_function() {
  std::string text = "__meshproof_options() {\n  case $1 in\n";
  for (const Command& command : commands()) {
    std::vector<std::string> names;
    for (const CommandOption& each : options_of(command)) {
      names.insert(names.end(), each.names.begin(), each.names.end());
    }
    text +=
        fmt::format("    {}) options='{}' ;;\n", shell_quoted(command.name), fmt::join(names, " "));
  }
  return text + "  esac\n}\n";
}

}  // namespace

std::string bash_script() {
  return "# bash completion for meshproof, made by: meshproof completion bash\n\n" +
         command_function() + '\n' + options_function() + '\n' + value_function("words", "'", "'") +
         std::string{kFunction};
}

}  // namespace meshproof
