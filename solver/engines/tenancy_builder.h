#pragma once

#include <set>
#include <string>
#include <vector>

#include "solver/engines/tenancy_encoding.h"

namespace meshproof {

/// Builds one TenancyProblem. Used once.
class TenancyBuilder {
 public:
  TenancyBuilder(TenancyEncoder& encoder, const TenancyQuestion& question);

  [[nodiscard]] TenancyProblem build();

 private:
  // What the policies look at.
  void collect_domains();
  void collect_ports();
  void collect_addresses();
  void add_well_formedness();
  void add_preferences();

  // Who is let through.
  Formula violation();
  Formula admitted_by(NamespaceId ns, Direction direction,
                      const std::vector<PolicyId>& left_out = {});
  Formula reaches_out();
  Formula exposed_on_purpose();
  Formula difference();
  Formula kept(const KeptTerm& term);
  Formula kept_source(const KeptTerm& term);
  Formula kept_ports(const PortSet& ports);
  Formula selects(const NetworkPolicy& policy, Direction direction);
  Formula admits(const NetworkPolicy& policy, Direction direction);
  Formula peer(const PolicyPeer& peer, NamespaceId policy_ns, Direction direction);
  Formula ports(const PolicyRule& rule);
  Formula entry(const PolicyRule& rule, const PolicyPort& port);
  Formula numbers(Protocol protocol, PortRange range);

  // Peers, by dialect.
  Formula source_is(const PolicyPeer& peer, NamespaceId policy_ns);
  Formula source_in(const LabelSelector& namespaces, bool by_netid);
  Formula destination_is(const PolicyPeer& peer, NamespaceId policy_ns);
  Formula block_holds(const IpBlock& block, Variable address);
  Formula took_over(const PolicyPeer& peer, NamespaceId policy_ns, Variable address);
  Formula has_address_of(PodId pod, Variable address);
  Formula is_pod();
  Formula is_of_destination();
  Formula is_global();

  [[nodiscard]] const Namespace& destination() const { return cluster_.at(question_.destination); }
  [[nodiscard]] bool is_sdn() const { return cluster_.network.dialect == Dialect::OpenShiftSdn; }
  [[nodiscard]] bool is_ovn() const { return cluster_.network.dialect == Dialect::OvnKubernetes; }
  [[nodiscard]] std::vector<const NetworkPolicy*> bearing(Direction direction) const;

  TenancyEncoder& encoder_;
  const TenancyQuestion& question_;
  const Cluster& cluster_;
  TenancyProblem result_;
  Problem& problem_;
};

}  // namespace meshproof
