#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/moments.h"
#include "model/snapshot.h"

/// A mesh that projects join and leave, as in the tables of verification.md 3.3: control plane
/// `mesh` with member `old` (pod `old/m`), a router (`router/r` of policy group ingress), an
/// outsider (`far/o`), and joining projects `x0`, `x1`, … with an exposed pod `e` and another `h`.
/// Half of the verdicts there depend on whether a joining project isolates itself before.
namespace meshproof {

/// One step of the three that the prototype has for each project.
enum class MomentStep : std::uint8_t { Label, MeshPolicy, RoutePolicy };

/// A change of membership of `isolated.size()` projects; where it is true the project has a policy
/// of its own that isolates all its pods and admits those of the project.
struct MomentScene {
  Snapshot before;
  Snapshot after;
  std::vector<Step> steps;  ///< project by project, in the order of MomentStep
};

[[nodiscard]] MomentScene joining(const std::vector<bool>& isolated);
/// The same backwards.
[[nodiscard]] MomentScene leaving(const std::vector<bool>& isolated);

/// One stage of all steps, in any order.
[[nodiscard]] std::vector<Stage> any_order(const MomentScene& scene);
/// Per project first the policies, then the label, each in effect before the next.
[[nodiscard]] std::vector<Stage> operator_order(const MomentScene& scene);
/// Stages for labels, then for policies, of all projects.
[[nodiscard]] std::vector<Stage> labels_first(const MomentScene& scene);
/// A stage for each step: exactly this order.
[[nodiscard]] std::vector<Stage> one_by_one(const MomentScene& scene,
                                            const std::vector<std::size_t>& order);

/// The state that these objects are, in dialect kubernetes.
[[nodiscard]] Snapshot state_of(ObjectStore objects);
/// A step for each object that differs, by key.
[[nodiscard]] std::vector<Step> steps_between(const Snapshot& before, const Snapshot& after);

/// `no-blackhole no-pivot`: the rules that are broken, in order; `?` before those undecided.
[[nodiscard]] std::string broken(const std::vector<MomentVerdict>& verdicts);

}  // namespace meshproof
