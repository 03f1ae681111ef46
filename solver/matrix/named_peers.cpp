#include "solver/matrix/named_peers.h"

namespace meshproof {
namespace {

std::size_t index_of(Direction direction) { return static_cast<std::size_t>(direction); }

}  // namespace

NamedPeers::NamedPeers(PairTables& tables) : tables_(tables) {
  for (auto& peers : peers_) peers.resize(tables.cluster.namespaces.size());
  for (const NetworkPolicy& policy : tables.cluster.policies) add(policy);
  find_common_sets();
}

void NamedPeers::add(const NetworkPolicy& policy) {
  for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
    for (const PolicyRule& rule : policy.rules(direction)) {
      for (const PolicyPeer& peer : rule.peers) {
        if (!peer.block && !peer.namespaces && !peer.pods) continue;
        PeerKey key = tables_.peers.key_of(peer, direction);
        if (key.is_of_namespace()) key.ns = policy.ns;
        peers_.at(index_of(direction))[policy.ns.value].push_back(tables_.peers.intern(key));
      }
    }
  }
}

/// With the OpenShift SDN: who speaks IPv6 alone (SEMANTICS SDN-G6), and whose network id is 0 or
/// not known (SDN-M2, SDN-M4).
void NamedPeers::find_common_sets() {
  const Network& network = tables_.cluster.network;
  if (network.dialect != Dialect::OpenShiftSdn) return;
  std::vector<Column> mute;
  for (Column column = 0; column < tables_.columns.size(); ++column) {
    if (tables_.is_mute(column)) mute.push_back(column);
  }
  common_.push_back(tables_.sets.intern(runs_of(std::move(mute))));
  if (network.mode != SdnMode::Multitenant) return;
  ColumnRuns global;
  ColumnRuns unknown;
  for (const NamespaceId ns : tables_.columns.namespaces()) {
    if (tables_.vnids.is_global(ns)) global.push_back(tables_.columns.of(ns));
    if (!tables_.vnids.is_known(ns)) unknown.push_back(tables_.columns.of(ns));
  }
  common_.push_back(tables_.sets.intern(normal_form(std::move(global))));
  common_.push_back(tables_.sets.intern(normal_form(std::move(unknown))));
}

std::vector<ColumnSetId> NamedPeers::sets_of(const MatrixPlace& place, Direction direction) const {
  std::vector<ColumnSetId> sets = common_;
  const auto add = [&](PeerId peer) {
    sets.push_back(tables_.peers.at(peer).yes);
    sets.push_back(tables_.peers.at(peer).possible);
  };
  if (!place.is_project()) return sets;
  for (const PeerId peer : peers_.at(index_of(direction))[place.ns.value]) add(peer);
  for (const MatrixUnit& unit : place.units) {
    const RowId row = direction == Direction::Ingress ? unit.ingress : unit.egress;
    if (row == tables_.rows.open()) continue;
    for (const RowTerm& term : tables_.rows.at(row)) add(term.peer);
  }
  return sets;
}

}  // namespace meshproof
