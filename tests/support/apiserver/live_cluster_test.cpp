#include "tests/support/apiserver/live_cluster.h"

#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "tests/support/apiserver/test_server.h"
#include "tests/support/yaml.h"

using namespace meshproof;

namespace {

constexpr const char* kState = R"(
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: a}}
---
apiVersion: v1
kind: Namespace
metadata: {name: going, deletionTimestamp: '2026-01-01T00:00:00Z'}
status: {phase: Terminating}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {nodeName: node-a, containers: [{name: web, image: web}]}
status: {phase: Running, podIP: 10.128.0.7, podIPs: [{ip: 10.128.0.7}]}
---
apiVersion: v1
kind: Node
metadata: {name: node-a}
status: {addresses: [{type: InternalIP, address: 192.168.0.4}]}
---
apiVersion: config.openshift.io/v1
kind: Network
metadata: {name: cluster}
spec: {networkType: OpenShiftSDN}
---
apiVersion: maistra.io/v2
kind: ServiceMeshControlPlane
metadata: {name: basic, namespace: shop, finalizers: [maistra.io/istio-operator]}
spec: {version: v2.5}
status: {observedGeneration: 1}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: owned
  namespace: shop
  ownerReferences: [{apiVersion: maistra.io/v2, kind: ServiceMeshControlPlane, name: basic}]
spec: {podSelector: {}}
---
apiVersion: maistra.io/v1
kind: ServiceMeshMember
metadata: {name: default, namespace: shop, finalizers: [maistra.io/istio-operator], deletionTimestamp: '2026-01-01T00:00:00Z'}
spec: {controlPlaneRef: {name: basic, namespace: shop}}
)";

}  // namespace

TEST_CASE("a state is on the server with its status, and gone after a wipe", "[apiserver]") {
  const TestServer* server = test_server();
  if (server == nullptr) return;
  ApiClient client{*server, "kubectl-create"};
  wipe_cluster(client);
  const std::size_t empty = live_objects(client).size();
  build_cluster(client, objects_from(kState));

  const ObjectStore live = live_objects(client);
  CHECK(live.size() == empty + 8);
  const Object* pod = live.find("Pod", "shop", "web");
  REQUIRE(pod != nullptr);
  CHECK(pod->tree->string_at({"status", "podIP"}) == "10.128.0.7");
  const Object* plane = live.find("ServiceMeshControlPlane", "shop", "basic");
  REQUIRE(plane != nullptr);
  CHECK(plane->tree->integer_at({"status", "observedGeneration"}) == 1);
  const Object* owned = live.find("NetworkPolicy", "shop", "owned");
  REQUIRE(owned != nullptr);
  const Tree* owners = owned->tree->find_path({"metadata", "ownerReferences"});
  REQUIRE(owners != nullptr);
  CHECK(owners->items.front().string_at({"uid"}) == plane->tree->string_at({"metadata", "uid"}));
  const Object* member = live.find("ServiceMeshMember", "shop", "default");
  REQUIRE(member != nullptr);
  CHECK(member->is_terminating());
  CHECK(live.find("Namespace", "", "going")->is_terminating());

  wipe_cluster(client);
  CHECK(live_objects(client).size() == empty);
}

TEST_CASE("the server serves every kind of crds.txt, and the status of those that have one apart",
          "[apiserver]") {
  const TestServer* server = test_server();
  if (server == nullptr) return;
  ApiClient client{*server, "kubectl-create"};
  std::set<std::string> with_status;
  std::set<std::string> without;
  for (const ApiKind& kind : client.kinds()) {
    (kind.has_status ? with_status : without).insert(kind.group + '/' + kind.kind);
  }
  for (const auto kind : {"maistra.io/ServiceMeshControlPlane", "maistra.io/ServiceMeshMemberRoll",
                          "maistra.io/ServiceMeshMember", "route.openshift.io/Route"}) {
    CHECK(with_status.contains(kind));
  }
  for (const auto kind :
       {"network.openshift.io/NetNamespace", "network.openshift.io/ClusterNetwork",
        "config.openshift.io/Network", "k8s.cni.cncf.io/NetworkAttachmentDefinition"}) {
    CHECK(without.contains(kind));
  }
}
