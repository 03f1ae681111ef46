#pragma once

#include <compare>
#include <cstddef>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/object_tree.h"
#include "model/tree.h"

namespace meshproof {

/// What identifies an object of the API: its group without the version (empty for the core group),
/// kind, namespace (empty for cluster-scoped kinds) and name.
struct ObjectKey {
  std::string group;
  std::string kind;
  std::string ns;
  std::string name;

  auto operator<=>(const ObjectKey&) const = default;
  bool operator==(const ObjectKey&) const = default;
};

/// `NetworkPolicy shop/istio-mesh-basic`, `Namespace shop`.
[[nodiscard]] std::string to_string(const ObjectKey& key);

/// One API object, kept whole. Immutable: a write replaces it, so stores share what did not change.
struct Object {
  ObjectKey key;
  ObjectTree tree;

  [[nodiscard]] Place place() const { return tree.place(); }
  /// As written: `networking.k8s.io/v1`.
  [[nodiscard]] std::string_view api_version() const { return tree->string_at({"apiVersion"}); }
  /// The labels and annotations mappings; null when absent.
  [[nodiscard]] const Tree* labels() const { return tree->find_path({"metadata", "labels"}); }
  [[nodiscard]] const Tree* annotations() const {
    return tree->find_path({"metadata", "annotations"});
  }
  [[nodiscard]] std::string_view label(std::string_view label_key) const;
  [[nodiscard]] bool has_label(std::string_view label_key) const;
  /// True if metadata.deletionTimestamp is set.
  [[nodiscard]] bool is_terminating() const;
};

/// The key of a tree with apiVersion, kind and metadata.name. Missing parts stay empty.
[[nodiscard]] ObjectKey key_of(const Tree& tree);
/// An Object around a tree.
[[nodiscard]] Object make_object(Tree tree);

/// The part of an apiVersion before the slash; empty for the core group.
[[nodiscard]] std::string_view group_of(std::string_view api_version);

/// The group that a kind without apiVersion stands for (docs/FORMATS.md); empty also for kinds
/// that are not in the table.
[[nodiscard]] std::string_view default_group(std::string_view kind);

/// The apiVersion that predicted objects of the kind are written with; empty if unknown.
[[nodiscard]] std::string_view default_api_version(std::string_view kind);

/// The kinds of that table, in alphabetical order.
[[nodiscard]] std::vector<std::string_view> known_kinds();

/// Every object of a cluster, in the order of their keys. A copy shares what was there when it was
/// made, so that a state and those predicted from it cost their differences.
class ObjectStore {
 public:
  ObjectStore() = default;
  /// Of several objects with one key the last one counts. O(objects × log objects).
  explicit ObjectStore(std::vector<Object> objects);

  /// Goes through the objects in the order of their keys; invalid after a write.
  class Iterator;
  [[nodiscard]] Iterator begin() const;
  [[nodiscard]] Iterator end() const;

  [[nodiscard]] std::size_t size() const { return size_; }
  /// O(log objects), like all that follows, for each object found.
  [[nodiscard]] const Object* find(const ObjectKey& key) const;
  /// Looks up by kind with the kind's default group.
  [[nodiscard]] const Object* find(std::string_view kind, std::string_view ns,
                                   std::string_view name) const;
  /// The objects of a kind (default group), in all namespaces or in one, in key order.
  [[nodiscard]] std::vector<const Object*> of_kind(std::string_view kind) const;
  [[nodiscard]] std::vector<const Object*> of_kind(std::string_view kind,
                                                   std::string_view ns) const;

  void put(Object object);
  /// True if there was such an object.
  bool erase(const ObjectKey& key);

  /// The keys under which one has no object or another one than the other, in order; objects that
  /// are copies of one are the same. O(writes since both were one store), or O(objects) if they
  /// never were.
  [[nodiscard]] std::vector<ObjectKey> differing_keys(const ObjectStore& other) const;

 private:
  using Objects = std::vector<Object>;
  using Changes = std::map<ObjectKey, std::optional<Object>>;

  [[nodiscard]] Iterator lower_bound(const ObjectKey& key) const;
  [[nodiscard]] std::vector<const Object*> from(const ObjectKey& first, bool whole_kind) const;

  std::shared_ptr<const Objects> shared_;  ///< sorted by key; null when there is none
  Changes changes_;  ///< what has been written since, none for what was erased
  std::size_t size_ = 0;
};

class ObjectStore::Iterator {
 public:
  using iterator_category = std::forward_iterator_tag;
  using value_type = Object;
  using difference_type = std::ptrdiff_t;
  using pointer = const Object*;
  using reference = const Object&;

  Iterator() = default;
  reference operator*() const {
    // NOLINTNEXTLINE(bugprone-unchecked-optional-access): it never stands on an erasure.
    return is_change_ ? *change_->second : *shared_;
  }
  pointer operator->() const { return &**this; }
  Iterator& operator++();
  Iterator operator++(int);
  friend bool operator==(const Iterator& a, const Iterator& b) {
    return a.shared_ == b.shared_ && a.change_ == b.change_;
  }

 private:
  friend class ObjectStore;
  Iterator(const Object* shared, const Object* shared_end, Changes::const_iterator change,
           Changes::const_iterator change_end);
  /// Passes what was written over or erased, and finds out which of the two comes next.
  void settle();

  const Object* shared_ = nullptr;
  const Object* shared_end_ = nullptr;
  Changes::const_iterator change_;
  Changes::const_iterator change_end_;
  bool is_change_ = false;
};

}  // namespace meshproof
