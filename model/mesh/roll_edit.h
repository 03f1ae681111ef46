#pragma once

#include <string>
#include <vector>

#include "model/change.h"
#include "model/object.h"
#include "model/result.h"

namespace meshproof {

/// The edit of one mesh's member roll that makes the namespaces of `join` members and takes those
/// of `leave` off, by spec.members. A roll that does not exist is created. `mesh` is `CPNS`,
/// `CPNS/NAME` or empty; which mesh an empty one means is never guessed: with several it is an
/// error that lists them.
/// Errors: `no-mesh`, `which-mesh`, `unknown-mesh`, `already-member`, `not-a-member`,
/// `repeated-namespace`, `control-plane-namespace`.
[[nodiscard]] Result<Change> edit_roll(const ObjectStore& objects,
                                       const std::vector<std::string>& join,
                                       const std::vector<std::string>& leave,
                                       const std::string& mesh);

[[nodiscard]] Result<Change> join_change(const ObjectStore& objects, const std::string& mesh,
                                         const std::vector<std::string>& namespaces);
[[nodiscard]] Result<Change> leave_change(const ObjectStore& objects, const std::string& mesh,
                                          const std::vector<std::string>& namespaces);

}  // namespace meshproof
