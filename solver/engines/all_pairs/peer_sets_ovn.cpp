#include <algorithm>

#include "solver/engines/all_pairs/peer_sets.h"

/// OVN-Kubernetes: selectors are sets of addresses (SEMANTICS OVN-9, OVN-11–OVN-13).
namespace meshproof {
namespace {

constexpr unsigned kManagementPort = 2;  // the address of its pod subnet that a node has

ColumnRuns all_of(ColumnRun run) { return run.begin == run.end ? ColumnRuns{} : ColumnRuns{run}; }

}  // namespace

void PeerSets::find_hosts() {
  const ColumnRun hosts = columns_.of_kind(ColumnEnd::Kind::HostAnswers);
  for (Column column = hosts.begin; column < hosts.end; ++column) {
    receivers_[columns_.at(column).node].push_back({column, column + 1});
  }
}

/// The host columns whose packets carry, or whose addresses are, those of management ports.
ColumnRuns PeerSets::ovn_host_traffic(Direction direction) const {
  if (direction == Direction::Ingress) return all_of(columns_.of_kind(ColumnEnd::Kind::HostSends));
  std::vector<Column> found;
  const ColumnRun hosts = columns_.of_kind(ColumnEnd::Kind::HostAnswers);
  for (Column column = hosts.begin; column < hosts.end; ++column) {
    const NodeId node = columns_.at(column).node;
    if (!node.is_valid()) continue;
    const auto addresses = columns_.addresses(column);
    const bool is_port =
        std::ranges::any_of(cluster_.at(node).pod_subnets, [&](const Cidr& subnet) {
          return std::ranges::find(addresses, subnet.first().plus(kManagementPort)) !=
                 addresses.end();
        });
    if (is_port) found.push_back(column);
  }
  return runs_of(std::move(found));
}

TwoRuns PeerSets::ovn_selected(const PeerKey& key) {
  TwoRuns result = TwoRuns::certain(pods_by_labels(key));
  const ColumnRuns traffic = ovn_host_traffic(key.direction);
  const NamespaceId stand_in = cluster_.find_namespace(kHostNetworkNamespace);
  const bool selects_hosts = key.namespaces.is_valid() && !key.pods.is_valid() &&
                             stand_in.is_valid() &&
                             matches(selectors_.at(key.namespaces), cluster_.at(stand_in).labels);
  if (selects_hosts) {
    result.yes = unite(result.yes, traffic);
    result.possible = unite(result.possible, traffic);
  }
  if (key.direction == Direction::Ingress || !key.pods.is_valid()) return result;

  // SEMANTICS OVN-13: as receivers, hosts are the nodes of the hostNetwork pods that are selected.
  TwoRuns nodes;
  const auto add = [](ColumnRuns& runs, const ColumnRuns& more) {
    runs.insert(runs.end(), more.begin(), more.end());
  };
  for (const PodId id : columns_.host_pods()) {
    const Pod& pod = cluster_.at(id);
    if (!labels_select(key, pod)) continue;
    if (pod.node.is_valid()) {
      add(nodes.yes, receivers_.at(pod.node));
      add(nodes.possible, receivers_[NodeId{}]);
    } else {
      const Column own = columns_.receiver(id);
      add(nodes.yes, {{own, columns_.narrowed(own, false) + 1}});  // with its views
      add(nodes.possible, all_of(columns_.of_kind(ColumnEnd::Kind::HostAnswers)));
    }
  }
  const ColumnRuns certainly = subtract(normal_form(std::move(nodes.yes)), traffic);
  const ColumnRuns perhaps = subtract(normal_form(std::move(nodes.possible)), traffic);
  result.yes = unite(result.yes, certainly);
  result.possible = unite(result.possible, unite(certainly, perhaps));
  return result;
}

}  // namespace meshproof
