#include "solver/exposure_answers.h"

#include <algorithm>
#include <map>
#include <utility>

#include "solver/slice.h"

namespace meshproof {
namespace {

/// One Service behind an exposure, with its pods.
struct Backend {
  const ExposedService* exposed = nullptr;
  const Service* service = nullptr;  ///< null: the cluster has none of that name
  std::vector<PodId> pods;           ///< that do not have completed
};

std::vector<Backend> backends_of(const Exposure& exposure, const Cluster& cluster) {
  std::vector<Backend> backends;
  const NamespaceId ns = cluster.find_namespace(exposure.object->key.ns);
  for (const ExposedService& exposed : exposure.services) {
    Backend backend{&exposed, nullptr, {}};
    const ServiceId id = ns.is_valid() ? cluster.find_service(ns, exposed.service) : ServiceId{};
    if (id.is_valid()) {
      backend.service = &cluster.at(id);
      backend.pods = pods_behind(*backend.service, cluster);
      std::erase_if(backend.pods, [&](PodId pod) { return cluster.at(pod).is_completed(); });
    }
    backends.push_back(std::move(backend));
  }
  return backends;
}

/// What the routers reach of one pod.
struct Reached {
  PortSet open;
  PortSet unknown;
  std::string because;
};

using ReachedPods = std::map<std::pair<std::string, std::string>, Reached>;

/// Stand-ins are called `Deployment/web` (model/cluster.h), and ends of reach() like their
/// workload.
std::pair<std::string, std::string> pod_at(const EndpointName& end) {
  return {end.ns, end.kind == "Pod" ? end.name : end.kind + '/' + end.name};
}

ReachedPods ask(const Cluster& cluster, const std::vector<PodId>& sources,
                const std::vector<PodId>& targets) {
  ReachedPods reached;
  if (sources.empty() || targets.empty()) return reached;
  Slice slice;
  slice.from = side_of(cluster, sources);
  slice.to = side_of(cluster, targets);
  slice.by_pod = true;
  ReachVisitor visitor;
  visitor.open = [&](const Connection& each) {
    Reached& pod = reached[pod_at(each.dst)];
    pod.open = pod.open.unite(each.ports);
    return true;
  };
  visitor.undecided = [&](const Reachability::Undecided& each) {
    Reached& pod = reached[pod_at(each.dst)];
    pod.unknown = pod.unknown.unite(each.ports);
    if (pod.because.empty()) pod.because = each.reason;
    return true;
  };
  visit_pairs(cluster, slice, visitor);
  return reached;
}

bool holds_one(const PortSet& ports, const std::vector<PodPort>& wanted) {
  return std::ranges::any_of(
      wanted, [&](const PodPort& each) { return ports.contains(each.protocol, each.port); });
}

std::string why_unjudged(const Backend& backend) {
  const std::string service = "Service " + backend.exposed->service;
  if (backend.service == nullptr) return service + " is not in the input";
  if (!backend.service->external_name.empty()) {
    return service + " stands for the name " + backend.service->external_name;
  }
  if (backend.pods.empty()) return "the input has no pod behind " + service;
  return "the port of " + service + " that is meant is not found";
}

/// Adds what one Service says; true: it answers, and nothing else counts.
bool answers(const Backend& backend, const Cluster& cluster, const ReachedPods& reached,
             std::string& unknown) {
  bool has_ports = false;
  std::string doubt;
  for (const PodId id : backend.pods) {
    const Pod& pod = cluster.at(id);
    const auto ports = ports_behind(*backend.exposed, *backend.service, pod);
    has_ports = has_ports || !ports.empty();
    const auto found = reached.find({cluster.at(pod.ns).name, pod.name});
    if (found == reached.end()) continue;
    if (holds_one(found->second.open, ports)) return true;
    if (holds_one(found->second.unknown, ports)) doubt = found->second.because;
  }
  if (unknown.empty()) unknown = has_ports ? doubt : why_unjudged(backend);
  return false;
}

ExposureAnswer judge(const std::vector<Backend>& backends, const Cluster& cluster,
                     const ReachedPods& reached) {
  std::string unknown;
  for (const Backend& backend : backends) {
    if (answers(backend, cluster, reached, unknown)) return {true, {}};
  }
  if (backends.empty()) unknown = "it names no Service";
  return unknown.empty() ? ExposureAnswer{false, {}} : ExposureAnswer{std::nullopt, unknown};
}

}  // namespace

std::vector<ExposureAnswer> answer_exposures(const Cluster& cluster,
                                             const std::vector<Exposure>& exposures) {
  if (exposures.empty()) return {};
  const std::vector<PodId> sources = routers(cluster);
  if (sources.empty()) {
    return {exposures.size(), {std::nullopt, "the input has no router"}};
  }
  std::vector<std::vector<Backend>> backends;
  std::vector<PodId> targets;
  for (const Exposure& exposure : exposures) {
    backends.push_back(backends_of(exposure, cluster));
    for (const Backend& backend : backends.back()) {
      targets.insert(targets.end(), backend.pods.begin(), backend.pods.end());
    }
  }
  std::ranges::sort(targets);
  targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
  const ReachedPods reached = ask(cluster, sources, targets);
  std::vector<ExposureAnswer> result;
  for (const auto& each : backends) result.push_back(judge(each, cluster, reached));
  return result;
}

}  // namespace meshproof
