#include "solver/engines/all_pairs/peer_sets.h"

#include <algorithm>

/// What the dialects share. Each says in a file of its own what its selectors mean.
namespace meshproof {

std::uint64_t hash_of(const PeerKey& key) {
  std::uint64_t hash = static_cast<std::uint64_t>(key.kind) << 1U;
  hash = mixed(hash | static_cast<std::uint64_t>(key.direction), key.namespaces.value);
  hash = mixed(hash, (std::uint64_t{key.pods.value} << 32U) | key.ns.value);
  hash = mixed(hash, (std::uint64_t{key.block} << 32U) | key.base.value);
  return mixed(hash, (std::uint64_t{key.name} << 32U) | key.port);
}

PeerSets::PeerSets(const Cluster& cluster, const Columns& columns, const Vnids& vnids,
                   ColumnSets& sets)
    : cluster_(cluster),
      columns_(columns),
      vnids_(vnids),
      sets_(sets),
      selectors_(cluster, columns),
      addresses_(std::make_shared<const AddressIndex>(cluster, columns)),
      book_(std::make_shared<Book>()) {
  find_odd_networks();
  find_hosts();
  static_cast<void>(intern(PeerKey{.kind = PeerKey::Kind::Everybody}));
  static_cast<void>(intern(PeerKey{.kind = PeerKey::Kind::PerhapsEverybody}));
}

PeerSets::PeerSets(PeerSets& base, const Cluster& after, const Vnids& vnids,
                   const std::vector<NamespaceId>& changed)
    : cluster_(after),
      columns_(base.columns_),
      vnids_(vnids),
      sets_(base.sets_),
      selectors_(base.selectors_, after, changed),
      addresses_(base.addresses_),
      book_(base.book_),
      sets_of_(base.sets_of_),
      unknown_networks_(base.unknown_networks_),
      shared_networks_(base.shared_networks_),
      global_networks_(base.global_networks_),
      odd_networks_(base.odd_networks_),
      receivers_(base.receivers_) {
  for (const SelectorId selector : selectors_.changed()) {
    const auto peers = book_->by_namespaces.find(selector);
    if (peers == book_->by_namespaces.end()) continue;
    for (const PeerId id : peers->second) {
      const TwoRuns runs = find(book_->keys.at(id.value));
      settle(id, {sets_.intern(runs.yes), sets_.intern(runs.possible)});
    }
  }
}

/// Notes what a peer means now, and what follows for those that are narrowed to a port.
void PeerSets::settle(PeerId id, TwoSets sets) {
  if (id.value >= sets_of_.size() || sets_of_[id.value] == sets) return;
  if (!sets_of_[id.value].yes.is_valid()) return;  // interned by another state
  sets_of_[id.value] = sets;
  changed_.push_back(id);
  const auto narrower = book_->by_base.find(id);
  if (narrower == book_->by_base.end()) return;
  for (const PeerId each : narrower->second) {
    settle(each, narrowed(id, *book_->named[each.value]));
  }
}

std::vector<PeerId> PeerSets::all() const {
  std::vector<PeerId> result;
  for (std::uint32_t i = 0; i < sets_of_.size(); ++i) {
    if (sets_of_[i].yes.is_valid()) result.push_back({i});
  }
  return result;
}

PeerId PeerSets::intern(const PeerKey& key) {
  const auto [number, is_new] = book_->keys.intern(key);
  const PeerId id{number};
  if (is_new) {
    book_->named.push_back(nullptr);
    if (key.namespaces.is_valid()) book_->by_namespaces[key.namespaces].push_back(id);
    if (key.base.is_valid()) book_->by_base[key.base].push_back(id);
  }
  if (number >= sets_of_.size()) sets_of_.resize(number + 1);
  if (sets_of_[number].yes.is_valid() || key.kind == PeerKey::Kind::PortName) return id;
  const TwoRuns runs = find(key);
  sets_of_[number] = {sets_.intern(runs.yes), sets_.intern(runs.possible)};
  return id;
}

PeerKey PeerSets::key_of(const PolicyPeer& peer, Direction direction) {
  PeerKey key;
  key.direction = direction;
  if (peer.block) {
    key.kind = PeerKey::Kind::Block;
    const auto [entry, is_new] = book_->block_ids.try_emplace(
        {peer.block->cidr, peer.block->except}, static_cast<std::uint32_t>(book_->blocks.size()));
    if (is_new) book_->blocks.push_back(*peer.block);
    key.block = entry->second;
    key.direction = Direction::Ingress;  // the columns of the two directions are different
    return key;
  }
  key.kind = PeerKey::Kind::Selectors;
  if (peer.namespaces) key.namespaces = selectors_.intern(*peer.namespaces);
  if (peer.pods) key.pods = selectors_.intern(*peer.pods);
  return key;
}

PeerId PeerSets::same_network(NamespaceId ns) {
  return intern(PeerKey{.kind = PeerKey::Kind::SameNetwork, .ns = ns});
}

const PeerSets::Book::PortName& PeerSets::port_name(const PolicyPort& port) {
  const auto id = static_cast<std::uint32_t>(book_->port_names.size());
  const auto [entry, is_new] = book_->port_names.try_emplace({port.name, port.protocol});
  Book::PortName& name = entry->second;
  if (!is_new) return name;
  name.id = id;
  const ColumnRun pods = columns_.of_kind(ColumnEnd::Kind::Pod);
  for (Column column = pods.begin; column < pods.end; ++column) {
    for (const ContainerPort& each : cluster_.at(columns_.at(column).pod).ports) {
      if (each.name != port.name || each.protocol != port.protocol) continue;
      name.classes[each.port].push_back({column, column + 1});
    }
  }
  for (auto& [number, runs] : name.classes) runs = normal_form(std::move(runs));
  return name;
}

TwoSets PeerSets::narrowed(PeerId base, const ColumnRuns& classes) {
  const TwoSets whole = at(base);
  return {sets_.intern(intersect(sets_.runs(whole.yes), classes)),
          sets_.intern(intersect(sets_.runs(whole.possible), classes))};
}

std::vector<PeerSets::NamedPeer> PeerSets::with_port(PeerId base, const PolicyPort& port) {
  std::vector<NamedPeer> result;
  const Book::PortName& name = port_name(port);
  for (const auto& [number, classes] : name.classes) {
    const PeerId id = intern(
        PeerKey{.kind = PeerKey::Kind::PortName, .base = base, .name = name.id, .port = number});
    book_->named[id.value] = &classes;
    if (!sets_of_[id.value].yes.is_valid()) sets_of_[id.value] = narrowed(base, classes);
    result.push_back({id, number});
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
      const IpBlock& block = book_->blocks[key.block];
      const bool is_skipped =  // SEMANTICS SDN-P11
          !block.cidr.first().is_v4() && cluster_.network.dialect == Dialect::OpenShiftSdn;
      return is_skipped ? TwoRuns{} : addresses_->inside(block);
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
