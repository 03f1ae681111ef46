#include "cli/input_digests.h"

#include <optional>

#include "backends/sha256.h"
#include "scenarios/files.h"

namespace meshproof {

std::vector<InputDigest> input_digests(const std::vector<std::string>& paths) {
  std::vector<InputDigest> digests;
  Diagnostics told;  // when they were read
  for (const InputFile& file : find_files(paths, told)) {
    // What came by standard input is gone.
    const auto digest = file.path == kStandardInput ? std::nullopt : sha256_of_file(file.path);
    digests.push_back({file.path, digest.value_or("")});
  }
  return digests;
}

}  // namespace meshproof
