#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meshproof {

/// What the path of a file below a must-gather says of it (docs/FORMATS.md, "must-gather"): the
/// layout of `oc adm inspect`.
struct GatheredPath {
  std::string root;   ///< the folder of `namespaces` and `cluster-scoped-resources`, with its `/`
  std::string ns;     ///< empty for cluster-scoped objects
  std::string group;  ///< empty for the core group
  std::string resource;  ///< `pods`; empty for a namespace itself
  std::string name;      ///< of the object; empty for a list
  bool is_list = false;  ///< all objects of the resource, not one

  bool operator==(const GatheredPath&) const = default;
};

/// Empty for a path that is not of that layout, like the logs and metrics beside the objects.
[[nodiscard]] std::optional<GatheredPath> gathered_path(std::string_view path);

/// A file of a tree, by its path.
struct TreeFile {
  std::string path;
  std::optional<GatheredPath> gathered;  ///< if it is part of a must-gather
};

/// The files of a tree that hold objects, in their order.
struct TreeSelection {
  std::vector<TreeFile> files;
  std::vector<std::string> roots;  ///< of the must-gathers in the tree, sorted
  std::size_t left_out = 0;        ///< files of must-gathers that are not read
};

/// Finds the must-gathers in a tree by what is in it: a folder with `cluster-scoped-resources`, or
/// with a namespace's own object beside a list of the core group. In them only objects are read:
/// no events, no Secrets, no pod that stands in a list of pods too. Everything outside stays.
/// O(files × log files).
[[nodiscard]] TreeSelection select_files(const std::vector<std::string>& paths);

}  // namespace meshproof
