#pragma once

#include <cstdint>
#include <memory>

#include "backends/cluster.h"
#include "cli/session.h"

namespace meshproof {

/// How a live cluster is reached.
enum class ClusterWay : std::uint8_t {
  Kube,  ///< by its API
  Oc,    ///< by oc or kubectl: that of --oc, else the first of them in PATH
};

/// The cluster of --kubeconfig and --context, or of the default kubeconfig. Null after an error in
/// the session, which has then failed for a cluster's sake: those of the kubeconfig
/// (scenarios/kubeconfig.h), `cannot-run-oc`.
[[nodiscard]] std::unique_ptr<LiveCluster> open_cluster(Session& session, ClusterWay way);
/// The way of a command that only reads: oc if --oc is given.
[[nodiscard]] std::unique_ptr<LiveCluster> open_cluster(Session& session);

/// Adds what a cluster answered as an error about it: `cluster-unreachable`, `cluster-refused` (the
/// credentials do not count, or there is no right) or `cluster-failed`. The session has then failed
/// for a cluster's sake.
void add_cluster_error(Session& session, const LiveCluster& cluster, const ClusterError& error);

}  // namespace meshproof
