#pragma once

#include <optional>

#include "model/flow.h"
#include "model/verdict.h"
#include "solver/lint/linted_state.h"

/// Flows that show what a rule found. Only files of solver/lint include this.
namespace meshproof {

/// The flow, if evaluate() refuses it, as the witness of a finding; none if it is allowed or
/// unknown.
[[nodiscard]] std::optional<Violated> refused(const LintedState& state, const Flow& flow);

/// The same of what a node's own processes send to a pod.
[[nodiscard]] std::optional<Violated> refused_from_node(const LintedState& state, NodeId node,
                                                        PodId pod, Protocol protocol,
                                                        std::uint16_t port);

/// A pod of the namespace that runs on the pod network or is about to, the first one; invalid if it
/// has none.
[[nodiscard]] PodId some_pod(const Cluster& cluster, NamespaceId ns);

/// The policy of a namespace by which the witness's flow is refused in this direction; null if none
/// of that namespace refuses it.
[[nodiscard]] const NetworkPolicy* refusing_policy(const LintedState& state,
                                                   const Violated& witness, Direction direction,
                                                   NamespaceId ns);

}  // namespace meshproof
