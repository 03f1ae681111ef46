#include "solver/checks/port_samples.h"

namespace meshproof {

namespace {

constexpr std::uint16_t kLastPort = 65535;

NamespaceId namespace_of(const Cluster& cluster, const FlowEnd& end) {
  const auto* pod = std::get_if<PodId>(&end);
  return pod == nullptr ? NamespaceId{} : cluster.at(*pod).ns;
}

}  // namespace

PortSamples::PortSamples(const Cluster& cluster, const PortSet& asked)
    : cluster_(cluster), asked_(asked) {
  for (const Protocol protocol : kProtocols) {
    common_[protocol].insert(protocol == Protocol::Icmp ? 0 : 1);
    if (protocol == Protocol::Icmp) continue;
    for (const PortRange range : asked.ranges(protocol)) add(common_, protocol, range);
  }
  if (cluster.network.dialect != Dialect::OpenShiftSdn) return;
  const std::uint16_t vxlan = cluster.network.vxlan_port;
  add(common_, Protocol::Udp, {vxlan, vxlan});
  add(common_, Protocol::Tcp, {22623, 22624});  // sdn.md 1: the machine-config server
}

void PortSamples::add(Starts& starts, Protocol protocol, PortRange range) {
  if (range.from > 0) starts[protocol].insert(range.from);
  if (range.to < kLastPort) starts[protocol].insert(range.to + 1u);
}

const PortSamples::Starts& PortSamples::starts_of(NamespaceId ns) {
  const auto [entry, is_new] = by_namespace_.try_emplace(ns);
  if (!is_new || !ns.is_valid()) return entry->second;
  for (const PolicyId id : cluster_.at(ns).policies) {
    for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
      for (const PolicyRule& rule : cluster_.at(id).rules(direction)) {
        for (const PolicyPort& port : rule.ports) {
          if (port.range) add(entry->second, port.protocol, *port.range);
        }
      }
    }
  }
  return entry->second;
}

std::vector<PortSample> PortSamples::between(const FlowEnd& src, const FlowEnd& dst,
                                             bool dropped_for_all) {
  Starts starts = common_;
  for (const FlowEnd& end : {src, dst}) {
    for (const auto& [protocol, more] : starts_of(namespace_of(cluster_, end))) {
      starts[protocol].insert(more.begin(), more.end());
    }
  }
  if (const auto* pod = std::get_if<PodId>(&dst)) {
    for (const ContainerPort& port : cluster_.at(*pod).ports) {
      if (!port.name.empty()) add(starts, port.protocol, {port.port, port.port});
    }
  }
  std::vector<PortSample> samples;
  for (const auto& [protocol, numbers] : starts) {
    for (const std::uint32_t number : numbers) {
      const auto port = static_cast<std::uint16_t>(number);
      const bool is_vxlan = cluster_.network.dialect == Dialect::OpenShiftSdn &&
                            protocol == Protocol::Udp && port == cluster_.network.vxlan_port;
      if (is_vxlan && dropped_for_all) continue;
      if (asked_.contains(protocol, port)) samples.push_back({protocol, port});
    }
  }
  return samples;
}

}  // namespace meshproof
