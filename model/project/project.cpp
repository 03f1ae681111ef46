#include "model/project.h"

#include <utility>

#include "model/project/projection.h"

namespace meshproof {

Cluster project(const ObjectStore& objects, const NetworkOptions& options,
                Diagnostics& diagnostics) {
  Projection projection{objects, diagnostics};
  projection.cluster.network = find_network(objects, options, diagnostics);
  project_namespaces(projection);
  project_sdn(projection);
  draft_pods(projection);
  project_nodes(projection);
  project_workloads(projection);
  assume_pod_subnets(projection);
  project_policies(projection);
  warn_of_assumed_namespaces(projection);
  project_services(projection);
  project_unmodelled(projection);
  check_mesh_kinds(projection);
  visit_others(projection);
  return std::move(projection.cluster);
}

}  // namespace meshproof
