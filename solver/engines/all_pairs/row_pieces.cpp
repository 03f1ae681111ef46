#include "solver/engines/all_pairs/row_pieces.h"

#include <algorithm>
#include <span>

namespace meshproof {
namespace {

void append(RowPieces& pieces, RowPiece piece) {
  if (piece.columns.begin >= piece.columns.end) return;
  const bool continues = !pieces.empty() && pieces.back().columns.end == piece.columns.begin &&
                         pieces.back().ports == piece.ports;
  if (continues) {
    pieces.back().columns.end = piece.columns.end;
  } else {
    pieces.push_back(piece);
  }
}

ColumnRun clipped(const ColumnRun& run, ColumnRun within) {
  return {std::max(run.begin, within.begin), std::min(run.end, within.end)};
}

/// The pieces and one more term.
RowPieces merged(PortSets& ports, const RowPieces& pieces, std::span<const ColumnRun> runs,
                 ColumnRun within, PortsId more) {
  RowPieces result;
  result.reserve(pieces.size() + runs.size());
  auto piece = pieces.begin();
  auto run = runs.begin();
  Column at = 0;
  while (piece != pieces.end() || run != runs.end()) {
    const bool have_piece = piece != pieces.end();
    const bool have_run = run != runs.end();
    const Column piece_begin = have_piece ? std::max(at, piece->columns.begin) : kNoColumn;
    const ColumnRun wanted = have_run ? clipped(*run, within) : ColumnRun{};
    const Column run_begin = have_run ? std::max(at, wanted.begin) : kNoColumn;
    const Column begin = std::min(piece_begin, run_begin);
    Column end = kNoColumn;
    PortsId open = PortSets::kNone;
    if (piece_begin == begin) {
      end = piece->columns.end;
      open = piece->ports;
    } else if (have_piece) {
      end = piece_begin;
    }
    if (run_begin == begin) {
      end = std::min(end, wanted.end);
      open = ports.unite(open, more);
    } else if (have_run) {
      end = std::min(end, run_begin);
    }
    append(result, {{begin, end}, open});
    at = end;
    if (have_piece && piece->columns.end <= at) ++piece;
    if (have_run && wanted.end <= at) ++run;
  }
  return result;
}

}  // namespace

RowPieces pieces_of(PairTables& tables, std::span<const RowTerm> row, Level level,
                    ColumnRun within) {
  RowPieces pieces;
  for (const RowTerm& term : row) {
    if (term.ports == PortSets::kNone) continue;
    const TwoSets& peer = tables.peers.at(term.peer);
    const auto all = tables.sets.runs(level == Level::Open ? peer.yes : peer.possible);
    const auto first = std::ranges::upper_bound(all, within.begin, {}, &ColumnRun::end);
    const auto last = std::ranges::lower_bound(first, all.end(), within.end, {}, &ColumnRun::begin);
    const std::span<const ColumnRun> runs(first, last);
    if (pieces.empty()) {
      for (const ColumnRun& run : runs) append(pieces, {clipped(run, within), term.ports});
    } else if (!runs.empty()) {
      pieces = merged(tables.ports, pieces, runs, within, term.ports);
    }
  }
  return pieces;
}

}  // namespace meshproof
