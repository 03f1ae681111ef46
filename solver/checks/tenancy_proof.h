#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/snapshot.h"
#include "model/verdict.h"
#include "solver/engines/smt.h"
#include "solver/engines/tenancy_encoding.h"

namespace meshproof {

/// The tenancy statement in SDN mode NetworkPolicy, proved for every pod that could exist. One
/// object for all meshes of a snapshot, so that namespaces which look alike are solved once.
class TenancyProof {
 public:
  TenancyProof(const Snapshot& snapshot, SmtLimits limits);

  /// Nobody outside the mesh reaches a pod of these namespaces.
  [[nodiscard]] Finding prove(const std::string& mesh, const std::vector<NamespaceId>& members);

  /// Questions that were given to the solver so far; equal ones count once.
  [[nodiscard]] std::size_t solved() const { return answers_.size(); }

 private:
  [[nodiscard]] TenancyQuestion question(const std::string& mesh, NamespaceId member) const;
  [[nodiscard]] bool is_internal(const NetworkPolicy& policy, const std::string& mesh) const;
  [[nodiscard]] std::string unmodelled(const std::vector<NamespaceId>& members) const;
  const SmtAnswer& answer(const Problem& problem);
  /// A solution that evaluate() confirms; if there is none, `doubt` says what became of the first.
  [[nodiscard]] std::optional<Violated> confirm(TenancyProblem problem,
                                                const TenancyQuestion& asked,
                                                Problem::Assignment solution, std::string& doubt);

  const Snapshot& snapshot_;
  SmtLimits limits_;
  TenancyEncoder encoder_;
  std::map<Problem, SmtAnswer> answers_;
};

}  // namespace meshproof
