#pragma once

#include <string>
#include <vector>

#include "tests/scenarios/packed.h"

namespace meshproof {

/// A Namespace as a must-gather has it.
[[nodiscard]] std::string namespace_text(const std::string& name);
/// `namespaces/NS/core/pods.yaml` with so many pods.
[[nodiscard]] std::string pods_text(const std::string& ns, int count);

/// The files of a small must-gather of two images, the platform's and the mesh's, with what lies
/// beside the objects: events, Secrets, logs, pods once more. Project `shop` is a member of the
/// mesh, but nothing in it was collected.
[[nodiscard]] std::vector<PackedFile> must_gather_tree();

}  // namespace meshproof
