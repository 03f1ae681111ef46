#pragma once

#include <string>
#include <vector>

#include "model/plan.h"
#include "model/snapshot.h"

namespace meshproof {

/// What there is to say about Routes and Ingresses in a plan.
struct RouteJudgements {
  std::vector<RouteJudgement> routes;  ///< by namespace, kind and name
  /// Sentences: hosts of Gateways that get no Route, and Routes that no router admits because their
  /// host is taken.
  std::vector<std::string> notices;
};

/// Judges, before and after, every Route and Ingress of the projects that the change touches and of
/// the control planes' own; also those that only the control planes (of Gateways) or the addons'
/// operators make, and that are predicted. Where the state has nothing of a control plane's
/// workloads, such as after an installation, their pods are taken as the charts make them.
/// O(Routes of these projects + gateway_routes() + answer_exposures()).
[[nodiscard]] RouteJudgements judge_routes(const Plan& plan, const Snapshot& before,
                                           const Snapshot& after);

}  // namespace meshproof
