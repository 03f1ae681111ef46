#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/cluster.h"
#include "solver/exposures.h"

namespace meshproof {

/// Whether a router reaches what is behind a Route or Ingress.
struct ExposureAnswer {
  /// True: some pod of a router certainly reaches some pod behind it, on a port that it leads to.
  /// False: none certainly does. Nothing: not known, see `because`.
  std::optional<bool> answers;
  std::string because;  ///< why it is not known, in words
};

/// One answer for each exposure, in their order. Not known without routers, for Services that the
/// cluster does not have, that have no pods in it or lead to other addresses, and where the
/// evaluator does not know. Without exposures nothing is looked at. O(pods behind them all +
/// classes of routers × classes of those × rules).
[[nodiscard]] std::vector<ExposureAnswer> answer_exposures(const Cluster& cluster,
                                                           const std::vector<Exposure>& exposures);

}  // namespace meshproof
