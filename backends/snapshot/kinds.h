#pragma once

#include <span>
#include <string>
#include <string_view>

namespace meshproof {

/// A kind that is read from a live cluster.
struct ReadKind {
  std::string_view group;  ///< empty for the core group
  std::string_view kind;
  std::string_view plural;  ///< as the API names the resource
  bool is_namespaced = true;

  /// `networking.k8s.io/NetworkPolicy`
  [[nodiscard]] std::string full_name() const;
  /// `networkpolicies.networking.k8s.io`, as kubectl takes it
  [[nodiscard]] std::string resource() const;
};

/// Every kind of which this program reads anything, in the order in which they are asked for:
/// Namespaces and Services come first, since what is done with others hangs on them. Never Secrets.
[[nodiscard]] std::span<const ReadKind> read_kinds();

}  // namespace meshproof
