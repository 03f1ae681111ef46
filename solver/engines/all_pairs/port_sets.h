#pragma once

#include <cstdint>
#include <unordered_map>

#include "model/id.h"
#include "model/port_set.h"
#include "solver/engines/all_pairs/hash_consed.h"

namespace meshproof {

/// A set of ports known to PortSets: equal sets have equal ids.
using PortsId = Id<PortSet>;

/// Every set of ports that the engine meets, each once (hash-consed), with remembered unions and
/// intersections. Append-only; not for several threads at once.
class PortSets {
 public:
  PortSets();

  static constexpr PortsId kNone{0};
  static constexpr PortsId kAll{1};

  [[nodiscard]] PortsId intern(const PortSet& ports);
  [[nodiscard]] const PortSet& at(PortsId id) const { return sets_.at(id.value); }

  /// O(1) for a pair that was asked before.
  [[nodiscard]] PortsId unite(PortsId a, PortsId b);
  [[nodiscard]] PortsId intersect(PortsId a, PortsId b);
  [[nodiscard]] PortsId subtract(PortsId a, PortsId b);

 private:
  static std::uint64_t hash_of(const PortSet& ports);

  HashConsed<PortSet, hash_of> sets_;
  std::unordered_map<std::uint64_t, PortsId> unions_;
  std::unordered_map<std::uint64_t, PortsId> intersections_;
};

}  // namespace meshproof
