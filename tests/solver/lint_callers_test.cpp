#include <catch2/catch.hpp>

#include "tests/solver/evaluate_case.h"
#include "tests/solver/lint_case.h"

using namespace meshproof;

namespace {

std::string project(const std::string& name, const std::string& labels = "") {
  return "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + ", labels: {" + labels +
         "}}\n---\n";
}

std::string pod(const std::string& ns, const std::string& name, const std::string& labels,
                const std::string& spec = "") {
  return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + ", namespace: " + ns +
         ", labels: {" + labels + "}}\nspec: {" + spec +
         "containers: [{name: c, ports: [{containerPort: 8080}]}]}\nstatus: {phase: "
         "Running}\n---\n";
}

const std::string kRoute = R"(
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 8080}]}
---
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: web, namespace: shop}
spec: {host: web.apps.example.com, to: {kind: Service, name: web}}
---
)";

const std::string kGroup = "network.openshift.io/policy-group: ingress";
const std::string kRouter =
    "ingresscontroller.operator.openshift.io/deployment-ingresscontroller: "
    "default";
const std::string kExposed = "app: web, maistra.io/expose-route: 'true'";

std::string shop(const std::string& labels) {
  return project("mesh-a", "maistra.io/member-of: mesh-a") +
         project("shop", "maistra.io/member-of: mesh-a") + pod("shop", "web", labels);
}

std::string expose_policy() {
  return policy("shop", "istio-expose-route-basic",
                "podSelector: {matchLabels: {maistra.io/expose-route: 'true'}}, ingress: [{from: "
                "[{namespaceSelector: {matchLabels: {" +
                    kGroup + "}}}]}]") +
         "\n---\n";
}

std::string routers() {
  return project("openshift-ingress", kGroup) + pod("openshift-ingress", "router", kRouter);
}

}  // namespace

TEST_CASE("B4: MP0501 finds Routes that stop when their project joins (incident 1)") {
  const std::string closed = policy("shop", "istio-mesh-basic",
                                    "podSelector: {}, ingress: [{from: [{namespaceSelector: "
                                    "{matchLabels: {maistra.io/member-of: mesh-a}}}]}]") +
                             "\n---\n";
  check_one(lint_lines(shop("app: web") + routers() + kRoute + closed, "MP0501"),
            "Route shop/web: does not get through: router openshift-ingress does not reach "
            "shop/web on TCP 8080");
  CHECK(
      lint_lines(shop(kExposed) + routers() + kRoute + closed + expose_policy(), "MP0501").empty());
  // Without a router in the input nothing can be said.
  CHECK(lint_lines(shop("app: web") + kRoute + closed, "MP0501").empty());
  // It is enough that the routers of one project get through.
  const std::string sharded = project("own-routers", "maistra.io/member-of: mesh-a, " + kGroup) +
                              pod("own-routers", "router", kRouter);
  CHECK(lint_lines(shop("app: web") + routers() + sharded + kRoute + closed, "MP0501").empty());
}

TEST_CASE("MP0504: where the label is and what it says") {
  const auto one = [](const std::string& labels, const std::string& more) {
    return lint_lines(shop(labels) + more, "MP0504");
  };
  CHECK(one(kExposed, expose_policy()).empty());
  check_one(one("app: web, maistra.io/expose-route: 'yes'", expose_policy()),
            "has maistra.io/expose-route \"yes\", and only \"true\" counts");
  check_one(one(kExposed, ""), "no NetworkPolicy of the project is for it");
  const std::string service = R"(
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {maistra.io/expose-route: 'true'}}
spec: {selector: {app: web}, ports: [{port: 8080}]}
)";
  check_one(one("app: web", service), "Service shop/web: has the label");
  // The operator will write the policy.
  const std::string roll = R"(
apiVersion: maistra.io/v1
kind: ServiceMeshMemberRoll
metadata: {name: default, namespace: mesh-a}
spec: {members: [shop]}
)";
  CHECK(one(kExposed, roll).empty());
}

TEST_CASE("MP0505: which project's label stands for routers on their nodes") {
  const std::string mesh = shop("app: web") + R"(
apiVersion: maistra.io/v1
kind: ServiceMeshMemberRoll
metadata: {name: default, namespace: mesh-a}
spec: {members: [shop]}
---
)";
  const std::string hosts =
      project("openshift-ingress", kGroup) +
      pod("openshift-ingress", "router", kRouter, "hostNetwork: true, nodeName: n1, ");
  struct Row {
    Dialect dialect;
    std::string labelled;
    bool is_found;
  };
  const Row rows[] = {
      {kSdn, "", true},
      {kOvn, "", true},
      {kSdn, "default", false},
      {kOvn, "default", true},
      {kSdn, "openshift-host-network", false},
      {kOvn, "openshift-host-network", false},
  };
  for (const Row& row : rows) {
    CAPTURE(to_string(row.dialect), row.labelled);
    const std::string more = row.labelled.empty() ? "" : project(row.labelled, kGroup);
    const auto lines = lint_lines(mesh + hosts + more, "MP0505", in_dialect(row.dialect));
    CHECK(lines.size() == (row.is_found ? 1U : 0U));
  }
  CHECK(lint_lines(mesh + routers(), "MP0505", in_dialect(kSdn)).empty());
}

TEST_CASE("B4: MP0506 finds pods that a tenant has opened for nothing (incident 8)") {
  check_one(lint_lines(shop(kExposed) + expose_policy(), "MP0506"), "no Route or Ingress leads");
  CHECK(lint_lines(shop(kExposed) + expose_policy() + kRoute, "MP0506").empty());
  CHECK(lint_lines(shop(kExposed), "MP0506").empty());
}

TEST_CASE("M20: MP0509 counts hosts by project and path") {
  const auto claim = [](const std::string& ns, const std::string& name, const std::string& more) {
    return "apiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {name: " + name +
           ", namespace: " + ns + "}\nspec: {host: a.example.com, to: {kind: Service, name: w}" +
           more + "}\n---\n";
  };
  check_one(lint_lines(claim("a", "r", "") + claim("a", "s", ""), "MP0509"),
            "Route a/s: claims host a.example.com, which Route a/r has");
  CHECK(lint_lines(claim("a", "r", "") + claim("a", "s", ", path: /v2"), "MP0509").empty());
  check_one(lint_lines(claim("a", "r", "") + claim("b", "s", ", path: /v2"), "MP0509"),
            "Route b/s: claims host a.example.com/v2, which Route a/r has");
}

TEST_CASE("M20: MP0509 counts Gateways where the mesh makes Routes") {
  const auto gateway = [](const std::string& name) {
    return "apiVersion: networking.istio.io/v1beta1\nkind: Gateway\nmetadata: {name: " + name +
           ", namespace: shop}\nspec: {selector: {istio: ingressgateway}, servers: [{hosts: "
           "[shop/a.example.com]}]}\n---\n";
  };
  const auto plane = [](const std::string& spec) {
    return "apiVersion: maistra.io/v2\nkind: ServiceMeshControlPlane\nmetadata: {name: basic, "
           "namespace: mesh-a}\nspec: {version: v2.5" +
           spec + "}\n---\n";
  };
  const std::string two = shop("app: web") + gateway("g") + gateway("h");
  check_one(lint_lines(two + plane(", gateways: {openshiftRoute: {enabled: true}}"), "MP0509"),
            "Gateway shop/h: claims host a.example.com, which Gateway shop/g has");
  CHECK(
      lint_lines(two + plane(", gateways: {openshiftRoute: {enabled: false}}"), "MP0509").empty());
  CHECK(lint_lines(two + plane(""), "MP0509").empty());
}
