#include "solver/engines/all_pairs/pair_changes.h"

#include <algorithm>
#include <array>
#include <map>

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
};

/// Columns where an old and a new row say different things.
struct Difference {
  ColumnRun columns;
  BeforeAfter ports;
};

/// The places where any of the piece lists begins or ends something.
std::vector<Column> borders_of(const std::vector<std::vector<RowPiece>>& lists) {
  std::vector<Column> borders;
  for (const auto& pieces : lists) {
    for (const RowPiece& piece : pieces) {
      borders.push_back(piece.columns.begin);
      borders.push_back(piece.columns.end);
    }
  }
  std::ranges::sort(borders);
  const auto repeated = std::ranges::unique(borders);
  borders.erase(repeated.begin(), repeated.end());
  return borders;
}

class Changes {
 public:
  Changes(PairTables& before, PairTables& after);

  [[nodiscard]] std::vector<PairChange> run();

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
    return {before_.at(rows.first, column), after_.at(rows.second, column)};
  }
  /// Columns whose row of the direction admits everything in both states.
  [[nodiscard]] ColumnRuns unlimited(Direction direction) const;
  void compare(Column column, Direction direction, const ColumnRuns& unlimited);
  void add(Column column, ColumnRun others, Direction direction, BeforeAfter own,
           BeforeAfter theirs);
  [[nodiscard]] BeforeAfter both(BeforeAfter a, BeforeAfter b);

  PairTables& before_;
  PairTables& after_;
  Column classes_;
  std::vector<bool> changed_peers_;
  std::vector<bool> changed_rows_;  ///< that name such a peer
  std::map<RowPair, std::vector<Difference>> differences_;
  std::vector<bool> silent_;                ///< by class: no pair of it can change
  std::vector<std::uint64_t> pods_before_;  ///< by class, but for silent ones, summed up
  std::vector<PairChange> changes_;
};

Changes::Changes(PairTables& before, PairTables& after)
    : before_(before),
      after_(after),
      classes_(before.columns.of_kind(ColumnEnd::Kind::Pod).end),
      pods_before_{0} {
  find_silent();
  find_changed_rows();
}

void Changes::find_changed_rows() {
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
  return rows.first != rows.second || changed_rows_[rows.first.value];
}

BeforeAfter Changes::both(BeforeAfter a, BeforeAfter b) {
  return {before_.both(a.before, b.before), before_.both(a.after, b.after)};
}

const std::vector<Difference>& Changes::differences(RowPair rows) {
  const auto [entry, is_new] = differences_.try_emplace(rows);
  if (!is_new) return entry->second;
  const std::vector<Column> borders = borders_of({pieces_of(before_, rows.first, Level::Possible),
                                                  pieces_of(before_, rows.first, Level::Open),
                                                  pieces_of(after_, rows.second, Level::Possible),
                                                  pieces_of(after_, rows.second, Level::Open)});
  for (std::size_t i = 0; i + 1 < borders.size(); ++i) {
    const ColumnRun run{borders[i], std::min(borders[i + 1], classes_)};
    if (run.begin >= run.end) break;
    const BeforeAfter ports = at(rows, run.begin);
    if (ports.differs()) entry->second.push_back({run, ports});
  }
  return entry->second;
}

ColumnRuns Changes::unlimited(Direction direction) const {
  const RowPair open{before_.rows.open(), before_.rows.open()};
  std::vector<Column> columns;
  for (Column column = 0; column < classes_; ++column) {
    if (!silent_[column] && rows_of(column, direction) == open) columns.push_back(column);
  }
  return runs_of(std::move(columns));
}

/// Classes of which nothing is carried, or nothing is certain whatever the rows say (SEMANTICS U1).
void Changes::find_silent() {
  std::vector<bool> namespaces(before_.cluster.namespaces.size());
  bool all = !before_.cluster.network.unknown_because.empty();
  for (const UnmodelledObject& object : before_.cluster.unmodelled) {
    if (object.only_denies || object.key.kind == "EgressFirewall") continue;
    all = all || !object.ns.is_valid();
    if (object.ns.is_valid()) namespaces[object.ns.value] = true;
  }
  for (Column column = 0; column < classes_; ++column) {
    const ColumnEnd& end = before_.columns.at(column);
    silent_.push_back(all || end.pods == 0 || before_.is_mute(column) ||
                      namespaces[before_.cluster.at(end.pod).ns.value]);
    const std::uint64_t pods = silent_.back() ? 0 : end.pods;
    pods_before_.push_back(pods_before_.back() + pods);
  }
}

void Changes::add(Column column, ColumnRun others, Direction direction, BeforeAfter own,
                  BeforeAfter theirs) {
  BeforeAfter ports = both(own, theirs);
  const PortsId carried = before_.carried;
  ports = both(ports, {{carried, carried}, {carried, carried}});
  if (!ports.differs()) return;
  const std::uint64_t pods = before_.columns.at(column).pods;
  std::uint64_t pairs = pods * (pods_before_[others.end] - pods_before_[others.begin]);
  if (column >= others.begin && column < others.end) pairs -= pods;
  if (pairs == 0) return;
  PairChange change;
  const ColumnRun self{column, column + 1};
  change.senders = direction == Direction::Ingress ? others : self;
  change.receivers = direction == Direction::Ingress ? self : others;
  const PortSets& known = before_.ports;
  change.gained = known.at(ports.after.open).subtract(known.at(ports.before.possible));
  change.lost = known.at(ports.before.open).subtract(known.at(ports.after.possible));
  const auto unknown = [&](TwoPorts each) {
    return known.at(each.possible).subtract(known.at(each.open));
  };
  change.undecided = unknown(ports.before).unite(unknown(ports.after));
  change.pairs = pairs;
  changes_.push_back(std::move(change));
}

/// What the row of one class says differently, joined with what the others' rows say of it.
void Changes::compare(Column column, Direction direction, const ColumnRuns& unlimited) {
  const Direction opposite =
      direction == Direction::Ingress ? Direction::Egress : Direction::Ingress;
  constexpr TwoPorts kOpen{PortSets::kAll, PortSets::kAll};
  for (const Difference& difference : differences(rows_of(column, direction))) {
    const std::array whole{difference.columns};
    // Senders whose ingress side differs have been joined with all of their receivers already.
    for (const ColumnRun& run : intersect(whole, unlimited)) {
      add(column, run, direction, difference.ports, {kOpen, kOpen});
    }
    for (const ColumnRun& run : subtract(whole, unlimited)) {
      for (Column other = run.begin; other < run.end; ++other) {
        if (silent_[other]) continue;
        const BeforeAfter theirs = at(rows_of(other, opposite), column);
        if (direction == Direction::Egress && theirs.differs()) continue;
        add(column, {other, other + 1}, direction, difference.ports, theirs);
      }
    }
  }
}

std::vector<PairChange> Changes::run() {
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

std::vector<PairChange> find_changes(PairTables& before, PairTables& after) {
  return Changes(before, after).run();
}

}  // namespace meshproof
