#include <map>
#include <tuple>
#include <utility>

#include "solver/reach_ends.h"

namespace meshproof {

PodClasses::PodClasses(const Cluster& cluster, const Columns& columns) {
  std::map<std::tuple<NamespaceId, Column, Column>, PodClassId> hosts;
  std::map<std::pair<PodClassId, NodeId>, PodClassId> by_node;
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    const Pod& pod = cluster.pods[i];
    PodClassId plain = 0;
    if (!pod.is_completed() && pod.host_network) {
      const std::tuple key{pod.ns, columns.sender(PodId{i}), columns.receiver(PodId{i})};
      plain = columns.size() + hosts.try_emplace(key, hosts.size()).first->second;
    } else if (!pod.is_completed()) {
      plain = columns.of(PodId{i});
    }
    plain_.push_back(plain);
    noded_.push_back(by_node.try_emplace({plain, pod.node}, by_node.size()).first->second);
  }
}

}  // namespace meshproof
