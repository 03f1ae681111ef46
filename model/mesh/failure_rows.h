#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/change.h"
#include "model/mesh/control_plane.h"
#include "model/mesh/world.h"
#include "model/network.h"

namespace meshproof {

/// One project on its way into a mesh or out of it.
struct Passage {
  std::string ns;
  ControlPlane plane;
  bool joining = true;
  Strategy strategy = Strategy::NetworkPolicy;
  /// The other mesh's name where one is needed.
  std::string other_mesh;
};

/// A way in which a passage can fail: a row for each.
struct FailureRow {
  std::string_view code;
  std::string_view cause;  ///< with {ns} and {mesh}
  std::string_view cure;   ///< the same
  /// A part of the operator's error text by which an outcome shows it; empty for a project that
  /// does not exist, which the state shows.
  std::string_view marker;
  bool of_admission;  ///< it refuses the edit, so that nothing happens at all
  bool (*can_hit)(const World& before, const Passage& passage);
  /// What happens before the edit.
  std::vector<ChangePhase> (*happen)(const World& before, const Passage& passage);
  /// What takes the cause away again, in the state that the failure has left.
  std::vector<ChangePhase> (*end)(const World& before, const World& after, const Passage& passage);
};

[[nodiscard]] std::span<const FailureRow> failure_rows();

}  // namespace meshproof
