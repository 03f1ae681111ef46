#include "solver/checks/tenancy_proof.h"

#include <optional>

#include "model/mesh/mesh.h"

namespace meshproof {

namespace {

std::string count_text(std::size_t count, const std::string& thing) {
  return std::to_string(count) + ' ' + thing + (count == 1 ? "" : "s");
}

}  // namespace

TenancyProof::TenancyProof(const Snapshot& snapshot, SmtLimits limits)
    : snapshot_(snapshot), proof_(snapshot, limits) {}

/// SEMANTICS T5.
bool TenancyProof::is_internal(const NetworkPolicy& policy, const std::string& mesh) const {
  const std::string& ns = snapshot_.cluster.at(policy.ns).name;
  const Object* object = snapshot_.objects.find("NetworkPolicy", ns, policy.name);
  if (object == nullptr) return false;
  const Tree* annotations = object->annotations();
  if (annotations == nullptr || annotations->find(kInternalAnnotation) == nullptr) return false;
  return ns == mesh || object->label(kOwnerLabel) == mesh;
}

MeshClaim TenancyProof::claim(const std::string& mesh, NamespaceId member) const {
  std::vector<PolicyId> internal;
  for (const PolicyId id : snapshot_.cluster.at(member).policies) {
    if (is_internal(snapshot_.cluster.at(id), mesh)) internal.push_back(id);
  }
  return {snapshot_.cluster, mesh, member, std::move(internal)};
}

/// SEMANTICS T10. Outsiders that share a network among themselves change nothing: who is let in by
/// one of them is an outsider already. A router is not, so its network must be its own.
std::string TenancyProof::why_undefined(const MeshClaim& claim) const {
  const Cluster& cluster = snapshot_.cluster;
  const Symbol group_key = cluster.symbols.find("network.openshift.io/policy-group");
  return proof_.encoder().shared_network([&](NamespaceId ns, std::uint32_t netid) {
    const bool is_router =
        group_key.is_valid() && netid != 0 && cluster.at(ns).labels.find(group_key).is_valid();
    return is_router || !claim.has_source(ns);
  });
}

Finding TenancyProof::prove(const std::string& mesh, const std::vector<NamespaceId>& members) {
  std::optional<Violated> violated;
  std::string undecided;
  const auto give_up = [&](std::string reason) {
    if (undecided.empty()) undecided = std::move(reason);
  };
  for (const NamespaceId member : members) give_up(unmodelled_for(snapshot_.cluster, member));
  for (const NamespaceId member : members) {
    const MeshClaim asked = claim(mesh, member);
    if (std::string reason = why_undefined(asked); !reason.empty()) {
      give_up(std::move(reason));
      continue;
    }
    FlowProof::Answer answer =
        proof_.prove(asked, member, violated ? FlowProof::Confirm{} : proof_.open_flows());
    if (!answer.violated) {
      if (!answer.undecided.empty()) {
        give_up(snapshot_.cluster.at(member).name + ": " + answer.undecided);
      }
    } else if (violated) {
      ++violated->count;
    } else {
      violated = std::move(answer.violated);
    }
  }
  if (violated) return *violated;
  if (!undecided.empty()) return Undecided{undecided};
  return Holds{Universe::Unbounded,
               "any pod with any labels in any project outside the mesh, present or future, and "
               "any address outside the cluster, against any pod of " +
                   count_text(members.size(), "project") +
                   "; not spoken of: a node's traffic to its own pods, hostNetwork pods of the "
                   "members, and what enters through a NodePort or LoadBalancer"};
}

}  // namespace meshproof
