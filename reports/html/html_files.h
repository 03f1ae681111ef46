#pragma once

#include <span>

#include "model/embedded_file.h"

namespace meshproof {

/// page.css and page.js.
[[nodiscard]] std::span<const EmbeddedFile> html_files();

}  // namespace meshproof
