#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace meshproof {

/// What a text may mean as a Service of the cluster.
struct NamedService {
  std::string ns;  ///< empty: of the speaker's own project
  std::string name;
  std::uint16_t port = 0;  ///< 0: not told

  auto operator<=>(const NamedService&) const = default;
};

/// The Services that a text names, if there are such: `name.namespace.svc`, with or without
/// `.cluster.local` and a port; and in a URL or before a port also `name.namespace` and `name`.
/// In order, each once; a URL without a port has that of http or https. O(length).
[[nodiscard]] std::vector<NamedService> named_services(std::string_view text);

}  // namespace meshproof
