#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "model/cluster.h"
#include "solver/engines/address_atoms.h"
#include "solver/engines/label_domain.h"
#include "solver/engines/problem.h"

/// "Nobody outside mesh X reaches a pod of this namespace, but for what is exposed on purpose", for
/// every pod that could ever exist, as a propositional problem (SEMANTICS T1–T12).
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

/// What policies are meant to admit, and nothing else (SEMANTICS A3).
struct KeptTerm {
  LabelSelector pods;  ///< of the destination
  LabelSelector source_projects;
  LabelSelector source_pods;
  std::optional<IpBlock> block;  ///< instead of the two
  bool block_holds_pods = true;
  PortSet ports;
};

/// Policies that were added to the others of a namespace, and what they are meant to admit.
struct Addition {
  std::vector<PolicyId> policies;
  std::vector<KeptTerm> kept;
};

struct TenancyQuestion {
  std::string mesh;         ///< the control-plane namespace; empty where there is an addition
  NamespaceId destination;  ///< a namespace of the mesh
  /// Policies of the destination whose own rules say what is exposed on purpose (T5); sorted.
  std::vector<PolicyId> internal;
  /// Instead of the statement about the mesh: with these policies of the destination the same
  /// flows are open as without them, and those that they are meant to admit (SEMANTICS A).
  std::optional<Addition> addition = {};
};

using LabelText = std::vector<std::pair<std::string, std::string>>;

/// A flow that should not be there, between ends that may not exist yet. Labels are the fewest that
/// do it.
struct Counterexample {
  enum class Source : std::uint8_t { ExistingNamespace, FutureNamespace, Outside };
  Source source = Source::Outside;
  std::string source_namespace;       ///< of a pod
  LabelText source_namespace_labels;  ///< of a future namespace, its name label left out
  LabelText source_labels;
  std::optional<IpAddress> source_address;  ///< always there for Outside
  LabelText destination_labels;
  std::optional<IpAddress> destination_address;
  /// Names that the destination pod gives to `port`.
  std::vector<std::string> port_names;
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;
  /// Pods of the input that do as well as hypothetical ones; invalid where there are none.
  PodId existing_source;
  PodId existing_destination;
};

/// Existing namespaces outside the mesh (for an addition: any) that the policies cannot tell apart.
struct OutsiderGroup {
  std::vector<std::uint32_t> labels;  ///< LabelDomains::project
  bool global = false;                ///< SDN: VNID 0
  NamespaceId restricted;             ///< with egress policies: a group of its own
  NamespaceId example;                ///< one of them
  bool stands_for_hosts = false;      ///< SDN-P4: no selector means its pods by their VNID
  bool is_destination = false;        ///< the destination's own namespace

  [[nodiscard]] auto key() const {
    return std::tie(labels, global, restricted, stands_for_hosts, is_destination);
  }
};

/// Ports that no policy can tell apart.
struct PortAtom {
  Protocol protocol = Protocol::Tcp;
  PortRange range;
};

/// The problem and what its variables mean.
struct TenancyProblem {
  Problem problem;
  Variable source;  ///< groups, then a future namespace, then outside
  std::vector<OutsiderGroup> groups;
  LabelVariables future_namespace;
  LabelVariables source_pod;
  LabelVariables destination_pod;
  std::vector<AddressAtom> addresses;
  Variable source_address;
  Variable destination_address;
  std::vector<PortAtom> ports;
  Variable port;
  std::vector<std::pair<std::string, Variable>> port_names;
  Formula admitted;  ///< of an addition: the destination's policies, all of them, let it in

  [[nodiscard]] std::uint32_t future() const { return static_cast<std::uint32_t>(groups.size()); }
  [[nodiscard]] std::uint32_t outside() const { return future() + 1; }
};

/// Builds the problems of one cluster, in SDN mode NetworkPolicy (any dialect). Refers to the
/// cluster, which must outlive it. Remembers what several questions share.
class TenancyEncoder {
 public:
  explicit TenancyEncoder(const Cluster& cluster);

  /// The problem, or why the question cannot be put soundly. O(policies of the destination × their
  /// rules × groups), beside the first O(namespaces) for each set of label keys.
  [[nodiscard]] std::variant<TenancyProblem, std::string> encode(const TenancyQuestion& question);

  /// What a solution of the problem means.
  [[nodiscard]] Counterexample decode(const TenancyProblem& problem,
                                      const Problem::Assignment& assignment) const;

  /// The same flow between pods of the input, where such pods satisfy the problem too: first the
  /// destination is exchanged, then the source. A pod without an address is taken to have the
  /// right one, so evaluate() may not confirm this. O(pods × size of the problem).
  [[nodiscard]] Counterexample prefer_existing(const TenancyProblem& problem,
                                               const TenancyQuestion& question,
                                               Problem::Assignment assignment) const;

  /// Whether a namespace is outside the mesh, seen from the destination (T3); for an addition every
  /// one is.
  [[nodiscard]] bool is_outsider(NamespaceId ns, const TenancyQuestion& question) const;

 private:
  friend class TenancyBuilder;
  using Groups = std::vector<OutsiderGroup>;

  const Groups& outsiders(const TenancyQuestion& question, const LabelDomains& domains);
  /// The group that an outsider belongs to; none if a future namespace stands in for it.
  [[nodiscard]] std::optional<std::uint32_t> group_of(const TenancyProblem& problem, NamespaceId ns,
                                                      NamespaceId destination) const;
  [[nodiscard]] std::optional<std::string> why_undefined(const TenancyQuestion& question) const;

  const Cluster& cluster_;
  AddressPlan plan_;
  std::vector<bool> global_;                   // by namespace: VNID 0 (OpenShift SDN)
  std::vector<NamespaceId> speaks_for_hosts_;  // whose selection admits VNID 0 (OpenShift SDN)
  std::vector<bool> restricted_;               // by namespace: some policy isolates egress
  NamespaceId stand_in_for_hosts_;             // openshift-host-network (OpenShift SDN)
  std::vector<PodId> completed_;               // with an address (OpenShift SDN)
  std::map<std::tuple<std::string, std::uint32_t, LabelDomains>, Groups> outsiders_;
};

}  // namespace meshproof
