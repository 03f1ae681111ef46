#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backends/apply/journal.h"
#include "backends/apply/lease.h"
#include "backends/apply/live_state.h"
#include "backends/clock.h"
#include "backends/cluster.h"
#include "model/execution.h"
#include "model/execution_run.h"

namespace meshproof {

struct ExecuteOptions {
  /// How long the effect of a stage is waited for, and a server that does not answer.
  std::chrono::seconds patience{120};
  /// Instead of the plan's own delays: how long the network is taken to need.
  std::optional<unsigned> network_seconds = {};
  bool turns_back = true;  ///< false: stops where it cannot go on
};

/// Told before each stage and each wait, for a person who waits.
using TellProgress = std::function<void(std::string_view words)>;

/// Everything that carrying out a plan works with. Outlives the run.
struct ApplyScene {
  const Execution& execution;
  LiveCluster& cluster;
  LiveState& live;
  Journal& journal;
  Lease& lease;
  Clock& clock;
  ExecuteOptions options;
  TellProgress tell;

  [[nodiscard]] const std::vector<ExecutionStage>& stages(Way way) const {
    return way == Way::There ? execution.stages : execution.rollback;
  }
  [[nodiscard]] Via via() const { return journal.record().via; }
};

/// Why a run cannot go on.
struct Trouble {
  std::string because;
  std::vector<Mismatch> mismatches = {};
  /// Nothing may or can be written any more, not even what would take back: no lease, no journal,
  /// no server, no credentials. The direction stays as it is.
  bool ends_all = false;
};

}  // namespace meshproof
