#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "model/cluster.h"
#include "solver/engines/all_pairs/column_sets.h"
#include "solver/engines/all_pairs/pod_signatures.h"

namespace meshproof {

/// What stands behind a column.
struct ColumnEnd {
  enum class Kind : std::uint8_t {
    Pod,          ///< pods of the pod network that no rule can tell apart
    HostSends,    ///< a node, or a hostNetwork pod of a node that is not known, as a sender
    HostAnswers,  ///< the same as a receiver
    Outside,      ///< an address outside of the cluster
  };
  /// Ends with addresses of both families have a column for all of them, and one for each family
  /// (SEMANTICS F8), in this order.
  enum class View : std::uint8_t { Whole, Ipv4, Ipv6 };

  Kind kind = Kind::Pod;
  View view = View::Whole;
  bool has_ipv4 = false;  ///< of all its addresses, whatever the view
  bool has_ipv6 = false;
  PodId pod = {};  ///< one of the class; of a host the hostNetwork pod, if its node is not known
  NamespaceId ns = {};     ///< of the class
  NodeId node = {};        ///< of a host
  std::uint32_t pods = 0;  ///< how many the class has; 0 for views of one family
  /// How many the SDN lists for policies (SEMANTICS SDN-P8): with an address, or templates of pods.
  std::uint32_t listed = 0;
};

/// The ends of all flows of a cluster, as columns: classes of pods of the pod network, then hosts,
/// then addresses outside. Two pods are of one class if they are of one namespace and equal in all
/// that a rule can see of them: labels under keys that some policy's selector of pods uses, on
/// which side of the borders of ipBlocks their addresses lie, named ports where those count. Pods
/// that share an address are classes of their own with the OpenShift SDN (SEMANTICS SDN-P7).
/// Pending pods count as running; completed ones are classes of no pods, with the OpenShift SDN
/// only. Namespaces with equal labels, as far as selectors see them, are neighbours, so that what a
/// selector selects are few runs.
class Columns {
 public:
  /// `outside` are addresses that are none of the cluster's. What the rules of `also` tell apart
  /// under its network has columns of its own too; its symbols must be those of the cluster, which
  /// is kept by reference. Two clusters that differ in their networks only, each made with the
  /// other as `also`, have the same columns of pods. O(pods × (labels + log blocks) + namespaces
  /// log).
  Columns(const Cluster& cluster, const std::vector<IpAddress>& outside,
          const Cluster* also = nullptr);

  /// False if the policy may tell apart what has one column.
  [[nodiscard]] bool suffice_for(const NetworkPolicy& policy) const {
    return signatures_.cover(policy);
  }
  [[nodiscard]] Column size() const { return static_cast<Column>(ends_.size()); }
  [[nodiscard]] const ColumnEnd& at(Column column) const { return ends_[column]; }
  /// What packets of this end carry, under its view.
  [[nodiscard]] std::vector<IpAddress> addresses(Column column) const;
  /// The same, without a copy.
  template <typename Visit>
  void for_each_address(Column column, const Visit& visit) const {
    const ColumnEnd& end = at(column);
    const auto& all = end.kind == ColumnEnd::Kind::Pod ? cluster_.at(end.pod).addresses
                                                       : host_addresses_.at(column);
    for (const IpAddress& address : all) {
      const bool is_hidden =
          end.view == (address.is_v4() ? ColumnEnd::View::Ipv6 : ColumnEnd::View::Ipv4);
      if (!is_hidden) visit(address);
    }
  }
  /// The column of the same end for one family; itself if it has but one.
  [[nodiscard]] Column narrowed(Column column, bool ipv4) const;

  /// Every column of the kind.
  [[nodiscard]] ColumnRun of_kind(ColumnEnd::Kind kind) const {
    return kinds_[static_cast<std::size_t>(kind)];
  }
  /// The namespaces in the order of their columns.
  [[nodiscard]] const std::vector<NamespaceId>& namespaces() const { return order_; }
  /// Where a namespace stands in them.
  [[nodiscard]] Column position(NamespaceId ns) const { return positions_[ns.value]; }
  /// The classes of a namespace.
  [[nodiscard]] ColumnRun of(NamespaceId ns) const { return namespaces_[ns.value]; }
  /// The class of a pod of the pod network that has not completed.
  [[nodiscard]] Column of(PodId pod) const { return pods_[pod.value]; }
  [[nodiscard]] Column sender(NodeId node) const { return node_senders_[node.value]; }
  [[nodiscard]] Column receiver(NodeId node) const { return node_receivers_[node.value]; }
  /// The hostNetwork pods that have not completed, in id order.
  [[nodiscard]] const std::vector<PodId>& host_pods() const { return host_pods_; }
  /// Of a hostNetwork pod.
  [[nodiscard]] Column sender(PodId host) const { return host_senders_.at(host); }
  [[nodiscard]] Column receiver(PodId host) const { return host_receivers_.at(host); }
  [[nodiscard]] Column outside(std::size_t index) const {
    return of_kind(ColumnEnd::Kind::Outside).begin + static_cast<Column>(index);
  }

  /// Classes of a pod that shares an address, as far as its view shows, with other pods of the pod
  /// network, and those pods.
  [[nodiscard]] const std::map<Column, std::vector<PodId>>& sharers() const { return sharers_; }
  /// True if some end has addresses of both families.
  [[nodiscard]] bool has_both_families() const { return has_both_families_; }

 private:
  using Signature = PodSignatures::Signature;

  void add_pods(bool is_sdn);
  void add_classes(std::span<const std::pair<Signature, PodId>> signed_pods);
  void add_sharers(PodId pod, const IpAddress& address, const std::vector<PodId>& pods);
  void add_hosts();
  void add_end(ColumnEnd end, const std::vector<IpAddress>& addresses);
  void close(ColumnEnd::Kind kind, Column begin);

  const Cluster& cluster_;
  PodSignatures signatures_;
  std::vector<NamespaceId> order_;
  std::vector<Column> positions_;
  std::vector<ColumnEnd> ends_;
  std::vector<ColumnRun> kinds_;
  std::vector<ColumnRun> namespaces_;
  std::vector<Column> pods_;
  std::vector<Column> node_senders_;
  std::vector<Column> node_receivers_;
  std::vector<PodId> host_pods_;
  std::map<PodId, Column> host_senders_;
  std::map<PodId, Column> host_receivers_;
  std::map<Column, std::vector<IpAddress>> host_addresses_;  ///< of hosts and outside
  std::map<Column, std::vector<PodId>> sharers_;
  bool has_both_families_ = false;
};

}  // namespace meshproof
