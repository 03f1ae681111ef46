#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace meshproof {

/// Adds a number to a hash.
[[nodiscard]] constexpr std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9e3779b97f4a7c15U;
  return hash ^ (hash >> 32U);
}

/// Finds the numbers of things by their hash; whoever has the things says which it is. Open
/// addressing: one array, no allocation for a thing.
class HashIndex {
 public:
  /// The number with this hash for which `is_it` holds; empty if there is none. O(1).
  template <typename IsIt>
  [[nodiscard]] std::optional<std::uint32_t> find(std::uint64_t hash, const IsIt& is_it) const {
    if (slots_.empty()) return std::nullopt;
    const std::uint32_t tag = tag_of(hash);
    for (std::size_t at = tag & mask(); slots_[at].number != kFree; at = (at + 1) & mask()) {
      if (slots_[at].tag == tag && is_it(slots_[at].number)) return slots_[at].number;
    }
    return std::nullopt;
  }

  /// Adds a number that find() does not find. Amortised O(1).
  void add(std::uint64_t hash, std::uint32_t number) {
    if (++count_ * 2 > slots_.size()) grow();
    put({tag_of(hash), number});
  }

 private:
  static constexpr std::uint32_t kFree = 0xffffffff;
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t number = kFree;
  };

  static std::uint32_t tag_of(std::uint64_t hash) {
    return static_cast<std::uint32_t>(hash ^ (hash >> 32U));
  }
  [[nodiscard]] std::size_t mask() const { return slots_.size() - 1; }
  void put(Slot slot) {
    std::size_t at = slot.tag & mask();
    while (slots_[at].number != kFree) at = (at + 1) & mask();
    slots_[at] = slot;
  }
  void grow() {
    constexpr std::size_t kFirst = 16;
    std::vector<Slot> old(slots_.empty() ? kFirst : slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.number != kFree) put(slot);
    }
  }

  std::vector<Slot> slots_;  // a power of two
  std::size_t count_ = 0;
};

/// Values that stand once each and are known by their number, in the order in which they came.
/// `HashOf` must give the same for equal values.
template <typename Value, std::uint64_t (*HashOf)(const Value&)>
class HashConsed {
 public:
  /// The number of the value, and whether it is new. Amortised O(1).
  std::pair<std::uint32_t, bool> intern(const Value& value) {
    const std::uint64_t hash = HashOf(value);
    const auto is_it = [&](std::uint32_t number) { return values_[number] == value; };
    if (const auto known = index_.find(hash, is_it)) return {*known, false};
    const auto number = static_cast<std::uint32_t>(values_.size());
    index_.add(hash, number);
    values_.push_back(value);
    return {number, true};
  }

  [[nodiscard]] const Value& at(std::uint32_t number) const { return values_[number]; }
  [[nodiscard]] std::size_t size() const { return values_.size(); }

 private:
  std::vector<Value> values_;
  HashIndex index_;
};

/// Lists of small elements that stand once each, one after another in one array. Append-only.
template <typename Element>
class HashConsedLists {
 public:
  /// The number of the list, and whether it is new. O(its length).
  std::pair<std::uint32_t, bool> intern(std::span<const Element> list) {
    std::uint64_t hash = list.size();
    for (const Element& element : list) hash = mixed(hash, std::bit_cast<std::uint64_t>(element));
    const auto is_it = [&](std::uint32_t number) { return std::ranges::equal(at(number), list); };
    if (const auto known = index_.find(hash, is_it)) return {*known, false};
    const auto number = static_cast<std::uint32_t>(size());
    index_.add(hash, number);
    all_.insert(all_.end(), list.begin(), list.end());
    ends_.push_back(all_.size());
    return {number, true};
  }

  /// Valid until the next intern().
  [[nodiscard]] std::span<const Element> at(std::uint32_t number) const {
    const std::size_t begin = number == 0 ? 0 : ends_[number - 1];
    return {all_.data() + begin, ends_[number] - begin};
  }
  [[nodiscard]] std::size_t size() const { return ends_.size(); }

 private:
  std::vector<Element> all_;
  std::vector<std::size_t> ends_;
  HashIndex index_;
};

}  // namespace meshproof
