#pragma once

#include <string>

#include "model/mesh/world.h"

namespace meshproof {

/// The SDN master answers the change-network annotation of a NetNamespace, if it runs. `project`
/// and `rank` go into the step.
void consume_change_request(World& world, const std::string& name, const std::string& project,
                            int rank);

/// What the SDN master does when it sees a namespace or its NetNamespace change: it gives a new
/// namespace a NetNamespace, drops that of a deleted one, and answers a pending annotation.
void reconcile_net_namespace(World& world, const std::string& name);

/// The SDN master starts: it looks at everything that is pending.
void start_sdn_master(World& world);

}  // namespace meshproof
