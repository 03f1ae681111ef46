#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/change.h"
#include "model/object.h"

namespace meshproof {

/// A part of a change that can be written by itself: one project that joins or leaves by a roll's
/// spec.members, or one edit as it stands.
struct ChangePart {
  enum class Kind : std::uint8_t { Leave, Join, Whole };

  Kind kind = Kind::Whole;
  std::string ns;         ///< the project; of an edit the namespace of its object, or that it is
  ObjectKey key;          ///< of the roll, or of the object
  std::size_t phase = 0;  ///< in the change
  std::size_t step = 0;   ///< in the phase

  bool operator==(const ChangePart&) const = default;
};

/// The parts of a change in its order; of one edit of a roll those that leave come first. Edits of
/// rolls are split where they do nothing but exchange names of spec.members; a phase with an event
/// outside of the API has parts of whole edits only. O(objects edited).
[[nodiscard]] std::vector<ChangePart> parts_of(const ObjectStore& before, const Change& change);

/// The same change with the parts of each phase made one level after the other: `levels` has one
/// for each part, counted within its phase from 0, and every level up to the highest is in use.
/// A roll that is split has the projects on it that have joined by then.
[[nodiscard]] Change in_levels(const ObjectStore& before, const Change& change,
                               const std::vector<ChangePart>& parts,
                               const std::vector<std::size_t>& levels);

}  // namespace meshproof
