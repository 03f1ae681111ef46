# meshproof_rule_examples(OUTPUT)
# Writes a source file that holds scenarios/library/rules/CODE/{fires,quiet}.yaml, so that
# `lint --explain` shows them wherever the program runs. Read again when one of them changes.
function(meshproof_rule_examples output)
  set(root "${PROJECT_SOURCE_DIR}/scenarios/library/rules")
  file(GLOB files CONFIGURE_DEPENDS "${root}/*/*.yaml")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
  set(rows "")
  foreach(file IN LISTS files)
    cmake_path(GET file STEM stem)
    cmake_path(GET file PARENT_PATH folder)
    cmake_path(GET folder FILENAME code)
    file(READ "${file}" text)
    string(APPEND rows "    Example{\"${code}\", \"${stem}\", R\"EXAMPLE(${text})EXAMPLE\"},\n")
  endforeach()
  file(CONFIGURE OUTPUT "${output}" @ONLY CONTENT [[
#include <algorithm>
#include <array>
#include <string_view>

#include "solver/lint/lint.h"

namespace meshproof {
namespace {

struct Example {
  std::string_view code;
  std::string_view name;
  std::string_view text;
};

constexpr auto kExamples = std::to_array<Example>({
@rows@});

std::string_view example(std::string_view code, std::string_view name) {
  const auto found = std::ranges::find_if(
      kExamples, [&](const Example& each) { return each.code == code && each.name == name; });
  return found == kExamples.end() ? std::string_view{} : found->text;
}

}  // namespace

std::string_view firing_example(std::string_view code) { return example(code, "fires"); }

std::string_view quiet_example(std::string_view code) { return example(code, "quiet"); }

}  // namespace meshproof
]])
endfunction()
