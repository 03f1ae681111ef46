// What a plan says of Routes: mission M20, M21.

#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "backends/sha256.h"
#include "tests/cli/run_cli.h"

using namespace meshproof;

namespace {

std::string ns(const std::string& name, const std::string& labels = "") {
  return "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + ", labels: {" + labels +
         "}}\n---\n";
}

std::string pod(const std::string& project, const std::string& name, const std::string& labels) {
  return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + ", namespace: " + project +
         ", labels: {" + labels +
         "}}\nspec: {containers: [{name: c, ports: [{containerPort: 8080}]}]}\n---\n";
}

std::string service(const std::string& project, const std::string& name) {
  return "apiVersion: v1\nkind: Service\nmetadata: {name: " + name + ", namespace: " + project +
         "}\nspec: {selector: {app: " + name +
         "}, ports: [{name: http2, port: 80, targetPort: 8080}]}\n---\n";
}

const std::string kBase =
    ns("mesh") + ns("shop") + ns("pay") +
    ns("openshift-ingress", "network.openshift.io/policy-group: ingress") +
    pod("openshift-ingress", "router", "") +
    "apiVersion: config.openshift.io/v1\nkind: Ingress\nmetadata: {name: cluster}\nspec: {domain: "
    "apps.example.com}\n---\n";

const std::string kPlane =
    "apiVersion: maistra.io/v2\nkind: ServiceMeshControlPlane\nmetadata: {name: basic, namespace: "
    "mesh}\nspec: {version: v2.4, addons: {grafana: {enabled: false}, kiali: {enabled: false}, "
    "prometheus: {enabled: false}}, tracing: {type: None}}\n---\n";

const std::string kMesh = kBase + kPlane +
                          "apiVersion: maistra.io/v1\nkind: ServiceMeshMemberRoll\nmetadata: "
                          "{name: default, namespace: mesh}\nspec: {members: [pay]}\n---\n" +
                          pod("mesh", "ingress", "app: ingress, istio: ingressgateway") +
                          service("mesh", "ingress");

std::string gateway(const std::string& project) {
  return "apiVersion: networking.istio.io/v1beta1\nkind: Gateway\nmetadata: {name: edge, "
         "namespace: " +
         project +
         "}\nspec: {selector: {istio: ingressgateway}, servers: [{hosts: [shop.example.com], port: "
         "{number: 80}}]}\n---\n";
}

std::string route(const std::string& project, const std::string& name, const std::string& host) {
  return "apiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {name: " + name +
         ", namespace: " + project + "}\nspec: {host: " + host +
         ", to: {kind: Service, name: " + name + "}}\n---\n";
}

CliRun plan(const std::string& cluster, std::vector<std::string> more) {
  const TemporaryFolder folder;
  std::vector<std::string> args{"plan", "-f", folder.write("c.yaml", cluster), "--quiet"};
  args.insert(args.end(), more.begin(), more.end());
  return run_cli(args);
}

Tree routes_of(const std::string& cluster, std::vector<std::string> more) {
  more.insert(more.end(), {"--assert", "none", "--fail-on", "never", "-o", "json"});
  const CliRun run = plan(cluster, more);
  INFO(run.err);
  REQUIRE(run.code == ExitCode::Success);
  return *json_of(run).find("routes");
}

const Tree& named(const Tree& routes, std::string_view name) {
  for (const Tree& each : routes.items) {
    if (each.string_at({"name"}) == name) return each;
  }
  FAIL("there is no Route " << name);
  return routes;
}

std::string installed(const std::string& spec) {
  return "apiVersion: meshproof.io/v1\nkind: Change\nsteps:\n- apply:\n    apiVersion: "
         "maistra.io/v2\n    kind: ServiceMeshControlPlane\n    metadata: {name: basic, namespace: "
         "mesh}\n    spec: " +
         spec + "\n";
}

Tree routes_after_change(const std::string& cluster, const std::string& change) {
  const TemporaryFolder folder;
  return routes_of(cluster, {"--change", folder.write("change.yaml", change)});
}

const std::string kEdge = "shop-edge-951623a26f8b3388";

TEST_CASE("names of Routes have the beginning of a SHA-256") {
  CHECK(short_sha256("abc") == "ba7816bf8f01cfea");
  CHECK(short_sha256("star") == "525eca1d5089dbdc");
  CHECK(short_sha256("") == "e3b0c44298fc1c14");
}

TEST_CASE("M20: a project that joins brings its Gateway, and so a Route") {
  const Tree routes = routes_of(kMesh + gateway("shop"), {"--join", "shop"});
  const Tree& edge = named(routes, kEdge);
  CHECK(edge.string_at({"namespace"}) == "mesh");
  CHECK(edge.string_at({"host"}) == "shop.example.com");
  CHECK(edge.string_at({"by"}) == "ior");
  CHECK(edge.string_at({"there"}) == "after");
  CHECK(edge.boolean_at({"before"}) == false);
  CHECK(edge.boolean_at({"predicted"}) == true);
  CHECK(edge.find("where")->integer_at({"line"}).has_value());
  const CliRun table = plan(kMesh + gateway("shop"), {"--join", "shop"});
  CHECK_THAT(replaced(table.out, "\n      ", " "),
             Catch::Contains("+ Route mesh/" + kEdge + " \"shop.example.com\""));
}

TEST_CASE("M20: a project that leaves takes its Gateway's Route along") {
  const std::string cluster = kMesh + gateway("pay");
  const Tree routes = routes_of(cluster, {"--leave", "pay"});
  const Tree& edge = named(routes, "pay-edge-951623a26f8b3388");
  CHECK(edge.string_at({"there"}) == "before");
  CHECK(edge.boolean_at({"after"}) == false);
  // One that is in the input too.
  const std::string real =
      replaced(route("mesh", "pay-edge-951623a26f8b3388", "shop.example.com"), "namespace: mesh}",
               "namespace: mesh, labels: "
               "{maistra.io/generated-by: ior}}");
  const Tree& gone =
      named(routes_of(cluster + real, {"--leave", "pay"}), "pay-edge-951623a26f8b3388");
  CHECK(gone.string_at({"there"}) == "before");
  CHECK(gone.boolean_at({"predicted"}) == false);
}

TEST_CASE("M20: Routes of Gateways stay where nobody takes them away") {
  const std::string real =
      replaced(route("mesh", "pay-edge-951623a26f8b3388", "shop.example.com"), "namespace: mesh}",
               "namespace: mesh, labels: {maistra.io/generated-by: ior}}");
  const std::string change =
      "apiVersion: meshproof.io/v1\nkind: Change\nsteps:\n- delete: {kind: "
      "ServiceMeshControlPlane, namespace: mesh, name: basic}\n";
  const Tree routes = routes_after_change(kMesh + gateway("pay") + real, change);
  CHECK(named(routes, "pay-edge-951623a26f8b3388").string_at({"there"}) == "both");
}

TEST_CASE("M20: whether the router reaches the pods behind each Route, before and after") {
  const std::string cluster = kMesh + pod("shop", "web", "app: web") + service("shop", "web") +
                              pod("shop", "open", "app: open, maistra.io/expose-route: \"true\"") +
                              service("shop", "open") + route("shop", "web", "w.example.com") +
                              route("shop", "open", "o.example.com") +
                              route("shop", "none", "n.example.com");
  const Tree routes = routes_of(cluster, {"--join", "shop"});
  const Tree& web = named(routes, "web");
  CHECK(web.boolean_at({"before"}) == true);
  CHECK(web.boolean_at({"after"}) == false);
  CHECK(web.boolean_at({"stops"}) == true);
  CHECK(web.find("by")->is_null());
  CHECK(web.string_at({"there"}) == "both");
  const Tree& open = named(routes, "open");
  CHECK(open.boolean_at({"before"}) == true);
  CHECK(open.boolean_at({"after"}) == true);
  CHECK(open.find("stops") == nullptr);
  const Tree& none = named(routes, "none");
  CHECK(none.find("after")->is_null());
  CHECK(none.string_at({"because"}) == "Service none is not in the input");
  const CliRun table = plan(cluster, {"--join", "shop"});
  CHECK_THAT(table.out, Catch::Contains("Routes and Ingresses afterwards: "));
  CHECK_THAT(replaced(table.out, "\n      ", " "), !Catch::Contains("Route shop/open"));
}

TEST_CASE("M20: a Route whose host is taken is told, and so is a Gateway without a gateway") {
  const auto told = [](const std::string& cluster) {
    return replaced(plan(cluster, {"--join", "shop"}).out, "\n    ", " ");
  };
  const std::string taken = kMesh + gateway("shop") + route("pay", "web", "shop.example.com");
  CHECK_THAT(told(taken),
             Catch::Contains("is not admitted, because Route pay/web has the host already"));
  const Tree routes = routes_of(taken, {"--join", "shop"});
  CHECK(named(routes, kEdge).boolean_at({"after"}) == false);
  CHECK(named(routes, kEdge).string_at({"because"}) == "Route pay/web has the host already");
  CHECK_THAT(told(replaced(kMesh, "app: ingress,", "app: other,") + gateway("shop")),
             Catch::Contains("host shop.example.com of Gateway shop/edge gets no Route: no Service "
                             "of the mesh leads to a pod"));
}

TEST_CASE("M21: after an installation routers reach the addons, by the policies of the charts") {
  const Tree routes = routes_after_change(kBase, installed("{version: v2.5}"));
  for (const std::string name : {"grafana", "prometheus", "jaeger", "istio-ingressgateway"}) {
    INFO(name);
    const Tree& each = named(routes, name);
    CHECK(each.string_at({"namespace"}) == "mesh");
    CHECK(each.string_at({"host"}) == name + "-mesh.apps.example.com");
    CHECK(each.boolean_at({"before"}) == false);
    CHECK(each.boolean_at({"after"}) == true);
    CHECK(each.boolean_at({"podsAssumed"}) == true);
    CHECK(each.string_at({"by"}) == (name == "jaeger" ? "jaeger" : "charts"));
  }
  const Tree& kiali = named(routes, "kiali");
  CHECK(kiali.string_at({"by"}) == "kiali");
  CHECK(kiali.boolean_at({"predicted"}) == true);
  CHECK(kiali.boolean_at({"after"}) == true);
}

TEST_CASE("M21: with policies off the addons stand open as long as nothing else isolates them") {
  const std::string policy =
      "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, namespace: "
      "mesh}\nspec: {podSelector: {}}\n---\n";
  const std::string off = installed("{version: v2.5, security: {manageNetworkPolicy: false}}");
  CHECK(named(routes_after_change(kBase, off), "grafana").boolean_at({"after"}) == true);
  CHECK(named(routes_after_change(kBase + policy, off), "grafana").boolean_at({"after"}) == false);
  const std::string on = installed("{version: v2.5}");
  CHECK(named(routes_after_change(kBase + policy, on), "grafana").boolean_at({"after"}) == true);
}

}  // namespace
