#include <algorithm>
#include <array>

#include "solver/reach_ends.h"

/// CIDR blocks are nested or disjoint, so a block without the smaller ones inside it is an atom: no
/// rule tells its addresses apart, and one of them speaks for all.
namespace meshproof {
namespace {

/// RFC 5737 and RFC 3849: shown in preference to odd addresses like 0.0.0.0.
constexpr std::array<std::string_view, 4> kPleasant{"198.51.100.1", "203.0.113.1", "192.0.2.1",
                                                    "2001:db8::1"};

// NOLINTNEXTLINE(bugprone-unchecked-optional-access): of constants.
Cidr parsed(std::string_view text) { return Cidr::parse(text).value(); }

/// Adds the cluster's own addresses: not outside.
void add_own_blocks(const Cluster& cluster, std::vector<Cidr>& result) {
  const auto& networks = cluster.network.cluster_networks;
  result.insert(result.end(), networks.begin(), networks.end());
  const auto& services = cluster.network.service_networks;
  result.insert(result.end(), services.begin(), services.end());
  const auto add_all = [&](const std::vector<IpAddress>& addresses) {
    for (const IpAddress& address : addresses) {
      result.push_back(Cidr::of(address, address.width()));
    }
  };
  for (const Node& node : cluster.nodes) {
    add_all(node.addresses);
    result.insert(result.end(), node.pod_subnets.begin(), node.pod_subnets.end());
  }
  for (const Pod& pod : cluster.pods) add_all(pod.addresses);
  for (const Service& service : cluster.services) add_all(service.cluster_ips);
  if (cluster.network.dialect == Dialect::OvnKubernetes) result.push_back(parsed("100.64.0.0/16"));
}

/// Each once, in order.
void normalise(std::vector<Cidr>& blocks) {
  std::ranges::sort(blocks);
  const auto repeated = std::ranges::unique(blocks);
  blocks.erase(repeated.begin(), repeated.end());
}

/// Every ipBlock and exception of the policies, every CIDR of the egress firewalls. Sorted.
std::vector<Cidr> blocks_of(const Cluster& cluster) {
  std::vector<Cidr> result;
  for (const NetworkPolicy& policy : cluster.policies) {
    for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
      for (const PolicyRule& rule : policy.rules(direction)) {
        for (const PolicyPeer& peer : rule.peers) {
          if (!peer.block) continue;
          result.push_back(peer.block->cidr);
          result.insert(result.end(), peer.block->except.begin(), peer.block->except.end());
        }
      }
    }
  }
  for (const EgressNetworkPolicy& policy : cluster.egress_policies) {
    for (const EgressRule& rule : policy.rules) {
      if (rule.cidr) result.push_back(*rule.cidr);
    }
  }
  normalise(result);
  return result;
}

/// An address of the block that none of the holes holds.
std::optional<IpAddress> find_sample(const Cidr& block, const std::vector<Cidr>& holes) {
  const auto is_free = [&](const IpAddress& address) {
    return block.contains(address) &&
           std::ranges::none_of(holes, [&](const Cidr& hole) { return hole.contains(address); });
  };
  std::vector<IpAddress> candidates;
  for (const std::string_view text : kPleasant) {
    candidates.push_back(IpAddress::parse(text).value());
  }
  if (block.prefix() + 1 < block.first().width()) candidates.push_back(block.first().plus(1));
  candidates.push_back(block.first());
  for (const Cidr& hole : holes) candidates.push_back(hole.last().plus(1));
  const auto found = std::ranges::find_if(candidates, is_free);
  if (found == candidates.end()) return std::nullopt;
  return *found;
}

/// Those of the sorted blocks that hold the block, or are inside of it: two blocks are nested or
/// have nothing in common.
void add_meeting(const Cidr& block, const std::vector<Cidr>& sorted, std::vector<Cidr>& result) {
  for (unsigned prefix = 0; prefix < block.prefix(); ++prefix) {
    const Cidr outer = Cidr::of(block.first(), prefix);
    if (std::ranges::binary_search(sorted, outer)) result.push_back(outer);
  }
  const IpAddress last = block.last();
  for (auto at = std::ranges::lower_bound(sorted, block); at != sorted.end() && at->first() <= last;
       ++at) {
    result.push_back(*at);
  }
}

}  // namespace

std::vector<OutsideBlock> outside_blocks(const Cluster& cluster, const std::vector<Cidr>& more,
                                         const std::vector<const Cluster*>& compared) {
  std::vector<Cidr> blocks = more;
  blocks.push_back(parsed("0.0.0.0/0"));
  std::vector<Cidr> own;
  bool carries_v6 = false;
  std::vector<const Cluster*> clusters = compared;
  if (std::ranges::find(clusters, &cluster) == clusters.end()) clusters.push_back(&cluster);
  for (const Cluster* each : clusters) {
    const std::vector<Cidr> named = blocks_of(*each);
    blocks.insert(blocks.end(), named.begin(), named.end());
    add_own_blocks(*each, own);
    carries_v6 = carries_v6 || each->network.dialect != Dialect::OpenShiftSdn;
  }
  normalise(own);
  const auto is_v6 = [](const Cidr& cidr) { return !cidr.first().is_v4(); };
  const bool speaks_v6 = std::ranges::any_of(blocks, is_v6) || std::ranges::any_of(own, is_v6);
  if (!carries_v6) {
    std::erase_if(blocks, is_v6);
  } else if (speaks_v6) {
    blocks.push_back(parsed("::/0"));
  }
  normalise(blocks);
  std::vector<OutsideBlock> result;
  for (const Cidr& block : blocks) {
    std::vector<Cidr> holes;
    const auto add_inner = [&](const Cidr& other) {
      if (other != block && block.contains(other)) holes.push_back(other);
    };
    std::ranges::for_each(blocks, add_inner);
    add_meeting(block, own, holes);
    if (const auto sample = find_sample(block, holes)) result.push_back({block, *sample});
  }
  return result;
}

}  // namespace meshproof
