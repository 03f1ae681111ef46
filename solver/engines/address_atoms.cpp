#include "solver/engines/address_atoms.h"

#include <algorithm>

namespace meshproof {

namespace {

/// How far a search for a free address goes; an atom whose first addresses are all in use is
/// shown with its first one.
constexpr std::uint32_t kLongestSearch = 4096;

/// Documentation addresses make the best examples of an outside.
IpAddress preferred_outside(std::size_t i) {
  constexpr std::uint32_t kDocumentation[] = {0xcb007109, 0xc6336409, 0xc0000209, 0x01000009};
  return IpAddress::v4(kDocumentation[i]);
}
constexpr std::size_t kPreferredOutsides = 4;

bool contains_any(const std::vector<Cidr>& blocks, const IpAddress& address) {
  return std::ranges::any_of(blocks, [&](const Cidr& block) { return block.contains(address); });
}

IpAddress zero(bool v4) {
  return v4 ? IpAddress::v4(0) : IpAddress::parse("::").value_or(IpAddress{});
}

bool is_all_ones(const IpAddress& address) {
  const auto& bytes = address.bytes();
  return std::all_of(bytes.begin(), bytes.begin() + (address.is_v4() ? 4 : 16),
                     [](std::uint8_t byte) { return byte == 0xff; });
}

/// The first addresses of a node's pod subnet belong to the node, the last is for broadcasts.
bool is_reserved(const IpAddress& address, unsigned host_prefix) {
  if (!address.is_v4() || host_prefix == 0 || host_prefix >= 32) return false;
  const Cidr subnet = Cidr::of(address, host_prefix);
  for (std::uint32_t offset = 0; offset < 3; ++offset) {
    if (subnet.first().plus(offset) == address) return true;
  }
  return subnet.last() == address;
}

void add_borders(const Cidr& block, std::vector<IpAddress>& borders) {
  borders.push_back(block.first());
  const IpAddress last = block.last();
  if (!is_all_ones(last)) borders.push_back(last.plus(1));
}

}  // namespace

bool covers(const IpBlock& block, const IpAddress& address) {
  return block.cidr.contains(address) && !contains_any(block.except, address);
}

AddressPlan::AddressPlan(const Cluster& cluster) : network_(cluster.network) {
  for (const Pod& pod : cluster.pods) {
    if (pod.is_completed()) continue;
    used_.insert(used_.end(), pod.addresses.begin(), pod.addresses.end());
    if (pod.host_network || network_.cluster_networks.empty()) continue;
    for (const IpAddress& address : pod.addresses) {
      if (!contains_any(network_.cluster_networks, address)) stray_.push_back(address);
    }
  }
  for (const Node& node : cluster.nodes) {
    used_.insert(used_.end(), node.addresses.begin(), node.addresses.end());
    for (const Cidr& subnet : node.pod_subnets) {
      for (std::uint32_t offset = 0; offset < 3; ++offset) {
        used_.push_back(subnet.first().plus(offset));
      }
    }
  }
  for (const Service& service : cluster.services) {
    used_.insert(used_.end(), service.cluster_ips.begin(), service.cluster_ips.end());
    for (const ServiceEndpoint& endpoint : service.endpoints) used_.push_back(endpoint.address);
  }
  std::ranges::sort(used_);
  std::ranges::sort(stray_);
}

bool AddressPlan::is_used(const IpAddress& address) const {
  return std::ranges::binary_search(used_, address);
}

bool AddressPlan::may_be_a_pods(const IpAddress& address) const {
  return network_.cluster_networks.empty() || contains_any(network_.cluster_networks, address) ||
         std::ranges::binary_search(stray_, address);
}

IpAddress AddressPlan::free_address(const IpAddress& first,
                                    const std::optional<IpAddress>& next) const {
  for (const bool accept_reserved : {false, true}) {
    IpAddress address = first;
    for (std::uint32_t step = 0; step < kLongestSearch; ++step) {
      if (next && address >= *next) break;
      if (!is_used(address) && (accept_reserved || !is_reserved(address, network_.host_prefix))) {
        return address;
      }
      if (is_all_ones(address)) break;
      address = address.plus(1);
    }
  }
  return first;
}

AddressAtom AddressPlan::atom(const IpAddress& first, const std::optional<IpAddress>& next) const {
  AddressAtom result;
  result.first = first;
  if (contains_any(network_.service_networks, first)) return result;
  const auto is_inside = [&](const IpAddress& address) {
    return address.is_v4() == first.is_v4() && first <= address && (!next || address < *next);
  };
  const auto second_to = [&](const std::optional<IpAddress>& one) -> std::optional<IpAddress> {
    if (!one || is_all_ones(*one) || !is_inside(one->plus(1))) return std::nullopt;
    return free_address(one->plus(1), next);
  };
  if (may_be_a_pods(first)) {
    const IpAddress usual = IpAddress::v4(0x0a800005);  // where no network is known: 10.128.0.5
    const bool may_choose = network_.cluster_networks.empty() && is_inside(usual);
    result.pod = free_address(may_choose ? usual : first, next);
    result.second_pod = second_to(result.pod);
  }
  if (network_.cluster_networks.empty() || !may_be_a_pods(first)) {
    for (std::size_t i = 0; i < kPreferredOutsides && !result.outside; ++i) {
      const IpAddress address = preferred_outside(i);
      if (is_inside(address) && !is_used(address)) result.outside = address;
    }
    if (!result.outside) result.outside = free_address(first, next);
    result.second_outside = second_to(result.outside);
  }
  return result;
}

std::vector<AddressAtom> AddressPlan::atoms(const std::vector<Cidr>& blocks, bool with_ipv6) const {
  std::vector<IpAddress> borders;
  for (const Cidr& block : blocks) add_borders(block, borders);
  for (const Cidr& block : network_.cluster_networks) add_borders(block, borders);
  for (const Cidr& block : network_.service_networks) add_borders(block, borders);
  for (const IpAddress& address : stray_) add_borders(Cidr::of(address, address.width()), borders);
  const auto is_v4 = [](const Cidr& block) { return block.first().is_v4(); };
  const bool has_v4 =
      network_.cluster_networks.empty() || std::ranges::any_of(network_.cluster_networks, is_v4);
  const bool has_v6 =
      (with_ipv6 || !has_v4) &&
      (network_.cluster_networks.empty() || !std::ranges::all_of(network_.cluster_networks, is_v4));
  if (has_v4) borders.push_back(zero(true));
  if (has_v6) borders.push_back(zero(false));
  std::ranges::sort(borders);
  const auto repeated = std::ranges::unique(borders);
  borders.erase(repeated.begin(), repeated.end());

  std::vector<AddressAtom> result;
  for (std::size_t i = 0; i < borders.size(); ++i) {
    if (!(borders[i].is_v4() ? has_v4 : has_v6)) continue;
    const bool has_next = i + 1 < borders.size() && borders[i + 1].is_v4() == borders[i].is_v4();
    AddressAtom found = atom(borders[i], has_next ? std::optional(borders[i + 1]) : std::nullopt);
    if (found.pod || found.outside) result.push_back(found);
  }
  return result;
}

}  // namespace meshproof
