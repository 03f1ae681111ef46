#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/assertion.h"
#include "model/cluster.h"
#include "model/flow.h"

/// `deny`, `allow` and one direction of an `isolate`, as both deciders of SEMANTICS Q12 take them.
namespace meshproof {

/// What a group of an assertion means to a proof, in the symbols of one cluster.
struct GroupWords {
  const Group* group = nullptr;
  std::vector<bool> has_namespace;  ///< by namespace: the group may speak of its pods
  std::optional<LabelSelector> namespaces;
  std::optional<LabelSelector> pods;
  std::vector<PodId> existing;  ///< the pods of the input that are in it; of bounded groups
  bool holds_outside = false;   ///< addresses outside of the cluster are in it, too
};

/// Flows that a statement leaves out; an absent end is any.
struct ExceptedWords {
  std::optional<GroupWords> from;
  std::optional<GroupWords> to;
};

/// One direction of an assertion. Groups without `unbounded` mean the pods of the input.
struct FlowStatement {
  GroupWords from;
  GroupWords to;
  std::vector<ExceptedWords> excepted;
  PortSet ports = PortSet::all();
  Access violating = Access::Allowed;
  std::string key;  ///< statements with equal keys have equal `from`
};

/// The pods of the input that a statement speaks of by themselves: those of its bounded groups.
[[nodiscard]] std::set<PodId> given_pods(const FlowStatement& statement);

/// Whether a namespace that does not exist yet can be one of whose pods the group speaks as a
/// destination: members are made by the operator together with their policies, and names must be
/// free.
[[nodiscard]] bool may_be_future(const Group& group, const Cluster& cluster);

/// A selector that stands as text, in the symbols of a cluster. Words that it lacks are interned.
[[nodiscard]] LabelSelector selector_of(const SelectorText& text, SymbolTable& symbols);

}  // namespace meshproof
