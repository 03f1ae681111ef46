#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/change.h"
#include "model/mesh/admission.h"
#include "model/mesh/world.h"
#include "model/result.h"

namespace meshproof {

/// An edit that admission refused: it changed nothing.
struct RefusedEdit {
  ObjectKey key;
  Tree wanted;
  Rejection rejection;
  Place place;
};

/// Far above what any change needs: each object is looked at a handful of times.
inline constexpr std::size_t kTurnsPerObject = 200;

/// Lets every controller work until nothing moves. A world that does not come to rest is told as a
/// warning `no-rest`.
void run_to_rest(World& world, std::size_t turns_per_object = kTurnsPerObject);

/// Makes the edits of one phase, at once. An error if one of them cannot be made at all:
/// `object-not-found`.
[[nodiscard]] Result<std::vector<RefusedEdit>> make_edits(World& world, const ChangePhase& phase);

}  // namespace meshproof
