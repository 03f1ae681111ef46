#pragma once

#include <cstddef>
#include <string>

#include "model/plan.h"
#include "model/source.h"
#include "reports/json.h"

namespace meshproof {

/// The member `routes` of a plan: every Route and Ingress that was judged, and what changes for it.
[[nodiscard]] Json routes_json(const Plan& plan, const Sources& sources);

/// For a person: the Routes that appear, go or change their answer and stand in no other section,
/// and how many there are of the others. Empty where none was judged.
[[nodiscard]] std::string route_section(const Plan& plan, const Sources& sources,
                                        std::size_t width);

}  // namespace meshproof
