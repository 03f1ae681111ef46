#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace meshproof::oc {

/// The object that a path of the API names.
struct ObjectPath {
  std::string group;
  std::string version;
  std::string plural;
  std::string ns;  ///< empty for cluster-scoped kinds
  std::string name;
  std::string query;  ///< behind the question mark, as it stands

  /// `networkpolicies.v1.networking.k8s.io`, as kubectl takes it for just this version.
  [[nodiscard]] std::string resource() const;
};

/// Nothing if the path names no object, or a part of one. Escapes are resolved.
[[nodiscard]] std::optional<ObjectPath> object_path(std::string_view path);

}  // namespace meshproof::oc
