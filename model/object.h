#pragma once

#include <compare>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

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
  std::string api_version;  ///< as written: `networking.k8s.io/v1`
  std::shared_ptr<const Tree> tree;

  [[nodiscard]] Place place() const { return tree->place; }
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

/// Every object of a cluster. Ordered by key, so iteration is deterministic.
class ObjectStore {
 public:
  using Map = std::map<ObjectKey, Object>;

  [[nodiscard]] const Map& all() const { return objects_; }
  [[nodiscard]] std::size_t size() const { return objects_.size(); }
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

 private:
  Map objects_;
};

}  // namespace meshproof
