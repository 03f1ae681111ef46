#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/source.h"

namespace meshproof {

enum class Severity : std::uint8_t { Note, Warning, Error };
/// `note`, `warning`, `error`.
[[nodiscard]] std::string_view to_string(Severity severity);

/// A second place that helps to understand a diagnostic ("first defined here").
struct DiagnosticNote {
  Place place;
  std::string message;

  auto operator<=>(const DiagnosticNote&) const = default;
};

/// One thing to tell about the input. `code` is stable and kebab-case (`duplicate-key`,
/// `unsupported-field`); `message` says what is wrong, the value seen and what would be right, in
/// lower case, without a full stop.
struct Diagnostic {
  Place place;
  Severity severity = Severity::Error;
  std::string code;
  std::string message;
  std::vector<DiagnosticNote> notes;
  /// Shown where there is no place in a file: a path that cannot be opened, an option.
  std::string subject;

  auto operator<=>(const Diagnostic&) const = default;
};

using Diagnostics = std::vector<Diagnostic>;

/// Orders by place, then severity and text, and drops exact repetitions.
void sort_diagnostics(Diagnostics& diagnostics);

[[nodiscard]] bool has_errors(const Diagnostics& diagnostics);

}  // namespace meshproof
