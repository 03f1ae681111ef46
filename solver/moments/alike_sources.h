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
/// source, so 500 projects of ten classes are ten questions' worth of sources. Only moment_proof
/// includes this.
class AlikeSources {
 public:
  /// `relabelled`: the stage in which each namespace gets its new labels. The cluster is that of
  /// united states. A namespace that restricts egress is a class of its own. O(what the policies
  /// say + namespaces × labels).
  AlikeSources(const Cluster& cluster, const FlowVersions& versions,
               const std::map<NamespaceId, std::size_t>& relabelled);

  /// The namespaces whose steps decide flows to the destination from those that change, itself left
  /// out: one of each class, and those of anchors().
  [[nodiscard]] std::set<NamespaceId> beside(NamespaceId destination) const;

  /// With the OpenShift SDN: namespaces whose new labels speak for more than their own pods, for
  /// addresses that completed pods left (SEMANTICS SDN-P7) or for all of VNID 0 (SDN-P3, SDN-P4).
  [[nodiscard]] const std::set<NamespaceId>& anchors() const { return anchors_; }

  /// Classes and anchors.
  [[nodiscard]] std::size_t size() const { return classes_.size() + anchors_.size(); }

 private:
  std::vector<std::vector<NamespaceId>> classes_;  // of each the first two
  std::set<NamespaceId> anchors_;
};

}  // namespace meshproof
