#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/cluster.h"

namespace meshproof {

/// Addresses that no ipBlock can tell apart, with one of them for a pod to have and one that is
/// outside of the cluster, where there are such addresses.
struct AddressAtom {
  IpAddress first;
  std::optional<IpAddress> pod;
  std::optional<IpAddress> second_pod;  ///< none where there is but one address
  std::optional<IpAddress> outside;
  std::optional<IpAddress> second_outside;  ///< the same
};

/// What the cluster's addresses are in use for.
class AddressPlan {
 public:
  /// O(pods log).
  explicit AddressPlan(const Cluster& cluster);

  /// Cuts the addresses at the borders of the blocks and of the cluster's networks (SEMANTICS T8).
  /// IPv6 only where the cluster may have pods with IPv6 addresses, and `with_ipv6` or no others.
  /// Sorted; atoms that neither a pod nor the outside can have are left out. O(blocks log).
  [[nodiscard]] std::vector<AddressAtom> atoms(const std::vector<Cidr>& blocks,
                                               bool with_ipv6) const;

  [[nodiscard]] bool is_used(const IpAddress& address) const;

 private:
  [[nodiscard]] AddressAtom atom(const IpAddress& first,
                                 const std::optional<IpAddress>& next) const;
  [[nodiscard]] IpAddress free_address(const IpAddress& first,
                                       const std::optional<IpAddress>& next) const;
  [[nodiscard]] bool may_be_a_pods(const IpAddress& address) const;

  const Network& network_;
  std::vector<IpAddress> used_;   // sorted
  std::vector<IpAddress> stray_;  // of pods, outside of the cluster networks; sorted
};

/// Whether an ipBlock covers the address.
[[nodiscard]] bool covers(const IpBlock& block, const IpAddress& address);

}  // namespace meshproof
