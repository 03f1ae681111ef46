#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/assertion.h"
#include "model/snapshot.h"
#include "model/verdict.h"
#include "solver/checks/groups.h"
#include "solver/checks/mesh_members.h"

namespace meshproof {

/// The snapshot with what may exist without standing in its input marked in its namespaces, as the
/// evaluator reads it (SEMANTICS C2–C5). O(namespaces × log listings), and a copy.
[[nodiscard]] Snapshot mark_uncollected(const Snapshot& snapshot);

/// What the input of a verdict lacks, one sentence for each kind and cause. Empty where the input
/// is taken for all there is.
struct Lacking {
  std::vector<std::string> ends;     ///< who else could break the statement (SEMANTICS C6)
  std::vector<std::string> network;  ///< what any flow hangs on (SEMANTICS C7)

  [[nodiscard]] bool is_empty() const { return ends.empty() && network.empty(); }
};

/// What a verdict about the assertion rests on. The snapshot is a marked one.
[[nodiscard]] Lacking lacking_for(const Assertion& assertion, const Snapshot& snapshot,
                                  const GroupResolver& groups);

/// The same of a statement about ways of several hops: any pod may be a stepping stone, and slices
/// take the policies of the input for all there are (SEMANTICS Q5).
[[nodiscard]] Lacking lacking_for_ways(const Assertion& assertion, const Snapshot& snapshot,
                                       const GroupResolver& groups);

/// What a statement rests on that reads these kinds, `group/Kind`, of the projects of a group
/// (none: all) off their objects. The snapshot is a marked one.
[[nodiscard]] Lacking lacking_objects(const std::vector<std::string>& kinds,
                                      const std::optional<Group>& group, const Snapshot& snapshot,
                                      const GroupResolver& groups);

/// What the tenancy of these namespaces of a mesh rests on (SEMANTICS C8). The snapshot is a marked
/// one.
[[nodiscard]] Lacking lacking_for_tenancy(const std::string& mesh,
                                          const std::vector<NamespaceId>& members,
                                          const Snapshot& snapshot);

/// What the reachability of uses rests on (SEMANTICS E10). The snapshot is a marked one.
[[nodiscard]] Lacking lacking_for_uses(const Snapshot& snapshot);

/// Why there may be meshes that the input does not show, beside those that it shows.
[[nodiscard]] std::vector<std::string> lacking_meshes(const std::vector<MeshMembers>& shown,
                                                      const Snapshot& snapshot);

/// The finding as far as the input allows it: Holds and Vacuous rest on nothing being left out; a
/// violation stays one, unless the network itself is not known (SEMANTICS C1). What is lacking goes
/// before other reasons why it is not known.
[[nodiscard]] Finding limited(Finding finding, const Lacking& lacking);

}  // namespace meshproof
