#pragma once

#include <utility>
#include <vector>

#include "model/assertion.h"
#include "model/cluster.h"
#include "solver/checks/groups.h"
#include "solver/engines/flow_statement.h"

namespace meshproof {

/// Turns deny, allow and isolate into statements about flows, for those who decide them for every
/// pod that could exist (SEMANTICS Q12). Refers to the cluster and puts the words of assertions
/// into its symbols.
class StatementMaker {
 public:
  explicit StatementMaker(Cluster& cluster) : cluster_(cluster), groups_(cluster) {}

  /// `from` and `to` are groups of the assertion, which must outlive the statement. O(pods ×
  /// groups).
  [[nodiscard]] FlowStatement make(const Assertion& assertion, const Group& from, const Group& to);

  /// The projects to which the statement speaks of flows; an invalid one stands for one to come.
  [[nodiscard]] std::vector<NamespaceId> destinations(const FlowStatement& statement) const;

  [[nodiscard]] const GroupResolver& groups() const { return groups_; }

 private:
  [[nodiscard]] GroupWords words(const Group& group, bool receives, bool only_certain);

  Cluster& cluster_;
  GroupResolver groups_;
  std::size_t statements_ = 0;
};

/// The assertion about the pods of the input alone.
[[nodiscard]] Assertion enumerated_only(Assertion assertion);

/// The directions of an assertion in which a group is unbounded: one of deny and allow, of an
/// isolate one for each ordered pair.
[[nodiscard]] std::vector<std::pair<const Group*, const Group*>> unbounded_directions(
    const Assertion& assertion);

}  // namespace meshproof
