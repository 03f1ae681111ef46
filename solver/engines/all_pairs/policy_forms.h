#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/cluster.h"
#include "solver/engines/all_pairs/hash_consed.h"

namespace meshproof {

/// A form known to PolicyForms.
using PolicyFormId = Id<struct PolicyForm>;

/// What policies say, whatever their namespace and the pods that they select: types and rules.
/// Platform teams hand out the same policies to many projects; what follows of a form is worked out
/// once.
class PolicyForms {
 public:
  /// Policies of one form have the same rules. Keeps the policy by reference. O(its rules).
  [[nodiscard]] PolicyFormId intern(const NetworkPolicy& policy);

  /// One of the policies with the form.
  [[nodiscard]] const NetworkPolicy& at(PolicyFormId id) const { return *policies_[id.value]; }
  [[nodiscard]] std::size_t size() const { return policies_.size(); }

 private:
  void spell(const PolicyRule& rule);
  void spell(const LabelSelector& selector);
  void spell(const Cidr& block);
  void spell(const PolicyPort& port);

  std::vector<std::uint64_t> text_;  // of the policy that is looked for
  HashConsedLists<std::uint64_t> texts_;
  std::vector<const NetworkPolicy*> policies_;
};

}  // namespace meshproof
