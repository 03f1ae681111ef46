#pragma once

#include <string>
#include <string_view>

#include "model/tree.h"

namespace meshproof {

/// One condition of a status. Empty reasons and messages are left out.
struct Condition {
  std::string type;
  std::string status;  ///< `True`, `False`, `Unknown`
  std::string reason;
  std::string message;
};

/// The condition of that type in a list of conditions; null if there is none.
[[nodiscard]] const Tree* find_condition(const Tree* conditions, std::string_view type);

/// Sets a condition in place or adds it. Its lastTransitionTime stays while its status does; when
/// it changes is not predicted.
void set_condition(Tree& conditions, const Condition& condition);

}  // namespace meshproof
