#pragma once

#include <string>

#include "model/diagnostic.h"
#include "model/source.h"

namespace meshproof {

struct DiagnosticStyle {
  bool colour = false;
  std::size_t width = 100;  ///< longer source lines are cut around the caret
};

/// `file:line:col: error[code]: message`, the source line and a caret where the text is at hand,
/// then the notes. Ends with a line end. What comes from the input is escaped.
[[nodiscard]] std::string diagnostic_text(const Diagnostic& diagnostic, const Sources& sources,
                                          const DiagnosticStyle& style = {});

/// `2 errors, 1 warning`; empty for none.
[[nodiscard]] std::string diagnostic_count(const Diagnostics& diagnostics);

}  // namespace meshproof
