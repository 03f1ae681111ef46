#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "solver/engines/all_pairs/pair_tables.h"
#include "solver/matrix/matrix_places.h"
#include "solver/matrix/sender_rows.h"

namespace meshproof {

/// A flow that speaks for others, and the units of its ends.
struct MatrixPick {
  std::size_t from = 0;
  std::size_t to = 0;
  Flow flow;
};

/// What two ends have to do with each other.
struct Meeting {
  bool is_pair = false;  ///< else nothing else counts
  PortsId some = PortSets::kNone;
  PortsId every = PortSets::kNone;
  PortsId unknown = PortSets::kNone;  ///< possible between a pair, and in `some` of none
  /// What the rules of both directions are asked about: one flow that is open, or else one that is
  /// not decided, or else one that one of them would let through.
  MatrixPick flow;
  std::optional<MatrixPick> undecided;  ///< on a port of `unknown`
};

/// The columns of an end: whole, and of each family, where it has both.
struct ColumnViews {
  std::array<Column, 3> columns = {};
  std::size_t count = 1;

  ColumnViews(const Columns& all, Column whole);
  [[nodiscard]] std::span<const Column> get() const { return std::span(columns).first(count); }
};

/// Lets ends meet. Keeps everything by reference.
class Meetings {
 public:
  Meetings(PairTables& tables, SenderRows& rows) : tables_(tables), rows_(rows) {}

  /// The ports between two units, by their places among those of the ends.
  using PortsBetween = std::function<TwoPorts(std::size_t from, std::size_t to)>;

  /// Of two ends: these of the units of `src`, which must have different ones for each sort of
  /// pair, with all of `dst`.
  [[nodiscard]] Meeting of(const MatrixPlace& src, const std::vector<std::size_t>& from,
                           const MatrixPlace& dst, const PortsBetween& between);
  /// Of a project with itself: pairs of different pods.
  [[nodiscard]] Meeting within(const MatrixPlace& place);

 private:
  struct Candidate {
    std::size_t from = 0;
    std::size_t to = 0;
    FlowEnd src;
    FlowEnd dst;
    TwoPorts ports;
  };
  [[nodiscard]] Meeting settle(const MatrixPlace& src, const MatrixPlace& dst,
                               const std::vector<Candidate>& candidates);
  [[nodiscard]] MatrixPick pick(const Candidate& candidate, PortsId ports) const;
  [[nodiscard]] std::optional<MatrixPick> best_one_way(const MatrixPlace& src,
                                                       const MatrixPlace& dst,
                                                       const std::vector<Candidate>& candidates,
                                                       Direction direction);
  [[nodiscard]] TwoPorts one_way(const MatrixUnit& src, const MatrixUnit& dst, Direction direction);

  PairTables& tables_;
  SenderRows& rows_;
};

}  // namespace meshproof
