#pragma once

#include <string>
#include <vector>

#include "model/snapshot.h"
#include "model/verdict.h"
#include "solver/checks/flow_proof.h"
#include "solver/engines/flows/mesh_claim.h"

namespace meshproof {

/// The tenancy statement in SDN mode NetworkPolicy, proved for every pod that could exist. One
/// object for all meshes of a snapshot, so that namespaces which look alike are solved once.
class TenancyProof {
 public:
  TenancyProof(const Snapshot& snapshot, SmtLimits limits);

  /// Nobody outside the mesh reaches a pod of these namespaces.
  [[nodiscard]] Finding prove(const std::string& mesh, const std::vector<NamespaceId>& members);

  [[nodiscard]] std::size_t solved() const { return proof_.solved(); }

 private:
  [[nodiscard]] MeshClaim claim(const std::string& mesh, NamespaceId member) const;
  [[nodiscard]] bool is_internal(const NetworkPolicy& policy, const std::string& mesh) const;
  [[nodiscard]] std::string why_undefined(const MeshClaim& claim) const;

  const Snapshot& snapshot_;
  FlowProof proof_;
};

}  // namespace meshproof
