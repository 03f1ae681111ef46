#include "model/project.h"

#include <utility>
#include <vector>

#include "model/project/projection.h"

namespace meshproof {

Cluster project(const ObjectStore& objects, const NetworkOptions& options, Diagnostics& diagnostics,
                const Snapshot* like) {
  Projection projection{objects, diagnostics};
  if (like != nullptr) {
    projection.like = like;
    projection.cluster.symbols = like->cluster.symbols;
    const std::vector<ObjectKey> written = like->objects.differing_keys(objects);
    projection.written.insert(written.begin(), written.end());
  }
  projection.cluster.network = find_network(objects, options, diagnostics);
  project_namespaces(projection);
  project_sdn(projection);
  if (!take_known_pods(projection)) {
    draft_pods(projection);
    project_nodes(projection);
    project_workloads(projection);
    assume_pod_subnets(projection);
  }
  project_policies(projection);
  warn_of_assumed_namespaces(projection);
  project_services(projection);
  project_unmodelled(projection);
  check_mesh_kinds(projection);
  visit_others(projection);
  return std::move(projection.cluster);
}

}  // namespace meshproof
