#pragma once

#include <memory>
#include <vector>

#include "model/cluster.h"
#include "model/flow.h"

namespace meshproof {

struct EvaluationContext;

/// What becomes of pods that the input shows as Pending, without an address.
enum class PendingPods : std::uint8_t {
  Silent,   ///< the state as given: they neither send nor receive (SEMANTICS F4)
  WillRun,  ///< the state they are about to make: their addresses are unknown
};

/// Decides flows of one cluster, one at a time, and says why (docs/SEMANTICS.md). This is the
/// reference that every other engine must agree with: slow on purpose, rule by numbered rule.
/// Refers to the cluster, which must outlive it. Not for several threads at once.
class Evaluator {
 public:
  /// Indexes addresses and network ids. O((pods + net namespaces) log).
  explicit Evaluator(const Cluster& cluster, PendingPods pending = PendingPods::Silent);
  ~Evaluator();
  Evaluator(Evaluator&&) noexcept;
  Evaluator& operator=(Evaluator&&) noexcept;
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;

  /// Allowed only if nothing denies, Denied only if something certainly denies; Unknown, with what
  /// is not known, where the answer hangs on it. Never throws; ids must be of the cluster.
  /// O(policies of the two namespaces × their rules × namespaces).
  [[nodiscard]] Decision evaluate(const Flow& flow) const;

  /// What the rules of one direction alone say of a flow whose ends are no Services: of ingress
  /// those of the destination, of egress those of the source, and what the network drops of what it
  /// sends. Both allow what evaluate() allows, by the reasons that it gives; allowed without a
  /// reason where nothing has a say.
  [[nodiscard]] Decision evaluate_one_way(const Flow& flow, Direction only) const;

  /// The same as evaluate() for a flow of the node's own processes, and for one to the node.
  [[nodiscard]] Decision evaluate_from_node(NodeId src, const FlowEnd& dst, Protocol protocol,
                                            std::uint16_t port) const;
  [[nodiscard]] Decision evaluate_to_node(const FlowEnd& src, NodeId dst, Protocol protocol,
                                          std::uint16_t port) const;

 private:
  std::unique_ptr<const EvaluationContext> context_;
};

/// Ports at which evaluate() can change its answer whatever the policies and Services say
/// (SEMANTICS SDN-G4, SDN-G5, SDN-E5).
[[nodiscard]] PortSet special_ports(const Cluster& cluster);

/// Single addresses that evaluate() knows, beside those of pods of the pod network: of nodes, of
/// what nodes send to pods (H4), of hostNetwork pods. Sorted. O(nodes + pods).
[[nodiscard]] std::vector<IpAddress> special_addresses(const Cluster& cluster);

/// The addresses that the node's own traffic to pods carries (SEMANTICS H4); none if they are not
/// known.
[[nodiscard]] std::vector<IpAddress> sending_addresses(const Cluster& cluster, NodeId node);

/// Blocks of addresses that evaluate() treats in their own way: pod subnets, where the gateway
/// routers of OVN-Kubernetes send from (OVN-16), multicast (F10). Unsorted.
[[nodiscard]] std::vector<Cidr> special_blocks(const Cluster& cluster);

/// SEMANTICS F10.
[[nodiscard]] bool is_multicast(const IpAddress& address);

/// One flow, without keeping the index. See Evaluator.
[[nodiscard]] Decision evaluate(const Cluster& cluster, const Flow& flow);

}  // namespace meshproof
