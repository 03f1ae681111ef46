#pragma once

#include <memory>
#include <optional>
#include <string>

#include "backends/cluster.h"
#include "backends/curl_transport.h"
#include "model/kubeconfig.h"
#include "model/tree.h"

namespace meshproof {

/// The address of the tests' API server, which KUBECONFIG names from then on; nothing, with a line
/// that says so, where there is none. The test fails if the kubeconfig cannot be used.
[[nodiscard]] std::optional<ClusterAddress> live_server(const std::string& context = {});

[[nodiscard]] std::unique_ptr<LiveCluster> live_cluster(const ClusterAddress& address);

/// A namespace with a name of its own for one test.
[[nodiscard]] std::string new_namespace(LiveCluster& cluster);

[[nodiscard]] Tree config_map(const std::string& ns, const std::string& name,
                              const std::string& value);
[[nodiscard]] ObjectKey config_map_key(const std::string& ns, const std::string& name);

}  // namespace meshproof
