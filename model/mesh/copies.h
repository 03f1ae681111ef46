#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/mesh/control_plane.h"
#include "model/mesh/world.h"

namespace meshproof {

/// The copy of a control plane's object that a member gets: same name, spec, annotations and
/// labels, plus the member-of label, minus the labels that the pruner looks for (operator.md
/// 2, 3.3).
[[nodiscard]] Tree member_copy(const World& world, const Object& source, const std::string& ns,
                               const std::string& mesh);

/// What the operator copies into each member, from the objects that are in the control plane's
/// project at this moment (operator.md 2, 3.3).
struct WantedCopies {
  std::vector<Object> sources;      ///< in key order
  std::set<std::string> permitted;  ///< names of copies that stay where they are
};

/// The policies with the owner label and without the annotation `maistra.io/internal`.
[[nodiscard]] WantedCopies wanted_policies(const World& world, const std::string& mesh);

/// The bindings with the owner label. From operator 2.3 on those that refer to a Role, and with a
/// cluster-wide control plane those of istiod, are not copied; copies made before stay.
[[nodiscard]] WantedCopies wanted_bindings(const World& world, const ControlPlane& plane);

/// The objects of a kind in a project that count as this mesh's copies, whoever made them: those
/// with its member-of label. By name.
[[nodiscard]] std::map<std::string, ObjectKey> copies_in(const World& world, std::string_view kind,
                                                         const std::string& ns,
                                                         const std::string& mesh);

}  // namespace meshproof
