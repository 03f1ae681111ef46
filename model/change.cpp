#include "model/change.h"

#include <algorithm>
#include <string>

namespace meshproof {

ObjectKey ObjectReference::key() const {
  return {has_group ? group : std::string{default_group(kind)}, kind, ns, name};
}

bool Change::is_empty() const {
  return std::ranges::all_of(phases, [](const ChangePhase& phase) { return phase.steps.empty(); });
}

}  // namespace meshproof
