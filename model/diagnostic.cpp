#include "model/diagnostic.h"

#include <algorithm>

namespace meshproof {

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
