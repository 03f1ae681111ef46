#pragma once

#include <vector>

#include "model/diagnostic.h"
#include "model/source.h"
#include "model/tree.h"
#include "scenarios/manifests.h"
#include "scenarios/read.h"

namespace meshproof {

/// The objects of the manifests, checked (metadata.h) and in normal form (normal_form.h), in their
/// order. Those with an error are left out.
[[nodiscard]] std::vector<Tree> check_objects(Manifests& manifests, const ReadOptions& options,
                                              const Sources& sources, Diagnostics& diagnostics);

/// Moves the errors into the result and the rest to `warnings`, both sorted by place.
[[nodiscard]] Diagnostics split_errors(Diagnostics found, Diagnostics& warnings);

}  // namespace meshproof
