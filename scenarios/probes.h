#pragma once

#include <string>
#include <vector>

#include "model/probe.h"
#include "model/result.h"
#include "model/source.h"

namespace meshproof {

/// Reads `{"probes": [{"src", "dst", "protocol", "port"}]}` or the bare list, as JSON or YAML, in
/// the order written. The protocol defaults to TCP; other fields of a probe do not count. What an
/// end names is not looked up here.
[[nodiscard]] Result<std::vector<Probe>> read_probes(const std::string& path, Sources& sources);

}  // namespace meshproof
