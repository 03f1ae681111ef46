#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/drift.h"
#include "model/object.h"

namespace meshproof {

/// The mesh of mesh_manifests(), installed and at rest, with the members `old` and `shop`.
[[nodiscard]] ObjectStore installed(const std::string& more = "");

/// One write that no operator sees.
[[nodiscard]] ObjectStore patched(ObjectStore objects, std::string_view kind, std::string_view ns,
                                  std::string_view name, std::string_view merge_yaml);
[[nodiscard]] ObjectStore without(ObjectStore objects, std::string_view kind, std::string_view ns,
                                  std::string_view name);
[[nodiscard]] ObjectStore with(ObjectStore objects, std::string_view yaml);

/// The test fails if it is an error.
[[nodiscard]] Drift drift_of(ObjectStore objects, const PredictOptions& options = {});

/// `missing error NetworkPolicy shop/istio-mesh-basic, mended`, notes left out.
[[nodiscard]] std::vector<std::string> lines_of(const Drift& drift);

}  // namespace meshproof
