#include <algorithm>
#include <optional>

#include "solver/evaluate_context.h"

/// Who is at an end of a flow (SEMANTICS F4–F7, H1–H5).
namespace meshproof {
namespace {

bool holds(const std::vector<IpAddress>& addresses, const IpAddress& address) {
  return std::ranges::find(addresses, address) != addresses.end();
}

bool holds(const std::vector<Cidr>& blocks, const IpAddress& address) {
  return std::ranges::any_of(blocks, [&](const Cidr& block) { return block.contains(address); });
}

/// The source addresses of OVN-Kubernetes' gateway routers (OVN-16, OVN-17).
const Cidr& join_network() {
  static const Cidr kNetwork = Cidr::of(IpAddress::v4(0x64400000), 16);
  return kNetwork;
}

const std::vector<Cidr>& multicast_networks() {
  static const std::vector<Cidr> kNetworks{Cidr::parse("224.0.0.0/4").value_or(Cidr{}),
                                           Cidr::parse("ff00::/8").value_or(Cidr{})};
  return kNetworks;
}

End nobody(const EvaluationContext& context, const FlowEnd& end, std::string_view rule_id,
           std::string because) {
  End result;
  result.kind = End::Kind::Nobody;
  result.name = to_string(end, context.cluster);
  result.rule_id = rule_id;
  result.nobody_because = std::move(because);
  return result;
}

/// The address inside a node's pod subnet that is the node itself.
std::optional<IpAddress> node_address_in(const Cidr& subnet, const DialectRules& dialect) {
  if (subnet.prefix() + 2 > subnet.first().width()) return std::nullopt;
  return subnet.first().plus(std::max(1U, dialect.host_address_offset));
}

/// The node that an address inside a pod subnet belongs to; invalid if it is a pod's.
NodeId node_in_pod_subnet(const EvaluationContext& context, const IpAddress& address) {
  const auto& nodes = context.cluster.nodes;
  const auto is_the_nodes = [&](const Cidr& subnet) {
    return node_address_in(subnet, context.dialect) == address;
  };
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    if (std::ranges::any_of(nodes[i].pod_subnets, is_the_nodes)) return {i};
  }
  return {};
}

NodeId node_with_address(const EvaluationContext& context, const IpAddress& address) {
  const auto& nodes = context.cluster.nodes;
  const auto found =
      std::ranges::find_if(nodes, [&](const Node& node) { return holds(node.addresses, address); });
  if (found != nodes.end()) return {static_cast<std::uint32_t>(found - nodes.begin())};
  return {};
}

/// A hostNetwork pod whose address is not in a Node object.
PodId host_pod_at(const EvaluationContext& context, const IpAddress& address) {
  const auto found = std::ranges::find_if(context.host_pods, [&](PodId id) {
    return holds(context.cluster.at(id).addresses, address);
  });
  return found == context.host_pods.end() ? PodId{} : *found;
}

End pod_end(const EvaluationContext& context, PodId id) {
  const Pod& pod = context.cluster.at(id);
  if (pod.is_completed()) return nobody(context, id, "F4", "the pod has completed");
  const bool waits = pod.phase == PodPhase::Pending && !pod.stand_in;
  if (pod.addresses.empty() && waits && context.pending == PendingPods::Silent) {
    return nobody(context, id, "F4", "the pod is pending and has no address yet");
  }
  End end;
  end.kind = pod.host_network ? End::Kind::Host : End::Kind::Pod;
  end.pod = id;
  end.node = pod.node;
  end.addresses = pod.addresses;
  end.name = to_string(id, context.cluster);
  if (!pod.host_network) end.within = context.cluster.network.cluster_networks;
  return end;
}

/// SEMANTICS F5, F6: what an address is to somebody who sends to it.
End address_end(const EvaluationContext& context, const IpAddress& address) {
  if (const PodId pod = context.running_pod_at(address); pod.is_valid()) {
    End end = pod_end(context, pod);
    end.addresses = {address};
    return end;
  }
  End end;
  end.addresses = {address};
  end.name = address.to_string();
  end.node = node_in_pod_subnet(context, address);
  if (!end.node.is_valid()) end.node = node_with_address(context, address);
  if (const PodId pod = host_pod_at(context, address); !end.node.is_valid() && pod.is_valid()) {
    end.node = context.cluster.at(pod).node;
    end.kind = End::Kind::Host;
  }
  if (end.node.is_valid()) end.kind = End::Kind::Host;
  if (end.kind == End::Kind::Host) return end;
  // A subnet that is only assumed must not make anybody disappear.
  if (holds(context.cluster.network.cluster_networks, address) ||
      context.holders.contains(address)) {
    return nobody(context, address, "F6", "no running pod has this address of the pod network");
  }
  if (holds(context.cluster.network.service_networks, address)) {
    return nobody(context, address, "F6", "no Service has this address of the service network");
  }
  return end;
}

/// SEMANTICS H4: what a host's packets to pods carry.
void dress_as_sender(const EvaluationContext& context, End& host) {
  const bool in_pod_subnet = context.dialect.host_address_offset != 0;
  if (host.node.is_valid()) {
    host.addresses = sending_addresses(context.cluster, host.node);
  } else if (in_pod_subnet) {
    host.addresses.clear();
  }
  if (in_pod_subnet) host.within = context.cluster.network.cluster_networks;
}

}  // namespace

/// SEMANTICS H4: of an SDN one for each of the node's pod subnets.
std::vector<IpAddress> sending_addresses(const Cluster& cluster, NodeId node) {
  const unsigned offset = rules_of(cluster.network.dialect).host_address_offset;
  if (offset == 0) return cluster.at(node).addresses;
  std::vector<IpAddress> result;
  for (const Cidr& subnet : cluster.at(node).pod_subnets) {
    result.push_back(subnet.first().plus(offset));
  }
  return result;
}

std::vector<IpAddress> special_addresses(const Cluster& cluster) {
  std::vector<IpAddress> result;
  const auto add = [&](const std::vector<IpAddress>& addresses) {
    result.insert(result.end(), addresses.begin(), addresses.end());
  };
  for (const Node& node : cluster.nodes) {
    add(node.addresses);
    for (const Cidr& subnet : node.pod_subnets) {
      const auto own = node_address_in(subnet, rules_of(cluster.network.dialect));
      if (own) result.push_back(*own);
    }
  }
  for (const Pod& pod : cluster.pods) {
    if (pod.host_network && !pod.is_completed()) add(pod.addresses);
  }
  std::ranges::sort(result);
  const auto repeated = std::ranges::unique(result);
  result.erase(repeated.begin(), repeated.end());
  return result;
}

std::vector<Cidr> special_blocks(const Cluster& cluster) {
  std::vector<Cidr> result = multicast_networks();
  for (const Node& node : cluster.nodes) {
    result.insert(result.end(), node.pod_subnets.begin(), node.pod_subnets.end());
  }
  if (cluster.network.dialect == Dialect::OvnKubernetes) result.push_back(join_network());
  return result;
}

bool is_multicast(const IpAddress& address) { return holds(multicast_networks(), address); }

bool is_on_pod_network(const EvaluationContext& context, const IpAddress& address) {
  return holds(context.cluster.network.cluster_networks, address) ||
         context.holders.contains(address) ||
         std::ranges::any_of(context.cluster.nodes,
                             [&](const Node& node) { return holds(node.pod_subnets, address); });
}

End source_end(const EvaluationContext& context, const FlowEnd& end) {
  if (std::holds_alternative<ServiceId>(end)) {
    return nobody(context, end, "S7", "a Service receives and never sends");
  }
  if (const auto* pod = std::get_if<PodId>(&end)) {
    End result = pod_end(context, *pod);
    if (result.kind == End::Kind::Host) dress_as_sender(context, result);
    return result;
  }
  const IpAddress& address = std::get<IpAddress>(end);
  const bool is_ovn = context.dialect.dialect == Dialect::OvnKubernetes;
  if (is_ovn && join_network().contains(address)) {
    End host;
    host.kind = End::Kind::Host;
    host.addresses = {address};
    host.through_service = true;
    host.name = address.to_string();
    return host;
  }
  if (is_multicast(address)) {
    return nobody(context, address, "F10", "nothing sends from a multicast address");
  }
  End result = address_end(context, address);
  const bool is_node_address =
      result.kind == End::Kind::Host && !node_in_pod_subnet(context, address).is_valid();
  // SEMANTICS H5: with an SDN the node's own traffic to pods never carries the node's address.
  if (is_node_address && context.dialect.host_address_offset != 0) {
    result.kind = End::Kind::Outside;
  }
  return result;
}

End destination_end(const EvaluationContext& context, const FlowEnd& end) {
  if (const auto* pod = std::get_if<PodId>(&end)) {
    End result = pod_end(context, *pod);
    if (result.kind == End::Kind::Host && result.addresses.empty() && result.node.is_valid()) {
      result.addresses = context.cluster.at(result.node).addresses;
    }
    return result;
  }
  return address_end(context, std::get<IpAddress>(end));
}

End destination_node(const EvaluationContext& context, NodeId node) {
  End end;
  end.kind = End::Kind::Host;
  end.node = node;
  end.addresses = context.cluster.at(node).addresses;
  end.name = "node " + context.cluster.at(node).name;
  return end;
}

End source_node(const EvaluationContext& context, NodeId node) {
  End end = destination_node(context, node);
  dress_as_sender(context, end);
  return end;
}

ServiceId service_at(const EvaluationContext& context, const FlowEnd& end) {
  if (const auto* id = std::get_if<ServiceId>(&end)) return *id;
  const auto* address = std::get_if<IpAddress>(&end);
  if (address == nullptr) return {};
  const auto& services = context.cluster.services;
  const auto found = std::ranges::find_if(
      services, [&](const Service& service) { return holds(service.cluster_ips, *address); });
  if (found != services.end()) return {static_cast<std::uint32_t>(found - services.begin())};
  return {};
}

End sent_through_service(End host) {
  host.through_service = true;
  host.addresses.clear();
  host.within = {join_network()};
  return host;
}

Match on_one_node(const End& a, const End& b) {
  if (a.through_service || b.through_service) return Match::no("OVN-17");
  if (a.node.is_valid() && b.node.is_valid()) return Match::when(a.node == b.node, "H2");
  return Match::maybe("H2", "the node of " + (a.node.is_valid() ? b : a).name + " is not known");
}

}  // namespace meshproof
