#pragma once

#include <string>
#include <vector>

#include "model/assertion.h"
#include "model/cluster.h"
#include "model/flow.h"
#include "solver/engines/address_atoms.h"

namespace meshproof {

/// Ends that no rule of the cluster can tell apart: the same verdict holds for each of them.
struct EndClass {
  std::vector<PodId> pods;         ///< in id order; empty for an address
  std::vector<IpAddress> address;  ///< one, for a range of addresses outside or a node; else none

  /// One of them; of a pair within one class, `second` gives another one.
  [[nodiscard]] FlowEnd first() const;
  [[nodiscard]] FlowEnd second() const;
  [[nodiscard]] std::size_t size() const { return pods.empty() ? 1 : pods.size(); }
};

/// The pods and addresses that a group means.
struct Ends {
  std::vector<EndClass> classes;  ///< sorted by first member; pods before addresses

  [[nodiscard]] bool is_empty() const { return classes.empty(); }
  [[nodiscard]] std::size_t pods() const;
  [[nodiscard]] std::size_t addresses() const;
};

/// Finds what groups mean in one cluster. Refers to the cluster, which must outlive it.
///
/// memberOf: namespaces that carry the member-of label of that mesh, without the control plane's
/// own; notMemberOf: all others but the control plane; mesh: members and the control plane. A cidr
/// means the pods and nodes with an address in it, and the outside: one address for each range
/// that no ipBlock of the cluster divides. Completed pods are in no group: they neither send nor
/// receive.
class GroupResolver {
 public:
  explicit GroupResolver(const Cluster& cluster);

  /// Ends that are told apart also by which of the groups in `apart` hold them, so that exceptions
  /// need not look into a class. O((pods + namespaces) × groups + ipBlocks).
  [[nodiscard]] Ends resolve(const Group& group, const std::vector<const Group*>& apart,
                             bool by_node) const;

  /// Whether the group may hold nodes or hostNetwork pods. What they reach and are reached by
  /// depends on the node of the other end, which is therefore to be resolved `by_node`.
  [[nodiscard]] bool has_hosts(const Group& group) const;

  /// Whether the group holds the first end of the class (and so all of them).
  [[nodiscard]] bool contains(const Group& group, const EndClass& ends) const;

 private:
  [[nodiscard]] bool has_pod(const Group& group, const Pod& pod) const;
  [[nodiscard]] bool has_namespace(const Group& group, NamespaceId ns) const;
  [[nodiscard]] bool has_address(const Group& group, const IpAddress& address) const;
  [[nodiscard]] bool is_of_cluster(const IpAddress& address) const;
  [[nodiscard]] std::string signature(const Pod& pod, bool by_node) const;
  [[nodiscard]] std::vector<IpAddress> addresses_of(const Group& group,
                                                    const std::vector<const Group*>& apart) const;

  const Cluster& cluster_;
  AddressPlan plan_;
  std::vector<Symbol> keys_;  // that selectors of policies look at; sorted
  std::vector<Cidr> blocks_;  // of policies and egress firewalls, and completed pods' addresses
  std::vector<IpAddress> borders_;  // of blocks_; sorted
};

/// Whether a selector given as text picks the labels (SEMANTICS L1).
[[nodiscard]] bool matches(const SelectorText& selector, const Labels& labels,
                           const SymbolTable& symbols);

}  // namespace meshproof
