#include "solver/class_changes.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <span>
#include <tuple>
#include <utility>

#include "solver/engines/all_pairs/pair_changes.h"
#include "solver/engines/all_pairs/pair_count.h"

namespace meshproof {
namespace {

constexpr std::array kDirections{Direction::Ingress, Direction::Egress};

Column classes_of(const PairTables& tables) {
  return tables.columns.of_kind(ColumnEnd::Kind::Pod).end;
}

/// By row: one of its peers is marked.
std::vector<bool> rows_with(const PairTables& tables, const std::vector<bool>& peers) {
  std::vector<bool> result(tables.rows.size());
  for (std::uint32_t i = 0; i < result.size(); ++i) {
    result[i] = std::ranges::any_of(tables.rows.at({i}), [&](const RowTerm& term) {
      return term.peer.value < peers.size() && peers[term.peer.value];
    });
  }
  return result;
}

/// Peers that perhaps are some class of pods.
std::vector<bool> unsure_peers(const PairTables& tables) {
  const std::array pods{tables.columns.of_kind(ColumnEnd::Kind::Pod)};
  std::vector<bool> result(tables.peers.size());
  for (const PeerId peer : tables.peers.all()) {
    const TwoSets& sets = tables.peers.at(peer);
    if (sets.yes == sets.possible) continue;
    const ColumnRuns perhaps =
        subtract(tables.sets.runs(sets.possible), tables.sets.runs(sets.yes));
    result[peer.value] = !intersect(perhaps, pods).empty();
  }
  return result;
}

/// Peers that mean other hosts or addresses outside than before.
std::vector<bool> peers_of_other_hosts(const PairTables& before, const PairTables& after) {
  const std::array pods{after.columns.of_kind(ColumnEnd::Kind::Pod)};
  const auto differ = [&](ColumnSetId was, ColumnSetId is) {
    return subtract(before.sets.runs(was), pods) != subtract(after.sets.runs(is), pods);
  };
  std::vector<bool> result(after.peers.size());
  for (const PeerId peer : after.peers.changed()) {
    const TwoSets& was = before.peers.at(peer);
    const TwoSets& is = after.peers.at(peer);
    result[peer.value] = differ(was.yes, is.yes) || differ(was.possible, is.possible);
  }
  return result;
}

/// Classes in either state with a row that is marked.
std::vector<bool> classes_with(const PairTables& before, const std::vector<bool>& old_rows,
                               const PairTables& after, const std::vector<bool>& new_rows) {
  std::vector<bool> result(classes_of(after));
  for (Column column = 0; column < result.size(); ++column) {
    for (const Direction direction : kDirections) {
      result[column] = result[column] || old_rows[before.rows.of(column, direction).value] ||
                       new_rows[after.rows.of(column, direction).value];
    }
  }
  return result;
}

/// Namespaces of which a pod may have to do with pods of others what it had not before: those that
/// changed, those with a policy that has become too large for the SDN or is so no more (SDN-P8),
/// and those that share the network id of one.
std::vector<bool> touched_by(const std::vector<NamespaceId>& changed, const PairTables& before,
                             const PairTables& after) {
  const Cluster& cluster = after.cluster;
  std::vector<bool> touched(cluster.namespaces.size());
  for (const NamespaceId ns : changed) touched[ns.value] = true;
  for (Column column = 0; column < classes_of(after); ++column) {
    for (const Direction direction : kDirections) {
      if (before.rows.of(column, direction) == after.rows.of(column, direction)) continue;
      touched[cluster.at(after.columns.at(column).pod).ns.value] = true;
    }
  }
  const std::vector<bool> differing = touched;
  for (std::uint32_t i = 0; i < differing.size(); ++i) {
    if (!differing[i]) continue;
    for (const NamespaceId ns : after.vnids.sharers({i})) touched[ns.value] = true;
  }
  return touched;
}

/// The classes of the pods of a workload that are on the pod network.
std::set<Column> classes_of(const ReachEnd& end, const PairTables& tables) {
  std::set<Column> classes;
  for (const ReachMember& member : end.members) {
    const bool is_on_network = !tables.cluster.at(member.pod).host_network;
    if (is_on_network) classes.insert(tables.columns.of(member.pod));
  }
  return classes;
}

/// The plain ends by their class.
class PlainEnds {
 public:
  PlainEnds(const PairTables& tables, const std::vector<ComparedEnd>& ends)
      : ends_(ends), by_class_(meshproof::classes_of(tables)) {
    for (std::uint32_t i = 0; i < ends.size(); ++i) {
      if (!ends[i].is_plain) continue;
      by_class_[tables.columns.of(ends[i].before->members.front().pod)].push_back({i});
    }
  }

  [[nodiscard]] std::vector<EndId> of(std::span<const ColumnRun> classes) const {
    std::vector<EndId> found;
    for (const ColumnRun& run : classes) {
      for (Column column = run.begin; column < std::min(run.end, classes_of_pods()); ++column) {
        found.insert(found.end(), by_class_[column].begin(), by_class_[column].end());
      }
    }
    std::ranges::sort(found);
    return found;
  }
  [[nodiscard]] bool has_several_pods(EndId end) const {
    return ends_[end.value].before->members.size() > 1;
  }

 private:
  [[nodiscard]] Column classes_of_pods() const { return static_cast<Column>(by_class_.size()); }

  const std::vector<ComparedEnd>& ends_;
  std::vector<std::vector<EndId>> by_class_;
};

void add_group(ConnectionGroups& groups, const std::vector<EndId>& sources,
               const std::vector<EndId>& destinations, const PortSet& ports,
               const PlainEnds& plain) {
  if (ports.is_empty() || sources.empty() || destinations.empty()) return;
  ConnectionGroup group{sources, destinations, ports, false};
  std::vector<EndId> both;
  std::ranges::set_intersection(sources, destinations, std::back_inserter(both));
  for (const EndId end : both) {
    if (plain.has_several_pods(end)) groups.add(end, end, ports, false);
  }
  if (group.count() > 0 && !group.is_itself()) groups.add(std::move(group));
}

bool is_any(const std::set<Column>& classes, const std::vector<bool>& marks) {
  return std::ranges::any_of(classes, [&](Column column) { return marks[column]; });
}

/// Says which ends are plain: workloads of one class of the pod network, no pair of which can be
/// undecided, or closed whatever the rules say.
void mark_plain(const PairTables& before, const PairTables& after, std::vector<ComparedEnd>& ends) {
  if (tells_families_apart(before) || tells_families_apart(after)) return;
  const std::vector<bool> is_unsure = classes_with(before, rows_with(before, unsure_peers(before)),
                                                   after, rows_with(after, unsure_peers(after)));
  for (ComparedEnd& end : ends) {
    if (end.before == nullptr || end.after == nullptr || end.before->is_host()) continue;
    const NamespaceId ns = after.cluster.at(end.before->workload).ns;
    const std::set<Column> classes = classes_of(*end.before, after);
    end.is_plain = classes.size() == 1 && !before.is_undecided(ns) && !after.is_undecided(ns) &&
                   !is_any(classes, is_unsure) &&
                   before.is_mute(*classes.begin()) == after.is_mute(*classes.begin());
  }
}

}  // namespace

void mark_ends(Reacher& before, Reacher& after, const std::vector<NamespaceId>& changed,
               std::vector<ComparedEnd>& ends) {
  const PairTables& old_tables = before.tables();
  const PairTables& tables = after.tables();
  const std::vector<bool> touched = touched_by(changed, old_tables, tables);
  const std::vector<bool> other_hosts = rows_with(tables, peers_of_other_hosts(old_tables, tables));
  const std::vector<bool> sees_other_hosts =
      classes_with(old_tables, other_hosts, tables, other_hosts);
  mark_plain(old_tables, tables, ends);
  for (ComparedEnd& end : ends) {
    end.may_differ =
        end.before->is_workload() && (touched[tables.cluster.at(end.before->workload).ns.value] ||
                                      is_any(classes_of(*end.before, tables), sees_other_hosts));
  }
}

void mark_ends(Reacher& before, Reacher& after, std::vector<ComparedEnd>& ends) {
  mark_plain(before.tables(), after.tables(), ends);
  for (ComparedEnd& end : ends) {
    if (end.before == nullptr || end.after == nullptr || end.before->is_workload()) continue;
    const bool is_multicast =
        !end.before->node.is_valid() && before.tables().is_multicast(before.sender(*end.before));
    end.is_told_host = !is_multicast;
  }
}

void add_class_changes(Reacher& before, Reacher& after, const std::vector<ComparedEnd>& ends,
                       ConnectionGroups& gained, ConnectionGroups& lost) {
  PairTables& tables = before.tables();
  const PlainEnds plain(tables, ends);
  const PairChanges changes = find_changes(tables, after.tables());
  // Classes that changed alike towards the same others.
  std::map<std::tuple<Direction, std::uint32_t, ColumnSetId>, ColumnRuns> alike;
  for (const PairChange& change : changes.pairs) {
    alike[{change.direction, change.ports, change.others}].push_back({change.one, change.one + 1});
  }
  for (auto& [key, runs] : alike) {
    const auto& [direction, ports, other_classes] = key;
    const std::vector<EndId> ones = plain.of(normal_form(std::move(runs)));
    if (ones.empty()) continue;
    const std::vector<EndId> others = plain.of(tables.sets.runs(other_classes));
    const bool inwards = direction == Direction::Ingress;
    const PortChange& change = changes.ports[ports];
    add_group(gained, inwards ? others : ones, inwards ? ones : others, after.shown(change.gained),
              plain);
    add_group(lost, inwards ? others : ones, inwards ? ones : others, after.shown(change.lost),
              plain);
  }
}

}  // namespace meshproof
