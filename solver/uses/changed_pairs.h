#pragma once

#include <map>
#include <vector>

#include "model/reachability.h"
#include "solver/uses/two_states.h"

namespace meshproof {

/// Between which ends a comparison of two states found any difference. Refers to it.
class ChangedPairs {
 public:
  /// O(ends of its groups).
  explicit ChangedPairs(const ReachabilityChange& change);

  /// Whether anything that comes in at the end differs. O(log ends).
  [[nodiscard]] bool touches(const EndpointName& dst) const { return at_.contains(dst); }
  /// Whether something between members of the classes on these ports may differ. Of addresses
  /// outside and nodes always where it differs for anybody. O(names × groups at the end).
  [[nodiscard]] bool may_differ(const UseClass& src, const UseClass& dst,
                                const PortSet& ports) const;

 private:
  struct Group {
    const ChangedConnections* side = nullptr;
    const ConnectionGroup* group = nullptr;
  };
  struct Changes {
    std::vector<Group> groups;
    std::vector<const Reachability::Undecided*> undecided;
  };

  std::map<EndpointName, Changes> at_;
};

}  // namespace meshproof
