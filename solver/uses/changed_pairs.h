#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/reachability.h"
#include "solver/uses/two_states.h"

namespace meshproof {

/// Between which ends a comparison of two states found any difference. Refers to it.
class ChangedPairs {
 public:
  /// O(ends of its groups log).
  explicit ChangedPairs(const ReachabilityChange& change);

  /// Whether anything that comes in at the end differs. O(log ends).
  [[nodiscard]] bool touches(const EndpointName& dst) const { return at_.contains(dst); }
  /// The projects from which anything to one of the ends differs; none for hosts and addresses.
  /// O(names × groups at them × projects log).
  [[nodiscard]] TwoStates::Projects source_projects(
      const std::vector<UseTargetClass>& targets) const;
  /// Whether something between members of the classes on these ports may differ: where it differs
  /// for somebody of the sources' project; of addresses outside and nodes where it does for
  /// anybody. O(names of `dst` × groups at the end × log projects).
  [[nodiscard]] bool may_differ(const UseClass& src, const UseClass& dst,
                                const PortSet& ports) const;

 private:
  using Projects = TwoStates::Projects;
  struct Group {
    const Projects* projects = nullptr;  ///< of its sources
    const PortSet* ports = nullptr;
  };
  struct Changes {
    std::vector<Group> groups;
    std::vector<const Reachability::Undecided*> undecided;
  };

  std::deque<Projects> projects_;  ///< of one group each
  std::map<EndpointName, Changes> at_;
};

}  // namespace meshproof
