#include "solver/checks/port_samples.h"

#include <algorithm>

#include "solver/evaluate.h"

namespace meshproof {

namespace {

constexpr std::uint16_t kLastPort = 65535;

}  // namespace

std::vector<PortSample> declared_ports(const Cluster& cluster, const FlowEnd& dst) {
  std::vector<PortSample> result;
  if (const auto* pod = std::get_if<PodId>(&dst)) {
    for (const ContainerPort& port : cluster.at(*pod).ports) {
      result.push_back({port.protocol, port.port});
    }
  } else if (const auto* service = std::get_if<ServiceId>(&dst)) {
    for (const ServicePort& port : cluster.at(*service).ports) {
      result.push_back({port.protocol, port.port});
    }
  }
  return result;
}

PortSample shown_port(const Cluster& cluster, const FlowEnd& dst, const PortSet& ports) {
  for (const PortSample sample : declared_ports(cluster, dst)) {
    if (ports.contains(sample.protocol, sample.port)) return sample;
  }
  for (const Protocol protocol : kProtocols) {
    if (!ports.ranges(protocol).empty()) return {protocol, ports.ranges(protocol).front().from};
  }
  return {};
}

PortSamples::PortSamples(const Cluster& cluster, const PortSet& asked)
    : cluster_(cluster), asked_(asked) {
  const PortSet special = special_ports(cluster);
  for (const Protocol protocol : kProtocols) {
    common_[protocol].insert(protocol == Protocol::Icmp ? 0 : 1);
    if (protocol == Protocol::Icmp) continue;
    for (const PortRange range : asked.ranges(protocol)) add(common_, protocol, range);
    for (const PortRange range : special.ranges(protocol)) add(common_, protocol, range);
  }
  // As in evaluate(): a cluster IP is the Service, whoever else claims the address, and of several
  // pods the first that has not completed.
  for (std::uint32_t i = 0; i < cluster.services.size(); ++i) {
    for (const IpAddress& address : cluster.services[i].cluster_ips) {
      owners_.try_emplace(address, ServiceId{i});
    }
  }
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    if (cluster.pods[i].host_network || cluster.pods[i].is_completed()) continue;
    for (const IpAddress& address : cluster.pods[i].addresses) {
      owners_.try_emplace(address, PodId{i});
    }
  }
}

void PortSamples::add(Starts& starts, Protocol protocol, PortRange range) {
  if (range.from > 0) starts[protocol].insert(range.from);
  if (range.to < kLastPort) starts[protocol].insert(range.to + 1u);
}

FlowEnd PortSamples::owner_of(const FlowEnd& end) const {
  const auto* address = std::get_if<IpAddress>(&end);
  if (address == nullptr) return end;
  const auto owner = owners_.find(*address);
  return owner == owners_.end() ? end : owner->second;
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

/// What the policies of a pod's namespace tell apart.
void PortSamples::add_policies_of(const FlowEnd& end, Starts& starts) {
  const auto* id = std::get_if<PodId>(&end);
  if (id == nullptr) return;
  for (const auto& [protocol, more] : starts_of(cluster_.at(*id).ns)) {
    starts[protocol].insert(more.begin(), more.end());
  }
}

/// The same, and the names that a destination gives to ports.
void PortSamples::add_target(const FlowEnd& end, Starts& starts) {
  const auto* id = std::get_if<PodId>(&end);
  if (id == nullptr) return;
  add_policies_of(end, starts);
  for (const ContainerPort& port : cluster_.at(*id).ports) {
    if (!port.name.empty()) add(starts, port.protocol, {port.port, port.port});
  }
}

/// What is translated is decided at one target port for each port offered (SEMANTICS S1); what is
/// not, at the ports of the endpoints (S6).
void PortSamples::add_service(const Service& service, Starts& starts) {
  for (const ServicePort& port : service.ports) {
    add(starts, port.protocol, {port.port, port.port});
  }
  if (!service.headless) return;
  for (const ServiceEndpoint& endpoint : service.endpoints) {
    const FlowEnd target = endpoint.pod.is_valid() ? FlowEnd{endpoint.pod} : endpoint.address;
    add_target(owner_of(target), starts);
  }
  if (service.has_endpoints_object) return;
  for (const PodId id : cluster_.at(service.ns).pods) add_target(id, starts);
}

/// Closed whoever asks.
bool PortSamples::is_dropped(const FlowEnd& dst, PortSample sample) const {
  const auto* id = std::get_if<ServiceId>(&dst);
  if (id != nullptr && !cluster_.at(*id).headless) {
    return std::ranges::none_of(cluster_.at(*id).ports, [&](const ServicePort& port) {
      return port.protocol == sample.protocol && port.port == sample.port;
    });
  }
  const Network& network = cluster_.network;
  return network.dialect == Dialect::OpenShiftSdn && sample.protocol == Protocol::Udp &&
         sample.port == network.vxlan_port;
}

std::vector<PortSample> PortSamples::between(const FlowEnd& src, const FlowEnd& dst,
                                             bool dropped_for_all) {
  const FlowEnd target = owner_of(dst);
  Starts starts = common_;
  add_policies_of(owner_of(src), starts);
  add_target(target, starts);
  if (const auto* id = std::get_if<ServiceId>(&target)) add_service(cluster_.at(*id), starts);
  std::vector<PortSample> samples;
  for (const auto& [protocol, numbers] : starts) {
    for (const std::uint32_t number : numbers) {
      const PortSample sample{protocol, static_cast<std::uint16_t>(number)};
      if (dropped_for_all && is_dropped(target, sample)) continue;
      if (asked_.contains(protocol, sample.port)) samples.push_back(sample);
    }
  }
  return samples;
}

std::vector<PortSample> PortSamples::declared(const FlowEnd& dst, bool dropped_for_all) const {
  const FlowEnd target = owner_of(dst);
  std::vector<PortSample> result = declared_ports(cluster_, target);
  std::erase_if(result, [&](PortSample sample) {
    return !asked_.contains(sample.protocol, sample.port) ||
           (dropped_for_all && is_dropped(target, sample));
  });
  return result;
}

}  // namespace meshproof
