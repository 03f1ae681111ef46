#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "model/project.h"
#include "tests/support/yaml.h"

namespace meshproof {
namespace {

constexpr std::string_view kState = R"(
apiVersion: v1
kind: Namespace
metadata: {name: mesh}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {tier: front}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {nodeName: node-1, containers: [{name: c, ports: [{containerPort: 80}]}]}
status: {phase: Running, hostIP: 192.168.0.1, podIP: 10.128.0.5, podIPs: [{ip: 10.128.0.5}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {clusterIP: 172.30.0.9, ports: [{port: 80}], selector: {app: web}}
---
apiVersion: v1
kind: Endpoints
metadata: {name: web, namespace: shop}
subsets: [{addresses: [{ip: 10.128.0.5}], ports: [{port: 80}]}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: from-front, namespace: shop}
spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {tier: front}}}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: old, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}}
)";

Object object_of(std::string_view yaml) { return make_object(trees_from(yaml).front()); }

/// What there is to compare of two clusters whose symbols have other numbers.
std::string told(const Cluster& cluster) {
  std::string text;
  const auto labels_of = [&](const Labels& labels) {
    std::vector<std::string> words;
    for (const Label& label : labels.all()) {
      words.push_back(std::string{cluster.symbols.text(label.key)} + '=' +
                      std::string{cluster.symbols.text(label.value)});
    }
    std::sort(words.begin(), words.end());
    std::string joined;
    for (const std::string& word : words) joined += ' ' + word;
    return joined + '\n';
  };
  for (const Namespace& ns : cluster.namespaces) {
    text += ns.name + ' ' + std::to_string(ns.pods.size()) + ' ' +
            std::to_string(ns.policies.size()) + labels_of(ns.labels);
  }
  for (const Pod& pod : cluster.pods) {
    text += cluster.at(pod.ns).name + '/' + pod.name + ' ' + std::to_string(pod.addresses.size()) +
            ' ' + (pod.node.is_valid() ? cluster.at(pod.node).name : "nowhere") + ' ' +
            cluster.at(pod.workload).name + labels_of(pod.labels);
  }
  for (const NetworkPolicy& policy : cluster.policies) {
    text += cluster.at(policy.ns).name + '/' + policy.name + ' ' +
            to_string(policy.pods, cluster.symbols) + ' ' + std::to_string(policy.ingress.size()) +
            '\n';
    for (const PolicyRule& rule : policy.ingress) {
      for (const PolicyPeer& peer : rule.peers) {
        if (peer.namespaces) text += to_string(*peer.namespaces, cluster.symbols) + '\n';
      }
    }
  }
  for (const Service& service : cluster.services) {
    text += service.name + ' ' + std::to_string(service.endpoints.size()) +
            (service.endpoints.empty() || !service.endpoints[0].pod.is_valid()
                 ? " of no pod\n"
                 : " of " + cluster.at(service.endpoints[0].pod).name + '\n');
  }
  return text;
}

/// The same as from scratch, and nothing told again but what was written.
Cluster same_as_anew(const ObjectStore& after, const Snapshot& before) {
  Diagnostics found;
  const Cluster like = project(after, {}, found, &before);
  Diagnostics found_anew;
  const Cluster anew = project(after, {}, found_anew);
  CHECK(told(like) == told(anew));
  CHECK(found.size() <= found_anew.size());
  for (std::uint32_t i = 0; i < before.cluster.symbols.size(); ++i) {
    CHECK(like.symbols.text({i}) == before.cluster.symbols.text({i}));
  }
  return like;
}

TEST_CASE("a change of labels and policies is projected like all of it") {
  const Snapshot before = snapshot_from(kState);
  ObjectStore after = before.objects;
  CHECK(told(same_as_anew(after, before)) == told(before.cluster));
  after.put(
      object_of("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {tier: "
                "back, maistra.io/member-of: mesh}}\n"));
  after.put(
      object_of("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: "
                "a-mesh, namespace: shop}\nspec: {podSelector: {}, ingress: [{}]}\n"));
  after.erase({"networking.k8s.io", "NetworkPolicy", "shop", "old"});
  const Cluster changed = same_as_anew(after, before);
  REQUIRE(changed.policies.size() == 2);
  CHECK(changed.policies[0].name == "a-mesh");
}

TEST_CASE("a change of pods, nodes or namespaces is projected like all of it") {
  const Snapshot before = snapshot_from(kState);
  ObjectStore pods = before.objects;
  pods.put(
      object_of("apiVersion: v1\nkind: Pod\nmetadata: {name: db, namespace: shop, labels: "
                "{app: db}}\nspec: {containers: [{name: c}]}\n"));
  CHECK(same_as_anew(pods, before).pods.size() == 2);
  ObjectStore gone = before.objects;
  gone.erase({"", "Pod", "shop", "web"});
  CHECK(same_as_anew(gone, before).pods.empty());
  ObjectStore nodes = before.objects;
  nodes.put(object_of("apiVersion: v1\nkind: Node\nmetadata: {name: node-0}\n"));
  CHECK(same_as_anew(nodes, before).nodes.size() == 2);
  ObjectStore namespaces = before.objects;
  namespaces.put(object_of("apiVersion: v1\nkind: Namespace\nmetadata: {name: a-new}\n"));
  CHECK(same_as_anew(namespaces, before).pods.front().ns.value == 2);
}

TEST_CASE("what was told of a state is told of its change only where that was written") {
  const std::string misspelt =
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: odd, lables: {a: b}}\n";
  const Snapshot before = snapshot_from(std::string{kState} + "---\n" + misspelt);
  ObjectStore after = before.objects;
  Diagnostics found;
  static_cast<void>(project(after, {}, found, &before));
  const auto is_pruned = [](const Diagnostic& each) { return each.code == "pruned-field"; };
  CHECK(std::none_of(found.begin(), found.end(), is_pruned));
  after.put(object_of(misspelt));
  static_cast<void>(project(after, {}, found, &before));
  CHECK(std::count_if(found.begin(), found.end(), is_pruned) == 1);
}

}  // namespace
}  // namespace meshproof
