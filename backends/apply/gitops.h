#pragma once

#include <optional>
#include <string>

#include "model/tree.h"

namespace meshproof {

/// Who else keeps an object as a repository has it, by its labels and annotations: `Argo CD`,
/// `Flux`. Whatever is written to it by hand is undone, so that the change belongs into the
/// repository. Nothing where no tracking mark is found.
[[nodiscard]] std::optional<std::string> tracked_by(const Tree& object);

}  // namespace meshproof
