#pragma once

#include <cstdint>

namespace meshproof {

/// SEMANTICS F9, in the all-pairs engine: "and" is the least, "or" the greatest of two.
enum class Certainty : std::uint8_t { No, Maybe, Yes };

}  // namespace meshproof
