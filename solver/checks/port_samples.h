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

/// The ports that a reader expects to see: those that a pod's containers declare, those that a
/// Service offers; in the order of the manifest. None of other ends.
[[nodiscard]] std::vector<PortSample> declared_ports(const Cluster& cluster, const FlowEnd& dst);

/// Of some ports the one by which they are shown: one that the destination declares, else the
/// lowest of the first protocol. Of none: port 0.
[[nodiscard]] PortSample shown_port(const Cluster& cluster, const FlowEnd& dst,
                                    const PortSet& ports);

/// One port, the first, of each range that nothing which bears on a pair of ends can tell apart:
/// policies, names of ports, Services, and what the network itself does (special_ports()). Between
/// a sample and the next of its protocol evaluate() gives one answer. Refers to the cluster.
class PortSamples {
 public:
  /// `asked` ranges are never divided: a sample inside speaks for ports inside only.
  /// O(pods + Services).
  PortSamples(const Cluster& cluster, const PortSet& asked);

  /// The samples inside `asked`, in order. `dropped_for_all` leaves out what is closed to
  /// everybody: what the dialect drops, and what a Service does not offer. O(ports of the policies
  /// of the two namespaces; of a Service without a cluster IP: of its endpoints' too).
  [[nodiscard]] std::vector<PortSample> between(const FlowEnd& src, const FlowEnd& dst,
                                                bool dropped_for_all);

  /// The ports inside `asked` that the destination declares, likewise.
  [[nodiscard]] std::vector<PortSample> declared(const FlowEnd& dst, bool dropped_for_all) const;

 private:
  using Starts = std::map<Protocol, std::set<std::uint32_t>>;

  const Starts& starts_of(NamespaceId ns);
  void add_policies_of(const FlowEnd& end, Starts& starts);
  void add_target(const FlowEnd& end, Starts& starts);
  void add_service(const Service& service, Starts& starts);
  [[nodiscard]] FlowEnd owner_of(const FlowEnd& end) const;
  [[nodiscard]] bool is_dropped(const FlowEnd& dst, PortSample sample) const;
  static void add(Starts& starts, Protocol protocol, PortRange range);

  const Cluster& cluster_;
  const PortSet asked_;
  Starts common_;
  std::map<NamespaceId, Starts> by_namespace_;
  std::map<IpAddress, FlowEnd> owners_;  // of the addresses of pods and Services
};

}  // namespace meshproof
