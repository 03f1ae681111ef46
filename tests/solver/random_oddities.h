#pragma once

#include <string>

#include "model/project.h"
#include "tests/solver/random_mesh.h"

namespace meshproof {

/// Manifests beside common_cluster() with all that is odd: hosts of unknown nodes, two address
/// families, addresses that pods share, network ids that projects share, kinds that are not
/// modelled.
[[nodiscard]] std::string random_oddities(const Choose& choose);

/// Workloads of several pods beside common_cluster(): alike, and told apart by rules.
[[nodiscard]] std::string several_pods();

/// `openshift-sdn/networkpolicy`.
[[nodiscard]] std::string name_of(const Network& network);

/// A dialect and mode.
[[nodiscard]] NetworkOptions random_network(const Choose& choose);

}  // namespace meshproof
