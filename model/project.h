#pragma once

#include <optional>
#include <set>
#include <string>

#include "model/diagnostic.h"
#include "model/network.h"
#include "model/snapshot.h"

namespace meshproof {

/// What the user says about the network on the command line; wins over the input.
struct NetworkOptions {
  std::optional<SdnMode> sdn;          ///< --sdn: mode and strategy
  std::optional<Dialect> dialect;      ///< --dialect
  bool ip_block_matches_pods = true;   ///< --ipblock-matches-pods
  std::set<std::string> absent_kinds;  ///< --absent-kind
  /// Kinds served though the input has no object of them: a change deletes the last one, or
  /// installs the CRD.
  std::set<std::string> served_kinds;
};

/// Finds the two facts about the network (design.md, "Two facts about the network, not one").
/// Diagnostics: `network-assumed`, `unsupported-network`; an impossible pair of mode and dialect is
/// the error `mode-needs-openshift-sdn`.
[[nodiscard]] Network find_network(const ObjectStore& objects, const NetworkOptions& options,
                                   Diagnostics& diagnostics);

/// The typed view of the objects. Every field that is wrong for its kind, and every field that an
/// API server would prune, is told in `diagnostics` (errors and warnings); what is wrong is left
/// out of the result. O(size of the objects).
///
/// `like` is a state of which the objects are a change (they share an ObjectStore): what was not
/// written since is taken from there, with nothing told about it once more. All its symbols keep
/// their numbers, and so do pods and nodes if the change leaves them and the set of namespaces as
/// they are. O(pods + what was written), then.
[[nodiscard]] Cluster project(const ObjectStore& objects, const NetworkOptions& options,
                              Diagnostics& diagnostics, const Snapshot* like = nullptr);

}  // namespace meshproof
