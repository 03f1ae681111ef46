#include "solver/uses/changed_pairs.h"

#include <algorithm>
#include <string_view>

namespace meshproof {

ChangedPairs::ChangedPairs(const ReachabilityChange& change) {
  for (const ChangedConnections* side : {&change.lost, &change.gained}) {
    for (const ConnectionGroup& group : side->groups) {
      Projects& projects = projects_.emplace_back();
      for (const EndId id : group.sources) projects.insert(side->at(id).ns);
      for (const EndId id : group.destinations) {
        at_[side->at(id)].groups.push_back({&projects, &group.ports});
      }
    }
  }
  for (const Reachability::Undecided& each : change.undecided) {
    at_[each.dst].undecided.push_back(&each);
  }
}

TwoStates::Projects ChangedPairs::source_projects(
    const std::vector<UseTargetClass>& targets) const {
  Projects projects;
  std::set<const Projects*> seen;
  for (const UseTargetClass& target : targets) {
    for (const EndpointName& name : target.pods.names) {
      const auto at = at_.find(name);
      if (at == at_.end()) continue;
      for (const Group& group : at->second.groups) {
        if (!seen.insert(group.projects).second) continue;
        projects.insert(group.projects->begin(), group.projects->end());
      }
      for (const auto* each : at->second.undecided) projects.insert(each->src.ns);
    }
  }
  return projects;
}

bool ChangedPairs::may_differ(const UseClass& src, const UseClass& dst,
                              const PortSet& ports) const {
  // Rules know projects, so that nearly every class is of one; names are in order.
  std::vector<std::string_view> projects{src.names.front().ns};
  if (src.names.back().ns != projects.front()) {
    for (const EndpointName& from : src.names) {
      if (from.ns != projects.back()) projects.push_back(from.ns);
    }
  }
  const auto is_from = [&](std::string_view ns, const auto& holds) {
    return ns.empty() || holds(ns);  // hosts and addresses: by what they send, not by their name
  };
  return std::ranges::any_of(dst.names, [&](const EndpointName& to) {
    const auto at = at_.find(to);
    if (at == at_.end()) return false;
    return std::ranges::any_of(projects, [&](std::string_view ns) {
      const bool is_changed = std::ranges::any_of(at->second.groups, [&](const Group& each) {
        return is_from(ns, [&](std::string_view it) { return each.projects->contains(it); }) &&
               !each.ports->intersect(ports).is_empty();
      });
      return is_changed || std::ranges::any_of(at->second.undecided, [&](const auto* each) {
               return is_from(ns, [&](std::string_view it) { return each->src.ns == it; }) &&
                      !each->ports.intersect(ports).is_empty();
             });
    });
  });
}

}  // namespace meshproof
