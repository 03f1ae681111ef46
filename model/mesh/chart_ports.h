#pragma once

#include <optional>
#include <string>

#include "model/object.h"
#include "model/prediction.h"

namespace meshproof {

/// Which variant of the charts a cluster has, and how that is known.
struct FoundChartPorts {
  ChartPorts ports = ChartPorts::Upstream;
  /// What shows it: the name of a policy of a control plane, `given`; empty if nothing does. Then
  /// it is Upstream, for two reasons: so operator 2.5.1 was recorded, and what is open by mistake
  /// must not be called closed.
  std::string source;
};

/// The given variant, else that of most policies in control planes' projects that mean to open one
/// port; of as many on both sides, Upstream. O(NetworkPolicies).
[[nodiscard]] FoundChartPorts find_chart_ports(const ObjectStore& objects,
                                               std::optional<ChartPorts> given);

/// Whether a NetworkPolicy is one of those that mean to open one port.
[[nodiscard]] bool means_one_port(const Object& policy);

/// Whether a rule of a NetworkPolicy names no ports, so that it is for all of them.
[[nodiscard]] bool opens_all_ports(const Object& policy);

}  // namespace meshproof
