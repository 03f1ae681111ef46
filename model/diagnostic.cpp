#include "model/diagnostic.h"

#include <algorithm>

namespace meshproof {

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::Error:
      return "error";
    case Severity::Warning:
      return "warning";
    case Severity::Note:
      break;
  }
  return "note";
}

void sort_diagnostics(Diagnostics& diagnostics) {
  std::ranges::sort(diagnostics);
  const auto repeated = std::ranges::unique(diagnostics);
  diagnostics.erase(repeated.begin(), repeated.end());
}

bool has_errors(const Diagnostics& diagnostics) {
  return std::ranges::any_of(diagnostics,
                             [](const Diagnostic& d) { return d.severity == Severity::Error; });
}

}  // namespace meshproof
