#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace meshproof {

/// Below which heading --help shows an option, in this order.
enum class Heading : std::uint8_t {
  Input,
  Live,
  Editing,
  Pairs,
  Rules,
  Verdicts,
  Run,
  Shape,
  Output
};
[[nodiscard]] std::string_view to_string(Heading heading);

/// What a shell completes where it knows no words.
enum class Completed : std::uint8_t { Nothing, Files, Folders };

/// What CLI11 does not know of an option: a row of the table in option_list.cpp.
struct OptionRow {
  std::string_view name;  ///< the one that CLI11 shows: `--out` of `-o,--out`
  Heading heading;
  std::string_view value = {};  ///< what stands for its value; empty: it has none
  Completed completed = Completed::Nothing;
  unsigned of = 0;  ///< only of commands with one of these groups; 0: of all
};

/// The row of an option of a command, the first that fits; null if there is none.
[[nodiscard]] const OptionRow* find_option_row(const Command& command, std::string_view name);

/// An option of a command, as CLI11 parses it.
struct CommandOption {
  std::vector<std::string> names;  ///< `-o`, `--out`
  std::string description;
  bool takes_value = false;
  bool takes_many = false;  ///< several words may stand behind one name
  Heading heading = Heading::Output;
  std::string_view value;
  Completed completed = Completed::Nothing;
  std::vector<std::string> words;  ///< value_words()
};

/// The options that parse_args() takes for a command, in the order in which they were made.
[[nodiscard]] std::vector<CommandOption> options_of(const Command& command);

/// The options of a command below one heading.
struct OptionGroup {
  Heading heading = Heading::Output;
  std::vector<CommandOption> options;  ///< not empty
};
/// Those of options_of(), in the order of the headings.
[[nodiscard]] std::vector<OptionGroup> option_groups(const Command& command);

/// What stands behind a command without an option: files, or words.
struct Operands {
  Completed completed = Completed::Nothing;
  std::vector<std::string> words;
};
[[nodiscard]] Operands operands_of(const Command& command);

}  // namespace meshproof
