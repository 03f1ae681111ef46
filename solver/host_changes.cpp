#include "solver/host_changes.h"

#include <algorithm>
#include <array>
#include <compare>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "solver/engines/all_pairs/row_pieces.h"

namespace meshproof {
namespace {

/// Numbers for rows that say the same of every host and address outside.
class HostRows {
 public:
  explicit HostRows(PairTables& tables)
      : tables_(tables), begin_(tables.columns.of_kind(ColumnEnd::Kind::Pod).end) {}

  [[nodiscard]] std::uint32_t of(Column pod_class, Direction direction) {
    const RowId row = tables_.rows.of(pod_class, direction);
    const auto [known, is_new] = by_row_.try_emplace(row);
    if (!is_new) return known->second;
    Said said;
    for (const Level level : {Level::Open, Level::Possible}) {
      const ColumnRun hosts{begin_, tables_.columns.size()};
      for (const RowPiece& piece : pieces_of(tables_, tables_.rows.at(row), level, hosts)) {
        said.emplace_back(level, piece.columns, piece.ports);
      }
    }
    const auto number = static_cast<std::uint32_t>(numbers_.size());
    known->second = numbers_.try_emplace(std::move(said), number).first->second;
    return known->second;
  }

 private:
  using Said = std::vector<std::tuple<Level, ColumnRun, PortsId>>;

  PairTables& tables_;
  Column begin_;
  std::map<RowId, std::uint32_t> by_row_;
  std::map<Said, std::uint32_t> numbers_;
};

/// All that decides between a pod and a host, but for the pod's own node: its rows, and what its
/// namespace alone has (firewalls, kinds that are not modelled, a network id that others share).
struct HostKey {
  std::array<std::uint32_t, 4> rows{};
  NamespaceId ns;  ///< if it has something of its own
  bool has_ipv4 = false;
  bool has_ipv6 = false;

  auto operator<=>(const HostKey&) const = default;
};

/// What changed between an end and a host.
struct HostChange {
  std::array<PortSet, 2> gained;  ///< by direction, as the end sees it
  std::array<PortSet, 2> lost;

  auto operator<=>(const HostChange&) const = default;
};

class HostChanges {
 public:
  HostChanges(Reacher& before, Reacher& after, const std::vector<ComparedEnd>& ends,
              const ComparePair& compare)
      : before_(before), after_(after), ends_(ends), compare_(compare) {}

  void run(ConnectionGroups& gained, ConnectionGroups& lost);

 private:
  using Ids = std::vector<EndId>;
  using Nodes = std::vector<NodeId>;
  /// Ends by the nodes that their pods run on.
  using ByNodes = std::map<Nodes, Ids>;

  void find_keys();
  void tell(const ByNodes& alike, ConnectionGroups& gained, ConnectionGroups& lost);
  [[nodiscard]] std::optional<HostChange> change_of(EndId far, EndId host);
  [[nodiscard]] std::optional<Nodes> nodes_of(const ComparedEnd& end) const;
  void compare_both_ways(EndId end, EndId host) const {
    compare_(end, host);
    compare_(host, end);
  }

  Reacher& before_;
  Reacher& after_;
  const std::vector<ComparedEnd>& ends_;
  const ComparePair& compare_;
  Ids hosts_;
  std::map<HostKey, ByNodes> keys_;
};

/// Nothing if the node of some pod is not known, so that it may be any.
std::optional<HostChanges::Nodes> HostChanges::nodes_of(const ComparedEnd& end) const {
  Nodes nodes;
  for (const ReachMember& member : end.before->noded_members) {
    const NodeId node = before_.tables().cluster.at(member.pod).node;
    if (!node.is_valid()) return std::nullopt;
    nodes.push_back(node);
  }
  std::ranges::sort(nodes);
  const auto repeated = std::ranges::unique(nodes);
  nodes.erase(repeated.begin(), repeated.end());
  return nodes;
}

void HostChanges::find_keys() {
  for (std::uint32_t i = 0; i < ends_.size(); ++i) {
    if (ends_[i].is_told_host) hosts_.push_back({i});
  }
  if (hosts_.empty()) return;
  HostRows old_rows(before_.tables());
  HostRows new_rows(after_.tables());
  for (std::uint32_t i = 0; i < ends_.size(); ++i) {
    const ComparedEnd& end = ends_[i];
    if (!end.is_plain) continue;
    auto nodes = nodes_of(end);
    if (!nodes) {
      for (const EndId host : hosts_) compare_both_ways({i}, host);
      continue;
    }
    const Column column = before_.columns().of(end.before->members.front().pod);
    const ColumnEnd& pods = before_.columns().at(column);
    HostKey key{{old_rows.of(column, Direction::Ingress), old_rows.of(column, Direction::Egress),
                 new_rows.of(column, Direction::Ingress), new_rows.of(column, Direction::Egress)},
                {},
                pods.has_ipv4,
                pods.has_ipv6};
    const bool is_special = before_.tables().has_rules_for_hosts(pods.ns) ||
                            after_.tables().has_rules_for_hosts(pods.ns);
    if (is_special) key.ns = pods.ns;
    keys_[key][std::move(*nodes)].push_back({i});
  }
}

/// Nothing if it is not certain, or not the same for all pods.
std::optional<HostChange> HostChanges::change_of(EndId far, EndId host) {
  const ComparedEnd& end = ends_[far.value];
  const ComparedEnd& other = ends_[host.value];
  HostChange change;
  for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
    const bool inwards = direction == Direction::Ingress;
    const auto answer = [&](Reacher& reacher, const ReachEnd& here, const ReachEnd& there) {
      return inwards ? reacher.join(there, here) : reacher.join(here, there);
    };
    const EndsAnswer was = answer(before_, *end.before, *other.before);
    const EndsAnswer is = answer(after_, *end.after, *other.after);
    const bool is_plain =
        !was.mixed && !is.mixed && was.unknown.is_empty() && is.unknown.is_empty();
    if (!is_plain) return std::nullopt;
    change.gained.at(static_cast<std::size_t>(direction)) = is.open.subtract(was.open);
    change.lost.at(static_cast<std::size_t>(direction)) = was.open.subtract(is.open);
  }
  return change;
}

/// Ends with one key: all are alike to a host on which none of their pods runs.
void HostChanges::tell(const ByNodes& alike, ConnectionGroups& gained, ConnectionGroups& lost) {
  std::map<HostChange, Ids> by_change;
  for (const EndId host : hosts_) {
    const NodeId node = ends_[host.value].before->node;
    const auto is_far = [&](const auto& entry) {
      return !std::ranges::binary_search(entry.first, node);
    };
    const auto far = std::ranges::find_if(alike, is_far);
    if (far == alike.end()) continue;
    const auto change = change_of(far->second.front(), host);
    if (change) by_change[*change].push_back(host);
    if (change) continue;
    for (const auto& [nodes, ends] : alike) {
      if (std::ranges::binary_search(nodes, node)) continue;
      for (const EndId end : ends) compare_both_ways(end, host);
    }
  }
  for (const auto& [nodes, ends] : alike) {
    const auto is_own = [&](EndId host) {
      return std::ranges::binary_search(nodes, ends_[host.value].before->node);
    };
    for (const auto& [change, hosts] : by_change) {
      Ids others = hosts;
      std::erase_if(others, is_own);
      if (others.empty()) continue;
      for (const auto& [ports, groups] :
           {std::pair{&change.gained, &gained}, {&change.lost, &lost}}) {
        groups->add({others, ends, ports->front()});
        groups->add({ends, others, ports->back()});
      }
    }
    for (const EndId host : hosts_) {
      if (!is_own(host)) continue;
      for (const EndId end : ends) compare_both_ways(end, host);
    }
  }
}

void HostChanges::run(ConnectionGroups& gained, ConnectionGroups& lost) {
  find_keys();
  for (const auto& [key, alike] : keys_) tell(alike, gained, lost);
}

}  // namespace

void add_host_changes(Reacher& before, Reacher& after, const std::vector<ComparedEnd>& ends,
                      const ComparePair& compare, ConnectionGroups& gained,
                      ConnectionGroups& lost) {
  HostChanges(before, after, ends, compare).run(gained, lost);
}

}  // namespace meshproof
