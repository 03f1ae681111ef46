#include <algorithm>

#include "solver/dialects/dialects.h"

/// How many flows the OpenShift SDN makes of a policy (SEMANTICS SDN-P8): for each direction that
/// it isolates, targets × (peers × ports of each rule).
namespace meshproof {
namespace {

constexpr std::uint64_t kTooMany = 10000;

bool is_listed(const Pod& pod) { return !pod.host_network && !pod.addresses.empty(); }

/// Pods of the namespace with an address, of whatever phase; a stand-in counts once.
std::uint64_t count_pods(const EvaluationContext& context, NamespaceId ns,
                         const LabelSelector& selector) {
  const auto& pods = context.ns(ns).pods;
  return static_cast<std::uint64_t>(std::ranges::count_if(pods, [&](PodId id) {
    const Pod& pod = context.cluster.at(id);
    return (is_listed(pod) || (pod.stand_in && !pod.host_network)) && matches(selector, pod.labels);
  }));
}

/// The blocks that remain of a CIDR when the exceptions are cut out.
std::uint64_t count_blocks(const Cidr& cidr, const std::vector<Cidr>& except) {
  std::vector<Cidr> inside;
  for (const Cidr& block : except) {
    if (block.contains(cidr)) return 0;
    if (cidr.contains(block)) inside.push_back(block);
  }
  if (inside.empty()) return 1;
  const unsigned prefix = cidr.prefix() + 1;
  const Cidr low = Cidr::of(cidr.first(), prefix);
  const Cidr high = Cidr::of(cidr.last(), prefix);
  return count_blocks(low, inside) + count_blocks(high, inside);
}

/// The value/mask pairs that make up a range.
std::uint64_t count_masks(std::uint32_t from, std::uint32_t to) {
  std::uint64_t count = 0;
  while (from <= to) {
    std::uint32_t size = 1;
    while ((from & size) == 0 && size < 65536 && from + size * 2 - 1 <= to) size *= 2;
    from += size;
    ++count;
  }
  return count;
}

std::uint64_t count_ports(const std::vector<PolicyPort>& ports) {
  if (ports.empty()) return 1;
  std::uint64_t count = 0;
  for (const PolicyPort& port : ports) {
    if (port.range && port.range->from < port.range->to) {
      count += count_masks(port.range->from, port.range->to) + 1;  // and port 0 (SDN-P10)
    } else if (port.range || port.name.empty()) {
      ++count;
    }
  }
  return count;
}

std::uint64_t count_in_namespaces(const EvaluationContext& context, const PolicyPeer& peer,
                                  bool whole_namespaces) {
  static const LabelSelector kEverything;
  std::uint64_t count = 0;
  const auto& namespaces = context.cluster.namespaces;
  for (std::uint32_t i = 0; i < namespaces.size(); ++i) {
    // NOLINTNEXTLINE(bugprone-unchecked-optional-access): only such peers come here.
    if (!matches(*peer.namespaces, namespaces[i].labels)) continue;
    count += whole_namespaces
                 ? 1
                 : count_pods(context, NamespaceId{i}, peer.pods ? *peer.pods : kEverything);
  }
  return count;
}

std::uint64_t count_peer(const EvaluationContext& context, const PolicyPeer& peer, NamespaceId ns,
                         Direction direction) {
  if (peer.block) {
    return peer.block->cidr.first().is_v4() ? count_blocks(peer.block->cidr, peer.block->except)
                                            : 0;
  }
  const bool inwards = direction == Direction::Ingress;
  if (peer.namespaces) {
    if (!peer.pods && peer.namespaces->matches_everything()) return 1;
    return count_in_namespaces(context, peer, inwards && !peer.pods);
  }
  if (!peer.pods) return 0;
  if (inwards && peer.pods->matches_everything()) return 1;
  return count_pods(context, ns, *peer.pods);
}

std::uint64_t count_rules(const EvaluationContext& context, const NetworkPolicy& policy,
                          Direction direction) {
  std::uint64_t count = 0;
  for (const PolicyRule& rule : policy.rules(direction)) {
    std::uint64_t peers = rule.peers.empty() ? 1 : 0;
    for (const PolicyPeer& peer : rule.peers) {
      peers += count_peer(context, peer, policy.ns, direction);
    }
    count += peers * count_ports(rule.ports);
  }
  return count;
}

std::uint64_t count_flows(const EvaluationContext& context, const NetworkPolicy& policy) {
  std::uint64_t count = 0;
  for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
    if (policy.isolates(direction)) count += count_rules(context, policy, direction);
  }
  const std::uint64_t targets =
      policy.pods.matches_everything() ? 1 : count_pods(context, policy.ns, policy.pods);
  return count * targets;
}

}  // namespace

bool is_oversized(const EvaluationContext& context, PolicyId id) {
  std::uint8_t& known = context.oversized.at(id.value);
  if (known == 0) known = count_flows(context, context.cluster.at(id)) >= kTooMany ? 2 : 1;
  return known == 2;
}

}  // namespace meshproof
