#include "solver/engines/all_pairs/address_index.h"

#include <algorithm>

#include "solver/engines/all_pairs/peer_sets.h"

namespace meshproof {
namespace {

bool is_v4(const Cidr& cidr) { return cidr.first().is_v4(); }

bool is_inside(const IpBlock& block, const IpAddress& address) {
  const auto holds = [&](const Cidr& cidr) { return cidr.contains(address); };
  return holds(block.cidr) && std::ranges::none_of(block.except, holds);
}

bool meet(const Cidr& a, const Cidr& b) { return a.contains(b.first()) || b.contains(a.first()); }

}  // namespace

AddressIndex::AddressIndex(const Cluster& cluster, const Columns& columns)
    : cluster_(cluster), columns_(columns) {
  const Network& network = cluster.network;
  const bool pods_count = network.dialect != Dialect::Kubernetes || network.ip_block_matches_pods;
  std::vector<Column> pods_without;
  for (Column column = 0; column < columns.size(); ++column) {
    const bool is_pod = columns.at(column).kind == ColumnEnd::Kind::Pod;
    if (is_pod && !pods_count) continue;
    bool has_address = false;
    columns.for_each_address(column, [&](const IpAddress& address) {
      known_.emplace_back(address, column);
      has_address = true;
    });
    if (!has_address) (is_pod ? pods_without : hosts_without_).push_back(column);
  }
  std::ranges::sort(known_);
  pods_without_ = runs_of(std::move(pods_without));
}

/// SEMANTICS H4: what a node sends to pods comes from no other node's subnet, and from no node's
/// own address.
bool AddressIndex::is_somebody_elses(const Cidr& block, NodeId node) const {
  for (std::uint32_t i = 0; i < cluster_.nodes.size(); ++i) {
    const Node& other = cluster_.nodes[i];
    const bool in_subnet = i != node.value && std::ranges::any_of(other.pod_subnets, [&](auto& s) {
                             return s.contains(block);
                           });
    if (in_subnet) return true;
    if (block.prefix() != block.first().width()) continue;
    if (std::ranges::find(other.addresses, block.first()) != other.addresses.end()) return true;
  }
  return false;
}

/// SEMANTICS P9: for one that has no known address, by where it may lie.
Certainty AddressIndex::may_hold(const IpBlock& block, Column column) const {
  const ColumnEnd& end = columns_.at(column);
  const bool is_sdn_host =
      end.kind == ColumnEnd::Kind::HostSends && cluster_.network.dialect != Dialect::Kubernetes;
  if (end.node.is_valid() && is_somebody_elses(block.cidr, end.node)) return Certainty::No;
  std::vector<Cidr> where;
  if (end.kind == ColumnEnd::Kind::Pod || is_sdn_host) where = cluster_.network.cluster_networks;
  if (where.empty()) {
    if (!is_v4(block.cidr)) return Certainty::Maybe;
    where.push_back(Cidr::of(IpAddress::v4(0), 0));
  }
  bool all = true;
  bool some = false;
  for (const Cidr& network : where) {
    if (where.size() > 1 && is_v4(network) != is_v4(block.cidr)) continue;
    const bool cut = std::ranges::any_of(block.except,
                                         [&](const Cidr& except) { return meet(except, network); });
    const bool swallowed = std::ranges::any_of(
        block.except, [&](const Cidr& except) { return except.contains(network); });
    all = all && block.cidr.contains(network) && !cut;
    some = some || (meet(block.cidr, network) && !swallowed);
  }
  if (!some) return Certainty::No;
  return all ? Certainty::Yes : Certainty::Maybe;
}

Certainty AddressIndex::holds(const IpBlock& block, Column column) const {
  const std::vector<IpAddress> addresses = columns_.addresses(column);
  if (addresses.empty()) return may_hold(block, column);
  return std::ranges::any_of(addresses, [&](auto& each) { return is_inside(block, each); })
             ? Certainty::Yes
             : Certainty::No;
}

TwoRuns AddressIndex::inside(const IpBlock& block) const {
  std::vector<Column> yes;
  const IpAddress last = block.cidr.last();
  for (auto at = std::ranges::lower_bound(known_, std::pair{block.cidr.first(), Column{0}});
       at != known_.end() && at->first <= last; ++at) {
    if (is_inside(block, at->first)) yes.push_back(at->second);
  }
  TwoRuns result = TwoRuns::certain(runs_of(std::move(yes)));
  const auto add = [&](const ColumnRuns& runs, Certainty holds) {
    if (holds != Certainty::No) result.possible = unite(result.possible, runs);
    if (holds == Certainty::Yes) result.yes = unite(result.yes, runs);
  };
  if (!pods_without_.empty()) add(pods_without_, may_hold(block, pods_without_.front().begin));
  for (const Column column : hosts_without_) {
    add({{column, column + 1}}, may_hold(block, column));
  }
  return result;
}

}  // namespace meshproof
