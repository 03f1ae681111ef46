#pragma once

#include <string>
#include <vector>

#include "model/observed_flow.h"
#include "model/result.h"
#include "model/source.h"

namespace meshproof {

/// Reads flows that were observed: JSON of network observability, one value a line or a list, or
/// CSV with a header line (docs/FORMATS.md, "Flows"), packed by gzip or not. Flows of one source,
/// destination, protocol and port are counted as one while they are read. Errors, with the line of
/// each: `bad-flow`, `json-syntax`; `no-flows` for a file without any. What an end names is not
/// looked up here. O(flows log).
[[nodiscard]] Result<ObservedFlows> read_flows(const std::vector<std::string>& paths,
                                               Sources& sources);

}  // namespace meshproof
