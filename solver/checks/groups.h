#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/assertion.h"
#include "model/cluster.h"
#include "model/flow.h"
#include "solver/engines/address_atoms.h"

namespace meshproof {

/// Ends that no rule of the cluster can tell apart: the same verdict holds for each of them.
struct EndClass {
  std::vector<PodId> pods;  ///< in id order; empty for an address
  /// Of a node or a Service: one. Of a range outside: two of it, where it has two. Else none.
  std::vector<IpAddress> addresses;
  /// Of a Service that leads to addresses of the group past the policies (SEMANTICS SDN-C2); they
  /// are `addresses`.
  ServiceId service = {};
  /// False for pods whose address is not known, so that they may be in a cidr or not, and for a
  /// Service that also leads elsewhere.
  bool certain = true;

  /// One of them; of a pair within one class, `second` gives another one.
  [[nodiscard]] FlowEnd first() const;
  [[nodiscard]] FlowEnd second() const;
  [[nodiscard]] std::size_t size() const { return pods.empty() ? 1 : pods.size(); }
};

/// The pods and addresses that a group means.
struct Ends {
  std::vector<EndClass> classes;  ///< sorted by first member; pods before addresses

  /// No end is certain to be in the group.
  [[nodiscard]] bool is_empty() const;
  [[nodiscard]] std::size_t pods() const;
  [[nodiscard]] std::size_t addresses() const;
};

/// What a group is resolved for.
struct Resolution {
  enum class Side : std::uint8_t { Source, Destination };
  Side side = Side::Source;
  /// Ends are told apart also by which of these groups hold them, so that exceptions need not look
  /// into a class.
  std::vector<const Group*> apart;
  /// Pods are told apart by node, and by the Services that lead to them: see has_hosts().
  bool by_node = false;
  /// The flows must be open: without ends that are closed to everybody, or may not be in the group.
  bool must_be_open = false;
};

/// Finds what groups mean in one cluster. Refers to the cluster, which must outlive it.
///
/// memberOf: namespaces that carry the member-of label of that mesh, without the control plane's
/// own; notMemberOf: all others but the control plane; mesh: members and the control plane. A cidr
/// means the pods, nodes (by what they send to pods, too) and as a destination the Services with an
/// address in it, and the outside: one address for each range that nothing in the cluster divides.
/// Pods without a known address are in it if the whole pod network is, and perhaps if some of it
/// is. Completed pods are in no group: they neither send nor receive.
class GroupResolver {
 public:
  explicit GroupResolver(const Cluster& cluster);

  /// O((pods + namespaces) × groups + ipBlocks + nodes + Services).
  [[nodiscard]] Ends resolve(const Group& group, const Resolution& resolution) const;

  /// Whether the group may hold nodes, hostNetwork pods or Services. What they reach and are
  /// reached by depends on the node of the other end, which is therefore to be resolved `by_node`.
  [[nodiscard]] bool has_hosts(const Group& group) const;

  /// Whether the group speaks of pods of a namespace. Of one whose labels were not collected
  /// (Uncollected) it does not if it asks for them.
  [[nodiscard]] bool has_namespace(const Group& group, NamespaceId ns) const;

  /// Whether the group holds the first end of the class (and so all of them).
  [[nodiscard]] bool contains(const Group& group, const EndClass& ends) const;

  /// What evaluate() can see of a pod, beside its name: pods of one signature have the same
  /// answers. `by_node` as in Resolution. O(labels + addresses × log ipBlocks).
  [[nodiscard]] std::string signature(PodId id, bool by_node) const;

 private:
  /// In this order, so that the least of several counts.
  enum class Membership : std::uint8_t { No, Perhaps, Yes };

  [[nodiscard]] Membership membership(const Group& group, const Pod& pod) const;
  [[nodiscard]] Membership membership_without_address(const Group& group, const Pod& pod) const;
  [[nodiscard]] bool has_address(const Group& group, const IpAddress& address) const;
  [[nodiscard]] bool is_of_cluster(const IpAddress& address) const;
  [[nodiscard]] std::vector<EndClass> services_past_policies(const Group& group) const;
  [[nodiscard]] std::vector<EndClass> addresses_of(const Group& group,
                                                   const Resolution& resolution) const;

  const Cluster& cluster_;
  AddressPlan plan_;
  std::vector<Symbol> keys_;  // that selectors of policies look at; sorted
  std::vector<Cidr> blocks_;  // of policies and egress firewalls, and addresses that pods share
  std::vector<IpAddress> borders_;                    // of blocks_; sorted
  std::vector<IpAddress> hosts_;                      // special_addresses()
  std::vector<IpAddress> own_;                        // of nodes, pods and Services; sorted
  std::vector<Cidr> special_;                         // special_blocks()
  std::map<PodId, std::vector<ServiceId>> services_;  // with a cluster IP, that lead to the pod
};

/// Whether it takes more than the names of namespaces to know which ones the group means.
[[nodiscard]] bool asks_for_namespace_labels(const Group& group);

/// Whether a selector given as text picks the labels (SEMANTICS L1).
[[nodiscard]] bool matches(const SelectorText& selector, const Labels& labels,
                           const SymbolTable& symbols);

}  // namespace meshproof
