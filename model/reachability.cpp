#include "model/reachability.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

namespace meshproof {
namespace {

/// The numbers of the groups that each end is a source of.
std::vector<std::vector<std::uint32_t>> groups_by_source(const ChangedConnections& changed) {
  std::vector<std::vector<std::uint32_t>> result(changed.ends.size());
  for (std::uint32_t i = 0; i < changed.groups.size(); ++i) {
    for (const EndId src : changed.groups[i].sources) result[src.value].push_back(i);
  }
  return result;
}

}  // namespace

std::string to_string(const EndpointName& end) {
  if (!end.cidr.empty()) return end.cidr;
  const std::string name = end.kind + '/' + end.name;
  return end.ns.empty() ? name : end.ns + '/' + name;
}

std::uint64_t ConnectionGroup::count() const {
  const std::uint64_t all = std::uint64_t{sources.size()} * destinations.size();
  if (is_itself()) return all;
  std::vector<EndId> both;
  std::ranges::set_intersection(sources, destinations, std::back_inserter(both));
  return all - both.size();
}

std::uint64_t ChangedConnections::count() const {
  std::uint64_t sum = 0;
  for (const ConnectionGroup& group : groups) sum += group.count();
  return sum;
}

void ChangedConnections::for_each(const std::function<bool(const Connection&)>& take) const {
  const std::vector<std::vector<std::uint32_t>> by_source = groups_by_source(*this);
  std::vector<std::tuple<EndId, bool, std::uint32_t>> found;  // of one source
  for (std::uint32_t i = 0; i < by_source.size(); ++i) {
    const EndId src{i};
    found.clear();
    for (const std::uint32_t number : by_source[i]) {
      const ConnectionGroup& group = groups[number];
      for (const EndId dst : group.destinations) {
        if (dst != src || group.is_itself()) found.emplace_back(dst, group.partly, number);
      }
    }
    std::ranges::sort(found);
    for (const auto& [dst, partly, number] : found) {
      if (!take({at(src), at(dst), groups[number].ports, {}, partly})) return;
    }
  }
}

std::vector<Reason> ChangedConnections::evidence_of(const Connection& connection) const {
  return explain ? explain(connection) : std::vector<Reason>{};
}

std::vector<Connection> spelled_out(const ChangedConnections& changed) {
  std::vector<Connection> result;
  changed.for_each([&](const Connection& each) {
    result.push_back(each);
    result.back().evidence = changed.evidence_of(each);
    return true;
  });
  return result;
}

ChangedConnections as_groups(const std::vector<Connection>& connections) {
  ChangedConnections result;
  for (const Connection& each : connections) {
    result.ends.push_back(each.src);
    result.ends.push_back(each.dst);
  }
  std::ranges::sort(result.ends);
  const auto repeated = std::ranges::unique(result.ends);
  result.ends.erase(repeated.begin(), repeated.end());
  const auto id_of = [&](const EndpointName& end) {
    const auto found = std::ranges::lower_bound(result.ends, end);
    return EndId{static_cast<std::uint32_t>(found - result.ends.begin())};
  };
  using Key = std::tuple<EndpointName, EndpointName, bool>;
  std::map<Key, std::vector<Reason>> reasons;
  for (const Connection& each : connections) {
    result.groups.push_back({{id_of(each.src)}, {id_of(each.dst)}, each.ports, each.partly});
    if (each.evidence.empty()) continue;
    reasons[{each.src, each.dst, each.partly}] = each.evidence;
  }
  if (reasons.empty()) return result;
  result.explain = [reasons = std::move(reasons)](const Connection& each) {
    const auto found = reasons.find({each.src, each.dst, each.partly});
    return found == reasons.end() ? std::vector<Reason>{} : found->second;
  };
  return result;
}

}  // namespace meshproof
