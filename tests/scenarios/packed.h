#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace meshproof {

/// A member of an archive that a test makes; with a target it is a symbolic link.
struct PackedFile {
  std::string path;
  std::string text = {};
  std::string target = {};
};

[[nodiscard]] std::string tar_of(const std::vector<PackedFile>& files);
[[nodiscard]] std::string zip_of(const std::vector<PackedFile>& files);
[[nodiscard]] std::string gzip_of(std::string_view text);

}  // namespace meshproof
