#include "tests/support/scratch.h"

#include <filesystem>
#include <fstream>

#include <stdlib.h>

namespace meshproof {

ScratchFolder::ScratchFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "meshproof-XXXXXX").string();
  root_ = ::mkdtemp(pattern.data());
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(root_, ignored);
}

std::string ScratchFolder::path(const std::string& name) const { return root_ + "/" + name; }

std::string ScratchFolder::write(const std::string& name, const std::string& text) const {
  std::ofstream(path(name), std::ios::binary) << text;
  return path(name);
}

}  // namespace meshproof
