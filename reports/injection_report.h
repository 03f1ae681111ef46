#pragma once

#include <cstddef>
#include <string>

#include "model/plan.h"
#include "model/source.h"
#include "reports/json.h"
#include "reports/json_members.h"

namespace meshproof {

/// `{"namespace", "kind", "name", "injected", …}` of one workload (docs/FORMATS.md, `pods`).
[[nodiscard]] Json pods_json(const InjectionChange& change, const Sources& sources);

/// The section `Pods`: what has to be restarted and why, who asks for a sidecar and gets none, what
/// becomes of other networks. Of long lists the first names, unless `full`: then every workload has
/// a line too. Empty where the change touches no workload.
[[nodiscard]] std::string injection_lines(const Plan& plan, const Sources& sources,
                                          std::size_t width, bool full);

}  // namespace meshproof
