#pragma once

#include <string>
#include <vector>

#include "model/execution.h"

namespace meshproof {

/// The files behind paths (a directory is walked) with the digests of their bytes, in the order in
/// which they are read. Without one: standard input, which is gone, and what cannot be read.
[[nodiscard]] std::vector<InputDigest> input_digests(const std::vector<std::string>& paths);

}  // namespace meshproof
