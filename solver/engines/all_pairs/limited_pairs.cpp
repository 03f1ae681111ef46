#include "solver/engines/all_pairs/limited_pairs.h"

#include <algorithm>
#include <map>

#include "solver/engines/all_pairs/column_sums.h"

namespace meshproof {
namespace {

/// Who may go to no more limited receivers than this is followed to each.
constexpr std::size_t kFewPlaces = 1000;
/// So many sums by column are held at once.
constexpr std::size_t kBatch = 8;

}  // namespace

LimitedPairs::LimitedPairs(PairTables& tables, Level level, const std::vector<std::uint64_t>& pods,
                           const RowGroups& ingress, const RowGroups& egress)
    : tables_(tables),
      level_(level),
      pods_(pods),
      ingress_(ingress),
      egress_(egress),
      classes_(tables.columns.of_kind(ColumnEnd::Kind::Pod)),
      peers_(tables.peers.size()) {
  for (Column column = 0; column < pods.size(); ++column) {
    before_.push_back(receivers_.size());
    if (ingress.is_limited()[column]) receivers_.push_back(column);
  }
  before_.push_back(receivers_.size());
}

PortsId LimitedPairs::at(RowId row, Column column) {
  const TwoPorts ports = tables_.at(row, column);
  return level_ == Level::Open ? ports.open : ports.possible;
}

bool LimitedPairs::meet(PortsId a, PortsId b) {
  PortSets& ports = tables_.ports;
  return ports.intersect(ports.intersect(a, b), tables_.carried) != PortSets::kNone;
}

std::uint64_t LimitedPairs::count() {
  pairs_ = 0;
  std::map<Row, Broad> by_terms;
  for (const RowGroup& group : egress_.all()) {
    if (!group.is_limited) continue;
    Row terms = broad_terms(group.row);
    if (terms.empty()) {
      follow(group, {});
      continue;
    }
    Broad& broad = by_terms[terms];
    if (broad.senders.empty()) {
      broad.row = std::move(terms);
      broad.pieces = pieces_of(tables_, broad.row, level_, classes_);
    }
    broad.senders.insert(broad.senders.end(), group.classes.begin(), group.classes.end());
    follow(group, broad.pieces);
  }
  std::vector<Broad> all;
  for (auto& [terms, broad] : by_terms) all.push_back(std::move(broad));
  for (std::size_t i = 0; i < all.size(); i += kBatch) {
    count_broad(std::span(all).subspan(i, std::min(kBatch, all.size() - i)));
  }
  take_away_selves();
  return pairs_;
}

/// The terms of a sender's row whose peers are many.
Row LimitedPairs::broad_terms(RowId row) {
  Row result;
  for (const RowTerm& term : tables_.rows.at(row)) {
    Width& width = peers_[term.peer.value];
    if (width == Width::Unknown) {
      const TwoSets& peer = tables_.peers.at(term.peer);
      std::size_t places = 0;
      for (const ColumnRun& run :
           tables_.sets.runs(level_ == Level::Open ? peer.yes : peer.possible)) {
        const auto number_before = [&](Column column) {
          return before_[std::min(column, classes_.end)];
        };
        places += number_before(run.end) - number_before(run.begin);
      }
      width = places > kFewPlaces ? Width::Broad : Width::Narrow;
    }
    if (width == Width::Broad) result.push_back(term);
  }
  return result;
}

/// To the receivers of which the row says something else than its broad terms.
void LimitedPairs::follow(const RowGroup& senders, const RowPieces& broad) {
  const RowPieces pieces = pieces_of(tables_, tables_.rows.at(senders.row), level_, classes_);
  PieceCursor own(pieces);
  PieceCursor counted(broad);
  for (Column column = classes_.begin; column < classes_.end;) {
    const PortsId open = own.at(column);
    const PortsId already = counted.at(column);
    const Column end = std::min({classes_.end, own.end(column), counted.end(column)});
    if (open != already) follow(senders, {column, end}, open, already);
    column = end;
  }
}

void LimitedPairs::follow(const RowGroup& senders, ColumnRun receivers, PortsId open,
                          PortsId counted) {
  RowId last;
  std::uint64_t more = 0;  // senders that get through to the last row, but are not counted yet
  for (std::size_t i = before_[receivers.begin]; i < before_[receivers.end]; ++i) {
    const Column receiver = receivers_[i];
    const RowId own = tables_.rows.of(receiver, Direction::Ingress);
    if (own != last) {
      last = own;
      more = 0;
      for (const Column sender : senders.classes) {
        const PortsId admitted = at(own, sender);
        // What broad terms say the row says too: it never opens less.
        if (meet(admitted, open) && !meet(admitted, counted)) more += pods_[sender];
      }
    }
    pairs_ += more * pods_[receiver];
  }
}

/// The pairs that some broad rows open, had their senders no other terms.
void LimitedPairs::count_broad(std::span<const Broad> some) {
  std::vector<Weights> senders;
  for (const Broad& broad : some) {
    Weights& weights = senders.emplace_back(classes_.end);
    for (const Column column : broad.senders) weights.add(column, pods_[column]);
    weights.sum_up();
  }
  std::vector<std::pair<PortsId, std::uint64_t>> allowed;  // receivers by what they may be sent
  for (const RowGroup& group : ingress_.all()) {
    if (!group.is_limited) continue;
    const RowPieces pieces = pieces_of(tables_, tables_.rows.at(group.row), level_, classes_);
    for (std::size_t i = 0; i < some.size(); ++i) {
      allowed.clear();
      PieceCursor broad(some[i].pieces);
      for (const Column column : group.classes) {
        const PortsId ports = broad.at(column);
        if (allowed.empty() || allowed.back().first != ports) allowed.emplace_back(ports, 0);
        allowed.back().second += pods_[column];
      }
      for (const RowPiece& piece : pieces) {
        const std::uint64_t pods = senders[i].of(piece.columns);
        if (pods == 0) continue;
        for (const auto& [ports, receivers] : allowed) {
          if (meet(piece.ports, ports)) pairs_ += pods * receivers;
        }
      }
    }
  }
}

/// A pod and itself is no pair.
void LimitedPairs::take_away_selves() {
  for (const RowGroup& group : egress_.all()) {
    if (!group.is_limited) continue;
    for (const Column column : group.classes) {
      if (!ingress_.is_limited()[column]) continue;
      const RowId ingress = tables_.rows.of(column, Direction::Ingress);
      if (meet(at(group.row, column), at(ingress, column))) pairs_ -= pods_[column];
    }
  }
}

}  // namespace meshproof
