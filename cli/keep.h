#pragma once

#include <string_view>

#include "model/cluster.h"
#include "model/result.h"
#include "model/suggestion.h"

namespace meshproof {

/// A flow that is to be kept, as the user wrote it: `FROM=TO[:PORT[/PROTOCOL]]`, the ends as in
/// cli/endpoint.h. Where an end holds `=` itself, TO begins behind the last one, or at the last
/// `ns=` or `label=` behind a `=`. The port is the Service's own where TO is a Service. TO is a
/// pod, a workload, a project, pods by label or a Service; an address only if one of those has it.
/// What has completed is left out. The cluster is that of the state after the change. O(pods +
/// parts of blocks).
[[nodiscard]] Result<KeptFlow> parse_keep(std::string_view text, const Cluster& cluster);

}  // namespace meshproof
