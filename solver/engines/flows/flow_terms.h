#pragma once

#include <string>
#include <vector>

#include "solver/engines/flows/flow_encoder.h"

namespace meshproof {

/// The rules of docs/SEMANTICS.md as formulas about one flow, written without a look at the
/// evaluator, so that the two check each other. Made by FlowEncoder, used by claims.
class FlowTerms {
 public:
  FlowTerms(FlowEncoder& encoder, const FlowClaim& claim, NamespaceId destination,
            Problem& problem);

  /// Makes the variables, and requires that the claim is broken.
  [[nodiscard]] FlowVariables build();

  [[nodiscard]] Problem& problem() { return problem_; }
  [[nodiscard]] FlowVariables& flow() { return flow_; }
  [[nodiscard]] const Cluster& cluster() const { return cluster_; }

  // What both ends' policies let through.

  /// The destination's policies let the flow in, and the source's let it out (SEMANTICS F8).
  Formula open(const FlowView& view = {});
  /// SEMANTICS P1–P4, OVN-3: of one namespace in one direction.
  Formula admitted_by(NamespaceId ns, Direction direction, const FlowView& view = {});
  /// The source's policies, and what a dialect drops for everybody.
  Formula reaches_out(const FlowView& view = {});
  /// What the dialect drops whoever sends it to a pod.
  Formula dropped_for_all();
  Formula selects(const NetworkPolicy& policy, Direction direction);
  Formula admits(const NetworkPolicy& policy, Direction direction, const FlowView& view = {});

  // What the ends are.

  Formula is_pod();
  /// The source is in the destination's own namespace.
  Formula is_of_destination();
  /// The source's namespace is one of which `holds` is true; a future one as `future` says.
  template <typename Holds>
  Formula source_namespace(Holds holds, Formula future) {
    std::vector<std::uint32_t> chosen;
    for (std::uint32_t i = 0; i < flow_.groups.size(); ++i) {
      if (holds(flow_.groups[i].example)) chosen.push_back(i);
    }
    return problem_.any_of({problem_.is_any(flow_.source, chosen),
                            problem_.all_of({problem_.is(flow_.source, flow_.future()), future})});
  }
  /// The source is like one of these pods of the input in all that the policies look at. Pods of
  /// namespaces that are no sources are passed over.
  Formula source_is_one_of(const std::vector<PodId>& pods);
  /// The same of the destination; pods of other namespaces are passed over.
  Formula destination_is_one_of(const std::vector<PodId>& pods);
  Formula block_holds(const IpBlock& block, Variable address);
  /// SEMANTICS SDN-P7: the address is that of a completed pod that the peer means.
  Formula took_over(const PolicyPeer& peer, NamespaceId policy_ns, Variable address,
                    const FlowView& view = {});
  Formula has_address_of(PodId pod, Variable address);
  /// Completed pods whose addresses others may take over, by the OpenShift SDN: one of each kind.
  [[nodiscard]] const std::vector<PodId>& completed() const { return completed_; }
  Formula numbers(Protocol protocol, PortRange range);
  Formula numbers(const PortSet& ports);

 private:
  // What the policies look at.
  void collect_words();
  void collect_addresses(const FlowWords& words);
  void find_completed(const FlowWords& words, const std::vector<Cidr>& blocks);
  void collect_ports(const FlowWords& words);
  void add_well_formedness();
  void add_preferences();
  void require_free_name(const LabelVariables& labels);
  void avoid_labels(const LabelVariables& labels, Formula where);

  Formula peer(const PolicyPeer& peer, NamespaceId policy_ns, Direction direction,
               const FlowView& view);
  Formula part(PolicyId policy);
  Formula ports(const PolicyRule& rule);
  Formula entry(const PolicyRule& rule, const PolicyPort& port);

  // Peers, by dialect.
  Formula source_is(const PolicyPeer& peer, NamespaceId policy_ns, const FlowView& view);
  Formula source_in(const LabelSelector& namespaces, bool by_netid, const FlowView& view);
  Formula destination_is(const PolicyPeer& peer, NamespaceId policy_ns, const FlowView& view);
  Formula is_selected(NamespaceId ns, const LabelSelector& namespaces, const FlowView& view);
  Formula is_global();

  /// Where an address of the pod lies; everywhere if it has none.
  Formula lies_like(const Pod& pod, Variable address);
  Formula is_labelled_like(const std::vector<std::uint32_t>& projection,
                           const LabelVariables& labels);

  [[nodiscard]] bool is_sdn() const { return cluster_.network.dialect == Dialect::OpenShiftSdn; }
  [[nodiscard]] bool is_ovn() const { return cluster_.network.dialect == Dialect::OvnKubernetes; }
  [[nodiscard]] std::vector<const NetworkPolicy*> bearing(Direction direction) const;

  FlowEncoder& encoder_;
  const FlowClaim& claim_;
  const Cluster& cluster_;
  FlowVariables flow_;
  std::vector<PodId> completed_;
  Problem& problem_;
};

}  // namespace meshproof
