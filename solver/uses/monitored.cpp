#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "solver/checks/groups.h"
#include "solver/uses/label_terms.h"
#include "solver/uses/search.h"

/// ServiceMonitors and PodMonitors: Prometheus → the pods that it scrapes (SEMANTICS E4).
namespace meshproof {
namespace {

constexpr std::string_view kClusterMonitoring = "openshift.io/cluster-monitoring";
constexpr std::string_view kPlatform = "openshift-monitoring";
constexpr std::string_view kUserWorkloads = "openshift-user-workload-monitoring";
constexpr std::string_view kName = "app.kubernetes.io/name";

/// Labels of a Service, which the cluster's view of it lacks.
struct LabelledService {
  ServiceId id;
  std::shared_ptr<const Tree> tree;
};

/// What monitors look for.
class Scraping {
 public:
  explicit Scraping(UseSearch& search) : search_(search) {}

  void add_service_monitor(const Object& monitor);
  void add_pod_monitor(const Object& monitor);

 private:
  [[nodiscard]] std::vector<NamespaceId> namespaces_of(const Object& monitor) const;
  const std::vector<LabelledService>& services_of(NamespaceId ns);
  /// The pods of Prometheus that look at monitors of the project.
  const SharedPods& prometheus_for(NamespaceId ns);
  void add(const Object& monitor, std::vector<UseTarget> targets);

  UseSearch& search_;
  std::map<NamespaceId, std::vector<LabelledService>> services_;
  std::map<bool, SharedPods> prometheus_;  // by whether it is the platform's
};

bool is_platform(const Cluster& cluster, NamespaceId ns) {
  const Symbol value = cluster.at(ns).labels.find(cluster.symbols.find(kClusterMonitoring));
  return value.is_valid() && cluster.symbols.text(value) == "true";
}

const SharedPods& Scraping::prometheus_for(NamespaceId ns) {
  const bool platform = is_platform(search_.cluster, ns);
  SharedPods& pods = prometheus_[platform];
  if (pods == nullptr) {
    const NamespaceId home = search_.cluster.find_namespace(platform ? kPlatform : kUserWorkloads);
    pods = search_.live(search_.pods_labelled(home, kName, "prometheus"));
  }
  return pods;
}

std::vector<NamespaceId> Scraping::namespaces_of(const Object& monitor) const {
  const Cluster& cluster = search_.cluster;
  std::vector<NamespaceId> namespaces;
  if (monitor.tree->boolean_at({"spec", "namespaceSelector", "any"}) == true) {
    for (std::uint32_t i = 0; i < cluster.namespaces.size(); ++i) namespaces.push_back({i});
    return namespaces;
  }
  const Tree* names = monitor.tree->find_path({"spec", "namespaceSelector", "matchNames"});
  if (names == nullptr || names->items.empty()) return {cluster.find_namespace(monitor.key.ns)};
  for (const Tree& name : names->items) {
    const NamespaceId id = cluster.find_namespace(name.text);
    if (id.is_valid()) namespaces.push_back(id);
  }
  return namespaces;
}

const std::vector<LabelledService>& Scraping::services_of(NamespaceId ns) {
  static constexpr std::array kLabels{Outline::Field{"labels"}};
  static constexpr Outline kMetadata{kLabels};
  static constexpr std::array kParts{Outline::Field{"metadata", &kMetadata}};
  static constexpr Outline kOutline{kParts};
  const auto [at, is_new] = services_.try_emplace(ns);
  if (!is_new) return at->second;
  const std::string& name = search_.cluster.at(ns).name;
  for (const Object* object : search_.snapshot.objects.of_kind("Service", name)) {
    const ServiceId id = search_.service(name, object->key.name);
    if (id.is_valid()) at->second.push_back({id, object->tree.read(&kOutline)});
  }
  return at->second;
}

void Scraping::add(const Object& monitor, std::vector<UseTarget> targets) {
  const NamespaceId ns = search_.cluster.find_namespace(monitor.key.ns);
  if (!ns.is_valid()) return;
  Use use;
  use.signs = {{UseEvidence::Monitor, monitor.key, to_string(monitor.key), monitor.place()}};
  use.pods = prometheus_for(ns);
  use.targets = std::move(targets);
  const auto home = is_platform(search_.cluster, ns) ? kPlatform : kUserWorkloads;
  search_.add(
      std::move(use),
      "the input has no pod labelled app.kubernetes.io/name: prometheus in " + std::string(home));
}

/// A port of the pod by number, or by the name of a container port.
PortSet pod_ports(const Pod& pod, const Tree& port) {
  PortSet ports;
  if (const auto number = port.as_integer()) {
    const bool is_port = *number > 0 && *number <= 65535;
    const auto one = static_cast<std::uint16_t>(is_port ? *number : 0);
    return is_port ? PortSet::of(Protocol::Tcp, {one, one}) : ports;
  }
  for (const ContainerPort& own : pod.ports) {
    if (own.name == port.text) ports.add(own.protocol, {own.port, own.port});
  }
  return ports;
}

/// The pods behind a Service on the port of one endpoint of the monitor.
std::vector<UseTarget> scraped(const UseSearch& search, ServiceId service, const Tree& endpoint) {
  const std::string_view port = endpoint.string_at({"port"});
  if (!port.empty()) return search.behind(service, {0, std::string(port)});
  std::vector<UseTarget> targets = search.behind(service, {});
  const Tree* target = endpoint.find("targetPort");
  if (target == nullptr || target->is_null()) return targets;
  for (UseTarget& each : targets) each.ports = pod_ports(search.cluster.at(each.pod), *target);
  return targets;
}

void Scraping::add_service_monitor(const Object& monitor) {
  const std::optional<SelectorText> selector =
      label_terms(monitor.tree->find_path({"spec", "selector"}));
  const Tree* endpoints = monitor.tree->find_path({"spec", "endpoints"});
  if (!selector || endpoints == nullptr) return;
  std::vector<UseTarget> targets;
  for (const NamespaceId ns : namespaces_of(monitor)) {
    if (!ns.is_valid()) continue;
    for (const LabelledService& service : services_of(ns)) {
      if (!matches(*selector, service.tree->find_path({"metadata", "labels"}))) continue;
      for (const Tree& endpoint : endpoints->items) {
        std::ranges::move(scraped(search_, service.id, endpoint), std::back_inserter(targets));
      }
    }
  }
  add(monitor, std::move(targets));
}

void Scraping::add_pod_monitor(const Object& monitor) {
  const Cluster& cluster = search_.cluster;
  const std::optional<SelectorText> selector =
      label_terms(monitor.tree->find_path({"spec", "selector"}));
  const Tree* endpoints = monitor.tree->find_path({"spec", "podMetricsEndpoints"});
  if (!selector || endpoints == nullptr) return;
  std::vector<UseTarget> targets;
  for (const NamespaceId ns : namespaces_of(monitor)) {
    if (!ns.is_valid()) continue;
    for (const PodId id : cluster.at(ns).pods) {
      const Pod& pod = cluster.at(id);
      if (!matches(*selector, pod.labels, cluster.symbols)) continue;
      for (const Tree& endpoint : endpoints->items) {
        const Tree* port = endpoint.find("port");
        if (port == nullptr) port = endpoint.find("portNumber");
        if (port == nullptr) port = endpoint.find("targetPort");
        if (port != nullptr) targets.push_back({id, pod_ports(pod, *port)});
      }
    }
  }
  add(monitor, std::move(targets));
}

}  // namespace

void find_monitored(UseSearch& search) {
  Scraping scraping(search);
  const ObjectStore& objects = search.snapshot.objects;
  for (const Object* each : objects.of_kind("ServiceMonitor")) scraping.add_service_monitor(*each);
  for (const Object* each : objects.of_kind("PodMonitor")) scraping.add_pod_monitor(*each);
}

}  // namespace meshproof
