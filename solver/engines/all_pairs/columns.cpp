#include "solver/engines/all_pairs/columns.h"

#include <algorithm>
#include <set>
#include <span>

#include "solver/engines/all_pairs/pod_signatures.h"

namespace meshproof {
namespace {

constexpr std::size_t kKinds = 4;

bool is_v4(const IpAddress& address) { return address.is_v4(); }

/// SEMANTICS H4: where in its pod subnet a node's own packets to pods come from; 0: nowhere.
unsigned sender_offset(Dialect dialect) {
  switch (dialect) {
    case Dialect::Kubernetes:
      return 0;
    case Dialect::OpenShiftSdn:
      return 1;
    case Dialect::OvnKubernetes:
      return 2;
  }
  return 0;
}

std::vector<IpAddress> sent_from(const Cluster& cluster, const Node& node) {
  const unsigned offset = sender_offset(cluster.network.dialect);
  if (offset == 0) return node.addresses;
  std::vector<IpAddress> result;
  for (const Cidr& subnet : node.pod_subnets) result.push_back(subnet.first().plus(offset));
  return result;
}

}  // namespace

Columns::Columns(const Cluster& cluster, const std::vector<IpAddress>& outside, const Cluster* also)
    : cluster_(cluster),
      signatures_(cluster, also),
      kinds_(kKinds),
      namespaces_(cluster.namespaces.size()) {
  add_pods(is_any_of_dialect(Dialect::OpenShiftSdn, cluster, also));
  close(ColumnEnd::Kind::Pod, 0);
  add_hosts();
  const Column begin = size();
  for (const IpAddress& address : outside) add_end({.kind = ColumnEnd::Kind::Outside}, {address});
  close(ColumnEnd::Kind::Outside, begin);
}

void Columns::close(ColumnEnd::Kind kind, Column begin) {
  kinds_[static_cast<std::size_t>(kind)] = {begin, size()};
}

void Columns::add_end(ColumnEnd end, const std::vector<IpAddress>& addresses) {
  end.has_ipv4 = std::ranges::any_of(addresses, is_v4);
  end.has_ipv6 = !std::ranges::all_of(addresses, is_v4);
  if (end.kind != ColumnEnd::Kind::Pod) host_addresses_[size()] = addresses;
  ends_.push_back(end);
  if (!end.has_ipv4 || !end.has_ipv6) return;
  has_both_families_ = true;
  end.pods = 0;
  for (const auto view : {ColumnEnd::View::Ipv4, ColumnEnd::View::Ipv6}) {
    end.view = view;
    if (end.kind != ColumnEnd::Kind::Pod) host_addresses_[size()] = addresses;
    ends_.push_back(end);
  }
}

/// `is_sdn`: as the OpenShift SDN needs them.
void Columns::add_pods(bool is_sdn) {
  std::vector<SharedAddress> shared;
  if (is_sdn) shared = shared_addresses(cluster_);
  std::vector<bool> is_alone(cluster_.pods.size());
  for (const SharedAddress& each : shared) {
    for (const PodId pod : each.pods) is_alone[pod.value] = true;
  }
  order_ = signatures_.namespaces_in_order();
  positions_.resize(order_.size());
  for (Column i = 0; i < order_.size(); ++i) positions_[order_[i].value] = i;
  pods_.resize(cluster_.pods.size());
  std::vector<std::pair<Signature, PodId>> signed_pods;
  for (const NamespaceId ns : order_) {
    const Column begin = size();
    std::size_t count = 0;
    for (const PodId pod : cluster_.at(ns).pods) {
      const bool counts = is_sdn || !cluster_.at(pod).is_completed();
      if (cluster_.at(pod).host_network || !counts) continue;
      // Signatures of the namespace before lend their memory.
      if (count == signed_pods.size()) signed_pods.emplace_back();
      signed_pods[count].second = pod;
      signatures_.sign(pod, is_alone[pod.value], signed_pods[count++].first);
    }
    const std::span signed_here(signed_pods.data(), count);
    std::ranges::sort(signed_here);
    add_classes(signed_here);
    namespaces_[ns.value] = {begin, size()};
  }
  for (const auto& [address, pods] : shared) {
    for (const PodId pod : pods) add_sharers(pod, address, pods);
  }
}

/// Equal signatures are neighbours.
void Columns::add_classes(std::span<const std::pair<Signature, PodId>> signed_pods) {
  const Signature* last = nullptr;
  Column column = 0;
  for (const auto& [signature, id] : signed_pods) {
    const Pod& pod = cluster_.at(id);
    if (last == nullptr || *last != signature) {
      column = size();
      add_end({.kind = ColumnEnd::Kind::Pod, .pod = id, .ns = pod.ns}, pod.addresses);
    }
    last = &signature;
    if (!pod.is_completed()) ++ends_[column].pods;
    if (pod.stand_in || !pod.addresses.empty()) ++ends_[column].listed;
    pods_[id.value] = column;
  }
}

void Columns::add_sharers(PodId pod, const IpAddress& address, const std::vector<PodId>& pods) {
  for (const Column column : std::set{of(pod), narrowed(of(pod), address.is_v4())}) {
    std::ranges::copy_if(pods, std::back_inserter(sharers_[column]),
                         [&](PodId other) { return other != pod; });
  }
}

void Columns::add_hosts() {
  Column begin = size();
  for (std::uint32_t i = 0; i < cluster_.nodes.size(); ++i) {
    node_senders_.push_back(size());
    add_end({.kind = ColumnEnd::Kind::HostSends, .node = {i}},
            sent_from(cluster_, cluster_.nodes[i]));
  }
  for (std::uint32_t i = 0; i < cluster_.pods.size(); ++i) {
    if (cluster_.pods[i].host_network && !cluster_.pods[i].is_completed()) {
      host_pods_.push_back({i});
    }
  }
  const bool keeps_address = sender_offset(cluster_.network.dialect) == 0;
  for (const PodId id : host_pods_) {
    const Pod& pod = cluster_.at(id);
    host_senders_[id] = pod.node.is_valid() ? sender(pod.node) : size();
    if (pod.node.is_valid()) continue;
    add_end({.kind = ColumnEnd::Kind::HostSends, .pod = id},
            keeps_address ? pod.addresses : std::vector<IpAddress>{});
  }
  close(ColumnEnd::Kind::HostSends, begin);
  begin = size();
  for (std::uint32_t i = 0; i < cluster_.nodes.size(); ++i) {
    node_receivers_.push_back(size());
    add_end({.kind = ColumnEnd::Kind::HostAnswers, .node = {i}}, cluster_.nodes[i].addresses);
  }
  std::map<std::pair<NodeId, std::vector<IpAddress>>, Column> known;
  for (const PodId id : host_pods_) {
    const Pod& pod = cluster_.at(id);
    if (!pod.node.is_valid()) {
      host_receivers_[id] = size();
      add_end({.kind = ColumnEnd::Kind::HostAnswers, .pod = id}, pod.addresses);
    } else if (pod.addresses.empty() || pod.addresses == cluster_.at(pod.node).addresses) {
      host_receivers_[id] = receiver(pod.node);
    } else {
      const auto [entry, is_new] = known.try_emplace({pod.node, pod.addresses}, size());
      if (is_new) add_end({.kind = ColumnEnd::Kind::HostAnswers, .node = pod.node}, pod.addresses);
      host_receivers_[id] = entry->second;
    }
  }
  close(ColumnEnd::Kind::HostAnswers, begin);
}

std::vector<IpAddress> Columns::addresses(Column column) const {
  std::vector<IpAddress> result;
  for_each_address(column, [&](const IpAddress& address) { result.push_back(address); });
  return result;
}

Column Columns::narrowed(Column column, bool ipv4) const {
  const ColumnEnd& end = at(column);
  if (!end.has_ipv4 || !end.has_ipv6) return column;
  return column + (ipv4 ? 1 : 2);
}

}  // namespace meshproof
