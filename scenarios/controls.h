#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/controls.h"
#include "model/embedded_file.h"
#include "model/result.h"
#include "model/source.h"

namespace meshproof {

/// docs/controls/*.yaml, in the order of their names.
[[nodiscard]] std::span<const EmbeddedFile> control_files();

/// Reads files of the kind Controls (docs/FORMATS.md), a catalogue each document. Errors:
/// `unknown-field`, `missing-field`, `wrong-type`, and `unknown-evidence` for a word that is none
/// of what a report has. O(text).
[[nodiscard]] Result<std::vector<ControlCatalogue>> read_controls(
    const std::vector<std::string>& paths, Sources& sources);

/// The same of the files that the program carries, which have no error.
[[nodiscard]] std::vector<ControlCatalogue> own_controls(Sources& sources);

}  // namespace meshproof
