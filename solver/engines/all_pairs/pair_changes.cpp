#include "solver/engines/all_pairs/pair_changes.h"

#include <algorithm>
#include <map>
#include <optional>

#include "solver/engines/all_pairs/row_pieces.h"

/// Rows that are the same, of peers that mean the same, say the same: only the others are spelled
/// out, once for each pair of an old and a new row, and only where they differ the other end's row
/// is asked.
namespace meshproof {
namespace {

struct BeforeAfter {
  TwoPorts before;
  TwoPorts after;

  [[nodiscard]] bool differs() const { return before != after; }
  auto operator<=>(const BeforeAfter&) const = default;
};

/// All columns where an old and a new row say different things in the same way.
struct Difference {
  ColumnSetId columns;
  BeforeAfter ports;
};

/// Columns by what is said of them.
using ByPorts = std::map<BeforeAfter, ColumnRuns>;

class Changes {
 public:
  Changes(PairTables& before, PairTables& after);

  [[nodiscard]] PairChanges run();

 private:
  using RowPair = std::pair<RowId, RowId>;

  void find_silent();
  void find_changed_rows();
  [[nodiscard]] bool may_differ(RowPair rows) const;
  [[nodiscard]] RowPair rows_of(Column column, Direction direction) const {
    return {before_.rows.of(column, direction), after_.rows.of(column, direction)};
  }
  [[nodiscard]] const std::vector<Difference>& differences(RowPair rows);
  [[nodiscard]] BeforeAfter at(RowPair rows, Column column) {
    return shown({before_.at(rows.first, column), after_.at(rows.second, column)});
  }
  [[nodiscard]] BeforeAfter shown(BeforeAfter ports);
  /// Columns whose row of the direction admits everything in both states.
  [[nodiscard]] ColumnRuns unlimited(Direction direction) const;
  void compare(Column column, Direction direction, const ColumnRuns& unlimited);
  /// Where both are the same after all, pairs are left out.
  void add(Column column, ColumnSetId others, Direction direction, BeforeAfter ports);
  [[nodiscard]] std::optional<std::uint32_t> port_change(BeforeAfter ports);
  struct Split {
    ColumnSetId unlimited;
    std::vector<Column> limited;
  };
  [[nodiscard]] const Split& split_of(ColumnSetId columns, Direction direction,
                                      const ColumnRuns& unlimited);
  [[nodiscard]] BeforeAfter both(BeforeAfter a, BeforeAfter b);

  PairTables& before_;
  PairTables& after_;
  Column classes_;
  bool is_other_network_;  ///< then no row and no peer of one state is one of the other
  std::vector<bool> changed_peers_;
  std::vector<bool> changed_rows_;  ///< that name such a peer
  std::map<RowPair, std::vector<Difference>> differences_;
  std::map<std::pair<ColumnSetId, Direction>, Split> splits_;
  std::map<BeforeAfter, std::optional<std::uint32_t>> port_changes_;
  std::map<std::pair<const PairTables*, PortsId>, PortsId> shown_;
  std::vector<bool> silent_;                ///< by class: no pair of it can change
  std::vector<std::uint64_t> pods_before_;  ///< by class, but for silent ones, summed up
  PairChanges changes_;
};

Changes::Changes(PairTables& before, PairTables& after)
    : before_(before),
      after_(after),
      classes_(before.columns.of_kind(ColumnEnd::Kind::Pod).end),
      is_other_network_(before.cluster.network != after.cluster.network),
      pods_before_{0} {
  find_silent();
  find_changed_rows();
}

void Changes::find_changed_rows() {
  if (is_other_network_) return;
  changed_rows_.resize(after_.rows.size());
  if (after_.peers.changed().empty()) return;
  changed_peers_.resize(after_.peers.size());
  for (const PeerId peer : after_.peers.changed()) changed_peers_[peer.value] = true;
  for (std::uint32_t i = 0; i < changed_rows_.size(); ++i) {
    changed_rows_[i] = std::ranges::any_of(after_.rows.at({i}), [&](const RowTerm& term) {
      return term.peer.value < changed_peers_.size() && changed_peers_[term.peer.value];
    });
  }
}

bool Changes::may_differ(RowPair rows) const {
  return is_other_network_ || rows.first != rows.second || changed_rows_[rows.first.value];
}

BeforeAfter Changes::both(BeforeAfter a, BeforeAfter b) {
  return {before_.both(a.before, b.before), before_.both(a.after, b.after)};
}

const std::vector<Difference>& Changes::differences(RowPair rows) {
  const auto [entry, is_new] = differences_.try_emplace(rows);
  if (!is_new) return entry->second;
  const auto pieces = [&](PairTables& tables, RowId row) {
    const auto terms = tables.rows.at(row);
    RowPieces open = pieces_of(tables, terms, Level::Open, {0, classes_});
    const bool is_certain = std::ranges::all_of(terms, [&](const RowTerm& term) {
      return tables.peers.at(term.peer).yes == tables.peers.at(term.peer).possible;
    });
    RowPieces possible =
        is_certain ? open : pieces_of(tables, terms, Level::Possible, {0, classes_});
    return std::pair{std::move(open), std::move(possible)};
  };
  const auto before = pieces(before_, rows.first);
  const auto after = pieces(after_, rows.second);
  PieceCursor old_open(before.first);
  PieceCursor old_possible(before.second);
  PieceCursor new_open(after.first);
  PieceCursor new_possible(after.second);
  ByPorts by_ports;
  for (Column column = 0; column < classes_;) {
    const BeforeAfter ports = shown({{old_open.at(column), old_possible.at(column)},
                                     {new_open.at(column), new_possible.at(column)}});
    const Column end = std::min({classes_, old_open.end(column), old_possible.end(column),
                                 new_open.end(column), new_possible.end(column)});
    if (ports.differs()) by_ports[ports].push_back({column, end});
    column = end;
  }
  for (auto& [ports, runs] : by_ports) {
    entry->second.push_back({before_.sets.intern(normal_form(std::move(runs))), ports});
  }
  return entry->second;
}

ColumnRuns Changes::unlimited(Direction direction) const {
  const RowPair open{before_.rows.open(), after_.rows.open()};
  std::vector<Column> columns;
  for (Column column = 0; column < classes_; ++column) {
    if (!silent_[column] && rows_of(column, direction) == open) columns.push_back(column);
  }
  return runs_of(std::move(columns));
}

/// Classes of which nothing is carried, or nothing is certain whatever the rows say (SEMANTICS U1).
void Changes::find_silent() {
  const auto is_silent_in = [](const PairTables& tables, Column column) {
    return tables.is_mute(column) || tables.is_undecided(tables.columns.at(column).ns);
  };
  for (Column column = 0; column < classes_; ++column) {
    const ColumnEnd& end = before_.columns.at(column);
    silent_.push_back(end.pods == 0 || is_silent_in(before_, column) ||
                      is_silent_in(after_, column));
    const std::uint64_t pods = silent_.back() ? 0 : end.pods;
    pods_before_.push_back(pods_before_.back() + pods);
  }
}

/// Two networks may drop different ports for everybody, which changes nothing between any two pods.
BeforeAfter Changes::shown(BeforeAfter ports) {
  if (!is_other_network_) return ports;
  const auto one = [&](PairTables& tables, PortsId id) {
    const auto [entry, is_new] = shown_.try_emplace({&tables, id});
    if (is_new) {
      entry->second = tables.ports.intern(as_shown(tables.ports.at(id), tables.cluster.network));
    }
    return entry->second;
  };
  return {{one(before_, ports.before.open), one(before_, ports.before.possible)},
          {one(after_, ports.after.open), one(after_, ports.after.possible)}};
}

/// The number of what a difference means; empty if nothing that the network carries.
std::optional<std::uint32_t> Changes::port_change(BeforeAfter ports) {
  const auto [entry, is_new] = port_changes_.try_emplace(ports);
  if (!is_new) return entry->second;
  const PortsId carried = is_other_network_ ? PortSets::kAll : before_.carried;
  const BeforeAfter left = both(ports, {{carried, carried}, {carried, carried}});
  if (!left.differs()) return entry->second;
  const PortSets& known = before_.ports;
  const auto unknown = [&](TwoPorts each) {
    return known.at(each.possible).subtract(known.at(each.open));
  };
  PortChange change;
  change.gained = known.at(left.after.open).subtract(known.at(left.before.possible));
  change.lost = known.at(left.before.open).subtract(known.at(left.after.possible));
  change.undecided = unknown(left.before).unite(unknown(left.after));
  entry->second = static_cast<std::uint32_t>(changes_.ports.size());
  changes_.ports.push_back(std::move(change));
  return entry->second;
}

void Changes::add(Column column, ColumnSetId others, Direction direction, BeforeAfter ports) {
  const auto change = port_change(ports);
  if (!change) return;
  std::uint64_t pods = 0;
  for (const ColumnRun& run : before_.sets.runs(others)) {
    pods += pods_before_[run.end] - pods_before_[run.begin];
  }
  if (before_.sets.contains(others, column)) --pods;
  const std::uint64_t pairs = before_.columns.at(column).pods * pods;
  if (pairs > 0) changes_.pairs.push_back({direction, column, others, *change, pairs});
}

/// What the row of one class says differently, joined with what the others' rows say of it.
void Changes::compare(Column column, Direction direction, const ColumnRuns& unlimited) {
  const Direction opposite =
      direction == Direction::Ingress ? Direction::Egress : Direction::Ingress;
  for (const Difference& difference : differences(rows_of(column, direction))) {
    const Split& split = split_of(difference.columns, direction, unlimited);
    if (split.unlimited != ColumnSets::kNone) {
      add(column, split.unlimited, direction, difference.ports);
    }
    ByPorts limited;
    for (const Column other : split.limited) {
      const BeforeAfter theirs = at(rows_of(other, opposite), column);
      // Senders whose ingress side differs have been joined with all of their receivers already.
      if (direction == Direction::Egress && theirs.differs()) continue;
      limited[both(difference.ports, theirs)].push_back({other, other + 1});
    }
    for (auto& [ports, runs] : limited) {
      if (!ports.differs()) continue;
      add(column, before_.sets.intern(normal_form(std::move(runs))), direction, ports);
    }
  }
}

/// The columns of a set whose own row has no say, and the others.
const Changes::Split& Changes::split_of(ColumnSetId columns, Direction direction,
                                        const ColumnRuns& unlimited) {
  const auto [entry, is_new] = splits_.try_emplace({columns, direction});
  if (!is_new) return entry->second;
  const auto span = before_.sets.runs(columns);
  const ColumnRuns runs(span.begin(), span.end());
  entry->second.unlimited = before_.sets.intern(intersect(runs, unlimited));
  for (const ColumnRun& run : subtract(runs, unlimited)) {
    for (Column other = run.begin; other < run.end; ++other) {
      if (!silent_[other]) entry->second.limited.push_back(other);
    }
  }
  return entry->second;
}

PairChanges Changes::run() {
  for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
    const ColumnRuns others =
        unlimited(direction == Direction::Ingress ? Direction::Egress : Direction::Ingress);
    for (Column column = 0; column < classes_; ++column) {
      if (silent_[column]) continue;
      if (may_differ(rows_of(column, direction))) compare(column, direction, others);
    }
  }
  return std::move(changes_);
}

}  // namespace

PairChanges find_changes(PairTables& before, PairTables& after) {
  return Changes(before, after).run();
}

}  // namespace meshproof
