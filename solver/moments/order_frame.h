#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "solver/moments/change_parts.h"
#include "solver/moments/safe_order.h"

/// The search for an order with given temporary policies. Only the files of find_safe_order()
/// include this.
namespace meshproof {

/// What an order is looked for of. Refers to what outlives it.
struct OrderQuestion {
  const Snapshot& before;
  const Snapshot& after;
  const Change& change;
  const Prediction& prediction;
  const SafeOrderOptions& options;
};

/// A bad moment, as what it says of any order: some of `missing` is not in effect while some of
/// `present` is. Parts by their places; an order avoids it only if one of the former comes
/// before one of the latter.
struct LearntMoment {
  BadMoment moment;
  std::vector<std::size_t> missing;
  std::vector<std::size_t> present;
  std::vector<Step> in_effect;
  std::vector<Step> pending;
};

struct FrameAnswer {
  enum class Kind : std::uint8_t {
    Safe,
    Impossible,  ///< each order has one of the moments
    Undecided,   ///< see `reason`
  };
  Kind kind = Kind::Undecided;
  std::string reason;
  std::vector<std::size_t> levels;          ///< of the parts; Safe
  Prediction prediction;                    ///< of the order that was judged last
  std::vector<MomentVerdict> verdicts;      ///< of that order
  std::vector<MomentVerdict> own_verdicts;  ///< of the change as it is; none with bridges
  std::vector<LearntMoment> moments;
};

/// Bridges are created before the first level and deleted after the last one.
[[nodiscard]] FrameAnswer search_order(const OrderQuestion& question,
                                       const std::vector<ChangePart>& parts,
                                       const std::vector<BridgePolicy>& bridges);

}  // namespace meshproof
