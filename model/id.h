#pragma once

#include <compare>
#include <cstdint>

namespace meshproof {

/// Index of a Thing in the vector of its Cluster. Ids of another Cluster are a bug. The default
/// value refers to nothing.
template <typename Thing>
struct Id {
  static constexpr std::uint32_t kNone = 0xffffffff;
  std::uint32_t value = kNone;

  auto operator<=>(const Id&) const = default;
  [[nodiscard]] bool is_valid() const { return value != kNone; }
};

}  // namespace meshproof
