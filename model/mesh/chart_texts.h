#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/mesh/control_plane.h"

namespace meshproof {

/// A text of the chart tables with {rev}, {ns} and {jaeger} filled in.
[[nodiscard]] std::string filled(std::string_view pattern, const ControlPlane& plane);

/// One part of `a=b,c in d|e`: a label and its value, or an expression with its values.
struct Requirement {
  std::string key;
  std::vector<std::string> values;
  bool is_expression = false;
};

/// All parts of such a text, filled in; none of an empty one.
[[nodiscard]] std::vector<Requirement> requirements(std::string_view pattern,
                                                    const ControlPlane& plane);

}  // namespace meshproof
