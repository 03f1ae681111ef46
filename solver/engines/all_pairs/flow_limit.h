#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/cluster.h"
#include "solver/engines/all_pairs/columns.h"
#include "solver/engines/all_pairs/policy_forms.h"
#include "solver/engines/all_pairs/selector_sets.h"

namespace meshproof {

/// Whether the OpenShift SDN drops the rules of a policy for the number of its flows (SEMANTICS
/// SDN-P8). Written apart from the evaluator's count, which it must agree with. Keeps what it is
/// given by reference.
class FlowLimit {
 public:
  FlowLimit(const Cluster& cluster, const Columns& columns, SelectorSets& selectors);

  /// The same pods, in namespaces with other labels.
  FlowLimit(const FlowLimit& base, const Cluster& after, SelectorSets& selectors);

  /// False for other dialects. `form` is that of the policy, always from the same PolicyForms.
  [[nodiscard]] bool is_exceeded(const NetworkPolicy& policy, PolicyFormId form);

 private:
  /// The flows that policies of one form have for each pod that they select.
  struct Flows {
    bool is_known = false;
    std::uint64_t everywhere = 0;  ///< of peers that are the same in every namespace
    /// For each pod of its namespace that the selector of a peer selects.
    std::vector<std::pair<const LabelSelector*, std::uint64_t>> own;
  };
  [[nodiscard]] const Flows& flows_of(const NetworkPolicy& policy, PolicyFormId form);
  [[nodiscard]] std::uint64_t peers_of(const PolicyPeer& peer, bool inwards);
  [[nodiscard]] std::uint64_t listed(const ColumnRuns& runs) const;
  [[nodiscard]] std::uint64_t listed(NamespaceId ns, const LabelSelector& selector) const;

  const Cluster& cluster_;
  const Columns& columns_;
  SelectorSets& selectors_;
  /// By column: pods that the SDN lists, summed up.
  std::shared_ptr<const std::vector<std::uint64_t>> listed_before_;
  std::vector<Flows> by_form_;
};

/// The policies whose rules count for nothing for their size, by namespace and name. O(pods ×
/// labels
/// + rules × what their selectors select).
[[nodiscard]] std::set<std::pair<std::string, std::string>> oversized_policies(
    const Cluster& cluster);

}  // namespace meshproof
