#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/coverage.h"

namespace meshproof {

/// What a snapshot of a live cluster says about how it was taken, beside its coverage.
struct SnapshotNote {
  std::string program;  ///< `meshproof 0.1.0`
  bool is_redacted = false;
  std::vector<std::string> namespaces = {};                   ///< -n; empty: all
  std::map<std::string, std::string> resource_versions = {};  ///< of each list, by `group/Kind`
};

/// A JSON `kind: List` is this head, the objects with `,\n` between them, and the tail: what was
/// collected is known only when all has been.
[[nodiscard]] std::string_view snapshot_head();
/// `coverage` as state_json() writes it, and `snapshot` (docs/FORMATS.md). Ends with a line end.
[[nodiscard]] std::string snapshot_tail(const Coverage& coverage, const SnapshotNote& note);

}  // namespace meshproof
