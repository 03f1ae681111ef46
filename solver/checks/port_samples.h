#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "model/cluster.h"
#include "model/flow.h"

namespace meshproof {

struct PortSample {
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;
};

/// One port of each range that no rule which bears on a pair of ends can tell apart.
class PortSamples {
 public:
  /// `asked` ranges are never divided: a sample inside speaks for ports inside only.
  PortSamples(const Cluster& cluster, const PortSet& asked);

  /// The samples inside `asked`, in order. `dropped_for_all` leaves out what the dialect drops for
  /// everybody. O(ports of the policies of the two namespaces).
  [[nodiscard]] std::vector<PortSample> between(const FlowEnd& src, const FlowEnd& dst,
                                                bool dropped_for_all);

 private:
  using Starts = std::map<Protocol, std::set<std::uint32_t>>;

  const Starts& starts_of(NamespaceId ns);
  static void add(Starts& starts, Protocol protocol, PortRange range);

  const Cluster& cluster_;
  const PortSet asked_;
  Starts common_;
  std::map<NamespaceId, Starts> by_namespace_;
};

}  // namespace meshproof
