#include "solver/kept_rules.h"

#include <algorithm>

#include "solver/engines/address_atoms.h"
#include "solver/evaluate.h"

namespace meshproof {
namespace {

bool holds_any(const IpBlock& block, const std::vector<IpAddress>& addresses) {
  return std::ranges::any_of(addresses,
                             [&](const IpAddress& address) { return covers(block, address); });
}

}  // namespace

bool has_labels(const Cluster& cluster, const Labels& labels, const LabelPairs& wanted) {
  return std::ranges::all_of(wanted, [&](const auto& pair) {
    const Symbol value = labels.find(cluster.symbols.find(pair.first));
    return value.is_valid() && cluster.symbols.text(value) == pair.second;
  });
}

bool is_subject(const Cluster& cluster, const KeptRule& rule, PodId pod) {
  const Pod& one = cluster.at(pod);
  return !one.host_network && cluster.at(one.ns).name == rule.ns &&
         has_labels(cluster, one.labels, rule.pods);
}

bool is_peer(const Cluster& cluster, const KeptRule& rule, PodId pod) {
  const Pod& one = cluster.at(pod);
  if (one.host_network) return one.node.is_valid() && is_peer(cluster, rule, one.node);
  if (rule.peer.block) {
    return rule.peer.block_holds_pods && holds_any(*rule.peer.block, one.addresses);
  }
  return has_labels(cluster, cluster.at(one.ns).labels, rule.peer.projects) &&
         has_labels(cluster, one.labels, rule.peer.pods);
}

bool is_peer(const Cluster& cluster, const KeptRule& rule, NodeId node) {
  return rule.peer.block && holds_any(*rule.peer.block, sending_addresses(cluster, node));
}

}  // namespace meshproof
