#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "backends/cluster.h"
#include "model/coverage.h"

namespace meshproof {

/// How far a snapshot is, for people.
struct SnapshotProgress {
  std::size_t kind_index = 0;  ///< of `kinds`, from 0
  std::size_t kinds = 0;
  std::string kind;         ///< `NetworkPolicy`
  std::size_t objects = 0;  ///< of this kind so far
};

struct SnapshotOptions {
  std::vector<std::string> namespaces = {};  ///< namespaced kinds only in these; empty: everywhere
  bool redact = false;                       ///< see Redaction
  std::string time = {};                     ///< now, as it shall stand there: RFC 3339, UTC
  std::function<void(const SnapshotProgress&)> progress = {};
};

/// What a snapshot says about itself.
struct SnapshotEnd {
  /// With one origin: the server, who asked, when; its resourceVersion is that of the first list,
  /// so that whatever was written before is in it.
  Coverage coverage;
  std::map<std::string, std::string> resource_versions;  ///< of each list, by `group/Kind`
};

/// Lists every object of read_kinds() that the server serves and lets us see, and gives them to
/// `take` one by one, as JSON in one line. What becomes of each kind stands in the coverage: one
/// that the server does not serve is listed and empty; one that may not be listed everywhere is
/// denied, in the server's words, and then asked for in each namespace that is known; one whose
/// list broke is cut off. Nothing of it is an error. Errors: no answer, credentials that do not
/// count. `take` false ends it with the coverage so far. O(bytes), in memory one item.
[[nodiscard]] Answer<SnapshotEnd> take_snapshot(LiveCluster& cluster,
                                                const SnapshotOptions& options,
                                                const TakeItem& take);

}  // namespace meshproof
