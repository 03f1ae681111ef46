#pragma once

#include <memory>
#include <vector>

#include "solver/engines/all_pairs/pair_tables.h"
#include "solver/engines/all_pairs/row_pieces.h"

namespace meshproof {

/// What rows of senders say of each receiver, spelled out. Keeps the tables by reference.
class SenderRows {
 public:
  explicit SenderRows(PairTables& tables) : tables_(tables) {}

  /// PairTables::at(), O(log pieces) once the row is spelled out.
  [[nodiscard]] TwoPorts at(RowId row, Column column);

  /// What the row certainly opens to most pods' classes.
  [[nodiscard]] PortsId usual(RowId row);

 private:
  struct Spelled {
    RowPieces open;
    RowPieces possible;
  };
  [[nodiscard]] const Spelled& spelled(RowId row);

  PairTables& tables_;
  std::vector<std::unique_ptr<const Spelled>> rows_;  ///< by row; null if nobody asked
};

}  // namespace meshproof
