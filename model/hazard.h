#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/change.h"
#include "model/prediction.h"

namespace meshproof {

/// What it takes until a failure is undone, from little to much.
enum class Healing : std::uint8_t {
  ByItself,          ///< nothing: the operator tries again
  WhenCured,         ///< the cause has to go; then the operator tries again
  WhenTouched,       ///< and something has to be written to the project's Namespace
  WithControlPlane,  ///< or else to the control plane
  AtRestart,         ///< or else the operator has to start again
  Never,             ///< none of these: it has to be mended by hand, or the edit made again
};
/// `by-itself`, `when-cured`, `when-touched`, `with-control-plane`, `at-restart`, `never`.
[[nodiscard]] std::string_view to_string(Healing healing);

/// A failure that a change meets, or can meet, in one project (operator.md 1.4, 3, 8).
struct Hazard {
  std::string code;      ///< `name-clash-policy`
  bool hits = false;     ///< the input has it; otherwise it would have to happen meanwhile
  bool joining = false;  ///< the project's way: into the mesh, or out of it
  std::string mesh;      ///< control-plane namespace
  std::string ns;
  std::string cause;               ///< one clause
  std::vector<std::string> left;   ///< what of the mesh the project has then: `label member-of`
  std::vector<std::string> lacks;  ///< what a project that has arrived has besides
  Healing healing = Healing::Never;
  std::string cure;  ///< one clause: what makes the cause go
};

/// Every failure of the catalogue (mesh/failure_rows.h) that can meet the change: those that its
/// outcomes show, in each project, and then those that could happen meanwhile, in the first project
/// of each direction and mesh. What is left and what heals it is played, not told from a table: the
/// failure is put into the state, the change is made, and the cause is taken away again. Empty
/// where no project joins or leaves. O(objects), and the failures of the catalogue for each mesh
/// and direction, and a few plays for each project that fails: on the objects of that project
/// alone.
[[nodiscard]] std::vector<Hazard> find_hazards(const Prediction& prediction, const Change& change,
                                               const PredictOptions& options);

}  // namespace meshproof
