#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "solver/engines/all_pairs/hash_consed.h"
#include "solver/matrix/column_marks.h"
#include "solver/matrix/matrix_places.h"
#include "solver/matrix/sender_rows.h"

namespace meshproof {

/// One destination of the matrix: which sources it cannot tell apart, nor they among its pods.
/// Keeps what it is given by reference.
class Receiving {
 public:
  /// `marks` are by what the destination's rules ask about sources. O(ends + kinds of senders ×
  /// units).
  Receiving(const MatrixPlaces& places, PairTables& tables, SenderRows& rows,
            const MatrixPlace& place, ColumnMarks marks);

  /// Of a unit of a source: all that decides what it can send to each unit here, and by which rules
  /// here.
  struct Sort {
    std::uint32_t value = 0;  ///< what its own rules say of each unit here, and what it speaks
    std::uint32_t mark = 0;   ///< what it is to the rules here

    auto operator<=>(const Sort&) const = default;
  };
  [[nodiscard]] Sort sort_of(const MatrixUnit& unit);

  /// Equal for sources whose units are of the same sorts. O(1) for most neighbours.
  [[nodiscard]] std::uint32_t profile_of(std::size_t source);

  /// The ports between a unit of a source and one here; asks once for each sort.
  [[nodiscard]] TwoPorts between(const MatrixUnit& unit, std::size_t to);

  /// Beside what rows say, firewalls and the like may decide what the unit sends here: to addresses
  /// outside.
  [[nodiscard]] bool has_rules_of_its_own(const MatrixUnit& unit) const;

 private:
  static constexpr std::uint32_t kMixed = 0xffffffff;

  void find_values();
  void find_marks();
  [[nodiscard]] std::uint32_t profile_of(const MatrixPlace& source);

  const MatrixPlaces& places_;
  PairTables& tables_;
  SenderRows& rows_;
  const MatrixPlace& place_;
  ColumnMarks marks_;
  HashConsedLists<std::uint64_t> lists_;
  std::vector<std::uint32_t> values_;   ///< by sender
  std::vector<std::uint32_t> sides_;    ///< by set of senders: their values
  std::vector<std::uint32_t> mark_of_;  ///< by place, of all its units; or kMixed
  std::unordered_map<std::uint64_t, std::uint32_t> profiles_;  ///< by side and mark
  HashConsedLists<std::uint64_t> sorts_;
  std::uint64_t last_key_ = 0xffffffffffffffff;
  std::uint32_t last_profile_ = 0;
  std::map<std::pair<Sort, std::size_t>, TwoPorts> ports_;
};

}  // namespace meshproof
