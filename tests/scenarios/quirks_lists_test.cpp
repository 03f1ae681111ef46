// The quirks of real input, by their numbers in the table of spec page inputs.md: lists, objects
// that stand several times, clusters.

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/scenarios/told.h"
#include "tests/support/yaml.h"

using namespace meshproof;

namespace {

using Lines = std::vector<std::string>;

std::string object(const std::string& kind, const std::string& metadata,
                   const std::string& rest = "") {
  return "{apiVersion: v1, kind: " + kind + ", metadata: {" + metadata + "}" + rest + "}\n";
}

InputReading quiet(const std::string& text) {
  InputReading reading = reading_of(text);
  CHECK(reading.told.empty());
  return reading;
}

}  // namespace

TEST_CASE("quirk 1: what oc get -o yaml adds is accepted without a word") {
  const std::string text = R"(apiVersion: v1
kind: Pod
metadata:
  annotations: {openshift.io/scc: restricted}
  creationTimestamp: null
  generateName: web-
  managedFields:
  - apiVersion: v1
    fieldsType: FieldsV1
    fieldsV1: {"f:metadata": {"f:labels": {".": {}, "k:{\"name\":\"x\"}": {}}}}
    manager: kube-controller-manager
    operation: Update
  name: web-1
  namespace: shop
  resourceVersion: "123"
  selfLink: /api/v1/namespaces/shop/pods/web-1
  uid: 0-1
spec: {nodeName: n1, hostNetwork: false}
status: {phase: Running, podIP: 10.1.0.4, podIPs: [{ip: 10.1.0.4}], qosClass: BestEffort}
)";
  const InputReading reading = quiet(text);
  const Object* pod = reading.input.objects.find("Pod", "shop", "web-1");
  REQUIRE(pod != nullptr);
  CHECK(pod->tree->find_path({"metadata", "managedFields"})->items.size() == 1);
  CHECK(cluster_from(text).pods.size() == 1);
}

TEST_CASE("quirk 2: items of a typed list take apiVersion and kind from the list") {
  const InputReading reading = quiet(
      R"({"kind":"NetworkPolicyList","apiVersion":"networking.k8s.io/v1","metadata":
          {"resourceVersion":"77"},"items":[
          {"metadata":{"name":"x","namespace":"a"},"spec":{"podSelector":{}}}]})");
  const Object* policy = reading.input.objects.find("NetworkPolicy", "a", "x");
  REQUIRE(policy != nullptr);
  CHECK(policy->api_version() == "networking.k8s.io/v1");
  CHECK(policy->tree->string_at({"kind"}) == "NetworkPolicy");
  CHECK(reading.input.coverage.origins.at(0).resource_version == "77");
}

TEST_CASE(
    "quirk 3: lists of lists unfold, empty lists are empty, a list without items is an error") {
  const InputReading reading = quiet(R"(kind: List
apiVersion: v1
items:
- kind: List
  apiVersion: v1
  items:
  - {kind: PodList, apiVersion: v1, items: [{metadata: {name: p, namespace: a}}]}
- {kind: ServiceList, apiVersion: v1, items: null}
- {kind: NetworkPolicyList, apiVersion: networking.k8s.io/v1, items: []}
)");
  CHECK(reading.input.objects.find("Pod", "a", "p") != nullptr);
  CHECK(reading.input.coverage.kinds.at("Service") == 0);
  CHECK(reading.input.coverage.kinds.at("networking.k8s.io/NetworkPolicy") == 0);
  CHECK(reading_of("{kind: PodList, apiVersion: v1}").told ==
        Lines{"a.yaml:1:1: error[list-without-items]: this PodList has no items"});
}

TEST_CASE("quirk 4: a page of a list is no whole list") {
  const InputReading reading = reading_of(
      "{kind: PodList, apiVersion: v1, metadata: {continue: abc, remainingItemCount: 7}, items: "
      "[{metadata: {name: p, namespace: a}}]}");
  CHECK(reading.told ==
        Lines{"a.yaml:1:54: warning[list-cut-off]: the list of Pod objects was cut off after 1: "
              "metadata.continue is set; read it again without a limit"});
  CHECK_FALSE(reading.input.coverage.is_complete());
  CHECK(reading.input.coverage.find({"Pod", "a"}).collected == Collected::CutOff);
  CHECK(quiet("{kind: PodList, apiVersion: v1, metadata: {continue: \"\"}, items: []}")
            .input.coverage.is_complete());
}

TEST_CASE("quirk 9: one object in two dumps is one, in its newer state") {
  const auto pod = [](const std::string& version, const std::string& labels) {
    return object("Pod", "namespace: a, name: p, uid: u, resourceVersion: \"" + version +
                             "\", labels: {x: \"" + labels + "\"}");
  };
  CHECK(quiet(pod("9", "old") + "---\n" + pod("9", "old")).input.objects.size() == 1);
  const InputReading newer = reading_of(pod("10", "new") + "---\n" + pod("9", "old"));
  CHECK(newer.told ==
        Lines{"a.yaml:1:1: note[object-twice]: Pod a/p was read twice; resourceVersion 10 is newer "
              "than 9 (a.yaml:3:1: not this one)"});
  CHECK(newer.input.objects.find("Pod", "a", "p")->label("x") == "new");
  CHECK(reading_of(object("Pod", "namespace: a, name: p, uid: u") + "---\n" +
                   object("Pod", "namespace: a, name: p, uid: w"))
            .told.at(0)
            .find("error[conflicting-objects]: Pod a/p stands here with uid w, elsewhere with u") !=
        std::string::npos);
}

TEST_CASE("quirk 9: many objects of two dumps are told in one line") {
  std::string text;
  for (int i = 0; i < 8; ++i) {
    for (const char* version : {"1", "2"}) {
      text +=
          "---\n" + object("Pod", "namespace: a, name: p" + std::to_string(i) + ", uid: u" +
                                      std::to_string(i) + ", resourceVersion: \"" + version + "\"");
    }
  }
  const InputReading reading = reading_of(text);
  CHECK(reading.told ==
        Lines{"a.yaml:4:1: note[object-twice]: 8 objects were read twice, and of each the newer "
              "counts; this is the first: Pod a/p0 was read twice; resourceVersion 2 is newer than "
              "1 (a.yaml:2:1: not this one)"});
  CHECK(reading.input.objects.size() == 8);
}

TEST_CASE("quirk 10: files of two clusters are refused, both named") {
  const TemporaryFolder folder;
  const auto system = [](const std::string& uid) {
    return object("Namespace", "name: kube-system, uid: " + uid);
  };
  const std::string blue = folder.write("blue.yaml", system("b1"));
  const std::string green = folder.write("green.yaml", system("g1"));
  CHECK(reading_of({blue, green}, folder.path() + "/").told ==
        Lines{"green.yaml:1:1: error[two-clusters]: these files are from two clusters: kube-system "
              "has uid g1 here, b1 there; give each of them with --cluster NAME=INPUT "
              "(blue.yaml:1:1: the other cluster)"});
  const auto version = [](const std::string& id) {
    return "{apiVersion: config.openshift.io/v1, kind: ClusterVersion, metadata: {name: version}, "
           "spec: {clusterID: " +
           id + "}}\n";
  };
  CHECK(reading_of(version("c1") + "---\n" + version("c2")).told ==
        Lines{"a.yaml:3:105: error[two-clusters]: these files are from two clusters: clusterID c2 "
              "here, c1 there; give each of them with --cluster NAME=INPUT (a.yaml:1:105: the "
              "other cluster)"});
}

TEST_CASE("quirk 18: a Namespace that is only referred to has its name label and no other") {
  Diagnostics told;
  const InputReading reading = quiet(object("Pod", "namespace: shop, name: p"));
  CHECK(reading.input.objects.find("Namespace", "", "shop") == nullptr);
  const Cluster cluster = project(reading.input.objects, {}, told);
  const Namespace& shop = cluster.at(cluster.find_namespace("shop"));
  CHECK(shop.assumed);
  REQUIRE(shop.labels.all().size() == 1);
  CHECK(cluster.symbols.text(shop.labels.all().front().key) == "kubernetes.io/metadata.name");
}

TEST_CASE("quirk 19: a Project is its Namespace, alone or beside it") {
  const auto project_of = [](const std::string& labels) {
    return "{apiVersion: project.openshift.io/v1, kind: Project, metadata: {name: shop, uid: u, "
           "labels: {" +
           labels + "}}}\n";
  };
  const InputReading alone = quiet(project_of("team: a"));
  REQUIRE(alone.input.objects.size() == 1);
  CHECK(alone.input.objects.find("Namespace", "", "shop")->label("team") == "a");
  const InputReading both =
      quiet(object("Namespace", "name: shop, uid: u") + "---\n" + project_of("team: a"));
  REQUIRE(both.input.objects.size() == 1);
  CHECK(both.input.objects.find("Namespace", "", "shop")->label("team") == "a");
}
