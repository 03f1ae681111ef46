#pragma once

#include <optional>
#include <string>

#include "backends/cluster.h"
#include "cli/session.h"

namespace meshproof {

/// A live cluster as one text.
struct LiveText {
  std::string server;
  std::string text;  ///< a JSON `kind: List` with its coverage, or that packed by gzip
};

/// Reads the cluster of the options (open_cluster.h), with progress on a terminal. Nothing after an
/// error in the session.
[[nodiscard]] std::optional<LiveText> read_live_text(Session& session);

/// The same of a cluster that is open. `packed`: by gzip, while it is read.
[[nodiscard]] std::optional<LiveText> read_live_text(Session& session, LiveCluster& cluster,
                                                     bool packed);

}  // namespace meshproof
