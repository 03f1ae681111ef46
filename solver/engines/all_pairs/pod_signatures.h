#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "model/cluster.h"

namespace meshproof {

/// Whether the network of one of two clusters, if there are two, is of the dialect.
[[nodiscard]] bool is_any_of_dialect(Dialect dialect, const Cluster& cluster, const Cluster* also);

/// What rules can see of pods and namespaces. Keeps the cluster by reference.
class PodSignatures {
 public:
  using Signature = std::vector<std::uint32_t>;

  /// What the rules of `also` see counts too, under its network; its symbols must be those of the
  /// cluster. O(policies × rules).
  PodSignatures(const Cluster& cluster, const Cluster* also);

  /// False if the policy may see more of pods than the signatures hold.
  [[nodiscard]] bool cover(const NetworkPolicy& policy) const;

  /// Equal for pods of one namespace that no rule tells apart. `is_alone` makes it unique.
  void sign(PodId pod, bool is_alone, Signature& signature) const;

  /// The namespaces in an order in which those that selectors select together are neighbours: by
  /// the labels that selectors of namespaces use, keys of few values first.
  [[nodiscard]] std::vector<NamespaceId> namespaces_in_order() const;

 private:
  void look_at(const Cluster& cluster);
  void look_at(const NetworkPolicy& policy);
  void look_at(const PolicyRule& rule);
  void add_block(const Cidr& block);
  [[nodiscard]] bool covers(const PolicyRule& rule) const;
  [[nodiscard]] bool covers(const Cidr& block) const;

  const Cluster& cluster_;
  bool looks_names_up_ = false;       // of ports
  std::vector<bool> pod_keys_;        // by symbol
  std::vector<bool> namespace_keys_;  // by symbol
  std::vector<IpAddress> borders_;    // where some ipBlock begins or has ended; sorted
  std::map<std::string_view, std::uint32_t> port_names_;  // where named ports count
};

/// An address that several pods of the pod network have, completed ones too.
struct SharedAddress {
  IpAddress address;
  std::vector<PodId> pods;  ///< in id order
};
/// O(pods log pods).
[[nodiscard]] std::vector<SharedAddress> shared_addresses(const Cluster& cluster);

}  // namespace meshproof
