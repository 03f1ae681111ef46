#pragma once

#include <string>
#include <vector>

#include "model/mesh/watch_scope.h"
#include "reports/json.h"

namespace meshproof {

/// `[{"mesh", "controlPlane", "everything", "selected", "namespaces", "gained", "lost"}]`, the
/// state after
[[nodiscard]] Json scopes_json(const std::vector<ScopeChange>& scopes);

/// The section `Watched by the control planes`: those whose scope moves; empty if none does. Long
/// lists are counts, unless `full`.
[[nodiscard]] std::string scope_lines(const std::vector<ScopeChange>& scopes, std::size_t width,
                                      bool full);

}  // namespace meshproof
