#pragma once

#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "model/coverage.h"
#include "model/object.h"
#include "model/tree.h"
#include "scenarios/list_items.h"
#include "scenarios/must_gather.h"

namespace meshproof {

/// What a list in a must-gather says, which was not cut off: its kind is listed in its namespace,
/// or in the cluster. `item_kind` is the list's own, empty where it has none (`kind: List`).
/// O(parts × log parts).
[[nodiscard]] std::vector<std::pair<Part, Listing>> listings_of_gathered(const GatheredPath& path,
                                                                         const Tree& list,
                                                                         std::string_view item_kind,
                                                                         const ListItems& items);

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

/// A list that is no part of a must-gather and was not cut off.
struct PlainList {
  std::map<Part, std::size_t> parts;  ///< how many objects it has of each
  std::size_t origin = 0;             ///< in Coverage::origins
};

/// What a list has of each kind and namespace. O(parts × log parts).
[[nodiscard]] PlainList plain_list(const ListItems& items, std::size_t origin);

/// Beside a must-gather: what a list holds is assumed to be all there is of its kinds, in its one
/// namespace, or in the whole cluster where it names several. O(parts × log parts).
void add_assumed_lists(const std::vector<PlainList>& lists, Coverage& coverage);

}  // namespace meshproof
