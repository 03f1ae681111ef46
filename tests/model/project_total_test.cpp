#include <algorithm>

#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

#include "tests/model/projected.h"
#include "tests/support/yaml.h"

namespace meshproof {
namespace {

constexpr const char* kEveryKind = R"(
apiVersion: config.openshift.io/v1
kind: Network
metadata: {name: cluster}
spec: {networkType: OpenShiftSDN, clusterNetwork: [{cidr: 10.128.0.0/14, hostPrefix: 23}],
  serviceNetwork: [172.30.0.0/16]}
---
apiVersion: network.openshift.io/v1
kind: ClusterNetwork
metadata: {name: default}
pluginName: redhat/openshift-ovs-networkpolicy
clusterNetworks: [{CIDR: 10.128.0.0/14, hostSubnetLength: 9}]
vxlanPort: 4789
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: a}}
---
apiVersion: network.openshift.io/v1
kind: NetNamespace
metadata: {name: shop, annotations: {pod.network.openshift.io/multitenant.change-network: isolate}}
netname: shop
netid: 7
---
apiVersion: network.openshift.io/v1
kind: EgressNetworkPolicy
metadata: {namespace: shop, name: default}
spec: {egress: [{type: Deny, to: {cidrSelector: 0.0.0.0/0}}, {type: Allow, to: {dnsName: a.b}}]}
---
apiVersion: v1
kind: Node
metadata: {name: node-a, annotations: {k8s.ovn.org/node-subnets: '{"default":["10.128.0.0/23"]}'}}
spec: {podCIDR: 10.128.0.0/23, podCIDRs: [10.128.0.0/23]}
status: {addresses: [{type: InternalIP, address: 192.168.0.1}]}
---
apiVersion: network.openshift.io/v1
kind: HostSubnet
metadata: {name: node-a}
host: node-a
hostIP: 192.168.0.1
subnet: 10.128.0.0/23
---
apiVersion: apps/v1
kind: Deployment
metadata: {namespace: shop, name: web}
spec: {replicas: 0, template: {metadata: {labels: {app: web}}, spec: {hostNetwork: false,
  containers: [{ports: [{name: http, containerPort: 80, protocol: TCP}]}]}}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {namespace: shop, name: night}
spec: {jobTemplate: {spec: {template: {metadata: {labels: {app: night}}, spec: {}}}}}
---
apiVersion: batch/v1
kind: Job
metadata: {namespace: shop, name: once}
spec: {template: {metadata: {}, spec: {}}}
status: {conditions: [{type: Complete, status: 'True'}]}
---
apiVersion: v1
kind: Pod
metadata: {namespace: shop, name: api, labels: {app: api, pod-template-hash: x},
  ownerReferences: [{kind: ReplicaSet, name: api-x, controller: true}]}
spec: {nodeName: node-b, initContainers: [{restartPolicy: Always, ports: [{containerPort: 1}]}]}
status: {phase: Running, podIP: 10.128.2.9, podIPs: [{ip: 10.128.2.9}], hostIP: 192.168.0.2}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {namespace: shop, name: p}
spec:
  podSelector: {matchLabels: {app: api}, matchExpressions: [{key: a, operator: In, values: [b]}]}
  policyTypes: [Ingress, Egress]
  ingress: [{from: [{namespaceSelector: {}, podSelector: {}}], ports: [{port: 80, endPort: 90}]}]
  egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}], ports: [{port: http}]}]
---
apiVersion: v1
kind: Service
metadata: {namespace: shop, name: web}
spec: {clusterIP: 172.30.0.9, clusterIPs: [172.30.0.9], selector: {app: web},
  ports: [{name: http, port: 80, targetPort: http, protocol: TCP}]}
---
apiVersion: v1
kind: Endpoints
metadata: {namespace: shop, name: web}
subsets: [{addresses: [{ip: 10.128.2.9, targetRef: {kind: Pod, name: api}}], ports: [{port: 80}]}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {namespace: shop, name: web-x, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
endpoints: [{addresses: [10.128.2.9], conditions: {ready: true}}]
ports: [{port: 80}]
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {namespace: shop, name: default}
)";

std::size_t count_nodes(const Tree& tree) {
  std::size_t count = 1;
  for (const auto& item : tree.items) count += count_nodes(item);
  for (const auto& entry : tree.fields) count += count_nodes(entry.value);
  return count;
}

/// The node with this number, in the order in which they are written.
Tree* node_at(Tree& tree, std::size_t& number) {
  if (number-- == 0) return &tree;
  for (auto& item : tree.items) {
    if (Tree* found = node_at(item, number)) return found;
  }
  for (auto& entry : tree.fields) {
    if (Tree* found = node_at(entry.value, number)) return found;
  }
  return nullptr;
}

Tree fraction() {
  Tree tree = Tree::number(0);
  tree.text = "1.5";
  return tree;
}

/// Values of every kind, at the edges of what is accepted.
std::vector<Tree> odd_values() {
  return {Tree::null(),
          Tree::boolean(true),
          Tree::number(0),
          Tree::number(-1),
          Tree::number(65536),
          Tree::number(INT64_MAX),
          Tree::number(INT64_MIN),
          fraction(),
          Tree::string(""),
          Tree::string("x"),
          Tree::string(std::string(1000, 'x')),
          Tree::string("::/0"),
          Tree::string("{\"default\":[\""),
          Tree::sequence(),
          Tree::sequence({Tree::null(), Tree::string(""), Tree::mapping(), Tree::sequence()}),
          Tree::mapping(),
          Tree::mapping({{"", Tree::null(), {}}, {"name", Tree::sequence(), {}}})};
}

template <typename Thing>
bool fits(Id<Thing> id, const std::vector<Thing>& things) {
  return !id.is_valid() || id.value < things.size();
}

bool is_consistent(const Cluster& cluster) {
  const auto in_namespace = [&](const auto& thing) {
    return thing.ns.is_valid() && thing.ns.value < cluster.namespaces.size();
  };
  return std::ranges::all_of(cluster.pods, in_namespace) &&
         std::ranges::all_of(cluster.policies, in_namespace) &&
         std::ranges::all_of(cluster.services, in_namespace) &&
         std::ranges::all_of(cluster.egress_policies, in_namespace) &&
         std::ranges::all_of(cluster.pods,
                             [&](const Pod& pod) {
                               return pod.workload.is_valid() &&
                                      fits(pod.workload, cluster.workloads) &&
                                      fits(pod.node, cluster.nodes);
                             }) &&
         std::ranges::all_of(cluster.namespaces, [&](const Namespace& ns) {
           return fits(ns.net_namespace, cluster.net_namespaces);
         });
}

TEST_CASE("every kind projects without a word when it is right") {
  const auto projected = project_text(kEveryKind, {});
  Diagnostics errors = projected.diagnostics;
  std::erase_if(
      errors, [](const Diagnostic& diagnostic) { return diagnostic.severity != Severity::Error; });
  CHECK(lines_of(errors).empty());
  CHECK(projected.cluster.pods.size() == 4);
  CHECK(is_consistent(projected.cluster));
}

TEST_CASE("objects with anything anywhere project to diagnostics, never to a crash") {
  const std::vector<Tree> objects = trees_from(kEveryKind);
  rc::prop("project is total", [&objects] {
    std::vector<Tree> broken = objects;
    const auto times = *rc::gen::inRange(1, 4);
    for (int i = 0; i < times; ++i) {
      Tree& object = broken.at(*rc::gen::inRange<std::size_t>(0, broken.size()));
      auto number = *rc::gen::inRange<std::size_t>(0, count_nodes(object));
      *node_at(object, number) = *rc::gen::elementOf(odd_values());
    }
    ObjectStore store;
    for (const auto& object : broken) store.put(make_object(object));
    Diagnostics diagnostics;
    RC_ASSERT(is_consistent(project(store, {}, diagnostics)));
  });
}

}  // namespace
}  // namespace meshproof
