#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "model/reachability.h"

namespace meshproof {

/// Factorises connections that are found one by one. Each may be added once only.
class ConnectionGroups {
 public:
  /// Nothing where there are no ports.
  void add(EndId src, EndId dst, const PortSet& ports, bool partly);
  /// Some that are factorised already. Nothing where there are no ports.
  void add(ConnectionGroup group) {
    if (!group.ports.is_empty()) groups_.push_back(std::move(group));
  }

  /// All of them: what one destination has in common with others is one group. O(n log n).
  [[nodiscard]] std::vector<ConnectionGroup> take();

 private:
  struct Single {
    EndId dst;
    std::uint32_t ports = 0;
    bool partly = false;
    EndId src;

    auto operator<=>(const Single&) const = default;
  };

  std::map<PortSet, std::uint32_t> port_numbers_;
  std::vector<PortSet> ports_;
  std::vector<Single> singles_;
  std::vector<ConnectionGroup> groups_;
};

}  // namespace meshproof
