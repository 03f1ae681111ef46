#pragma once

#include <string>

#include "model/change.h"
#include "model/result.h"
#include "model/source.h"
#include "scenarios/read.h"

namespace meshproof {

/// Reads what somebody wants to do to a cluster: documents of the kind `Change`, one phase each, or
/// plain manifests, which are merged into the cluster in one phase (docs/FORMATS.md). All mistakes
/// are told.
[[nodiscard]] Result<Change> read_change(const std::string& path, const ReadOptions& options,
                                         Sources& sources, Diagnostics& warnings);

}  // namespace meshproof
