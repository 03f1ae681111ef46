#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/mesh/world.h"
#include "model/network.h"

namespace meshproof {

/// What the operator would do in a member's network now (operator.md 3.1). It looks again at every
/// reconcile, so the strategy of a leave need not be that of the join.
struct NetworkStrategy {
  Strategy strategy = Strategy::NetworkPolicy;
  std::string refusal;  ///< the operator's error when strategy is Refused
};

[[nodiscard]] NetworkStrategy find_strategy(const World& world);

/// The mode of the SDN master, from the same objects.
[[nodiscard]] SdnMode find_sdn_mode(const World& world);

/// Joins a project's network to the mesh: missing policy copies are created and obsolete ones
/// deleted, or its NetNamespace is joined. The error aborts the whole join; empty on success.
[[nodiscard]] std::optional<std::string> join_network(World& world, Strategy strategy,
                                                      const std::string& ns,
                                                      const std::string& mesh);

/// Whether that error is about a NetNamespace that is not there.
[[nodiscard]] bool is_missing_net_namespace(std::string_view error);

/// The reverse; an error does not stop a leave.
[[nodiscard]] std::optional<std::string> leave_network(World& world, Strategy strategy,
                                                       const std::string& ns,
                                                       const std::string& mesh);

/// Several errors as the operator reports them: one as it is, more as `[a, b]`.
[[nodiscard]] std::optional<std::string> aggregate(const std::vector<std::string>& errors);

}  // namespace meshproof
