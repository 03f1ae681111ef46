#include <algorithm>
#include <map>

#include "solver/engines/all_pairs/column_sums.h"
#include "solver/engines/all_pairs/pair_count.h"

namespace meshproof {
namespace {

/// A limited sender with no more receivers than this among the limited is followed to each.
constexpr std::size_t kFewPlaces = 1000;

/// The classes with one row.
struct RowGroup {
  std::vector<Column> classes;
  std::uint64_t pods = 0;
};
using RowGroups = std::map<RowId, RowGroup>;

ColumnList classes_of(const RowGroups& groups) {
  std::vector<Column> columns;
  for (const auto& [row, group] : groups) {
    columns.insert(columns.end(), group.classes.begin(), group.classes.end());
  }
  std::ranges::sort(columns);
  return ColumnList(std::move(columns));
}

/// What SEMANTICS U1 makes undecided.
struct Unmodelled {
  std::vector<bool> namespaces;  ///< every flow of their pods
  std::vector<bool> leaving;     ///< what their pods send off the pod network
};

Unmodelled find_unmodelled(const Cluster& cluster) {
  Unmodelled result;
  const std::size_t count = cluster.namespaces.size();
  result.namespaces.resize(count);
  result.leaving.resize(count);
  for (const UnmodelledObject& object : cluster.unmodelled) {
    if (object.only_denies) continue;
    auto& touched = object.key.kind == "EgressFirewall" ? result.leaving : result.namespaces;
    if (object.ns.is_valid()) {
      touched[object.ns.value] = true;
    } else {
      touched.assign(count, true);
    }
  }
  return result;
}

class RowCount {
 public:
  RowCount(PairTables& tables, const CountedPods& pods, Level level);

  [[nodiscard]] std::uint64_t pods_to_pods();
  [[nodiscard]] std::uint64_t with_hosts();

 private:
  void group_classes(const CountedPods& pods);
  void group_hosts(const CountedPods& pods);
  [[nodiscard]] bool is_unlimited(RowId row) const;
  [[nodiscard]] PortsId at(RowId row, Column column) {
    const TwoPorts ports = tables_.at(row, column);
    return level_ == Level::Open ? ports.open : ports.possible;
  }
  /// Whether pods get through to a receiver that says `a` of their ports, themselves allowed `b`.
  [[nodiscard]] bool meet(PortsId a, PortsId b) {
    PortSets& ports = tables_.ports;
    return ports.intersect(ports.intersect(a, b), tables_.carried) != PortSets::kNone;
  }
  [[nodiscard]] std::uint64_t of_unlimited(const RowGroups& groups, const Weights& others,
                                           const std::vector<bool>& is_other);
  [[nodiscard]] std::uint64_t of_limited();
  [[nodiscard]] std::uint64_t compared(const RowGroups& groups, Direction others,
                                       const ColumnList& limited);
  [[nodiscard]] std::uint64_t hosts_to_pods();
  [[nodiscard]] std::uint64_t own_node_hosts(PodId pod, RowId ingress);
  [[nodiscard]] std::uint64_t pods_to_hosts();
  [[nodiscard]] std::uint64_t class_to_hosts(Column column, RowId row);
  [[nodiscard]] bool gets_to_other_nodes(PortsId ports);
  [[nodiscard]] bool passes_firewall(NamespaceId ns, Column receiver) const;
  [[nodiscard]] bool is_firewalled(NamespaceId ns) const;

  PairTables& tables_;
  Level level_;
  Unmodelled unmodelled_;
  RowGroups ingress_;
  RowGroups egress_;
  std::vector<std::uint64_t> pods_;  ///< by class, those that everything is modelled of
  std::uint64_t modelled_pods_ = 0;
  std::uint64_t all_pods_ = 0;
  std::vector<PodId> hosts_;  ///< the same
  std::size_t all_hosts_ = 0;
  std::map<Column, PodId> one_host_;  ///< of each receiver
  PortsId machine_config_;
  Weights host_senders_;
  Weights host_receivers_;
  Weights unlimited_senders_;
  Weights unlimited_receivers_;
  std::vector<bool> is_unlimited_sender_;
  std::vector<bool> is_unlimited_receiver_;
};

RowCount::RowCount(PairTables& tables, const CountedPods& pods, Level level)
    : tables_(tables),
      level_(level),
      unmodelled_(find_unmodelled(tables.cluster)),
      pods_(pods.all.size()),
      machine_config_(tables.ports.intern(PortSet::of(Protocol::Tcp, kMachineConfigPorts))),
      host_senders_(tables.columns.size()),
      host_receivers_(tables.columns.size()),
      unlimited_senders_(tables.columns.size()),
      unlimited_receivers_(tables.columns.size()),
      is_unlimited_sender_(pods.all.size()),
      is_unlimited_receiver_(pods.all.size()) {
  group_classes(pods);
  group_hosts(pods);
}

void RowCount::group_classes(const CountedPods& pods) {
  all_pods_ = pods.on_network;
  for (Column column = 0; column < pods.all.size(); ++column) {
    const Pod& sample = tables_.cluster.at(tables_.columns.at(column).pod);
    if (pods.all[column] == 0 || unmodelled_.namespaces[sample.ns.value]) continue;
    modelled_pods_ += pods.all[column];
    if (tables_.is_mute(column)) continue;
    pods_[column] = pods.all[column];
    const RowId ingress = tables_.rows.of(column, Direction::Ingress);
    const RowId egress = tables_.rows.of(column, Direction::Egress);
    for (RowGroup* group : {&ingress_[ingress], &egress_[egress]}) {
      group->classes.push_back(column);
      group->pods += pods_[column];
    }
    is_unlimited_sender_[column] = is_unlimited(egress);
    is_unlimited_receiver_[column] = is_unlimited(ingress);
    if (is_unlimited_sender_[column]) unlimited_senders_.add(column, pods_[column]);
    if (is_unlimited_receiver_[column]) unlimited_receivers_.add(column, pods_[column]);
  }
  unlimited_senders_.sum_up();
  unlimited_receivers_.sum_up();
}

void RowCount::group_hosts(const CountedPods& pods) {
  all_hosts_ = pods.hosts.size();
  for (const PodId host : pods.hosts) {
    if (unmodelled_.namespaces[tables_.cluster.at(host).ns.value]) continue;
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
}

bool RowCount::is_unlimited(RowId row) const {
  return std::ranges::any_of(tables_.rows.at(row), [&](const RowTerm& term) {
    const bool is_everybody =
        term.peer == PeerSets::kEverybody ||
        (level_ == Level::Possible && term.peer == PeerSets::kPerhapsEverybody);
    return is_everybody && term.ports == PortSets::kAll;
  });
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
  std::uint64_t pairs = of_unlimited(ingress_, unlimited_senders_, is_unlimited_sender_);
  RowGroups limited = egress_;
  std::erase_if(limited, [&](const auto& entry) { return is_unlimited(entry.first); });
  pairs += of_unlimited(limited, unlimited_receivers_, is_unlimited_receiver_);
  if (level_ == Level::Possible) {
    const auto pairs_among = [](std::uint64_t pods) { return pods * pods - pods; };
    pairs += pairs_among(all_pods_) - pairs_among(modelled_pods_);
  }
  return pairs + of_limited();
}

/// Pairs of a pod with one of the rows and another pod that nothing limits in the other direction.
std::uint64_t RowCount::of_unlimited(const RowGroups& groups, const Weights& others,
                                     const std::vector<bool>& is_other) {
  std::uint64_t pairs = 0;
  for (const auto& [row, group] : groups) {
    const std::vector<RowPiece> pieces = pieces_of(tables_, row, level_);
    for (const RowPiece& piece : pieces) {
      if (meet(piece.ports, PortSets::kAll)) pairs += group.pods * others.of(piece.columns);
    }
    for (const Column column : group.classes) {
      // A pod and itself is no pair.
      if (is_other[column] && meet(at(row, column), PortSets::kAll)) pairs -= pods_[column];
    }
  }
  return pairs;
}

/// Pairs whose both ends are limited. Senders that may go to few places are followed there; the
/// rest, which have few rows, are looked for in what receivers admit.
std::uint64_t RowCount::of_limited() {
  RowGroups receivers = ingress_;
  RowGroups narrow = egress_;
  const auto is_open = [&](const auto& entry) { return is_unlimited(entry.first); };
  std::erase_if(receivers, is_open);
  std::erase_if(narrow, is_open);
  const ColumnList limited_receivers = classes_of(receivers);
  RowGroups broad;
  std::erase_if(narrow, [&](const auto& entry) {
    std::size_t places = 0;
    for (const RowPiece& piece : pieces_of(tables_, entry.first, level_)) {
      places += limited_receivers.in(piece.columns).size();
    }
    if (places <= kFewPlaces) return false;
    broad.insert(entry);
    return true;
  });
  return compared(narrow, Direction::Ingress, limited_receivers) +
         compared(receivers, Direction::Egress, classes_of(broad));
}

/// Each class of the groups with each limited class that its row names, by the other's own row.
std::uint64_t RowCount::compared(const RowGroups& groups, Direction others,
                                 const ColumnList& limited) {
  std::uint64_t pairs = 0;
  for (const auto& [row, group] : groups) {
    for (const RowPiece& piece : pieces_of(tables_, row, level_)) {
      RowId last;
      std::uint64_t pods = 0;  // of the group, that get through to or from the last row
      for (const Column other : limited.in(piece.columns)) {
        const RowId own = tables_.rows.of(other, others);
        if (own != last) {
          last = own;
          pods = 0;
          for (const Column column : group.classes) {
            if (meet(at(own, column), piece.ports)) pods += pods_[column];
          }
        }
        pairs += pods * pods_[other];
        const bool is_near = group.classes.front() <= other && other <= group.classes.back();
        const bool is_itself = is_near && std::ranges::binary_search(group.classes, other);
        if (is_itself && meet(at(own, other), piece.ports)) pairs -= pods_[other];
      }
    }
  }
  return pairs;
}

std::uint64_t RowCount::hosts_to_pods() {
  std::uint64_t pairs = 0;
  for (const auto& [row, group] : ingress_) {
    for (const RowPiece& piece : pieces_of(tables_, row, level_)) {
      pairs += group.pods * host_senders_.of(piece.columns);
    }
  }
  for (std::uint32_t i = 0; !hosts_.empty() && i < tables_.cluster.pods.size(); ++i) {
    const Pod& pod = tables_.cluster.pods[i];
    if (pod.host_network || pod.is_completed() || unmodelled_.namespaces[pod.ns.value]) continue;
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
  if (level_ == Level::Open) return hosts;
  const ColumnRun senders = tables_.columns.of_kind(ColumnEnd::Kind::HostSends);
  for (Column sender = senders.begin; sender < senders.end; ++sender) {
    const bool is_known = node.is_valid() && tables_.columns.at(sender).node.is_valid();
    if (!is_known) add(sender);
  }
  return hosts;
}

std::uint64_t RowCount::pods_to_hosts() {
  std::uint64_t pairs = 0;
  for (const auto& [row, group] : egress_) {
    const std::vector<RowPiece> pieces = pieces_of(tables_, row, level_);
    const bool is_whole = std::ranges::all_of(
        pieces, [&](const RowPiece& piece) { return gets_to_other_nodes(piece.ports); });
    for (const Column column : group.classes) {
      const NamespaceId ns = tables_.cluster.at(tables_.columns.at(column).pod).ns;
      if (unmodelled_.leaving[ns.value] && level_ == Level::Open) continue;
      if (!is_whole || is_firewalled(ns)) {
        pairs += class_to_hosts(column, row);
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
  const NamespaceId ns = cluster.at(tables_.columns.at(column).pod).ns;
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
