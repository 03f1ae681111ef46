#pragma once

#include <optional>
#include <vector>

#include "cli/port_choice.h"
#include "model/cluster.h"
#include "model/flow.h"
#include "model/port_set.h"
#include "reports/flow_report.h"
#include "solver/evaluate.h"

namespace meshproof {

/// Decides every pair of ends and puts pairs together that have the same answer for the same
/// reasons: each source of a group has it with each destination of the group. With several sources
/// and destinations a pod and itself is no such pair; it is told in a group with the destination
/// `itself`. Without a port: every range of ports that anything in the cluster can tell apart.
/// O(pairs × ranges) evaluations.
[[nodiscard]] std::vector<ExplainedGroup> explain_pairs(const Cluster& cluster,
                                                        const std::vector<FlowEnd>& from,
                                                        const std::vector<FlowEnd>& to,
                                                        std::optional<PortChoice> port);

}  // namespace meshproof
