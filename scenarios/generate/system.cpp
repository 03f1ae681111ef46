#include "scenarios/generate/system.h"

#include <array>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "scenarios/generate/form.h"
#include "scenarios/generate/mesh.h"

namespace meshproof {
namespace {

constexpr std::string_view kRouterNamespace = "openshift-ingress";
constexpr std::size_t kRouterNetId = 2;

constexpr std::string_view kNamespaceForm = R"({"apiVersion": "v1",
 "kind": "Namespace",
 "metadata": {"name": "$name",
  "labels": {"kubernetes.io/metadata.name": "$name",
   "network.openshift.io/policy-group": "ingress",
   "policy-group.network.openshift.io/host-network": ""}},
 "status": {"phase": "Active"}})";

constexpr std::string_view kPodForm = R"({"apiVersion": "v1",
 "kind": "Pod",
 "metadata": {"name": "$name-$hash-$index",
  "namespace": "$ns",
  "labels": {$labels,
   "pod-template-hash": "$hash"},
  "ownerReferences": [{"apiVersion": "apps/v1",
    "controller": true,
    "kind": "ReplicaSet",
    "name": "$name-$hash"}]},
 "spec": {"nodeName": "$node",$hostnetwork
  "containers": [{"name": "main", "image": "registry.example/$name:2.5", "ports": [$ports]}]},
 "status": {"phase": "Running",
  "hostIP": "$host",
  "podIP": "$address",
  "podIPs": [{"ip": "$address"}]}})";

constexpr std::string_view kDeploymentForm = R"({"apiVersion": "apps/v1",
 "kind": "Deployment",
 "metadata": {"name": "$name",
  "namespace": "$ns"},
 "spec": {"replicas": $replicas,
  "selector": {"matchLabels": {$labels}},
  "template": {
   "metadata": {"labels": {$labels}},
   "spec": {$hostnetwork
    "containers": [{"name": "main", "image": "registry.example/$name:2.5", "ports": [$ports]}]}}}})";

struct SystemWorkload {
  std::string_view ns;
  std::string_view name;
  std::string_view labels;
  std::string_view ports;
  bool host_network;
  std::size_t pods;
};

constexpr auto kWorkloads = std::to_array<SystemWorkload>({
    {kMeshNamespace, "istiod-basic",
     R"("app": "istiod", "istio": "pilot", "maistra-control-plane": "istio-system")",
     R"({"containerPort": 15010}, {"containerPort": 15012}, {"containerPort": 15017, "name": "webhook"})",
     false, 1},
    {kMeshNamespace, "istio-ingressgateway",
     R"("app": "istio-ingressgateway", "istio": "ingressgateway", "maistra-control-plane": "istio-system")",
     R"({"containerPort": 8080, "name": "http2"}, {"containerPort": 8443, "name": "https"})", false,
     1},
    {kRouterNamespace, "router-default",
     R"("ingresscontroller.operator.openshift.io/deployment-ingresscontroller": "default")",
     R"({"containerPort": 80, "name": "http"}, {"containerPort": 443, "name": "https"})", true, 2},
});

bool generate_workload(const SystemWorkload& workload, const ClusterShape& shape,
                       const Machines& machines, std::size_t first, const TakeObject& take) {
  const std::string_view host_network = workload.host_network ? "\n  \"hostNetwork\": true," : "";
  if (shape.deployments) {
    return take(filled(kDeploymentForm, {{"name", workload.name},
                                         {"ns", workload.ns},
                                         {"labels", workload.labels},
                                         {"ports", workload.ports},
                                         {"hostnetwork", host_network},
                                         {"replicas", std::to_string(workload.pods)}}));
  }
  for (std::size_t i = 0; i < workload.pods; ++i) {
    const PodPlace place = place_of_pod(first + i, machines);
    const std::string& address = workload.host_network ? place.host_address : place.address;
    if (!take(filled(kPodForm, {{"name", workload.name},
                                {"ns", workload.ns},
                                {"labels", workload.labels},
                                {"ports", workload.ports},
                                {"hostnetwork", host_network},
                                {"hash", "6c5f4d7b98"},
                                {"index", std::to_string(i)},
                                {"node", place.node},
                                {"host", place.host_address},
                                {"address", address}}))) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool generate_system(const ClusterShape& shape, const Machines& machines, const TakeObject& take) {
  if (!take(filled(kNamespaceForm, {{"name", kRouterNamespace}}))) return false;
  const std::string net = net_namespace_json(kRouterNamespace, kRouterNetId, shape);
  if (!net.empty() && !take(net)) return false;
  std::size_t first = shape.namespaces * shape.pods;
  for (const SystemWorkload& workload : kWorkloads) {
    if (!generate_workload(workload, shape, machines, first, take)) return false;
    first += workload.pods;
  }
  return true;
}

}  // namespace meshproof
