#pragma once

#include <string>
#include <string_view>

#include "model/cluster.h"
#include "model/result.h"
#include "solver/slice.h"

namespace meshproof {

/// One side of a slice, as the user wrote it: the ends of cli/endpoint.h. An address stands for who
/// has it, a block for everybody in it, `outside` for everything that is not of the cluster. A
/// source that can only be Services is an error, for they open no connections. Never empty.
[[nodiscard]] Result<SliceSide> parse_source(std::string_view text, const Cluster& cluster);
[[nodiscard]] Result<SliceSide> parse_destination(std::string_view text, const Cluster& cluster);

/// Where the text is a block in which pods may or may not be, because their addresses are not
/// known: a sentence that says so. Else empty.
[[nodiscard]] std::string doubt_about(std::string_view text, const Cluster& cluster);

}  // namespace meshproof
