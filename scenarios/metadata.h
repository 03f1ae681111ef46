#pragma once

#include "model/diagnostic.h"
#include "model/source.h"
#include "model/tree.h"

namespace meshproof {

/// Checks what the API server checks of every object's metadata, with all mistakes told:
/// `wrong-type`, `missing-name`, `bad-name`, `bad-label`, and `label-not-string` for a label or
/// annotation that YAML reads as something else (`yes`, 010). A label without a value becomes the
/// empty string, as in the API server (warning `label-without-value`). False if there was an error.
bool check_object_metadata(Tree& object, const Sources& sources, Diagnostics& diagnostics);

}  // namespace meshproof
