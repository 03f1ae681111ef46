#include "scenarios/yaml_syntax.h"

#include <algorithm>
#include <array>

#include <yaml-cpp/exceptions.h>

namespace meshproof {
namespace {

struct SyntaxRow {
  std::string_view theirs;  ///< how the library's message begins
  std::string_view ours;
};

const std::array kSyntax = std::to_array<SyntaxRow>({
    {YAML::ErrorMsg::TAB_IN_INDENTATION, "a tab indents this line: YAML indents with spaces"},
    {YAML::ErrorMsg::MAP_VALUE,
     "a ':' where no key can be: quote the value, or check the indentation"},
    {YAML::ErrorMsg::MAP_KEY, "a key where none can be: check the indentation"},
    {YAML::ErrorMsg::BLOCK_ENTRY, "a '-' where no list item can be: check the indentation"},
    {YAML::ErrorMsg::END_OF_MAP_FLOW, "this { is never closed"},
    {YAML::ErrorMsg::END_OF_SEQ_FLOW, "this [ is never closed"},
    {YAML::ErrorMsg::END_OF_MAP,
     "the mapping ends in something that is no key: check the indentation"},
    {YAML::ErrorMsg::END_OF_SEQ,
     "the list ends in something that is no item: check the indentation"},
    {YAML::ErrorMsg::FLOW_END, "a bracket is closed that was never opened"},
    {YAML::ErrorMsg::EOF_IN_SCALAR, "a quoted string is never closed"},
    {YAML::ErrorMsg::DOC_IN_SCALAR, "a quoted string runs into the end of the document"},
    {YAML::ErrorMsg::CHAR_IN_SCALAR,
     "a character that cannot begin or continue a plain value: quote it"},
    {YAML::ErrorMsg::UNKNOWN_TOKEN, "a character that begins no value: quote it"},
    {YAML::ErrorMsg::INVALID_ESCAPE, "an unknown escape in a double-quoted string"},
    {YAML::ErrorMsg::INVALID_HEX, "an unfinished hexadecimal escape in a double-quoted string"},
    {YAML::ErrorMsg::INVALID_UNICODE, "an escape in a double-quoted string that is no character"},
    {YAML::ErrorMsg::UNKNOWN_ANCHOR, "an alias for an anchor that is not defined before it"},
    {YAML::ErrorMsg::ALIAS_CONTENT, "an alias that is followed by a value of its own"},
    {YAML::ErrorMsg::REPEATED_YAML_DIRECTIVE, "a second %YAML directive"},
    {YAML::ErrorMsg::YAML_VERSION, "a %YAML directive with a version that is not 1.1 or 1.2"},
    {YAML::ErrorMsg::YAML_MAJOR_VERSION, "a %YAML directive with a version that is not 1.1 or 1.2"},
    {YAML::ErrorMsg::YAML_DIRECTIVE_ARGS, "a %YAML directive that is not one version"},
    {YAML::ErrorMsg::BAD_FILE, "nested too deeply"},
});

}  // namespace

std::string syntax_message(std::string_view theirs) {
  const auto row = std::ranges::find_if(
      kSyntax, [&](const SyntaxRow& candidate) { return theirs.starts_with(candidate.theirs); });
  return std::string{row == kSyntax.end() ? std::string_view{"this is not YAML"} : row->ours};
}

std::optional<std::size_t> indenting_tab(std::string_view text, int line) {
  for (; line > 0 && !text.empty(); --line) text.remove_prefix(text.find('\n') + 1);
  const std::size_t tab = text.find('\t');
  if (tab == std::string_view::npos || tab > text.find_first_not_of(" \t")) return std::nullopt;
  return tab;
}

}  // namespace meshproof
