#pragma once

#include <set>
#include <string>
#include <string_view>

#include "model/mesh/control_plane.h"
#include "model/mesh/world.h"

namespace meshproof {

/// Tells Kiali which namespaces it may show (operator.md 1.6). Nothing happens without a Kiali
/// object, or when it has just these namespaces.
void show_in_kiali(World& world, const std::string& mesh, const std::string& kiali,
                   const std::set<std::string>& accessible, bool cluster_wide);

/// True where the operator has brought Kiali to the cluster: the spec it has applied wants it.
[[nodiscard]] bool has_applied(const Object& control_plane, std::string_view addon,
                               bool wanted_by_spec);

}  // namespace meshproof
