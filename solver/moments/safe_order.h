#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "model/change.h"
#include "model/moments.h"
#include "model/prediction.h"
#include "model/safe_order.h"
#include "model/snapshot.h"

namespace meshproof {

/// Who says whether every moment is safe while stages lead from one state to another: one verdict
/// for each rule.
using MomentJudge = std::function<std::vector<MomentVerdict>(
    const Snapshot& before, const Snapshot& after, const std::vector<Stage>& stages)>;

/// The longest that the network is taken to need until it enforces what it is told.
inline constexpr unsigned kNetworkSeconds = 30;

struct SafeOrderOptions {
  PredictOptions predict;  ///< by which `prediction` was made
  MomentJudge judge;       ///< judge_moments()
  /// Names the change in labels and names of bridges: letters and digits, 40 at most.
  std::string digest;
  unsigned delay_seconds = kNetworkSeconds;
  std::size_t most_orders = 64;        ///< that are judged of one kind, before it gives up
  std::size_t most_tries = 1U << 20U;  ///< of levels, for one order
};

/// A change as it is, phase by phase, and what takes it back, the last phase first. Nobody has
/// judged the moments on the way.
struct WayThereAndBack {
  std::vector<OrderStage> there;
  std::vector<OrderStage> back;  ///< none if there is no way back
  std::string no_way_back;       ///< why; else empty
};
/// Costs a prediction.
[[nodiscard]] WayThereAndBack way_there_and_back(const Snapshot& before, const Snapshot& after,
                                                 const Prediction& prediction,
                                                 const PredictOptions& options,
                                                 unsigned delay_seconds);

/// The order of a change in which no moment is bad (SEMANTICS B): as it is if that is safe, else
/// with the fewest barriers between parts of the edit, else with temporary policies before and
/// after it, too. Each order is predicted anew and judged; `prediction` is the change as it is,
/// from `before` to `after`. Costs a prediction and a judgement for each order that is tried.
[[nodiscard]] SafeOrder find_safe_order(const Snapshot& before, const Snapshot& after,
                                        const Change& change, const Prediction& prediction,
                                        const SafeOrderOptions& options);

}  // namespace meshproof
