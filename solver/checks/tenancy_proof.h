#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/snapshot.h"
#include "model/verdict.h"
#include "solver/checks/flow_proof.h"
#include "solver/engines/flows/mesh_claim.h"

namespace meshproof {

/// How a tenancy statement is proved and what becomes of the evidence.
struct TenancyOptions {
  std::string statement = "builtin:tenancy";
  SmtLimits limits = {};
  QuotientLimits quotient = {};
  EvidenceSinks evidence = {};
  /// Asked in the place of a QuotientDecider, where there is one: tests plant a disagreement so.
  std::function<QuotientAnswer(const IsolationQuestion&)> second_decider = {};
};

/// The tenancy statement in SDN mode NetworkPolicy, proved for every pod that could exist. One
/// object for all meshes of a snapshot, so that namespaces which look alike are solved once.
class TenancyProof {
 public:
  TenancyProof(const Snapshot& snapshot, TenancyOptions options);

  /// Nobody outside the mesh reaches a pod of these namespaces. Each question is also put to the
  /// second decider, once for equal ones; where the two do not agree it is Undecided (`engines
  /// disagree`), whatever else was found. Where the second one cannot decide, the scope of Holds
  /// says so.
  [[nodiscard]] Finding prove(const std::string& mesh, const std::vector<NamespaceId>& members);

  /// Who decided what prove() gave last.
  [[nodiscard]] const std::vector<Decider>& deciders() const { return deciders_; }

  /// Questions that were given to the solver so far; equal ones count once.
  [[nodiscard]] std::size_t solved() const { return proof_.solved(); }

 private:
  [[nodiscard]] std::string why_undefined(const MeshClaim& claim) const;
  [[nodiscard]] QuotientAnswer decide_again(const IsolationQuestion& question);

  const Snapshot& snapshot_;
  TenancyOptions options_;
  FlowProof proof_;
  std::optional<QuotientDecider> quotient_;  // made when first asked
  std::vector<Decider> deciders_;
};

}  // namespace meshproof
