#include "solver/engines/all_pairs/port_sets.h"

#include <algorithm>

namespace meshproof {
namespace {

/// The same for both orders.
std::uint64_t key_of(PortsId a, PortsId b) {
  const auto [low, high] = std::minmax(a.value, b.value);
  return (std::uint64_t{low} << 32U) | high;
}

}  // namespace

PortSets::PortSets() {
  static_cast<void>(intern(PortSet::none()));
  static_cast<void>(intern(PortSet::all()));
}

std::uint64_t PortSets::hash_of(const PortSet& ports) {
  std::uint64_t hash = 0;
  for (const Protocol protocol : kProtocols) {
    for (const PortRange range : ports.ranges(protocol)) {
      hash = mixed(hash, (std::uint64_t{range.from} << 16U) | range.to);
    }
    hash = mixed(hash, static_cast<std::uint64_t>(protocol));
  }
  return hash;
}

PortsId PortSets::intern(const PortSet& ports) { return {sets_.intern(ports).first}; }

PortsId PortSets::unite(PortsId a, PortsId b) {
  if (a == b || b == kNone || a == kAll) return a;
  if (a == kNone || b == kAll) return b;
  const std::uint64_t key = key_of(a, b);
  const auto known = unions_.find(key);
  if (known != unions_.end()) return known->second;
  return unions_[key] = intern(at(a).unite(at(b)));
}

PortsId PortSets::intersect(PortsId a, PortsId b) {
  if (a == b || a == kNone || b == kAll) return a;
  if (b == kNone || a == kAll) return b;
  const std::uint64_t key = key_of(a, b);
  const auto known = intersections_.find(key);
  if (known != intersections_.end()) return known->second;
  return intersections_[key] = intern(at(a).intersect(at(b)));
}

PortsId PortSets::subtract(PortsId a, PortsId b) {
  if (a == b || a == kNone) return kNone;
  if (b == kNone) return a;
  return intern(at(a).subtract(at(b)));
}

}  // namespace meshproof
