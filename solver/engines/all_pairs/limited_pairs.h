#pragma once

#include <cstdint>
#include <vector>

#include "solver/engines/all_pairs/pair_tables.h"
#include "solver/engines/all_pairs/row_groups.h"
#include "solver/engines/all_pairs/row_pieces.h"

namespace meshproof {

/// Counts the pairs of which both ends are limited: the sender's row and the receiver's must both
/// be asked. What a sender's row says of very many receivers, other rows say too: senders are
/// counted together by it, as if they said nothing else. Then each sender is followed to the few
/// receivers of which its row says something else.
class LimitedPairs {
 public:
  /// `pods` are those that count, by class. Keeps everything by reference.
  LimitedPairs(PairTables& tables, Level level, const std::vector<std::uint64_t>& pods,
               const RowGroups& ingress, const RowGroups& egress);

  /// Ordered pairs of different pods. O(distinct broad rows × what receivers' rows hold +
  /// senders' rows × their few receivers).
  [[nodiscard]] std::uint64_t count();

 private:
  /// What is the same in the rows of some senders, of many receivers.
  struct Broad {
    Row row;
    RowPieces pieces;
    std::vector<Column> senders;
  };
  [[nodiscard]] Row broad_terms(RowId row);
  void follow(const RowGroup& senders, const RowPieces& broad);
  void follow(const RowGroup& senders, ColumnRun receivers, PortsId open, PortsId counted);
  void count_broad(std::span<const Broad> some);
  void take_away_selves();
  [[nodiscard]] PortsId at(RowId row, Column column);
  [[nodiscard]] bool meet(PortsId a, PortsId b);

  PairTables& tables_;
  Level level_;
  const std::vector<std::uint64_t>& pods_;
  const RowGroups& ingress_;
  const RowGroups& egress_;
  ColumnRun classes_;
  std::vector<Column> receivers_;    ///< that are limited
  std::vector<std::size_t> before_;  ///< how many of them stand before a column
  enum class Width : std::uint8_t { Unknown, Narrow, Broad };
  std::vector<Width> peers_;  ///< by peer, for senders
  std::uint64_t pairs_ = 0;
};

}  // namespace meshproof
