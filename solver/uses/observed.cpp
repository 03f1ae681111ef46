#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "solver/uses/search.h"

/// Flows that somebody has seen (SEMANTICS E2).
namespace meshproof {
namespace {

/// `1,203`.
std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

/// ` in 30 d`; empty if the flows tell no time.
std::string span_words(const ObservedFlows& observed) {
  if (!observed.first_ms || !observed.last_ms || *observed.last_ms <= *observed.first_ms) return {};
  const auto minutes = (static_cast<std::uint64_t>(*observed.last_ms) -
                        static_cast<std::uint64_t>(*observed.first_ms)) /
                       60'000;
  if (minutes >= 2 * 24 * 60) return " in " + std::to_string(minutes / (24 * 60)) + " d";
  if (minutes >= 2 * 60) return " in " + std::to_string(minutes / 60) + " h";
  return minutes == 0 ? "" : " in " + std::to_string(minutes) + " min";
}

/// Who is meant by an end of a flow.
struct FoundEnd {
  std::vector<PodId> pods;
  std::vector<NodeId> nodes;
  ServiceId service;
  std::optional<IpAddress> outside;

  [[nodiscard]] bool is_empty() const {
    return pods.empty() && nodes.empty() && !service.is_valid() && !outside;
  }
};

/// Looks up the ends of flows, addresses by an index.
class Lookup {
 public:
  explicit Lookup(const UseSearch& search);

  [[nodiscard]] FoundEnd find(const ObservedEnd& end) const;

 private:
  [[nodiscard]] FoundEnd named(const ObservedEnd& end) const;
  [[nodiscard]] FoundEnd at(const IpAddress& address) const;
  [[nodiscard]] bool is_of_cluster(const IpAddress& address) const;
  [[nodiscard]] std::vector<PodId> of_workload(NamespaceId ns, const std::string& kind,
                                               const std::string& name) const;

  const UseSearch& search_;
  const Cluster& cluster_;
  std::map<IpAddress, PodId> pods_;
  std::map<IpAddress, NodeId> nodes_;
  std::map<IpAddress, ServiceId> services_;
  std::map<std::tuple<NamespaceId, std::string, std::string>, WorkloadId> workloads_;
  std::map<std::string, NodeId> node_names_;
};

Lookup::Lookup(const UseSearch& search) : search_(search), cluster_(search.cluster) {
  for (std::uint32_t i = 0; i < cluster_.pods.size(); ++i) {
    const Pod& pod = cluster_.pods[i];
    if (pod.host_network || pod.is_completed()) continue;
    for (const IpAddress& address : pod.addresses) pods_.try_emplace(address, PodId{i});
  }
  for (std::uint32_t i = 0; i < cluster_.nodes.size(); ++i) {
    node_names_.emplace(cluster_.nodes[i].name, NodeId{i});
    for (const IpAddress& address : cluster_.nodes[i].addresses) nodes_[address] = {i};
    // SEMANTICS H4: what the node's own traffic to pods carries.
    for (const Cidr& subnet : cluster_.nodes[i].pod_subnets) {
      for (const std::uint32_t offset : {1U, 2U}) nodes_[subnet.first().plus(offset)] = {i};
    }
  }
  for (std::uint32_t i = 0; i < cluster_.services.size(); ++i) {
    for (const IpAddress& address : cluster_.services[i].cluster_ips) services_[address] = {i};
  }
  for (std::uint32_t i = 0; i < cluster_.workloads.size(); ++i) {
    const Workload& workload = cluster_.workloads[i];
    workloads_[{workload.ns, workload.kind, workload.name}] = {i};
  }
}

std::vector<PodId> Lookup::of_workload(NamespaceId ns, const std::string& kind,
                                       const std::string& name) const {
  const auto found = workloads_.find({ns, kind, name});
  return found == workloads_.end() ? std::vector<PodId>{} : cluster_.at(found->second).pods;
}

FoundEnd Lookup::named(const ObservedEnd& end) const {
  FoundEnd found;
  if (end.kind == "Node") {
    if (const auto node = node_names_.find(end.name); node != node_names_.end()) {
      found.nodes = {node->second};
    }
    return found;
  }
  const NamespaceId ns = cluster_.find_namespace(end.ns);
  if (!ns.is_valid()) return found;
  if (end.kind == "Service") {
    found.service = cluster_.find_service(ns, end.name);
    return found;
  }
  const bool is_pod = end.kind.empty() || end.kind == "Pod";
  const PodId pod = is_pod ? cluster_.find_pod(ns, end.name) : PodId{};
  if (pod.is_valid() && !cluster_.at(pod).is_completed()) {
    found.pods = {pod};
  } else {
    // Pods come and go, and what made them stays.
    found.pods =
        of_workload(ns, is_pod ? end.owner_kind : end.kind, is_pod ? end.owner_name : end.name);
  }
  return found;
}

bool Lookup::is_of_cluster(const IpAddress& address) const {
  for (const auto* networks :
       {&cluster_.network.cluster_networks, &cluster_.network.service_networks}) {
    for (const Cidr& network : *networks) {
      if (network.contains(address)) return true;
    }
  }
  return false;
}

FoundEnd Lookup::at(const IpAddress& address) const {
  FoundEnd found;
  if (const auto pod = pods_.find(address); pod != pods_.end()) {
    found.pods = {pod->second};
  } else if (const auto node = nodes_.find(address); node != nodes_.end()) {
    found.nodes = {node->second};
  } else if (const auto service = services_.find(address); service != services_.end()) {
    found.service = service->second;
  } else if (!is_of_cluster(address)) {
    found.outside = address;
  }
  return found;
}

FoundEnd Lookup::find(const ObservedEnd& end) const {
  FoundEnd found;
  if (!end.name.empty()) found = named(end);
  if (found.is_empty() && end.name.empty() && end.address) found = at(*end.address);
  return found;
}

Use use_of(const ObservedFlow& flow, const FoundEnd& src, const FoundEnd& dst,
           const UseSearch& search) {
  Use use;
  use.signs = {{UseEvidence::ObservedFlow, {}, {}, flow.place, flow.count}};
  use.pods = search.live(src.pods);
  use.nodes = src.nodes;
  if (src.outside) use.blocks = {{Cidr::of(*src.outside, src.outside->width()), {}}};
  if (dst.service.is_valid()) use.targets = search.behind(dst.service, {flow.port, {}});
  for (const PodId pod : dst.pods) {
    use.targets.push_back({pod, PortSet::of(flow.protocol, {flow.port, flow.port})});
  }
  return use;
}

}  // namespace

std::string flow_words(std::uint64_t count, const ObservedFlows& observed) {
  return grouped(count) + (count == 1 ? " flow" : " flows") + span_words(observed);
}

void find_observed(UseSearch& search) {
  if (search.observed.flows.empty()) return;
  const Lookup lookup(search);
  for (const ObservedFlow& flow : search.observed.flows) {
    const FoundEnd src = lookup.find(flow.src);
    const FoundEnd dst = lookup.find(flow.dst);
    if (src.is_empty() || dst.is_empty()) {
      search.add_unknown_flow();
      continue;
    }
    // A Service answers and does not send; replies are no flows of their own (SEMANTICS F1, S7).
    if (src.service.is_valid()) continue;
    search.add(use_of(flow, src, dst, search));
  }
}

}  // namespace meshproof
