#pragma once

#include <string_view>

namespace meshproof {

/// A file of the repository that the program carries (cmake/EmbedFiles.cmake).
struct EmbeddedFile {
  std::string_view name;  ///< without its folder
  std::string_view text;
};

}  // namespace meshproof
