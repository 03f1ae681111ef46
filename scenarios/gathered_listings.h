#pragma once

#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "model/coverage.h"
#include "model/object.h"
#include "model/tree.h"
#include "scenarios/must_gather.h"

namespace meshproof {

/// What a list in a must-gather says, which was not cut off: its kind is listed in its namespace,
/// or in the cluster. `item_kind` is the list's own, empty where it has none (`kind: List`).
/// O(items).
[[nodiscard]] std::vector<std::pair<Part, Listing>> listings_of_gathered(
    const GatheredPath& path, const Tree& list, std::string_view item_kind);

/// A file of a must-gather that was read.
struct GatheredFile {
  GatheredPath path;
  std::size_t origin = 0;  ///< in Coverage::origins
};

/// What the files of must-gathers say beyond their lists: which inputs are must-gathers, which
/// kinds were gathered object by object to the last one (nodes, host subnets, and the mesh's own
/// where its collector ran), and namespaces that are known without what is in them
/// (docs/FORMATS.md, "must-gather"). Does nothing without such files. O((files + objects) log).
void add_gathered(const std::vector<GatheredFile>& files, const ObjectStore& objects,
                  Coverage& coverage);

/// Beside a must-gather: what files that are lists hold is assumed to be all there is of their
/// kinds, in their one namespace, or in the whole cluster where they name several. `lists` are
/// those files with their origins. O(objects × log objects).
void add_assumed_lists(const std::vector<Tree>& objects, const std::map<FileId, std::size_t>& lists,
                       Coverage& coverage);

}  // namespace meshproof
