#include "solver/checks/what_if.h"

#include "model/project.h"

namespace meshproof {
namespace {

NetworkOptions same_network(const Network& network) {
  NetworkOptions options;
  options.dialect = network.dialect;
  if (network.dialect == Dialect::OpenShiftSdn) options.sdn = network.mode;
  options.ip_block_matches_pods = network.ip_block_matches_pods;
  return options;
}

}  // namespace

Snapshot with_objects(const Snapshot& snapshot, const std::vector<Tree>& manifests) {
  const Cluster& cluster = snapshot.cluster;
  Snapshot result{snapshot.objects, snapshot.coverage, {}};
  for (const Tree& manifest : manifests) result.objects.put(make_object(manifest));
  Diagnostics ignored;  // of the input: told when it was read
  result.cluster = project(result.objects, same_network(cluster.network), ignored, &snapshot);
  result.cluster.network = cluster.network;
  for (Namespace& ns : result.cluster.namespaces) {
    const NamespaceId known = cluster.find_namespace(ns.name);
    if (known.is_valid()) ns.uncollected = cluster.at(known).uncollected;
  }
  return result;
}

}  // namespace meshproof
