#include "scenarios/read.h"

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include "tests/scenarios/told.h"
#include "tests/support/yaml.h"

using namespace meshproof;

namespace {

Input input_of(const std::string& text, const ReadOptions& options = {}) {
  Sources sources;
  Diagnostics found;
  Input input = read_text("a.yaml", text, options, sources, found);
  for (const auto& line : lines_of(found, sources)) UNSCOPED_INFO(line);
  REQUIRE_FALSE(has_errors(found));
  return input;
}

}  // namespace

TEST_CASE("what oc get prints is accepted: server-side fields, status, nulls") {
  const Input input = input_of(R"(apiVersion: v1
kind: List
metadata: {resourceVersion: ""}
items:
- apiVersion: v1
  kind: Pod
  metadata:
    creationTimestamp: null
    managedFields: [{manager: kubectl, fieldsV1: {"f:metadata": {}}}]
    name: web
    namespace: shop
    uid: 1-2
    labels: null
  spec: {}
  status: {phase: Pending}
)");
  CHECK(input.objects.find("Pod", "shop", "web") != nullptr);
  CHECK(input.coverage.kinds.at("Pod") == 1);
  CHECK(input.coverage.is_assumed());
}

TEST_CASE("lists unfold: typed ones, lists of lists, empty ones") {
  const Input input = input_of(R"(
{"kind": "PodList", "apiVersion": "v1", "items": [{"metadata": {"name": "p", "namespace": "a"}}]}
{"kind": "ServiceList", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "items": null}
{"kind": "NetworkPolicyList", "apiVersion": "networking.k8s.io/v1", "items": []}
{"kind": "List", "apiVersion": "v1", "items": [
  {"kind": "NamespaceList", "apiVersion": "v1", "items": [{"metadata": {"name": "a"}}]}]}
)");
  CHECK(input.objects.find("Pod", "a", "p")->api_version() == "v1");
  CHECK(input.objects.find("Namespace", "", "a") != nullptr);
  CHECK(input.coverage.kinds.at("Service") == 0);
  CHECK(input.coverage.kinds.at("networking.k8s.io/NetworkPolicy") == 0);
}

TEST_CASE("a kind that only ends in List is an object") {
  const Input input =
      input_of("{apiVersion: x.io/v1, kind: AllowList, metadata: {namespace: a, name: b}}");
  CHECK(input.objects.size() == 1);
}

TEST_CASE("a list that was cut off is not complete") {
  const Input input = input_of(
      "{apiVersion: v1, kind: PodList, metadata: {continue: abc}, items: [{metadata: {name: p, "
      "namespace: a}}]}");
  CHECK(missing_parts(input.coverage) ==
        std::vector<std::string>{"Pod: the list was cut off (after 1: metadata.continue is set)"});
  CHECK_FALSE(input.coverage.is_complete());
}

TEST_CASE("documents of every kind around them do not hide policies") {
  const Input input = input_of(R"(---
# Source: chart/templates/x.yaml
apiVersion: example.com/v1
kind: Whatever
metadata: {name: x, namespace: shop}
---
--- # nothing
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
...
---
)");
  CHECK(input.objects.size() == 2);
  CHECK(input.objects.find("NetworkPolicy", "shop", "deny")->place().line == 8);
}

TEST_CASE("JSON is read whatever the file's name, with a byte order mark too") {
  const Input input = input_of(
      "\xef\xbb\xbf{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"a\"}}\n"
      "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"b\"}}\n");
  CHECK(input.objects.size() == 2);
  CHECK(input.objects.find("Namespace", "", "a")->place().column == 1);
}

TEST_CASE("objects without a namespace go to -n, cluster-scoped kinds have none") {
  const Input input = input_of(
      "{apiVersion: v1, kind: Pod, metadata: {name: p}}\n---\n"
      "{apiVersion: v1, kind: Node, metadata: {name: n, namespace: junk}}\n---\n"
      "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: "
      "things.x.io}, spec: {scope: Cluster, group: x.io, names: {kind: Thing}}}\n---\n"
      "{apiVersion: x.io/v1, kind: Thing, metadata: {name: t}}\n---\n"
      "{apiVersion: other.io/v1, kind: Foreign, metadata: {name: f, uid: u}}\n",
      {"shop"});
  CHECK(input.objects.find("Pod", "shop", "p")->tree->string_at({"metadata", "namespace"}) ==
        "shop");
  CHECK(input.objects.find("Node", "", "n") != nullptr);
  CHECK(input.objects.find({"x.io", "Thing", "", "t"}) != nullptr);
  CHECK(input.objects.find({"other.io", "Foreign", "", "f"}) != nullptr);
}

TEST_CASE("a Project is its Namespace, alone or beside it") {
  const Input alone = input_of(
      "{apiVersion: project.openshift.io/v1, kind: Project, metadata: {name: a, labels: {x: z}}}");
  REQUIRE(alone.objects.find("Namespace", "", "a") != nullptr);
  CHECK(alone.objects.find("Namespace", "", "a")->label("x") == "z");
  CHECK(alone.objects.size() == 1);
  const Input both = input_of(
      "{apiVersion: project.openshift.io/v1, kind: Project, metadata: {name: a, labels: {x: z, w: "
      "v}}}\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: a, labels: {x: own}}}");
  CHECK(both.objects.size() == 1);
  CHECK(both.objects.find("Namespace", "", "a")->label("x") == "own");
  CHECK(both.objects.find("Namespace", "", "a")->label("w") == "v");
}

TEST_CASE("of several versions of one object that of the storage version counts") {
  const std::string v1 =
      "{apiVersion: maistra.io/v1, kind: ServiceMeshControlPlane, metadata: {name: m, namespace: "
      "a}}\n";
  const std::string v2 =
      "{apiVersion: maistra.io/v2, kind: ServiceMeshControlPlane, metadata: {name: m, namespace: "
      "a}}\n";
  for (const auto& text : {v1 + "---\n" + v2, v2 + "---\n" + v1}) {
    const Input input = input_of(text);
    CHECK(input.objects.size() == 1);
    CHECK(input.objects.find("ServiceMeshControlPlane", "a", "m")->api_version() ==
          "maistra.io/v2");
  }
  const Input roll = input_of(
      "{apiVersion: maistra.io/v1alpha1, kind: ServiceMeshMemberRoll, metadata: {name: default, "
      "namespace: a}}");
  CHECK(roll.objects.find("ServiceMeshMemberRoll", "a", "default") != nullptr);
}

TEST_CASE("the payload of Secrets is dropped at the door, ConfigMaps are kept") {
  const Input input = input_of(
      "{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: a, annotations: "
      "{kubectl.kubernetes.io/last-applied-configuration: '{\"data\":1}'}}, data: {p: eA==}, "
      "stringData: {q: w}, type: Opaque}\n---\n"
      "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: a}, data: {p: x}}\n");
  const Tree& secret = *input.objects.find({"", "Secret", "a", "s"})->tree;
  CHECK(secret.find("data") == nullptr);
  CHECK(secret.find("stringData") == nullptr);
  CHECK(secret.find_path({"metadata", "annotations"})->fields.empty());
  CHECK(secret.string_at({"type"}) == "Opaque");
  CHECK(input.objects.find("ConfigMap", "a", "c")->tree->string_at({"data", "p"}) == "x");
}

TEST_CASE("braces of templates inside of strings are text") {
  const Input input = input_of(
      "{apiVersion: argoproj.io/v1alpha1, kind: Workflow, metadata: {name: w, namespace: a}, spec: "
      "{x: \"{{inputs.y}}\"}}");
  CHECK(input.objects.size() == 1);
}

TEST_CASE("the order of documents does not matter") {
  const bool holds = rc::check("any order gives the same objects", [] {
    std::vector<std::string> documents;
    for (const char* name : {"a", "b", "c"}) {
      const std::string ns{name};
      documents.push_back("{apiVersion: v1, kind: Namespace, metadata: {name: " + ns + "}}");
      documents.push_back("{apiVersion: project.openshift.io/v1, kind: Project, metadata: {name: " +
                          ns + ", labels: {x: " + ns + ns + "}}}");
      for (const char* version : {"8", "9", "10"}) {
        documents.push_back("{apiVersion: v1, kind: Pod, metadata: {namespace: " + ns +
                            ", name: p, uid: u, resourceVersion: \"" + version + "\"}}");
      }
    }
    const auto join = [](const std::vector<std::string>& parts) {
      std::string text;
      for (const auto& part : parts) text += "---\n" + part + "\n";
      return text;
    };
    const ObjectStore expected = objects_from(join(documents));
    std::vector<std::string> shuffled = documents;
    for (std::size_t i = shuffled.size(); i > 1; --i) {
      std::swap(shuffled[i - 1], shuffled[*rc::gen::inRange<std::size_t>(0, i)]);
    }
    const ObjectStore found = objects_from(join(shuffled));
    RC_ASSERT(found.size() == expected.size());
    for (const Object& object : expected) {
      RC_ASSERT(found.find(object.key) != nullptr);
      RC_ASSERT(*found.find(object.key)->tree == *object.tree);
    }
  });
  CHECK(holds);
}
