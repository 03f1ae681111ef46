#include "solver/engines/all_pairs/rows.h"

#include <algorithm>
#include <array>
#include <set>

namespace meshproof {
namespace {

constexpr std::array kDirections{Direction::Ingress, Direction::Egress};
constexpr std::uint16_t kLastPort = 65535;

std::size_t index_of(Direction direction) { return static_cast<std::size_t>(direction); }

bool has_number(const std::vector<PolicyPort>& ports, Protocol protocol) {
  return std::ranges::any_of(ports, [&](const PolicyPort& port) {
    return port.range.has_value() && port.protocol == protocol;
  });
}

/// SEMANTICS P10, SDN-P1, OVN-4: of one entry that needs nobody to give a name.
PortSet ports_of(const PolicyPort& port, const std::vector<PolicyPort>& all, Dialect dialect) {
  if (port.range) return PortSet::of(port.protocol, *port.range);
  const bool counts =
      dialect == Dialect::OvnKubernetes ? !has_number(all, port.protocol) : port.name.empty();
  return counts ? PortSet::of(port.protocol, {0, kLastPort}) : PortSet::none();
}

}  // namespace

Rows::Rows(const Cluster& cluster, const Columns& columns, const Vnids& vnids, PeerSets& peers,
           PortSets& ports)
    : cluster_(cluster),
      columns_(columns),
      vnids_(vnids),
      peers_(peers),
      ports_(ports),
      limit_(cluster, columns, peers.selectors()),
      rows_(std::make_shared<HashConsedLists<RowTerm>>()),
      open_(intern({{PeerSets::kEverybody, PortSets::kAll}})),
      terms_(cluster.policies.size() * 2) {
  const Column classes = columns.of_kind(ColumnEnd::Kind::Pod).end;
  for (const std::size_t direction : {0U, 1U}) {
    by_class_[direction].resize(classes);
    isolated_[direction].resize(classes);
  }
  for (const NamespaceId ns : columns.namespaces()) find(ns);
}

Rows::Rows(const Rows& base, const Cluster& after, const Vnids& vnids, PeerSets& peers,
           const std::vector<NamespaceId>& changed)
    : cluster_(after),
      columns_(base.columns_),
      vnids_(vnids),
      peers_(peers),
      ports_(base.ports_),
      limit_(base.limit_, after, peers.selectors()),
      rows_(base.rows_),
      open_(base.open_),
      terms_(after.policies.size() * 2),
      by_class_(base.by_class_),
      isolated_(base.isolated_) {
  std::set<NamespaceId> namespaces(changed.begin(), changed.end());
  // SEMANTICS SDN-P14: whether policies are defined hangs on those of others with the same id.
  for (const NamespaceId ns : changed) {
    if (!vnids.is_shared(ns)) continue;
    const auto& others = vnids.namespaces(vnids.at(ns));
    namespaces.insert(others.begin(), others.end());
  }
  // SEMANTICS SDN-P8: what a selector selects counts towards the size of a policy.
  for (const SelectorId selector : peers.selectors().changed()) {
    if (selector.value >= base.users_.size()) continue;
    const auto& users = base.users_[selector.value];
    namespaces.insert(users.begin(), users.end());
  }
  for (const NamespaceId ns : namespaces) find(ns);
}

RowId Rows::intern(Row row) {
  std::ranges::sort(row);
  const auto repeated = std::ranges::unique(row);
  row.erase(repeated.begin(), repeated.end());
  return {rows_->intern(row).first};
}

bool Rows::selects(const NetworkPolicy& policy, Column pod_class) const {
  const Pod& pod = cluster_.at(columns_.at(pod_class).pod);
  if (matches(policy.pods, pod.labels)) return true;
  // SEMANTICS SDN-P7: isolation goes by address too.
  const auto shared = columns_.sharers().find(pod_class);
  if (shared == columns_.sharers().end()) return false;
  return std::ranges::any_of(shared->second, [&](PodId id) {
    const Pod& other = cluster_.at(id);
    return other.ns == pod.ns && matches(policy.pods, other.labels);
  });
}

void Rows::find(NamespaceId ns) {
  const Network& network = cluster_.network;
  const bool looks_at_policies =
      network.dialect != Dialect::OpenShiftSdn || network.mode == SdnMode::NetworkPolicy;
  const bool is_undefined =
      network.dialect == Dialect::OpenShiftSdn && vnids_.has_undefined_policies(ns);
  const ColumnRun own = columns_.of(ns);
  std::vector<PolicyId> selecting;
  for (Column column = own.begin; column < own.end; ++column) {
    selecting.clear();
    for (const PolicyId id : cluster_.at(ns).policies) {
      if (looks_at_policies && selects(cluster_.at(id), column)) selecting.push_back(id);
    }
    for (const Direction direction : kDirections) {
      const auto index = index_of(direction);
      isolated_[index][column] = std::ranges::any_of(
          selecting, [&](PolicyId id) { return cluster_.at(id).isolates(direction); });
      Row row = row_of(selecting, column, direction);
      if (looks_at_policies && is_undefined) {
        row = {{PeerSets::kPerhapsEverybody, PortSets::kAll}};
      }
      by_class_[index][column] = intern(std::move(row));
    }
  }
}

Row Rows::row_of(const std::vector<PolicyId>& policies, Column pod_class, Direction direction) {
  Row row;
  const auto index = index_of(direction);
  if (!isolated_[index][pod_class]) {
    const bool by_network = cluster_.network.dialect == Dialect::OpenShiftSdn &&
                            cluster_.network.mode == SdnMode::Multitenant &&
                            direction == Direction::Ingress;
    const NamespaceId ns = cluster_.at(columns_.at(pod_class).pod).ns;
    row.push_back({by_network ? peers_.same_network(ns) : PeerSets::kEverybody, PortSets::kAll});
    return row;
  }
  // SEMANTICS OVN-3: there policyTypes do not limit the rules.
  const bool types_limit = cluster_.network.dialect != Dialect::OvnKubernetes;
  for (const PolicyId id : policies) {
    if (types_limit && !cluster_.at(id).isolates(direction)) continue;
    const Terms& terms = terms_of(id, direction);
    row.insert(row.end(), terms.row.begin(), terms.row.end());
    for (const auto& [peer, port] : terms.named) {
      // SEMANTICS P11: of ingress, this pod gives the name.
      for (const ContainerPort& own : cluster_.at(columns_.at(pod_class).pod).ports) {
        if (own.name != port.name || own.protocol != port.protocol) continue;
        add_term(row, peer, PortSet::of(own.protocol, {own.port, own.port}));
      }
    }
  }
  return row;
}

const Rows::Terms& Rows::terms_of(PolicyId id, Direction direction) {
  std::unique_ptr<Terms>& terms = terms_[std::size_t{id.value} * 2 + index_of(direction)];
  if (terms) return *terms;
  terms = std::make_unique<Terms>();
  const NetworkPolicy& policy = cluster_.at(id);
  if (policy.rules(direction).empty() || limit_.is_exceeded(policy)) return *terms;
  for (const PolicyRule& rule : policy.rules(direction)) {
    add_rule(rule, policy.ns, direction, *terms);
  }
  return *terms;
}

void Rows::note_user(const LabelSelector& selector, NamespaceId ns) {
  const SelectorId id = peers_.selectors().intern(selector);
  if (id.value >= users_.size()) users_.resize(id.value + 1);
  std::vector<NamespaceId>& users = users_[id.value];
  if (users.empty() || users.back() != ns) users.push_back(ns);
}

void Rows::add_rule(const PolicyRule& rule, NamespaceId ns, Direction direction, Terms& terms) {
  const Dialect dialect = cluster_.network.dialect;
  PortSet ports = rule.ports.empty() ? PortSet::all() : PortSet::none();
  for (const PolicyPort& port : rule.ports)
    ports = ports.unite(ports_of(port, rule.ports, dialect));
  std::vector<PeerId> peers;
  if (rule.peers.empty()) peers.push_back(PeerSets::kEverybody);
  for (const PolicyPeer& peer : rule.peers) {
    peers.push_back(peers_.intern(peer, ns, direction));
    const bool counts = dialect == Dialect::OpenShiftSdn && peer.namespaces.has_value();
    if (counts) note_user(*peer.namespaces, ns);
  }
  for (const PeerId peer : peers) {
    if (!ports.is_empty()) add_term(terms.row, peer, ports);
    if (dialect != Dialect::Kubernetes) continue;
    for (const PolicyPort& port : rule.ports) {
      if (port.name.empty() || port.range) continue;
      if (direction == Direction::Ingress) {
        terms.named.emplace_back(peer, port);
        continue;
      }
      for (const auto& [narrowed, number] : peers_.with_port(peer, port)) {
        add_term(terms.row, narrowed, PortSet::of(port.protocol, {number, number}));
      }
    }
  }
}

void Rows::add_term(Row& row, PeerId peer, const PortSet& ports) {
  row.push_back({peer, ports_.intern(ports)});
}

}  // namespace meshproof
