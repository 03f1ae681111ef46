#pragma once

#include <vector>

#include "model/prediction.h"
#include "model/safe_order.h"
#include "model/snapshot.h"
#include "solver/moments/safe_order.h"

/// What find_safe_order() tells of a prediction. Only its files include this.
namespace meshproof {

/// One stage for each phase with writes, with a barrier behind each but the last. Asides are left
/// out. `objects` is the state before. O(steps log).
[[nodiscard]] std::vector<OrderStage> order_stages(const ObjectStore& objects,
                                                   const Prediction& prediction,
                                                   const std::vector<BridgePolicy>& bridges,
                                                   unsigned delay_seconds);

/// The user's writes of a prediction taken back, the last phase first: predicted from the state
/// after and judged. `before` and `after` are the states that the prediction leads from and to.
/// O(a prediction, and a comparison of the states where network ids differ).
[[nodiscard]] JudgedOrder rollback_of(const Snapshot& before, const Snapshot& after,
                                      const Prediction& prediction,
                                      const std::vector<BridgePolicy>& bridges,
                                      const SafeOrderOptions& options);

}  // namespace meshproof
