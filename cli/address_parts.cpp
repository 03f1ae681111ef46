#include "cli/address_parts.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "solver/evaluate.h"

namespace meshproof {
namespace {

/// More parts than this are no answer that a person reads.
constexpr std::size_t kPartsShown = 256;

/// 192.0.2.1, 198.51.100.1, 203.0.113.1: for documentation (RFC 5737), so that nobody's policy
/// means them by accident.
constexpr std::array<std::uint32_t, 3> kPleasant{0xc0000201, 0xc6336401, 0xcb007101};

using Addresses = std::set<IpAddress>;

/// Where the answer for a range can change: the begin of every block that an object of the cluster
/// names, and what comes after it.
Addresses borders_of(const Cluster& cluster) {
  Addresses result;
  const auto add = [&](const Cidr& block) {
    result.insert(block.first());
    const IpAddress next = block.last().plus(1);
    if (block.last() < next) result.insert(next);
  };
  const auto add_rule = [&](const PolicyRule& rule) {
    for (const PolicyPeer& peer : rule.peers) {
      if (!peer.block) continue;
      add(peer.block->cidr);
      std::for_each(peer.block->except.begin(), peer.block->except.end(), add);
    }
  };
  for (const NetworkPolicy& policy : cluster.policies) {
    for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
      const auto& rules = policy.rules(direction);
      std::for_each(rules.begin(), rules.end(), add_rule);
    }
  }
  for (const EgressNetworkPolicy& policy : cluster.egress_policies) {
    for (const EgressRule& rule : policy.rules) {
      if (rule.cidr) add(*rule.cidr);
    }
  }
  for (const Cidr& block : cluster.network.cluster_networks) add(block);
  for (const Cidr& block : cluster.network.service_networks) add(block);
  for (const Cidr& block : special_blocks(cluster)) add(block);
  return result;
}

/// Single addresses that are somebody's; pods of the pod network are left out.
Addresses known_addresses(const Cluster& cluster) {
  Addresses result;
  for (const IpAddress& address : special_addresses(cluster)) result.insert(address);
  for (const Service& service : cluster.services) {
    result.insert(service.cluster_ips.begin(), service.cluster_ips.end());
  }
  return result;
}

Addresses pod_addresses(const Cluster& cluster) {
  Addresses result;
  for (const Pod& pod : cluster.pods) {
    if (!pod.is_completed()) result.insert(pod.addresses.begin(), pod.addresses.end());
  }
  return result;
}

/// Calls `add` with the first address of every range of the block between borders, and with what
/// tells whether an address that is not before the first lies in it.
template <typename Add>
void for_each_range(const Cidr& block, const Addresses& borders, Add add) {
  IpAddress first = block.first();
  for (auto border = borders.upper_bound(first); border != borders.end(); ++border) {
    if (!block.contains(*border)) break;
    add(first, [end = *border](const IpAddress& address) { return address < end; });
    first = *border;
  }
  add(first, [&](const IpAddress& address) { return block.contains(address); });
}

/// The first address of a range that is nobody's in particular.
template <typename InRange>
std::optional<IpAddress> free_address(IpAddress address, const InRange& is_in_range,
                                      const Addresses& known, const Addresses& pods) {
  while (is_in_range(address)) {
    if (!known.contains(address) && !pods.contains(address)) return address;
    const IpAddress next = address.plus(1);
    if (next < address) return std::nullopt;
    address = next;
  }
  return std::nullopt;
}

EndpointParts limited(EndpointParts parts) {
  if (parts.ends.size() <= kPartsShown) return parts;
  parts.left_out = parts.ends.size() - kPartsShown;
  parts.ends.resize(kPartsShown);
  return parts;
}

bool is_of_cluster(const IpAddress& address, const Cluster& cluster) {
  const auto holds = [&](const Cidr& block) { return block.contains(address); };
  const auto& pods = cluster.network.cluster_networks;
  const auto& services = cluster.network.service_networks;
  const std::vector<Cidr> special = special_blocks(cluster);
  return std::any_of(pods.begin(), pods.end(), holds) ||
         std::any_of(services.begin(), services.end(), holds) ||
         std::any_of(special.begin(), special.end(), holds);
}

}  // namespace

EndpointParts parts_of(const Cidr& block, const Cluster& cluster) {
  const Addresses known = known_addresses(cluster);
  const Addresses pods = pod_addresses(cluster);
  EndpointParts parts;
  for_each_range(block, borders_of(cluster), [&](const IpAddress& first, const auto& is_in_range) {
    const auto free = free_address(first, is_in_range, known, pods);
    if (free) parts.ends.emplace_back(*free);
  });
  for (auto at = known.lower_bound(block.first()); at != known.end() && block.contains(*at); ++at) {
    parts.ends.emplace_back(*at);
  }
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    const Pod& pod = cluster.pods[i];
    const bool is_inside =
        std::any_of(pod.addresses.begin(), pod.addresses.end(),
                    [&](const IpAddress& address) { return block.contains(address); });
    if (is_inside && !pod.is_completed() && !pod.host_network) parts.ends.emplace_back(PodId{i});
  }
  return limited(std::move(parts));
}

EndpointParts parts_outside(const Cluster& cluster) {
  const Addresses borders = borders_of(cluster);
  Addresses known = known_addresses(cluster);
  // Nobody has the address zero, so it is no example.
  known.insert({IpAddress{}, IpAddress::of_bytes({}, false)});
  const Addresses pods = pod_addresses(cluster);
  const auto is_outside = [&](const IpAddress& address) {
    return !known.contains(address) && !pods.contains(address) && !is_multicast(address) &&
           !is_of_cluster(address, cluster);
  };
  EndpointParts parts;
  const auto add = [&](const IpAddress& first, const auto& is_in_range) {
    for (const std::uint32_t number : kPleasant) {
      const IpAddress pleasant = IpAddress::v4(number);
      if (pleasant < first || !is_in_range(pleasant) || !is_outside(pleasant)) continue;
      parts.ends.emplace_back(pleasant);
      return;
    }
    // A range is wholly in a network of the cluster or wholly in none.
    const auto free = free_address(first, is_in_range, known, pods);
    if (free && is_outside(*free)) parts.ends.emplace_back(*free);
  };
  for_each_range(Cidr::of(IpAddress::v4(0), 0), borders, add);
  const bool speaks_v6 = std::any_of(borders.begin(), borders.end(), [](const IpAddress& address) {
    return !address.is_v4() && !is_multicast(address);
  });
  if (speaks_v6 && cluster.network.dialect != Dialect::OpenShiftSdn) {
    for_each_range(Cidr::of(IpAddress::of_bytes({}, false), 0), borders, add);
  }
  return limited(std::move(parts));
}

}  // namespace meshproof
