#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/project.h"

namespace meshproof {

struct Projected {
  Cluster cluster;
  Diagnostics diagnostics;
};

/// The projection of a YAML text with dialect kubernetes, so that nothing about the network is
/// assumed.
[[nodiscard]] Projected project_text(std::string_view yaml);
[[nodiscard]] Projected project_text(std::string_view yaml, const NetworkOptions& options);

/// `3: error[bad-port]: message`, sorted by place.
[[nodiscard]] std::vector<std::string> lines_of(Diagnostics diagnostics);

}  // namespace meshproof
