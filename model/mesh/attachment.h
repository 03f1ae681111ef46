#pragma once

#include <map>
#include <string>
#include <string_view>

#include "model/mesh/control_plane.h"
#include "model/mesh/world.h"

namespace meshproof {

inline constexpr std::string_view kAttachment = "NetworkAttachmentDefinition";

/// Whether the operator makes NetworkAttachmentDefinitions now. Operators before 2.2 decide it
/// once, when they start; a kind that appears later they only list (operator.md 4, as corrected by
/// operator-recorded.md, "Detection").
[[nodiscard]] bool makes_attachments(const World& world);

/// Operators before 2.2 list NetworkAttachmentDefinitions even where the CNI plugin is off, and
/// fail where the kind is not served.
[[nodiscard]] bool fails_to_list_attachments(const World& world);

/// With what error.
[[nodiscard]] std::string attachment_kind_error(const std::string& ns);

/// Those of a mesh in a project, by name: those with its label; for an operator that writes none,
/// whatever has the name of its only version.
[[nodiscard]] std::map<std::string, ObjectKey> attachments_of(const World& world,
                                                              const std::string& ns,
                                                              const std::string& mesh);

/// The object by which Multus finds the CNI plugin of the mesh's version, for one member.
[[nodiscard]] Tree new_attachment(const World& world, const std::string& ns,
                                  const ControlPlane& plane);

}  // namespace meshproof
