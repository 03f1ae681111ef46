#include "solver/uses/changed_pairs.h"

#include <algorithm>

namespace meshproof {
namespace {

bool holds_source(const ChangedConnections& side, const ConnectionGroup& group,
                  const EndpointName& src) {
  if (src.ns.empty()) return true;  // by what they send, not by the name of their block
  const auto at = std::ranges::lower_bound(side.ends, src);
  if (at == side.ends.end() || *at != src) return false;
  const EndId id{static_cast<std::uint32_t>(at - side.ends.begin())};
  return std::ranges::binary_search(group.sources, id);
}

}  // namespace

ChangedPairs::ChangedPairs(const ReachabilityChange& change) {
  for (const ChangedConnections* side : {&change.lost, &change.gained}) {
    for (const ConnectionGroup& group : side->groups) {
      for (const EndId id : group.destinations) at_[side->at(id)].groups.push_back({side, &group});
    }
  }
  for (const Reachability::Undecided& each : change.undecided) {
    at_[each.dst].undecided.push_back(&each);
  }
}

bool ChangedPairs::may_differ(const UseClass& src, const UseClass& dst,
                              const PortSet& ports) const {
  return std::ranges::any_of(dst.names, [&](const EndpointName& to) {
    const auto at = at_.find(to);
    if (at == at_.end()) return false;
    return std::ranges::any_of(src.names, [&](const EndpointName& from) {
      const bool is_changed = std::ranges::any_of(at->second.groups, [&](const Group& each) {
        return holds_source(*each.side, *each.group, from) &&
               !each.group->ports.intersect(ports).is_empty();
      });
      return is_changed || std::ranges::any_of(at->second.undecided, [&](const auto* each) {
               return (from.ns.empty() || each->src == from) &&
                      !each->ports.intersect(ports).is_empty();
             });
    });
  });
}

}  // namespace meshproof
