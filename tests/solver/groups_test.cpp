#include "solver/checks/groups.h"

#include <catch2/catch.hpp>

#include "tests/support/yaml.h"

namespace meshproof {

namespace {

constexpr std::string_view kCluster = R"(
apiVersion: config.openshift.io/v1
kind: Network
metadata: {name: cluster}
spec:
  networkType: OVNKubernetes
  clusterNetwork: [{cidr: 10.128.0.0/14, hostPrefix: 23}]
  serviceNetwork: [172.30.0.0/16]
---
apiVersion: v1
kind: Namespace
metadata: {name: mesh-a, labels: {maistra.io/member-of: mesh-a}}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {maistra.io/member-of: mesh-a, team: red}}
---
apiVersion: v1
kind: Namespace
metadata: {name: tools, labels: {team: blue}}
---
apiVersion: v1
kind: Pod
metadata: {name: istiod, namespace: mesh-a, labels: {app: istiod}}
spec: {containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.0.5}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop, labels: {app: web, pod-template-hash: x}}
spec: {containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.0.6}
---
apiVersion: v1
kind: Pod
metadata: {name: web-2, namespace: shop, labels: {app: web, pod-template-hash: y}}
spec: {containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.0.7}
---
apiVersion: v1
kind: Pod
metadata: {name: job, namespace: shop, labels: {app: job}}
spec: {containers: [{name: main}]}
status: {phase: Succeeded, podIP: 10.128.0.8}
---
apiVersion: v1
kind: Pod
metadata: {name: probe, namespace: tools, labels: {app: probe}}
spec: {containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.0.9}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: blocks, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
  - from: [{ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.128/25]}}]
)";

/// `shop/web-1 shop/web-2 203.0.113.9`: all ends, class by class, separated by `;` between classes.
std::string text(const Ends& ends, const Cluster& cluster) {
  std::string result;
  for (const EndClass& one : ends.classes) {
    if (!result.empty()) result += "; ";
    std::string members;
    for (const PodId pod : one.pods) {
      members += (members.empty() ? "" : " ") + to_string(FlowEnd(pod), cluster);
    }
    if (!one.addresses.empty()) members += one.addresses.front().to_string();
    result += members;
  }
  return result;
}

Group with(const std::function<void(Group&)>& change) {
  Group group;
  group.name = "g";
  change(group);
  return group;
}

Cidr cidr(std::string_view block) { return *Cidr::parse(block); }

SelectorText selector(std::string key, std::string op, std::vector<std::string> values) {
  return {{{std::move(key), std::move(op), std::move(values)}}};
}

}  // namespace

TEST_CASE("a group means the pods that all of its criteria pick") {
  struct Row {
    std::string name;
    Group group;
    std::string ends;
  };
  const auto row = GENERATE(values<Row>({
      {"no criteria: every pod that has not completed", with([](Group&) {}),
       "mesh-a/istiod; shop/web-1 shop/web-2; tools/probe"},
      {"memberOf leaves the control plane out", with([](Group& g) { g.member_of = "mesh-a"; }),
       "shop/web-1 shop/web-2"},
      {"mesh counts it in", with([](Group& g) { g.mesh = "mesh-a"; }),
       "mesh-a/istiod; shop/web-1 shop/web-2"},
      {"notMemberOf leaves both out", with([](Group& g) { g.not_member_of = "mesh-a"; }),
       "tools/probe"},
      {"names", with([](Group& g) {
         g.namespace_names = {"tools", "mesh-a"};
       }),
       "mesh-a/istiod; tools/probe"},
      {"project selector",
       with([](Group& g) { g.namespace_selector = selector("team", "NotIn", {"red"}); }),
       "mesh-a/istiod; tools/probe"},
      {"pod selector", with([](Group& g) { g.pod_selector = selector("app", "In", {"web"}); }),
       "shop/web-1 shop/web-2"},
      {"a selector for a value that nobody has",
       with([](Group& g) { g.pod_selector = selector("app", "In", {"none"}); }), ""},
      {"a completed pod is in no group",
       with([](Group& g) { g.pod_selector = selector("app", "In", {"job"}); }), ""},
      {"both a project and a pod selector", with([](Group& g) {
         g.namespace_names = {"tools"};
         g.pod_selector = selector("app", "Exists", {});
       }),
       "tools/probe"},
      {"a block of pod addresses means its pods",
       with([](Group& g) { g.cidrs = {cidr("10.128.0.6/31")}; }), "shop/web-1 shop/web-2"},
      {"a block outside means one address for each part that an ipBlock divides",
       with([](Group& g) { g.cidrs = {cidr("203.0.113.0/24")}; }), "203.0.113.9; 203.0.113.128"},
      {"except takes parts away", with([](Group& g) {
         g.cidrs = {cidr("203.0.113.0/24")};
         g.except_cidrs = {cidr("203.0.113.0/25")};
       }),
       "203.0.113.128"},
      {"the cluster as an exception", with([](Group& g) {
         g.cidrs = {cidr("10.0.0.0/8")};
         g.except_cluster = true;
       }),
       "10.0.0.3; 10.132.0.3"},
  }));
  DYNAMIC_SECTION(row.name) {
    const Cluster cluster = cluster_from(kCluster);
    const GroupResolver groups(cluster);
    CHECK(text(groups.resolve(row.group, {}), cluster) == row.ends);
  }
}

TEST_CASE("groups that need telling apart split the classes") {
  const Cluster cluster = cluster_from(kCluster);
  const GroupResolver groups(cluster);
  const Group web = with([](Group& g) { g.pod_selector = selector("app", "In", {"web"}); });
  const Group first =
      with([](Group& g) { g.pod_selector = selector("pod-template-hash", "In", {"x"}); });
  Resolution resolution;
  resolution.apart = {&first};
  CHECK(text(groups.resolve(web, resolution), cluster) == "shop/web-1; shop/web-2");
}

TEST_CASE("a pod's node tells it apart only where host traffic is asked about") {
  const std::string base = R"(
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: shop}
spec: {nodeName: node-a, containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.0.5}
---
apiVersion: v1
kind: Pod
metadata: {name: b, namespace: shop}
spec: {nodeName: node-b, containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.2.5}
)";
  const Cluster cluster = cluster_from(base);
  const GroupResolver groups(cluster);
  const Group all = with([](Group&) {});
  Resolution resolution;
  CHECK(text(groups.resolve(all, resolution), cluster) == "shop/a shop/b");
  resolution.by_node = true;
  CHECK(text(groups.resolve(all, resolution), cluster) == "shop/a; shop/b");
  CHECK_FALSE(groups.has_hosts(all));
}

}  // namespace meshproof
