#pragma once

#include <map>
#include <string>
#include <string_view>

#include "model/mesh/world.h"

namespace meshproof {

/// The copy of a control plane's object that a member gets: same name, spec, annotations and
/// labels, plus the member-of label, minus the labels that the pruner looks for (operator.md
/// 2, 3.3).
[[nodiscard]] Tree member_copy(const World& world, const Object& source, const std::string& ns,
                               const std::string& mesh);

/// The objects of a kind in a project that count as this mesh's copies, whoever made them: those
/// with its member-of label. By name.
[[nodiscard]] std::map<std::string, ObjectKey> copies_in(const World& world, std::string_view kind,
                                                         const std::string& ns,
                                                         const std::string& mesh);

}  // namespace meshproof
