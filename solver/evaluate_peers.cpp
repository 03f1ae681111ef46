#include <algorithm>

#include "solver/evaluate_context.h"

/// Which ends a peer of a rule means (SEMANTICS P5–P9).
namespace meshproof {
namespace {

bool is_inside(const IpBlock& block, const IpAddress& address) {
  return block.cidr.contains(address) &&
         std::ranges::none_of(block.except,
                              [&](const Cidr& except) { return except.contains(address); });
}

bool overlap(const Cidr& a, const Cidr& b) {
  return a.contains(b.first()) || b.contains(a.first());
}

/// Whether a block holds an address of which only the surroundings are known.
Truth holds_somewhere(const IpBlock& block, const Cidr& surroundings) {
  const bool touches_except = std::ranges::any_of(
      block.except, [&](const Cidr& except) { return overlap(except, surroundings); });
  if (block.cidr.contains(surroundings) && !touches_except) return Truth::Yes;
  const bool swallowed = std::ranges::any_of(
      block.except, [&](const Cidr& except) { return except.contains(surroundings); });
  if (swallowed || !overlap(block.cidr, surroundings)) return Truth::No;
  return Truth::Maybe;
}

std::string unknown_address(const IpBlock& block, const End& other) {
  return "the address of " + other.name + " is not known, so the ipBlock " +
         block.cidr.to_string() + " may or may not hold it";
}

/// SEMANTICS P9: an address that is not known matches if every possible one does.
Match unknown_address_matches(const IpBlock& block, const End& other) {
  std::vector<Cidr> surroundings = other.within;
  if (surroundings.empty()) {
    if (!block.cidr.first().is_v4()) return Match::maybe("P9", unknown_address(block, other));
    surroundings.push_back(Cidr::of(IpAddress::v4(0), 0));
  }
  Truth low = Truth::Yes;
  Truth high = Truth::No;
  for (const Cidr& cidr : surroundings) {
    if (cidr.first().is_v4() != block.cidr.first().is_v4() && surroundings.size() > 1) continue;
    const Truth truth = holds_somewhere(block, cidr);
    low = std::min(low, truth);
    high = std::max(high, truth);
  }
  if (low == Truth::Yes && high == Truth::Yes) return Match::yes("P9");
  if (high == Truth::No) return Match::no("P9");
  return Match::maybe("P9", unknown_address(block, other));
}

/// SEMANTICS H4: a node's address in its pod subnet lies in no other node's subnet, nor is it the
/// address of a node.
bool belongs_to_others(const EvaluationContext& context, const Cidr& block, NodeId node) {
  const auto& nodes = context.cluster.nodes;
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    const auto holds_block = [&](const Cidr& subnet) { return subnet.contains(block); };
    const bool in_subnet =
        i != node.value && std::ranges::any_of(nodes[i].pod_subnets, holds_block);
    const bool is_node =
        block.first() == block.last() &&
        std::ranges::find(nodes[i].addresses, block.first()) != nodes[i].addresses.end();
    if (in_subnet || is_node) return true;
  }
  return false;
}

}  // namespace

Match block_matches(const EvaluationContext& context, const IpBlock& block, const End& other) {
  if (!block.cidr.first().is_v4() && !context.dialect.reads_ipv6_blocks) {
    return {Truth::No, "SDN-P11", "the SDN skips the IPv6 block " + block.cidr.to_string()};
  }
  const bool pods_count = context.dialect.dialect != Dialect::Kubernetes ||
                          context.cluster.network.ip_block_matches_pods;
  if (other.is_pod() && !pods_count) return Match::no("P8");
  if (other.addresses.empty() && other.kind == End::Kind::Host && !other.through_service &&
      other.node.is_valid() && belongs_to_others(context, block.cidr, other.node)) {
    return Match::no("H4");
  }
  if (other.addresses.empty()) return unknown_address_matches(block, other);
  return Match::when(
      std::ranges::any_of(other.addresses,
                          [&](const IpAddress& address) { return is_inside(block, address); }),
      "P8");
}

Match peer_matches(const EvaluationContext& context, const PolicyPeer& peer, NamespaceId policy_ns,
                   Direction direction, const End& other) {
  if (peer.block) return block_matches(context, *peer.block, other);
  if (!peer.namespaces && !peer.pods) return Match::no("P5");
  return context.dialect.selects(context, peer, policy_ns, direction, other);
}

}  // namespace meshproof
