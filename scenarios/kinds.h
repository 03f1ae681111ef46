#pragma once

#include <cstdint>
#include <string_view>

namespace meshproof {

enum class Scope : std::uint8_t { Namespaced, Cluster, Unknown };

/// Whether objects of the kind live in a namespace. Unknown for kinds of no table: a
/// CustomResourceDefinition of the input may tell.
[[nodiscard]] Scope scope_of(std::string_view group, std::string_view kind);

/// The apiVersion under which a kind of an old group lives today (`extensions` NetworkPolicy, the
/// groupless kinds of OpenShift 3); empty for all others.
[[nodiscard]] std::string_view modern_api_version(std::string_view group, std::string_view kind);

/// The group in which a kind surely does not exist, although both are known (`v1` NetworkPolicy).
[[nodiscard]] bool is_misplaced(std::string_view group, std::string_view kind);

/// False for a version of a maistra.io kind that no release has served.
[[nodiscard]] bool is_known_version(std::string_view api_version, std::string_view kind);

/// The known kind that a misspelt one of the same group means; empty if none is near.
[[nodiscard]] std::string_view nearest_kind(std::string_view group, std::string_view kind);

}  // namespace meshproof
