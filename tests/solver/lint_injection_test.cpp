#include <catch2/catch.hpp>

#include "tests/solver/lint_case.h"

using namespace meshproof;

namespace {

std::string mesh(std::string_view version) {
  return R"(
apiVersion: v1
kind: Namespace
metadata: {name: mesh-a, labels: {maistra.io/member-of: mesh-a}}
---
apiVersion: maistra.io/v2
kind: ServiceMeshControlPlane
metadata: {name: basic, namespace: mesh-a}
spec: {version: )" +
         std::string(version) + R"(}
status: {operatorVersion: 2.5.1}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {maistra.io/member-of: mesh-a}}
---
)";
}

/// A Deployment whose template has these annotations and this spec, in flow style.
std::string web(std::string_view annotations, std::string_view more = "",
                std::string_view labels = "", std::string_view ns = "shop") {
  return R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: )" +
         std::string(ns) + R"(}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web)" +
         std::string(labels) + "}, annotations: {" + std::string(annotations) + R"(}}
    spec: {containers: [{name: web)" +
         std::string(more) + "}]}\n";
}

const std::string kYes = "sidecar.istio.io/inject: 'true'";

}  // namespace

TEST_CASE("M9: MP0301 asks whether the project is in a mesh, or will be") {
  const std::string pay = "apiVersion: v1\nkind: Namespace\nmetadata: {name: pay}\n---\n";
  const std::string listed = R"(
---
apiVersion: maistra.io/v1
kind: ServiceMeshMemberRoll
metadata: {name: default, namespace: mesh-a}
spec: {members: [pay]}
)";
  check_one(lint_lines(mesh("v2.5") + pay + web(kYes, "", "", "pay"), "MP0301"),
            "Deployment pay/web: asks for a sidecar and gets none");
  CHECK(lint_lines(mesh("v2.5") + pay + web(kYes, "", "", "pay") + listed, "MP0301").empty());
  CHECK(lint_lines(mesh("v2.5") + web(kYes), "MP0301").empty());
  CHECK(lint_lines(mesh("v2.5") + pay + web("", "", "", "pay"), "MP0301").empty());
}

TEST_CASE("M9: MP0312 knows which values mean yes") {
  struct Row {
    const char* value;
    bool is_found;
  };
  for (const Row& row :
       {Row{"'1'", true}, Row{"enabled", true}, Row{"' true'", true}, Row{"'True'", false},
        Row{"'on'", false}, Row{"'false'", false}, Row{"'0'", false}, Row{"''", false}}) {
    CAPTURE(row.value);
    const auto lines = lint_lines(
        mesh("v2.5") + web(std::string("sidecar.istio.io/inject: ") + row.value), "MP0312");
    CHECK(lines.size() == (row.is_found ? 1U : 0U));
  }
}

TEST_CASE("M9: MP0312 looks at the label since v2.2") {
  const std::string labelled = web("", "", ", sidecar.istio.io/inject: enabled");
  check_one(lint_lines(mesh("v2.5") + labelled, "MP0312"), "means no");
  CHECK(lint_lines(mesh("v2.1") + labelled, "MP0312").empty());
}

TEST_CASE("M12: MP0305 names each right that a container holds") {
  const auto held = [](std::string_view context) {
    return lint_lines(mesh("v2.5") + web(kYes, ", securityContext: {" + std::string(context) + "}"),
                      "MP0305");
  };
  check_one(held("capabilities: {add: [NET_RAW]}"), "container web holds NET_RAW");
  check_one(held("privileged: true"), "container web holds privileged");
  CHECK(held("capabilities: {add: [NET_ADMIN, NET_RAW]}").size() == 2);
  CHECK(held("capabilities: {drop: [ALL]}").empty());
  // Who is in no mesh has no sidecar to get around.
  const std::string pay = "apiVersion: v1\nkind: Namespace\nmetadata: {name: pay}\n---\n";
  CHECK(lint_lines(pay + web("", ", securityContext: {privileged: true}", "", "pay"), "MP0305")
            .empty());
}

TEST_CASE("M11: MP0309 by the injector's version") {
  struct Row {
    const char* version;
    const char* networks;
    const char* says;
  };
  const Row rows[] = {
      {"v2.5", "'[]'", "no pod starts"},
      {"v2.5", "'[macvlan]'", "nothing redirects"},
      {"v2.5", "'macvlan'", nullptr},
      {"v2.0", "'[{\"name\": \"macvlan\"}]'", nullptr},
  };
  for (const Row& row : rows) {
    CAPTURE(row.version, row.networks);
    const auto lines =
        lint_lines(mesh(row.version) +
                       web(kYes + ", k8s.v1.cni.cncf.io/networks: " + std::string(row.networks)),
                   "MP0309");
    if (row.says == nullptr) {
      CHECK(lines.empty());
    } else {
      check_one(lines, row.says);
    }
  }
}

TEST_CASE("M10: MP0307 is silent where the input has no NetworkAttachmentDefinition at all") {
  const std::string named = web(kYes + ", k8s.v1.cni.cncf.io/networks: net/macvlan");
  CHECK(lint_lines(mesh("v2.5") + named, "MP0307").empty());
  const std::string other = R"(
---
apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata: {name: v2-5-istio-cni, namespace: shop}
spec: {config: ''}
)";
  check_one(lint_lines(mesh("v2.5") + named + other, "MP0307"), "project net has no");
  check_one(lint_lines(mesh("v2.4") + web(kYes) + other, "MP0307"),
            "gets the mesh's network v2-4-istio-cni");
}
