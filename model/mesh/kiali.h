#pragma once

#include <set>
#include <string>
#include <string_view>

#include "model/mesh/control_plane.h"
#include "model/mesh/world.h"

namespace meshproof {

/// The lists that Kiali gets: `accessible` and nothing hidden, or cluster-wide everything but the
/// system's projects.
struct KialiScope {
  std::set<std::string> shown;
  std::set<std::string> hidden;
};
[[nodiscard]] KialiScope kiali_scope(const World& world, const std::set<std::string>& accessible,
                                     bool cluster_wide);

/// Whether Kiali shows just this scope. Operators before 2.3 know of nothing hidden.
[[nodiscard]] bool shows(const World& world, const Object& kiali, const KialiScope& scope);

/// Whether a roll's mesh shows everything in Kiali: operator 2.3 wants the roll to be cluster-wide
/// too, later ones look at the mode only.
[[nodiscard]] bool shows_everything(const World& world, const Object& roll,
                                    const ControlPlane& plane);

/// Tells Kiali which namespaces it may show (operator.md 1.6). Nothing happens without a Kiali
/// object, or when it has just these namespaces.
void show_in_kiali(World& world, const std::string& mesh, const std::string& kiali,
                   const std::set<std::string>& accessible, bool cluster_wide);

/// True where the operator has brought Kiali to the cluster: the spec it has applied wants it.
[[nodiscard]] bool has_applied(const Object& control_plane, std::string_view addon,
                               bool wanted_by_spec);

}  // namespace meshproof
