#pragma once

#include <optional>
#include <string>

#include "model/mesh/control_plane.h"
#include "model/mesh/network_join.h"
#include "model/mesh/world.h"

namespace meshproof {

/// What the operator's namespace reconciler answers.
struct NamespaceOutcome {
  enum class Status : std::uint8_t {
    Done,
    Failed,       ///< with the error; some or all of the steps may have been made
    Terminating,  ///< nothing was done
    Missing,      ///< there is no such namespace
  };
  Status status = Status::Done;
  std::string error;
};

/// Makes a project a member (operator.md 8.1): network, RoleBindings, NetworkAttachmentDefinition,
/// label, in this order. A project with another mesh's label is refused, an error of the network
/// stops it; later errors do not keep the label off.
[[nodiscard]] NamespaceOutcome join_namespace(World& world, const std::string& ns,
                                              const ControlPlane& plane, Strategy strategy);

/// Undoes it (operator.md 8.2): RoleBindings, NetworkAttachmentDefinitions, network, and the
/// member-of label whatever its value.
[[nodiscard]] NamespaceOutcome leave_namespace(World& world, const std::string& ns,
                                               const std::string& mesh, Strategy strategy);

}  // namespace meshproof
