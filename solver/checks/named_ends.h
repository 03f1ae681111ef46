#pragma once

#include <optional>
#include <string_view>

#include "model/cluster.h"
#include "model/flow.h"
#include "solver/evaluate.h"

namespace meshproof {

/// An end of a witness, as verdicts name it: a pod, an address, a Service, or a node.
struct NamedEnd {
  FlowEnd end;
  NodeId node;  ///< valid for a node
};

/// `shop/web-1`, `203.0.113.9`, `svc:shop/web`, `Node/node-a`; nothing if the cluster has none.
[[nodiscard]] std::optional<NamedEnd> find_end(const Cluster& cluster, std::string_view name);

/// Asks about a flow whose ends may be nodes.
[[nodiscard]] Decision decide(const Evaluator& evaluator, const NamedEnd& src, const NamedEnd& dst,
                              Protocol protocol, std::uint16_t port);

}  // namespace meshproof
