#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "solver/engines/flows/united_states.h"

namespace meshproof {

/// Between which ends flows can differ at all, so that nothing is asked of the others: of a cluster
/// with a thousand projects, a change of one concerns those that tell its labels apart.
class ChangedSources {
 public:
  /// `cluster`: that of the states, which may have been moved elsewhere. Refers to both.
  /// O(pods + policies).
  ChangedSources(const UnitedStates& states, const Cluster& cluster);

  struct Sources {
    std::set<NamespaceId> namespaces;  ///< none: all of them
    std::set<NamespaceId> without;     ///< not these, for others speak for them
    std::string key;                   ///< FlowClaim::sources_key
    /// FlowClaim::is_broken_by_reaching: what an unchanged namespace lets out is the same in all
    /// states, so that one to come, which lets out everything, shows all differences that it can.
    bool is_stood_for = false;

    [[nodiscard]] bool contains(NamespaceId ns) const {
      return (namespaces.empty() || namespaces.contains(ns)) && !without.contains(ns);
    }
  };

  /// The existing namespaces from which flows to the destination (an invalid one: a project to
  /// come) can differ between two states, each of which has any part of the differences; beside
  /// them, those to come and the outside. None: no flow to it differs.
  /// O(what the destination's policies say × relabelled namespaces).
  [[nodiscard]] std::optional<Sources> to(NamespaceId destination) const;

  /// Whether the states differ in policies that restrict egress.
  [[nodiscard]] bool egress_changes() const { return egress_changes_; }

  /// With the OpenShift SDN: namespaces whose new labels speak for more than their own pods, for
  /// addresses that completed pods left (SEMANTICS SDN-P7) or for all of VNID 0 (SDN-P3, SDN-P4).
  [[nodiscard]] const std::set<NamespaceId>& wide() const { return wide_; }

 private:
  [[nodiscard]] bool is_told_apart(const LabelSelector& namespaces) const;
  [[nodiscard]] bool are_told_apart(NamespaceId ns, Direction direction) const;
  void find_wide();

  const FlowVersions& versions_;
  const Cluster& cluster_;
  std::set<Symbol> changed_keys_;
  bool egress_changes_ = false;
  std::set<NamespaceId> wide_;
  bool egress_tells_apart_ = false;  ///< of any namespace
};

}  // namespace meshproof
