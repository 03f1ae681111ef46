#pragma once

#include <memory>

#include "backends/clock.h"
#include "backends/cluster.h"
#include "backends/http.h"
#include "backends/patience.h"

namespace meshproof {

/// A live cluster by its API. Writes are those of the field manager `meshproof`.
[[nodiscard]] std::unique_ptr<LiveCluster> open_kube_cluster(
    std::unique_ptr<HttpTransport> transport, Clock& clock = system_clock(),
    const PatienceLimits& limits = {});

}  // namespace meshproof
