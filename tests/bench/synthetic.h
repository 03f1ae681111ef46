#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/cluster.h"

/// The clusters that benchmarks run on, generated as `meshproof generate` does.
namespace meshproof {

struct Scale {
  std::uint64_t namespaces = 1000;
  std::uint64_t pods = 10;     ///< of each namespace
  std::uint64_t policies = 2;  ///< of each namespace
};

/// Made once for each scale and dialect; 100 namespaces are members of the mesh.
[[nodiscard]] const Cluster& synthetic_cluster(const Scale& scale,
                                               Dialect dialect = Dialect::OpenShiftSdn);

/// The same with all that real pods carry, as one JSON list.
[[nodiscard]] const std::string& synthetic_json(const Scale& scale);

/// The same cluster after a change, and the namespaces that it touches.
struct SyntheticChange {
  Cluster after;
  std::vector<NamespaceId> namespaces;
};
/// As many projects as wanted get the labels of a member of the mesh and lose a policy.
[[nodiscard]] SyntheticChange synthetic_join(const Cluster& before, std::size_t count);

/// Bytes that the program has allocated and not freed.
[[nodiscard]] double bytes_in_use();

}  // namespace meshproof
