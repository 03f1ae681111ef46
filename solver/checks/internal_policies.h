#pragma once

#include <string>
#include <vector>

#include "model/snapshot.h"

namespace meshproof {

/// The policies of a namespace whose own rules say what is exposed on purpose (SEMANTICS T5).
/// O(its policies).
[[nodiscard]] std::vector<PolicyId> internal_policies(const Snapshot& snapshot,
                                                      const std::string& mesh, NamespaceId member);

}  // namespace meshproof
