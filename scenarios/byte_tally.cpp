#include "scenarios/byte_tally.h"

namespace meshproof {

void ByteTally::add(std::uint64_t bytes) {
  constexpr std::uint64_t kStep = std::uint64_t{256} << 10U;
  const std::uint64_t before = bytes_.fetch_add(bytes, std::memory_order_relaxed);
  if (before / kStep != (before + bytes) / kStep) tell_(before + bytes);
}

}  // namespace meshproof
