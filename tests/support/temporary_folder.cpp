#include "tests/support/temporary_folder.h"

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <stdlib.h>

namespace meshproof {

TemporaryFolder::TemporaryFolder()
    : path_((std::filesystem::temp_directory_path() / "meshproof-XXXXXX").string()) {
  REQUIRE(::mkdtemp(path_.data()) != nullptr);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::write(std::string_view name, std::string_view text) const {
  const std::filesystem::path file = std::filesystem::path{path_} / name;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream{file, std::ios::binary} << text;
  return file.string();
}

}  // namespace meshproof
