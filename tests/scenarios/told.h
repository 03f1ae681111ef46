#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/diagnostic.h"
#include "model/source.h"
#include "scenarios/read.h"
#include "tests/support/temporary_folder.h"

namespace meshproof {

/// Each diagnostic in one line: `a.yaml:3:1: error[code]: message (a.yaml:1:1: note)`.
[[nodiscard]] std::vector<std::string> lines_of(const Diagnostics& diagnostics,
                                                const Sources& sources);

/// What reading a text tells: errors, then warnings and notes.
[[nodiscard]] std::vector<std::string> told_of(std::string_view text, std::string name = "a.yaml");

/// What reading gives: the input, and what was told, errors first.
struct InputReading {
  Input input;
  std::vector<std::string> told;
};

/// Reads paths; `folder` is taken out of what is told.
[[nodiscard]] InputReading reading_of(const std::vector<std::string>& paths,
                                      std::string_view folder);
/// Reads a text called a.yaml.
[[nodiscard]] InputReading reading_of(std::string_view text, const ReadOptions& options = {});

/// The text with every occurrence of `part` taken out.
[[nodiscard]] std::string without(std::string text, std::string_view part);

}  // namespace meshproof
