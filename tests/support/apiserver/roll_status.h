#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/tree.h"
#include "tests/support/apiserver/playbook.h"

namespace meshproof {

/// What the operator sees when it looks at its mesh.
struct MeshSight {
  Tree roll;                                    ///< Null where there is none
  std::vector<Tree> members;                    ///< ServiceMeshMembers of this mesh
  std::map<std::string, std::string> projects;  ///< resourceVersion of each Namespace

  [[nodiscard]] const Tree* member_in(std::string_view project) const;
  /// What the roll lists, sorted, without the control plane's own project and doubles.
  [[nodiscard]] std::vector<std::string> wanted(const std::string& mesh) const;
};

/// The member is there to stay, and has been told that it is configured.
[[nodiscard]] bool is_configured(const Tree* member);

/// status of a ServiceMeshMember: as recorded of a configured one, or with an error.
[[nodiscard]] Tree member_status(const Playbook& book, const Tree& member,
                                 const std::string& error);

/// status of the roll: that which was recorded where all is configured, with these projects.
[[nodiscard]] Tree roll_status(const Playbook& book, const MeshSight& sight);

}  // namespace meshproof
