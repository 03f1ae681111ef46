#include <algorithm>
#include <map>

#include "solver/engines/all_pairs/column_sums.h"
#include "solver/engines/all_pairs/limited_pairs.h"
#include "solver/engines/all_pairs/pair_count.h"
#include "solver/engines/all_pairs/row_groups.h"

namespace meshproof {
namespace {

class RowCount {
 public:
  RowCount(PairTables& tables, const CountedPods& pods, Level level);

  [[nodiscard]] std::uint64_t pods_to_pods();
  [[nodiscard]] std::uint64_t with_hosts();

 private:
  void group_hosts(const CountedPods& pods);
  [[nodiscard]] PortsId at(RowId row, Column column) {
    const TwoPorts ports = tables_.at(row, column);
    return level_ == Level::Open ? ports.open : ports.possible;
  }
  /// Whether pods get through to a receiver that says `a` of their ports, themselves allowed `b`.
  [[nodiscard]] bool meet(PortsId a, PortsId b) {
    PortSets& ports = tables_.ports;
    return ports.intersect(ports.intersect(a, b), tables_.carried) != PortSets::kNone;
  }
  [[nodiscard]] std::uint64_t of_unlimited(const RowGroup& group, const Weights& others,
                                           const std::vector<bool>& is_limited);
  [[nodiscard]] std::uint64_t hosts_to_pods();
  [[nodiscard]] std::uint64_t own_node_hosts(PodId pod, RowId ingress);
  [[nodiscard]] std::uint64_t pods_to_hosts();
  [[nodiscard]] std::uint64_t class_to_hosts(Column column, RowId row);
  [[nodiscard]] bool gets_to_other_nodes(PortsId ports);
  [[nodiscard]] bool passes_firewall(NamespaceId ns, Column receiver) const;
  [[nodiscard]] bool is_firewalled(NamespaceId ns) const;

  PairTables& tables_;
  Level level_;
  std::uint64_t modelled_pods_ = 0;
  std::uint64_t all_pods_ = 0;
  std::vector<std::uint64_t> pods_;  ///< by class, those that everything is modelled of
  RowGroups ingress_;
  RowGroups egress_;
  std::vector<PodId> hosts_;  ///< the same
  std::size_t all_hosts_ = 0;
  std::map<Column, PodId> one_host_;  ///< of each receiver
  PortsId machine_config_;
  Weights host_senders_;
  Weights host_receivers_;
  std::vector<Column> senders_;       ///< hosts that count
  std::vector<Column> lost_senders_;  ///< of them those whose node is not known

  [[nodiscard]] std::vector<std::uint64_t> modelled(const CountedPods& pods);
};

RowCount::RowCount(PairTables& tables, const CountedPods& pods, Level level)
    : tables_(tables),
      level_(level),
      all_pods_(pods.on_network),
      pods_(modelled(pods)),
      ingress_(tables, Direction::Ingress, pods_, level),
      egress_(tables, Direction::Egress, pods_, level),
      machine_config_(tables.ports.intern(PortSet::of(Protocol::Tcp, kMachineConfigPorts))),
      host_senders_(tables.columns.size()),
      host_receivers_(tables.columns.size()) {
  group_hosts(pods);
}

std::vector<std::uint64_t> RowCount::modelled(const CountedPods& pods) {
  std::vector<std::uint64_t> result = pods.all;
  for (Column column = 0; column < result.size(); ++column) {
    const ColumnEnd& end = tables_.columns.at(column);
    if (tables_.unmodelled.namespaces[end.ns.value]) result[column] = 0;
    modelled_pods_ += result[column];
    if (tables_.is_mute(column)) result[column] = 0;
  }
  return result;
}

void RowCount::group_hosts(const CountedPods& pods) {
  all_hosts_ = pods.hosts.size();
  for (const PodId host : pods.hosts) {
    if (tables_.unmodelled.namespaces[tables_.cluster.at(host).ns.value]) continue;
    hosts_.push_back(host);
    const Column sender = tables_.columns.sender(host);
    const Column receiver = tables_.columns.receiver(host);
    if (!tables_.is_mute(sender)) host_senders_.add(sender, 1);
    if (tables_.is_mute(receiver)) continue;
    host_receivers_.add(receiver, 1);
    one_host_.emplace(receiver, host);
  }
  host_senders_.sum_up();
  host_receivers_.sum_up();
  const ColumnRun senders = tables_.columns.of_kind(ColumnEnd::Kind::HostSends);
  for (Column sender = senders.begin; sender < senders.end; ++sender) {
    if (host_senders_.at(sender) == 0) continue;
    senders_.push_back(sender);
    if (!tables_.columns.at(sender).node.is_valid()) lost_senders_.push_back(sender);
  }
}

std::uint64_t RowCount::with_hosts() {
  std::uint64_t pairs = hosts_to_pods() + pods_to_hosts();
  // What an unmodelled object may decide, whatever else is known.
  if (level_ == Level::Possible) {
    pairs += 2 * (all_pods_ * all_hosts_ - modelled_pods_ * hosts_.size());
  }
  return pairs;
}

std::uint64_t RowCount::pods_to_pods() {
  const auto unlimited = [&](const RowGroups& groups) {
    Weights weights(tables_.columns.size());
    for (Column column = 0; column < pods_.size(); ++column) {
      if (!groups.is_limited()[column]) weights.add(column, pods_[column]);
    }
    weights.sum_up();
    return weights;
  };
  std::uint64_t pairs = 0;
  const Weights senders = unlimited(egress_);
  for (const RowGroup& group : ingress_.all()) {
    pairs += of_unlimited(group, senders, egress_.is_limited());
  }
  const Weights receivers = unlimited(ingress_);
  for (const RowGroup& group : egress_.all()) {
    if (group.is_limited) pairs += of_unlimited(group, receivers, ingress_.is_limited());
  }
  if (level_ == Level::Possible) {
    const auto pairs_among = [](std::uint64_t pods) { return pods * pods - pods; };
    pairs += pairs_among(all_pods_) - pairs_among(modelled_pods_);
  }
  return pairs + LimitedPairs(tables_, level_, pods_, ingress_, egress_).count();
}

/// Pairs of a pod of the group and another pod that nothing limits in the other direction.
std::uint64_t RowCount::of_unlimited(const RowGroup& group, const Weights& others,
                                     const std::vector<bool>& is_limited) {
  std::uint64_t pairs = 0;
  const RowPieces pieces = pieces_of(tables_, tables_.rows.at(group.row), level_,
                                     tables_.columns.of_kind(ColumnEnd::Kind::Pod));
  for (const RowPiece& piece : pieces) {
    if (meet(piece.ports, PortSets::kAll)) pairs += group.pods * others.of(piece.columns);
  }
  PieceCursor cursor(pieces);
  for (const Column column : group.classes) {
    // A pod and itself is no pair.
    if (!is_limited[column] && meet(cursor.at(column), PortSets::kAll)) pairs -= pods_[column];
  }
  return pairs;
}

std::uint64_t RowCount::hosts_to_pods() {
  std::uint64_t pairs = 0;
  for (const RowGroup& group : ingress_.all()) {
    for (const RowPiece& piece : pieces_of(tables_, tables_.rows.at(group.row), level_,
                                           tables_.columns.of_kind(ColumnEnd::Kind::HostSends))) {
      pairs += group.pods * host_senders_.of(piece.columns);
    }
  }
  for (std::uint32_t i = 0; !hosts_.empty() && i < tables_.cluster.pods.size(); ++i) {
    const Pod& pod = tables_.cluster.pods[i];
    if (pod.host_network || pod.is_completed() || tables_.unmodelled.namespaces[pod.ns.value])
      continue;
    // SEMANTICS SDN-P14: there not even what the own node sends is sure.
    const bool is_undefined = tables_.cluster.network.dialect == Dialect::OpenShiftSdn &&
                              tables_.vnids.has_undefined_policies(pod.ns);
    const Column column = tables_.columns.of(PodId{i});
    if (is_undefined || tables_.is_mute(column)) continue;
    pairs += own_node_hosts({i}, tables_.rows.of(column, Direction::Ingress));
  }
  return pairs;
}

/// SEMANTICS H2: the pods on the own node's network that no rule admits.
std::uint64_t RowCount::own_node_hosts(PodId id, RowId ingress) {
  const NodeId node = tables_.cluster.at(id).node;
  std::uint64_t hosts = 0;
  const auto add = [&](Column sender) {
    if (host_senders_.at(sender) > 0 && at(ingress, sender) == PortSets::kNone) {
      hosts += host_senders_.at(sender);
    }
  };
  if (node.is_valid()) add(tables_.columns.sender(node));
  if (level_ == Level::Possible) {
    for (const Column sender : node.is_valid() ? lost_senders_ : senders_) add(sender);
  }
  return hosts;
}

std::uint64_t RowCount::pods_to_hosts() {
  std::uint64_t pairs = 0;
  for (const RowGroup& group : egress_.all()) {
    const RowPieces pieces = pieces_of(tables_, tables_.rows.at(group.row), level_,
                                       tables_.columns.of_kind(ColumnEnd::Kind::HostAnswers));
    const bool is_whole = std::ranges::all_of(
        pieces, [&](const RowPiece& piece) { return gets_to_other_nodes(piece.ports); });
    for (const Column column : group.classes) {
      const NamespaceId ns = tables_.columns.at(column).ns;
      if (tables_.unmodelled.leaving[ns.value] && level_ == Level::Open) continue;
      if (!is_whole || is_firewalled(ns)) {
        pairs += class_to_hosts(column, group.row);
        continue;
      }
      for (const RowPiece& piece : pieces) {
        pairs += pods_[column] * host_receivers_.of(piece.columns);
      }
    }
  }
  return pairs;
}

/// SEMANTICS SDN-G5: something is left of the ports where the node is another one.
bool RowCount::gets_to_other_nodes(PortsId ports) {
  if (tables_.cluster.network.dialect != Dialect::OpenShiftSdn) return true;
  return meet(ports, tables_.ports.subtract(PortSets::kAll, machine_config_));
}

bool RowCount::passes_firewall(NamespaceId ns, Column receiver) const {
  const Network& network = tables_.cluster.network;
  if (network.dialect != Dialect::OpenShiftSdn || network.mode == SdnMode::Subnet) return true;
  const Certainty passes = tables_.firewalls.between(ns, receiver);
  return passes == Certainty::Yes || (passes == Certainty::Maybe && level_ == Level::Possible);
}

bool RowCount::is_firewalled(NamespaceId ns) const {
  return !tables_.cluster.egress_policies.empty() &&
         !std::ranges::all_of(one_host_,
                              [&](const auto& each) { return passes_firewall(ns, each.first); });
}

/// Node by node; pods are told apart only where the answer hangs on their own.
std::uint64_t RowCount::class_to_hosts(Column column, RowId row) {
  const Cluster& cluster = tables_.cluster;
  const NamespaceId ns = tables_.columns.at(column).ns;
  std::uint64_t pairs = 0;
  for (const auto& [receiver, host] : one_host_) {
    const std::uint64_t hosts = host_receivers_.at(receiver);
    if (passes_firewall(ns, receiver) && gets_to_other_nodes(at(row, receiver))) {
      pairs += pods_[column] * hosts;
      continue;
    }
    const NodeId node = tables_.columns.at(receiver).node;
    for (const PodId pod : cluster.at(ns).pods) {
      const Pod& each = cluster.at(pod);
      if (each.host_network || each.is_completed() || tables_.columns.of(pod) != column) continue;
      if (node.is_valid() && each.node.is_valid() && node != each.node) continue;
      const TwoPorts ports = tables_.between(PairEnd::of(pod), PairEnd::of(host));
      const PortsId found = level_ == Level::Open ? ports.open : ports.possible;
      if (found != PortSets::kNone) pairs += hosts;
    }
  }
  return pairs;
}

}  // namespace

RowCounts count_by_rows(PairTables& tables, const CountedPods& pods, Level level,
                        std::optional<std::uint64_t> known_pod_pairs) {
  RowCount count(tables, pods, level);
  return {known_pod_pairs ? *known_pod_pairs : count.pods_to_pods(),
          pods.hosts.empty() ? 0 : count.with_hosts()};
}

}  // namespace meshproof
