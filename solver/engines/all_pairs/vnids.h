#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "model/cluster.h"

namespace meshproof {

/// The virtual network ids of the OpenShift SDN, as far as they decide (SEMANTICS SDN-M, SDN-P14,
/// SDN-P15). Written apart from the evaluator's, which it must agree with.
class Vnids {
 public:
  static constexpr std::uint32_t kGlobal = 0;

  /// O(namespaces + net namespaces). Keeps the cluster by reference.
  explicit Vnids(const Cluster& cluster);

  [[nodiscard]] bool is_known(NamespaceId ns) const { return known_[ns.value]; }
  /// Only if it is known.
  [[nodiscard]] std::uint32_t at(NamespaceId ns) const { return values_[ns.value]; }
  [[nodiscard]] bool is_global(NamespaceId ns) const { return is_known(ns) && at(ns) == kGlobal; }
  /// Known namespaces with the id, in id order.
  [[nodiscard]] const std::vector<NamespaceId>& namespaces(std::uint32_t vnid) const;
  /// More than one NetNamespace has its id.
  [[nodiscard]] bool is_shared(NamespaceId ns) const;
  /// It shares its id with others, and policies of some of them would have to count.
  [[nodiscard]] bool has_undefined_policies(NamespaceId ns) const { return undefined_[ns.value]; }
  /// What `ns` shares its id with, itself among them, where NetNamespaces say so.
  [[nodiscard]] std::vector<NamespaceId> sharers(NamespaceId ns) const;
  /// Some id is that of several NetNamespaces.
  [[nodiscard]] bool has_sharers() const;
  /// Nobody else has its id, and it is not that of hosts.
  [[nodiscard]] bool is_ordinary(NamespaceId ns) const;

 private:
  const Cluster& cluster_;
  std::vector<bool> known_;
  std::vector<std::uint32_t> values_;
  std::vector<bool> undefined_;
  std::unordered_map<std::uint32_t, std::vector<NamespaceId>> namespaces_;
  std::unordered_map<std::uint32_t, std::vector<NetNamespaceId>> net_namespaces_;
};

}  // namespace meshproof
