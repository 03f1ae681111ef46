#include "solver/lint/witness.h"

#include <algorithm>

namespace meshproof {
namespace {

std::optional<Violated> witness_of(Decision decision, std::string src, std::string dst,
                                   Protocol protocol, std::uint16_t port) {
  if (decision.access != Access::Denied) return std::nullopt;
  return Violated{std::move(src), std::move(dst), protocol, port, std::move(decision.reasons), {}};
}

}  // namespace

std::optional<Violated> refused(const LintedState& state, const Flow& flow) {
  const Cluster& cluster = state.cluster();
  return witness_of(state.evaluator().evaluate(flow), to_string(flow.src, cluster),
                    to_string(flow.dst, cluster), flow.protocol, flow.port);
}

std::optional<Violated> refused_from_node(const LintedState& state, NodeId node, PodId pod,
                                          Protocol protocol, std::uint16_t port) {
  const Cluster& cluster = state.cluster();
  return witness_of(state.evaluator().evaluate_from_node(node, pod, protocol, port),
                    "node " + cluster.at(node).name, to_string(FlowEnd{pod}, cluster), protocol,
                    port);
}

PodId some_pod(const Cluster& cluster, NamespaceId ns) {
  const std::vector<PodId>& pods = cluster.at(ns).pods;
  const auto pod = std::ranges::find_if(pods, [&](PodId id) {
    return !cluster.at(id).host_network && !cluster.at(id).is_completed();
  });
  return pod == pods.end() ? PodId{} : *pod;
}

const NetworkPolicy* refusing_policy(const LintedState& state, const Violated& witness,
                                     Direction direction, NamespaceId ns) {
  const Cluster& cluster = state.cluster();
  const std::string prefix = "NetworkPolicy " + cluster.at(ns).name + '/';
  for (const Reason& reason : witness.reasons) {
    if (reason.direction != direction || !reason.policy.starts_with(prefix)) continue;
    for (const PolicyId id : cluster.at(ns).policies) {
      if (prefix + cluster.at(id).name == reason.policy) return &cluster.at(id);
    }
  }
  return nullptr;
}

}  // namespace meshproof
