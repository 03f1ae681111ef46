#include "cli/endpoint.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "cli/did_you_mean.h"

namespace meshproof {
namespace {

/// More parts than this of a block of addresses are no answer that a person reads.
constexpr std::size_t kAddressesShown = 256;

using Ends = Result<std::vector<FlowEnd>>;

Ends failure(std::string code, std::string message) {
  return tl::make_unexpected(
      Diagnostics{{{}, Severity::Error, std::move(code), std::move(message), {}, "command line"}});
}

Ends found(std::vector<FlowEnd> ends, std::string_view text) {
  if (!ends.empty()) return ends;
  return failure("empty-end", fmt::format("'{}' selects no pod", text));
}

NamespaceId namespace_named(std::string_view name, const Cluster& cluster, Ends& problem) {
  const NamespaceId ns = cluster.find_namespace(name);
  if (ns.is_valid()) return ns;
  std::vector<std::string> names;
  for (const Namespace& each : cluster.namespaces) names.push_back(each.name);
  problem = failure("unknown-namespace",
                    fmt::format("there is no namespace '{}'{}", name, did_you_mean(name, names)));
  return {};
}

std::vector<FlowEnd> pods_of_workloads(const Cluster& cluster, NamespaceId ns,
                                       std::string_view kind, std::string_view name) {
  std::vector<FlowEnd> ends;
  for (const Workload& workload : cluster.workloads) {
    if (workload.ns != ns || workload.name != name) continue;
    if (!kind.empty() && workload.kind != kind) continue;
    ends.insert(ends.end(), workload.pods.begin(), workload.pods.end());
  }
  return ends;
}

Ends parse_workload(NamespaceId ns, std::string_view kind, std::string_view name,
                    const Cluster& cluster) {
  std::vector<FlowEnd> ends = pods_of_workloads(cluster, ns, kind, name);
  if (!ends.empty()) return ends;
  std::vector<std::string> names;
  for (const Workload& workload : cluster.workloads) {
    if (workload.ns == ns) names.push_back(workload.kind + "/" + workload.name);
  }
  const std::string wanted = fmt::format("{}/{}", kind, name);
  return failure("unknown-workload",
                 fmt::format("namespace '{}' has no '{}'{}", cluster.at(ns).name, wanted,
                             did_you_mean(wanted, names)));
}

Ends parse_pod(NamespaceId ns, std::string_view name, const Cluster& cluster) {
  const PodId pod = cluster.find_pod(ns, name);
  if (pod.is_valid()) return std::vector<FlowEnd>{pod};
  std::vector<FlowEnd> ends = pods_of_workloads(cluster, ns, {}, name);
  if (!ends.empty()) return ends;
  std::vector<std::string> names;
  for (const PodId id : cluster.at(ns).pods) names.push_back(cluster.at(id).name);
  for (const Workload& workload : cluster.workloads) {
    if (workload.ns == ns) names.push_back(workload.name);
  }
  return failure("unknown-pod", fmt::format("namespace '{}' has no pod '{}'{}", cluster.at(ns).name,
                                            name, did_you_mean(name, names)));
}

Ends parse_named(std::string_view text, std::size_t slash, const Cluster& cluster) {
  Ends problem;
  const NamespaceId ns = namespace_named(text.substr(0, slash), cluster, problem);
  if (!ns.is_valid()) return problem;
  const std::string_view rest = text.substr(slash + 1);
  const std::size_t second = rest.find('/');
  if (second == std::string_view::npos) return parse_pod(ns, rest, cluster);
  return parse_workload(ns, rest.substr(0, second), rest.substr(second + 1), cluster);
}

Ends parse_service(std::string_view text, const Cluster& cluster) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    return failure("bad-end",
                   fmt::format("'svc:{}' names no Service; write svc:NAMESPACE/NAME", text));
  }
  Ends problem;
  const NamespaceId ns = namespace_named(text.substr(0, slash), cluster, problem);
  if (!ns.is_valid()) return problem;
  const std::string_view name = text.substr(slash + 1);
  const ServiceId service = cluster.find_service(ns, name);
  if (service.is_valid()) return std::vector<FlowEnd>{service};
  std::vector<std::string> names;
  for (const Service& each : cluster.services) {
    if (each.ns == ns) names.push_back(each.name);
  }
  return failure("unknown-service",
                 fmt::format("namespace '{}' has no Service '{}'{}", cluster.at(ns).name, name,
                             did_you_mean(name, names)));
}

Ends parse_projects(std::string_view text, const Cluster& cluster) {
  std::vector<FlowEnd> ends;
  const NamespaceId named = cluster.find_namespace(text);
  if (named.is_valid()) {
    const std::vector<PodId>& pods = cluster.at(named).pods;
    return found({pods.begin(), pods.end()}, text);
  }
  const Result<LabelSelector> selector = parse_selector(text, cluster.symbols);
  if (!selector) return tl::make_unexpected(selector.error());
  for (const Namespace& ns : cluster.namespaces) {
    if (matches(*selector, ns.labels)) ends.insert(ends.end(), ns.pods.begin(), ns.pods.end());
  }
  return found(std::move(ends), text);
}

Ends parse_labelled(std::string_view text, const Cluster& cluster) {
  const Result<LabelSelector> selector = parse_selector(text, cluster.symbols);
  if (!selector) return tl::make_unexpected(selector.error());
  std::vector<FlowEnd> ends;
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    if (matches(*selector, cluster.pods[i].labels)) ends.emplace_back(PodId{i});
  }
  return found(std::move(ends), text);
}

/// The address after the last one of a block; empty where the family ends.
std::optional<IpAddress> after(const Cidr& block) {
  const IpAddress last = block.last();
  const IpAddress next = last.plus(1);
  if (next <= last) return std::nullopt;
  return next;
}

/// Where the answer for an address can change: the begin and the end of every block that an object
/// of the cluster names.
std::set<IpAddress> boundaries(const Cluster& cluster) {
  std::set<IpAddress> result;
  const auto add = [&](const Cidr& block) {
    result.insert(block.first());
    if (const auto next = after(block)) result.insert(*next);
  };
  for (const NetworkPolicy& policy : cluster.policies) {
    for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
      for (const PolicyRule& rule : policy.rules(direction)) {
        for (const PolicyPeer& peer : rule.peers) {
          if (!peer.block) continue;
          add(peer.block->cidr);
          for (const Cidr& except : peer.block->except) add(except);
        }
      }
    }
  }
  for (const EgressNetworkPolicy& policy : cluster.egress_policies) {
    for (const EgressRule& rule : policy.rules) {
      if (rule.cidr) add(*rule.cidr);
    }
  }
  for (const Cidr& block : cluster.network.cluster_networks) add(block);
  for (const Cidr& block : cluster.network.service_networks) add(block);
  return result;
}

std::vector<FlowEnd> parts_of(const Cidr& block, const std::set<IpAddress>& at) {
  std::vector<FlowEnd> ends{block.first()};
  for (const IpAddress& address : at) {
    if (ends.size() == kAddressesShown) break;
    if (block.contains(address) && address != block.first()) ends.emplace_back(address);
  }
  return ends;
}

bool is_inside(const IpAddress& address, const Cluster& cluster) {
  const auto holds = [&](const Cidr& block) { return block.contains(address); };
  const auto& pods = cluster.network.cluster_networks;
  const auto& services = cluster.network.service_networks;
  return std::any_of(pods.begin(), pods.end(), holds) ||
         std::any_of(services.begin(), services.end(), holds) ||
         cluster.find_pod_by_address(address).is_valid() ||
         cluster.find_node_by_address(address).is_valid();
}

std::vector<FlowEnd> outside_of(const Cluster& cluster) {
  // Blocks for documentation: nobody's real policy means them by accident.
  std::set<IpAddress> at = boundaries(cluster);
  for (const char* text : {"203.0.113.1", "198.51.100.1", "192.0.2.1"}) {
    at.insert(*IpAddress::parse(text));
  }
  std::vector<FlowEnd> ends;
  for (const IpAddress& address : at) {
    const bool is_zero = address == IpAddress{} || !address.is_v4();
    if (is_zero || is_inside(address, cluster)) continue;
    if (ends.size() < kAddressesShown) ends.emplace_back(address);
  }
  return ends;
}

}  // namespace

Result<std::vector<FlowEnd>> parse_endpoint(std::string_view text, const Cluster& cluster) {
  if (text == "outside") return outside_of(cluster);
  if (const auto address = IpAddress::parse(text)) return std::vector<FlowEnd>{*address};
  if (const auto block = Cidr::parse(text)) return parts_of(*block, boundaries(cluster));
  if (text.rfind("svc:", 0) == 0) return parse_service(text.substr(4), cluster);
  if (text.rfind("ns=", 0) == 0) return parse_projects(text.substr(3), cluster);
  if (text.rfind("label=", 0) == 0) return parse_labelled(text.substr(6), cluster);
  const std::size_t slash = text.find('/');
  if (IpAddress::parse(text.substr(0, slash))) {
    return failure("bad-end", fmt::format("'{}' is no block of addresses; one is written like "
                                          "10.128.0.0/14",
                                          text));
  }
  if (slash != std::string_view::npos) return parse_named(text, slash, cluster);
  return failure("bad-end",
                 fmt::format("'{}' is no end of a flow; write NAMESPACE/POD, NAMESPACE/KIND/NAME, "
                             "ns=SELECTOR, label=SELECTOR, svc:NAMESPACE/NAME, an address, a CIDR "
                             "or outside",
                             text));
}

Result<FlowEnd> parse_probe_end(std::string_view text, const Cluster& cluster) {
  const auto first = [](const Ends& ends) -> Result<FlowEnd> {
    if (!ends) return tl::make_unexpected(ends.error());
    return ends->front();
  };
  if (const auto address = IpAddress::parse(text)) return FlowEnd{*address};
  if (text.rfind("svc:", 0) == 0) return first(parse_service(text.substr(4), cluster));
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || IpAddress::parse(text.substr(0, slash))) {
    return first(failure("bad-end", fmt::format("'{}' is no end of a probe; write NAMESPACE/POD, "
                                                "an address or svc:NAMESPACE/NAME",
                                                text)));
  }
  Ends problem;
  const NamespaceId ns = namespace_named(text.substr(0, slash), cluster, problem);
  if (!ns.is_valid()) return first(problem);
  const std::string_view name = text.substr(slash + 1);
  const PodId pod = cluster.find_pod(ns, name);
  if (pod.is_valid()) return FlowEnd{pod};
  std::vector<std::string> names;
  for (const PodId id : cluster.at(ns).pods) names.push_back(cluster.at(id).name);
  return first(
      failure("unknown-pod", fmt::format("namespace '{}' has no pod '{}'{}", cluster.at(ns).name,
                                         name, did_you_mean(name, names))));
}

}  // namespace meshproof
