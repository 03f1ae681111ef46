#include "solver/engines/all_pairs/row_pieces.h"

#include <algorithm>
#include <span>

namespace meshproof {
namespace {

void append(std::vector<RowPiece>& pieces, RowPiece piece) {
  if (piece.columns.begin >= piece.columns.end) return;
  const bool continues = !pieces.empty() && pieces.back().columns.end == piece.columns.begin &&
                         pieces.back().ports == piece.ports;
  if (continues) {
    pieces.back().columns.end = piece.columns.end;
  } else {
    pieces.push_back(piece);
  }
}

/// The pieces and one more term.
std::vector<RowPiece> merged(PortSets& ports, const std::vector<RowPiece>& pieces,
                             std::span<const ColumnRun> runs, PortsId more) {
  std::vector<RowPiece> result;
  result.reserve(pieces.size() + runs.size());
  auto piece = pieces.begin();
  auto run = runs.begin();
  Column at = 0;
  while (piece != pieces.end() || run != runs.end()) {
    const bool have_piece = piece != pieces.end();
    const bool have_run = run != runs.end();
    const Column piece_begin = have_piece ? std::max(at, piece->columns.begin) : kNoColumn;
    const Column run_begin = have_run ? std::max(at, run->begin) : kNoColumn;
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
      end = std::min(end, run->end);
      open = ports.unite(open, more);
    } else if (have_run) {
      end = std::min(end, run_begin);
    }
    append(result, {{begin, end}, open});
    at = end;
    if (have_piece && piece->columns.end <= at) ++piece;
    if (have_run && run->end <= at) ++run;
  }
  return result;
}

}  // namespace

std::vector<RowPiece> pieces_of(PairTables& tables, RowId row, Level level) {
  std::vector<RowPiece> pieces;
  for (const RowTerm& term : tables.rows.at(row)) {
    if (term.ports == PortSets::kNone) continue;
    const TwoSets& peer = tables.peers.at(term.peer);
    const auto runs = tables.sets.runs(level == Level::Open ? peer.yes : peer.possible);
    if (pieces.empty()) {
      for (const ColumnRun& run : runs) append(pieces, {run, term.ports});
    } else if (!runs.empty()) {
      pieces = merged(tables.ports, pieces, runs, term.ports);
    }
  }
  return pieces;
}

}  // namespace meshproof
