#pragma once

#include <optional>

#include "backends/apply/scene.h"

namespace meshproof {

/// Makes one write of the plan: looks at the object first, writes only what is as planned before,
/// and looks again whenever it is not known what became of a request. Passing refusals are waited
/// out. Counts it in `run`. Nothing comes back if the object is now as planned after the write.
[[nodiscard]] std::optional<Trouble> make_write(ApplyScene& scene, const WriteId& id,
                                                StageRun& run);

/// The write of an id.
[[nodiscard]] const PlannedWrite& write_of(const ApplyScene& scene, const WriteId& id);

}  // namespace meshproof
