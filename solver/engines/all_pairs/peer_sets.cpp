#include "solver/engines/all_pairs/peer_sets.h"

#include <algorithm>

/// What the dialects share. Each says in a file of its own what its selectors mean.
namespace meshproof {

PeerSets::PeerSets(const Cluster& cluster, const Columns& columns, const Vnids& vnids,
                   ColumnSets& sets)
    : cluster_(cluster),
      columns_(columns),
      vnids_(vnids),
      sets_(sets),
      selectors_(cluster, columns),
      addresses_(cluster, columns) {
  find_odd_networks();
  find_hosts();
  static_cast<void>(intern(PeerKey{.kind = PeerKey::Kind::Everybody}));
  static_cast<void>(intern(PeerKey{.kind = PeerKey::Kind::PerhapsEverybody}));
}

PeerId PeerSets::intern(const PeerKey& key) {
  const auto [entry, is_new] = ids_.try_emplace(key, static_cast<std::uint32_t>(keys_.size()));
  if (!is_new) return {entry->second};
  const PeerId id{entry->second};
  const TwoRuns runs = find(key);
  keys_.push_back(key);
  sets_of_.push_back({sets_.intern(runs.yes), sets_.intern(runs.possible)});
  return id;
}

PeerId PeerSets::intern(const PolicyPeer& peer, NamespaceId policy_ns, Direction direction) {
  PeerKey key;
  key.direction = direction;
  if (peer.block) {
    key.kind = PeerKey::Kind::Block;
    const auto [entry, is_new] = block_ids_.try_emplace({peer.block->cidr, peer.block->except},
                                                        static_cast<std::uint32_t>(blocks_.size()));
    if (is_new) blocks_.push_back(*peer.block);
    key.block = entry->second;
    key.direction = Direction::Ingress;  // the columns of the two directions are different
    return intern(key);
  }
  key.kind = PeerKey::Kind::Selectors;
  if (peer.namespaces) key.namespaces = selectors_.intern(*peer.namespaces);
  if (peer.pods) key.pods = selectors_.intern(*peer.pods);
  if (!peer.namespaces) key.ns = policy_ns;
  return intern(key);
}

PeerId PeerSets::same_network(NamespaceId ns) {
  return intern(PeerKey{.kind = PeerKey::Kind::SameNetwork, .ns = ns});
}

std::vector<PeerSets::NamedPeer> PeerSets::with_port(PeerId base, const PolicyPort& port) {
  const auto [entry, is_new] = port_names_.try_emplace({port.name, port.protocol});
  const ColumnRun pods = columns_.of_kind(ColumnEnd::Kind::Pod);
  for (Column column = pods.begin; is_new && column < pods.end; ++column) {
    for (const ContainerPort& each : cluster_.at(columns_.at(column).pod).ports) {
      if (each.name != port.name || each.protocol != port.protocol) continue;
      entry->second[each.port].push_back({column, column + 1});
    }
  }
  std::vector<NamedPeer> result;
  for (auto& [number, runs] : entry->second) {
    if (is_new) runs = normal_form(std::move(runs));
    PeerKey key{.kind = PeerKey::Kind::PortName, .base = base};
    key.block = static_cast<std::uint32_t>(std::distance(port_names_.begin(), entry));
    key.port = number;
    const TwoSets whole = at(base);
    const auto [known, is_first] = ids_.try_emplace(key, static_cast<std::uint32_t>(keys_.size()));
    if (is_first) {
      keys_.push_back(key);
      sets_of_.push_back({sets_.intern(intersect(sets_.runs(whole.yes), runs)),
                          sets_.intern(intersect(sets_.runs(whole.possible), runs))});
    }
    result.push_back({{known->second}, number});
  }
  return result;
}

TwoRuns PeerSets::find(const PeerKey& key) {
  const ColumnRuns everybody(columns_.size() > 0 ? 1 : 0, ColumnRun{0, columns_.size()});
  switch (key.kind) {
    case PeerKey::Kind::Everybody:
      return TwoRuns::certain(everybody);
    case PeerKey::Kind::PerhapsEverybody:
      return {{}, everybody};
    case PeerKey::Kind::Block: {
      const IpBlock& block = blocks_[key.block];
      const bool is_skipped =  // SEMANTICS SDN-P11
          !block.cidr.first().is_v4() && cluster_.network.dialect == Dialect::OpenShiftSdn;
      return is_skipped ? TwoRuns{} : addresses_.inside(block);
    }
    case PeerKey::Kind::SameNetwork:
      return on_network_of(key.ns);
    case PeerKey::Kind::Selectors:
      return selected(key);
    case PeerKey::Kind::PortName:
      break;  // made by with_port()
  }
  return {};
}

TwoRuns PeerSets::selected(const PeerKey& key) {
  if (!key.namespaces.is_valid() && !key.pods.is_valid()) return {};
  switch (cluster_.network.dialect) {
    case Dialect::Kubernetes:
      return TwoRuns::certain(pods_by_labels(key));  // SEMANTICS K-2
    case Dialect::OpenShiftSdn:
      return sdn_selected(key);
    case Dialect::OvnKubernetes:
      return ovn_selected(key);
  }
  return {};
}

/// SEMANTICS P6, P7.
ColumnRuns PeerSets::pods_by_labels(const PeerKey& key) {
  if (!key.namespaces.is_valid()) {
    std::vector<Column> found;
    const ColumnRun own = columns_.of(key.ns);
    const LabelSelector& selector = selectors_.at(key.pods);
    for (Column column = own.begin; column < own.end; ++column) {
      if (matches(selector, cluster_.at(columns_.at(column).pod).labels)) found.push_back(column);
    }
    return runs_of(std::move(found));
  }
  ColumnRuns classes = selectors_.classes_of(selectors_.namespaces(key.namespaces));
  if (!key.pods.is_valid() || selectors_.at(key.pods).matches_everything()) return classes;
  return intersect(classes, selectors_.pods(key.pods));
}

bool PeerSets::labels_select(const PeerKey& key, const Pod& pod) const {
  const bool is_of_namespace =
      key.namespaces.is_valid() ? matches(selectors_.at(key.namespaces), cluster_.at(pod.ns).labels)
                                : pod.ns == key.ns;
  return is_of_namespace && (!key.pods.is_valid() || matches(selectors_.at(key.pods), pod.labels));
}

}  // namespace meshproof
