#include <algorithm>
#include <array>

#include "model/project/owners.h"
#include "model/project/projection.h"

namespace meshproof {
namespace {

/// Whether pods, workloads or nodes come from objects of the kind.
bool makes_pods_or_nodes(const ObjectKey& key) {
  constexpr std::array<std::string_view, 3> kRead{"HostSubnet", "Node", "Pod"};
  return std::ranges::find(kRead, key.kind) != kRead.end() ||
         std::ranges::any_of(pod_makers(),
                             [&](const PodMaker& maker) { return maker.kind == key.kind; });
}

}  // namespace

bool take_known_pods(Projection& projection) {
  if (projection.like == nullptr) return false;
  Cluster& cluster = projection.cluster;
  const Cluster& known = projection.like->cluster;
  const bool is_alike = cluster.network == known.network &&
                        std::ranges::equal(cluster.namespaces, known.namespaces, {},
                                           &Namespace::name, &Namespace::name) &&
                        std::ranges::none_of(projection.written, makes_pods_or_nodes);
  if (!is_alike) return false;
  cluster.pods = known.pods;
  cluster.workloads = known.workloads;
  cluster.nodes = known.nodes;
  for (std::size_t i = 0; i < cluster.namespaces.size(); ++i) {
    cluster.namespaces[i].pods = known.namespaces[i].pods;
  }
  index_addresses(projection);
  return true;
}

}  // namespace meshproof
