#include "solver/engines/flows/mesh_claim.h"

#include "model/mesh/mesh.h"
#include "solver/engines/flows/flow_terms.h"

namespace meshproof {

namespace {

constexpr std::string_view kExposeRouteLabel = "maistra.io/expose-route";
constexpr std::string_view kPolicyGroupLabel = "network.openshift.io/policy-group";

}  // namespace

MeshClaim::MeshClaim(const Cluster& cluster, std::string mesh, NamespaceId destination,
                     std::vector<PolicyId> internal)
    : cluster_(cluster),
      mesh_(std::move(mesh)),
      destination_(destination),
      internal_(std::move(internal)) {}

bool MeshClaim::has_source(NamespaceId ns) const {
  const Namespace& candidate = cluster_.at(ns);
  if (ns == destination_ || candidate.name == mesh_) return false;
  const Symbol mesh = cluster_.symbols.find(mesh_);
  const Symbol member_of = candidate.labels.find(cluster_.symbols.find(kMemberOfLabel));
  return !member_of.is_valid() || member_of != mesh;
}

void MeshClaim::add_words(FlowWords& words) const {
  const SymbolTable& symbols = cluster_.symbols;
  words.namespaces.add(symbols.find(kMemberOfLabel), symbols.find(mesh_));
  words.namespaces.add(symbols.find(kPolicyGroupLabel), symbols.find("ingress"));
  words.destination.add(symbols.find(kExposeRouteLabel), symbols.find("true"));
}

Formula MeshClaim::broken(FlowTerms& terms) const {
  Problem& problem = terms.problem();
  const SymbolTable& symbols = cluster_.symbols;
  problem.require(problem.negate(terms.flow().future_namespace.has(symbols.find(kMemberOfLabel),
                                                                   symbols.find(mesh_), problem)));
  return problem.all_of({terms.open(), problem.negate(exposed_on_purpose(terms))});
}

/// SEMANTICS T4, T5.
Formula MeshClaim::exposed_on_purpose(FlowTerms& terms) const {
  Problem& problem = terms.problem();
  const SymbolTable& symbols = cluster_.symbols;
  const Symbol group_key = symbols.find(kPolicyGroupLabel);
  const Symbol ingress = symbols.find("ingress");
  const bool has_words = group_key.is_valid() && ingress.is_valid();
  const Formula is_router = terms.source_namespace(
      [&](NamespaceId ns) {
        return has_words && cluster_.at(ns).labels.find(group_key) == ingress;
      },
      terms.flow().future_namespace.has(group_key, ingress, problem));
  const Formula is_exposed = terms.flow().destination_pod.has(symbols.find(kExposeRouteLabel),
                                                              symbols.find("true"), problem);
  std::vector<Formula> cases{problem.all_of({is_exposed, is_router})};
  for (const PolicyId id : internal_) {
    const NetworkPolicy& policy = cluster_.at(id);
    cases.push_back(problem.all_of(
        {terms.selects(policy, Direction::Ingress), terms.admits(policy, Direction::Ingress)}));
  }
  return problem.any_of(std::move(cases));
}

}  // namespace meshproof
