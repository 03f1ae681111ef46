#pragma once

#include <string>
#include <vector>

#include "model/verdict.h"

namespace meshproof {

/// What is wrong with one object, where no flow is asked about.
struct ObjectFault {
  std::string object;   ///< `RoleBinding shop/mesh-users`
  std::string text;     ///< one clause: what is wrong with it
  std::string rule_id;  ///< of docs/SEMANTICS.md
  Place place;
};

/// The violation by these, the first of them as the witness; there is one at least. Objects count
/// once, however much is wrong with them.
[[nodiscard]] Violated violated_by(const std::vector<ObjectFault>& faults);

}  // namespace meshproof
