#include "solver/matrix/sender_rows.h"

#include <algorithm>
#include <map>

namespace meshproof {
namespace {

PortsId ports_at(const RowPieces& pieces, Column column) {
  const auto found = std::ranges::upper_bound(
      pieces, column, {}, [](const RowPiece& piece) { return piece.columns.end; });
  const bool is_inside = found != pieces.end() && found->columns.begin <= column;
  return is_inside ? found->ports : PortSets::kNone;
}

}  // namespace

const SenderRows::Spelled& SenderRows::spelled(RowId row) {
  if (row.value >= rows_.size()) rows_.resize(tables_.rows.size());
  std::unique_ptr<const Spelled>& known = rows_[row.value];
  if (!known) {
    const ColumnRun all{0, tables_.columns.size()};
    const auto terms = tables_.rows.at(row);
    known =
        std::make_unique<const Spelled>(Spelled{pieces_of(tables_, terms, Level::Open, all),
                                                pieces_of(tables_, terms, Level::Possible, all)});
  }
  return *known;
}

TwoPorts SenderRows::at(RowId row, Column column) {
  if (row == tables_.rows.open()) return {};
  const Spelled& pieces = spelled(row);
  return {ports_at(pieces.open, column), ports_at(pieces.possible, column)};
}

PortsId SenderRows::usual(RowId row) {
  const ColumnRun pods = tables_.columns.of_kind(ColumnEnd::Kind::Pod);
  std::map<PortsId, std::size_t> columns;
  std::size_t closed = pods.end - pods.begin;
  for (const RowPiece& piece : spelled(row).open) {
    const Column end = std::min(piece.columns.end, pods.end);
    if (end <= piece.columns.begin) continue;
    columns[piece.ports] += end - piece.columns.begin;
    closed -= end - piece.columns.begin;
  }
  columns[PortSets::kNone] += closed;
  const auto most = std::ranges::max_element(
      columns, [](const auto& a, const auto& b) { return a.second < b.second; });
  return most->first;
}

}  // namespace meshproof
