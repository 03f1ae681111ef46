#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "solver/engines/flows/flow_encoder.h"

namespace meshproof {

/// The namespaces that change, as sources of flows to others: those that no policy tells apart,
/// whatever of the change is in effect, are one class, of which one speaks for all. A flow has one
/// source, so 500 projects of ten classes are ten questions' worth of sources. Only moment_frame
/// includes this.
class AlikeSources {
 public:
  /// `relabelled`: the stage in which each namespace gets its new labels; `anchors`: those whose
  /// steps decide flows of others, too (ChangedSources::wide). The cluster is that of united
  /// states. A namespace that restricts egress is a class of its own. O(what the policies say +
  /// namespaces × labels).
  AlikeSources(const Cluster& cluster, const FlowVersions& versions,
               const std::map<NamespaceId, std::size_t>& relabelled, std::set<NamespaceId> anchors);

  /// The namespaces whose steps decide flows to the destination from those that change, itself left
  /// out: one of each class, and the anchors.
  [[nodiscard]] std::set<NamespaceId> beside(NamespaceId destination) const;

  /// Classes and anchors.
  [[nodiscard]] std::size_t size() const { return classes_.size() + anchors_.size(); }

 private:
  std::vector<std::vector<NamespaceId>> classes_;  // of each the first two
  std::set<NamespaceId> anchors_;
};

}  // namespace meshproof
