#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "model/cluster.h"
#include "solver/engines/address_atoms.h"
#include "solver/engines/flows/flow_claim.h"
#include "solver/engines/flows/flow_problem.h"

/// "No such flow reaches a pod of this namespace", for every pod that could ever exist, as a
/// propositional problem (SEMANTICS T7–T9).
///
/// Idea: selectors compare label values with constants only, so all values that nobody names are
/// one value; addresses and ports count only by the side of the borders on which they lie; and a
/// namespace that does not exist yet is a free choice of labels. What is left has finitely many
/// cases, and the problem has a solution exactly if some such flow is let through.
///
/// Slicing: the ingress of a pod is decided by the policies of its own namespace, and the egress of
/// the other end by those of its namespace, so there is one small problem per destination
/// namespace. Equal problems (every member of every mesh looks alike to the policies that the
/// operator copies) compare equal as values and are solved once.
namespace meshproof {

/// What several states of one cluster do not share. Policies of all of them stand in the cluster,
/// and a FlowView says which are in effect.
struct FlowVersions {
  std::map<NamespaceId, Labels> old_labels;  ///< of namespaces whose labels change
  std::set<NamespaceId> changing;            ///< these, and those whose policies change
};

/// Its pods have VNID 0 (SEMANTICS SDN-G3), with the OpenShift SDN.
[[nodiscard]] bool has_vnid_0(const Cluster& cluster, const Namespace& ns);

/// Builds the problems of one cluster, in SDN mode NetworkPolicy (any dialect). Refers to the
/// cluster, which must outlive it. Remembers what several questions share.
class FlowEncoder {
 public:
  explicit FlowEncoder(const Cluster& cluster, FlowVersions versions = {});

  /// The problem of one destination; an invalid one stands for a namespace that does not exist yet.
  /// O(policies of the destination × their rules × groups), beside the first O(namespaces) for each
  /// set of label keys.
  [[nodiscard]] FlowProblem encode(const FlowClaim& claim, NamespaceId destination);
  /// The same as part of a larger problem.
  [[nodiscard]] FlowVariables encode(const FlowClaim& claim, NamespaceId destination,
                                     Problem& problem);

  /// What a solution of the problem means.
  [[nodiscard]] Counterexample decode(const FlowVariables& flow,
                                      const Problem::Assignment& assignment) const;

  /// The same flow between pods of the input, where such pods satisfy the problem too: first the
  /// destination is exchanged, then the source. A pod without an address is taken to have the
  /// right one, so evaluate() may not confirm this. O(pods × size of the problem).
  [[nodiscard]] Counterexample prefer_existing(const FlowProblem& problem, const FlowClaim& claim,
                                               Problem::Assignment assignment) const;

  /// Why nothing can be said soundly of flows to the destination: with the OpenShift SDN it shares
  /// its NetID with another namespace (SEMANTICS T10), or one does of which `matters` is true. A
  /// namespace that is not there counts as not mattering. Empty if there is no reason.
  template <typename Matters>
  [[nodiscard]] std::string shared_network(Matters matters) const {
    for (const Sharing& sharing : sharings_) {
      for (const NamespaceId ns : sharing.namespaces) {
        if (matters(ns, sharing.netid)) return sharing.sentence;
      }
    }
    return {};
  }

  [[nodiscard]] const Cluster& cluster() const { return cluster_; }

 private:
  friend class FlowTerms;
  using Groups = std::vector<SourceGroup>;

  /// Namespaces with one NetID.
  struct Sharing {
    std::uint32_t netid = 0;
    std::vector<NamespaceId> namespaces;
    std::string sentence;
  };

  const Groups& sources(const FlowClaim& claim, NamespaceId destination,
                        const LabelDomains& domains);
  [[nodiscard]] SourceGroup group(NamespaceId ns, NamespaceId destination,
                                  const LabelDomains& domains) const;
  /// The group that a source belongs to; none if a future namespace stands in for it.
  [[nodiscard]] std::optional<std::uint32_t> group_of(const FlowVariables& flow,
                                                      NamespaceId ns) const;
  [[nodiscard]] std::string future_name(const LabelVariables& labels,
                                        const Problem::Assignment& assignment,
                                        const std::string& stem) const;
  void find_sharings();

  const Cluster& cluster_;
  FlowVersions versions_;
  AddressPlan plan_;
  std::vector<bool> global_;                   // by namespace: VNID 0 (OpenShift SDN)
  std::vector<NamespaceId> speaks_for_hosts_;  // whose selection admits VNID 0 (OpenShift SDN)
  std::optional<Labels> absent_default_;       // its labels, if the input lacks it (the same)
  std::vector<bool> restricted_;               // by namespace: some policy isolates egress
  NamespaceId stand_in_for_hosts_;             // openshift-host-network (OpenShift SDN)
  std::vector<PodId> completed_;               // with an address (OpenShift SDN)
  std::vector<Sharing> sharings_;
  std::map<std::tuple<std::string, std::uint32_t, LabelDomains>, Groups> sources_;
};

}  // namespace meshproof
