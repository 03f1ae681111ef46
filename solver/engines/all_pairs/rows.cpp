#include "solver/engines/all_pairs/rows.h"

#include <algorithm>
#include <array>
#include <set>

namespace meshproof {
namespace {

constexpr std::array kDirections{Direction::Ingress, Direction::Egress};
constexpr std::array kOpen{RowTerm{PeerSets::kEverybody, PortSets::kAll}};
constexpr std::array kUndefined{RowTerm{PeerSets::kPerhapsEverybody, PortSets::kAll}};
std::size_t index_of(Direction direction) { return static_cast<std::size_t>(direction); }

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
      open_{rows_->intern(kOpen).first} {
  const Column classes = columns.of_kind(ColumnEnd::Kind::Pod).end;
  for (const std::size_t direction : {0U, 1U}) {
    by_class_[direction].resize(classes);
    isolated_[direction].resize(classes);
  }
  Search search{PolicyTerms(cluster, peers, ports, limit_)};
  for (const NamespaceId ns : columns.namespaces()) find(ns, search);
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
  Search search{PolicyTerms(after, peers, ports_, limit_)};
  for (const NamespaceId ns : namespaces) find(ns, search);
}

RowId Rows::intern(Row& row) {
  std::ranges::sort(row);
  const auto repeated = std::ranges::unique(row);
  row.erase(repeated.begin(), repeated.end());
  return {rows_->intern(row).first};
}

bool Rows::selects(const NetworkPolicy& policy, Column pod_class) const {
  const Pod& pod = cluster_.at(columns_.at(pod_class).pod);
  if (matches(policy.pods, pod.labels)) return true;
  // SEMANTICS SDN-P7: isolation goes by address too.
  if (cluster_.network.dialect != Dialect::OpenShiftSdn) return false;
  const auto shared = columns_.sharers().find(pod_class);
  if (shared == columns_.sharers().end()) return false;
  return std::ranges::any_of(shared->second, [&](PodId id) {
    const Pod& other = cluster_.at(id);
    return other.ns == pod.ns && matches(policy.pods, other.labels);
  });
}

void Rows::find(NamespaceId ns, Search& search) {
  const Network& network = cluster_.network;
  const bool looks_at_policies =
      network.dialect != Dialect::OpenShiftSdn || network.mode == SdnMode::NetworkPolicy;
  const bool is_undefined = looks_at_policies && network.dialect == Dialect::OpenShiftSdn &&
                            vnids_.has_undefined_policies(ns);
  const auto& policies = cluster_.at(ns).policies;
  if (search.candidates.size() < policies.size()) search.candidates.resize(policies.size());
  for (std::size_t i = 0; i < policies.size(); ++i) search.candidates[i].is_known = false;
  search.found = 0;
  std::vector<PolicyId> selecting;
  const ColumnRun own = columns_.of(ns);
  for (Column column = own.begin; column < own.end; ++column) {
    selecting.clear();
    for (const PolicyId id : policies) {
      if (looks_at_policies && selects(cluster_.at(id), column)) selecting.push_back(id);
    }
    const Selection& selection = selection_of(column, selecting, search);
    for (const Direction direction : kDirections) {
      const auto index = index_of(direction);
      isolated_[index][column] = selection.isolated[index];
      by_class_[index][column] =
          is_undefined ? RowId{rows_->intern(kUndefined).first} : selection.rows[index];
    }
  }
}

/// Most classes of a namespace are selected by the same policies as another of its classes.
const Rows::Selection& Rows::selection_of(Column pod_class, const std::vector<PolicyId>& selecting,
                                          Search& search) {
  for (std::size_t i = 0; i < search.found; ++i) {
    const Selection& known = search.selections[i];
    if (!known.is_of_class && known.policies == selecting) return known;
  }
  if (search.found == search.selections.size()) search.selections.emplace_back();
  Selection& selection = search.selections[search.found++];
  selection.policies = selecting;
  settle(selection, pod_class, search);
  return selection;
}

void Rows::settle(Selection& selection, Column pod_class, Search& search) {
  const Pod& pod = cluster_.at(columns_.at(pod_class).pod);
  selection.is_of_class = false;
  for (const Direction direction : kDirections) {
    const auto index = index_of(direction);
    selection.isolated[index] = std::ranges::any_of(
        selection.policies, [&](PolicyId id) { return cluster_.at(id).isolates(direction); });
    if (!selection.isolated[index]) {
      selection.rows[index] = unlimited(pod.ns, direction);
      continue;
    }
    Row& row = search.row;
    row.clear();
    for (const PolicyId id : selection.policies) {
      const PolicyTerms::Terms& terms = terms_of(id, search);
      row.insert(row.end(), terms.rows[index].begin(), terms.rows[index].end());
      for (const auto& [peer, port] : terms.named[index]) {
        selection.is_of_class = true;
        // SEMANTICS P11: of ingress, this pod gives the name.
        for (const ContainerPort& own : pod.ports) {
          if (own.name != port.name || own.protocol != port.protocol) continue;
          row.push_back({peer, ports_.intern(PortSet::of(own.protocol, {own.port, own.port}))});
        }
      }
    }
    selection.rows[index] = intern(row);
  }
}

const PolicyTerms::Terms& Rows::terms_of(PolicyId id, Search& search) {
  const NetworkPolicy& policy = cluster_.at(id);
  const auto& policies = cluster_.at(policy.ns).policies;
  const auto place = std::ranges::lower_bound(policies, id) - policies.begin();
  Candidate& candidate = search.candidates[static_cast<std::size_t>(place)];
  if (candidate.is_known) return candidate.terms;
  candidate.is_known = true;
  for (const SelectorId selector : search.policies.find(policy, candidate.terms)) {
    if (selector.value >= users_.size()) users_.resize(selector.value + std::size_t{1});
    std::vector<NamespaceId>& users = users_[selector.value];
    if (users.empty() || users.back() != policy.ns) users.push_back(policy.ns);
  }
  return candidate.terms;
}

/// Of pods that no policy isolates in the direction.
RowId Rows::unlimited(NamespaceId ns, Direction direction) {
  const Network& network = cluster_.network;
  const bool by_network = network.dialect == Dialect::OpenShiftSdn &&
                          network.mode == SdnMode::Multitenant && direction == Direction::Ingress;
  if (!by_network) return open_;
  const std::array row{RowTerm{peers_.same_network(ns), PortSets::kAll}};
  return {rows_->intern(row).first};
}

}  // namespace meshproof
