#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "solver/exposures.h"
#include "solver/uses/search.h"

/// Routes and Ingresses: the routers → the pods behind their Services (SEMANTICS E3).
namespace meshproof {
namespace {

constexpr std::string_view kNoRouter =
    "the input has no router: no pod of a project labelled "
    "network.openshift.io/policy-group: ingress";

UseSign sign_of(const Exposure& exposure) {
  const ObjectKey& key = exposure.object->key;
  std::string words = to_string(key);
  if (!exposure.host.empty()) words += " \"" + exposure.host + '"';
  return {key.kind == "Route" ? UseEvidence::Route : UseEvidence::Ingress, key, std::move(words),
          exposure.object->place()};
}

std::vector<UseTarget> targets_of(const Exposure& exposure, const UseSearch& search) {
  const Cluster& cluster = search.cluster;
  std::vector<UseTarget> targets;
  for (const ExposedService& exposed : exposure.services) {
    const ServiceId id = search.service(exposure.object->key.ns, exposed.service);
    if (!id.is_valid()) continue;
    const Service& service = cluster.at(id);
    for (const PodId pod : pods_behind(service, cluster)) {
      UseTarget target{pod, {}};
      for (const PodPort& port : ports_behind(exposed, service, cluster.at(pod))) {
        target.ports.add(port.protocol, {port.port, port.port});
      }
      targets.push_back(std::move(target));
    }
  }
  return targets;
}

/// The routers of each project: a project is served by one ingress controller or more.
std::map<NamespaceId, SharedPods> routers_by_project(const UseSearch& search) {
  std::map<NamespaceId, std::vector<PodId>> pods;
  for (const PodId pod : routers(search.cluster)) pods[search.cluster.at(pod).ns].push_back(pod);
  std::map<NamespaceId, SharedPods> result;
  for (auto& [ns, of_project] : pods) result[ns] = search.live(std::move(of_project));
  return result;
}

}  // namespace

void find_exposed(UseSearch& search) {
  const std::vector<Exposure> exposures = exposures_of(search.snapshot.objects);
  if (exposures.empty()) return;
  const auto by_project = routers_by_project(search);
  for (const Exposure& exposure : exposures) {
    Use use;
    use.signs = {sign_of(exposure)};
    use.targets = targets_of(exposure, search);
    if (by_project.empty()) search.add(use, std::string(kNoRouter));
    for (const auto& [ns, pods] : by_project) {
      use.source = "router " + search.cluster.at(ns).name;
      use.pods = pods;
      search.add(use);
    }
  }
}

}  // namespace meshproof
