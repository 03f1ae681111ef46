#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "model/tree.h"

namespace meshproof {

/// What a list holds, in numbers.
class ListItems {
 public:
  /// group, kind and namespace, as the items write them; empty where they do not
  using Key = std::tuple<std::string, std::string, std::string>;

  ListItems() = default;
  ListItems(ListItems&&) noexcept = default;
  ListItems& operator=(ListItems&&) noexcept = default;
  ListItems(const ListItems&) = delete;
  ListItems& operator=(const ListItems&) = delete;
  ~ListItems() = default;

  /// Counts one more. Cheap for neighbours that are alike: the API server sorts by namespace.
  void add(std::string_view group, std::string_view kind, std::string_view ns);
  /// Counts what another part of the same list holds, which comes after this one.
  void add(const ListItems& more);

  [[nodiscard]] std::size_t count() const { return count_; }
  /// Empty if there is no item.
  [[nodiscard]] const std::string& first_kind() const { return first_kind_; }
  /// How many items there are of each.
  [[nodiscard]] const std::map<Key, std::size_t>& parts() const { return parts_; }

 private:
  std::size_t count_ = 0;
  std::string first_kind_;
  std::map<Key, std::size_t> parts_;
  std::map<Key, std::size_t>::iterator last_;  ///< if there are parts
};

/// Of a list that was read whole; `item_kind` is the kind of a typed list's items, empty where the
/// list has none. O(items).
[[nodiscard]] ListItems items_of(const Tree& list, std::string_view item_kind);

/// Items of a typed list lack the apiVersion and kind that the list's own kind implies: adds them,
/// at the item's own place, where both are missing.
void add_type(Tree& item, const std::string& api_version, const std::string& kind);

}  // namespace meshproof
