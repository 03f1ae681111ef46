#pragma once

#include <string>
#include <vector>

#include "solver/engines/flows/flow_claim.h"

namespace meshproof {

/// Nobody outside a mesh reaches pods of one of its namespaces, but for what is exposed on purpose
/// (SEMANTICS T1–T12).
class MeshClaim : public FlowClaim {
 public:
  /// `internal`: policies of the destination whose own rules say what is exposed on purpose (T5).
  MeshClaim(const Cluster& cluster, std::string mesh, NamespaceId destination,
            std::vector<PolicyId> internal);

  [[nodiscard]] std::string question() const override {
    return "a flow from outside mesh " + mesh_ + " that is not exposed on purpose";
  }
  [[nodiscard]] bool rests_on_isolation() const override { return true; }
  /// SEMANTICS T3.
  [[nodiscard]] bool has_source(NamespaceId ns) const override;
  [[nodiscard]] std::string sources_key() const override { return "outside " + mesh_; }
  [[nodiscard]] bool is_broken_by_reaching() const override { return true; }
  void add_words(FlowWords& words) const override;
  [[nodiscard]] Formula broken(FlowTerms& terms) const override;

 private:
  [[nodiscard]] Formula exposed_on_purpose(FlowTerms& terms) const;

  const Cluster& cluster_;
  std::string mesh_;  ///< the control-plane namespace
  NamespaceId destination_;
  std::vector<PolicyId> internal_;
};

}  // namespace meshproof
