#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace meshproof {

/// Adds a number to a hash.
[[nodiscard]] constexpr std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9e3779b97f4a7c15U;
  return hash ^ (hash >> 32U);
}

/// Values that stand once each and are known by their number, in the order in which they came.
/// `hash_of` must be the same for equal values.
template <typename Value, std::uint64_t (*hash_of)(const Value&)>
class HashConsed {
 public:
  /// The number of the value; empty if it has none. O(1).
  [[nodiscard]] std::optional<std::uint32_t> find(const Value& value) const {
    const auto [first, last] = by_hash_.equal_range(hash_of(value));
    for (auto known = first; known != last; ++known) {
      if (values_[known->second] == value) return known->second;
    }
    return std::nullopt;
  }

  /// The number of the value, and whether it is new. Amortised O(1).
  std::pair<std::uint32_t, bool> intern(Value value) {
    if (const auto known = find(value)) return {*known, false};
    const auto number = static_cast<std::uint32_t>(values_.size());
    by_hash_.emplace(hash_of(value), number);
    values_.push_back(std::move(value));
    return {number, true};
  }

  [[nodiscard]] const Value& at(std::uint32_t number) const { return values_[number]; }
  [[nodiscard]] std::size_t size() const { return values_.size(); }

 private:
  std::vector<Value> values_;
  std::unordered_multimap<std::uint64_t, std::uint32_t> by_hash_;
};

}  // namespace meshproof
