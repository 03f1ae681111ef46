// The Routes that control planes make of Gateways (IOR): every cell of operator.md 6.4.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "model/mesh/gateway_routes.h"
#include "tests/support/yaml.h"

namespace meshproof {
namespace {

/// Not a digest, but one can see what was digested.
std::string shown(std::string_view text) { return "<" + std::string{text} + ">"; }

std::string ns(const std::string& name) {
  return "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + "}\n---\n";
}

std::string plane(const std::string& version, const std::string& more = "") {
  const bool v1 = version.starts_with("v1");
  const std::string spec = v1 ? "istio: {gateways: {istio-ingressgateway: {ior_enabled: true}}}"
                              : "gateways: {" + more + "}";
  return ns("mesh") + ns("shop") + ns("alone") + "apiVersion: maistra.io/" + (v1 ? "v1" : "v2") +
         "\nkind: ServiceMeshControlPlane\nmetadata: {name: basic, namespace: mesh}\nspec: "
         "{version: " +
         version + ", " + spec +
         "}\n---\napiVersion: maistra.io/v1\nkind: "
         "ServiceMeshMemberRoll\nmetadata: {name: default, namespace: mesh}\nstatus: "
         "{configuredMembers: [shop]}\n---\n";
}

std::string gateway_pod(const std::string& project) {
  return "apiVersion: v1\nkind: Pod\nmetadata: {name: gateway, namespace: " + project +
         ", labels: {istio: ingressgateway, app: gateway}}\n---\napiVersion: v1\nkind: Service\n"
         "metadata: {name: gateway, namespace: " +
         project + "}\nspec: {selector: {app: gateway}, ports: [{name: http2, port: 80}]}\n---\n";
}

std::string gateway(const std::string& servers, const std::string& metadata = "",
                    const std::string& selector = "istio: ingressgateway",
                    const std::string& where = "name: edge, namespace: shop") {
  return "apiVersion: networking.istio.io/v1beta1\nkind: Gateway\nmetadata: {" + where +
         (metadata.empty() ? "" : ", " + metadata) + "}\nspec: {selector: {" + selector +
         "}, servers: [" + servers + "]}\n---\n";
}

std::vector<GatewayRoute> made(const std::string& yaml) {
  return gateway_routes(snapshot_from(yaml), shown);
}

GatewayRoute only(const std::string& yaml) {
  const auto routes = made(yaml);
  REQUIRE(routes.size() == 1);
  return routes[0];
}

std::string text(const GatewayRoute& route, std::initializer_list<std::string_view> path) {
  return std::string{route.route.string_at(path)};
}

std::string hosting(const std::string& host) { return "{hosts: ['" + host + "']}"; }

TEST_CASE("M20: where a Gateway's Route lies and what it is called, by version") {
  struct Row {
    std::string version;
    std::string host;
    std::string where;  ///< empty: there is none
    std::string actual;
  };
  const auto row = GENERATE(values<Row>({
      {"v1.1", "a.example.com", "mesh/shop-edge-*", "a.example.com"},
      {"v2.0", "a.example.com", "shop/shop-edge-<a.example.com>", "a.example.com"},
      {"v2.3", "a.example.com", "shop/shop-edge-<a.example.com>", "a.example.com"},
      {"v2.4", "a.example.com", "shop/shop-edge-<a.example.com>", "a.example.com"},
      {"v1.1", "*", "mesh/shop-edge-*", ""},
      {"v2.0", "*", "shop/shop-edge-<star>", ""},
      {"v2.3", "", "shop/shop-edge-<star>", ""},
      {"v2.4", "*", "shop/shop-edge-<*>", ""},
      {"v2.5", "*", "shop/shop-edge-<*>", ""},
      {"v2.5", "", "shop/shop-edge-<star>", ""},
      {"v2.0", "*.b.example.com", "shop/shop-edge-<wildcard.b.example.com>",
       "wildcard.b.example.com"},
      {"v2.5", "*.b.example.com", "shop/shop-edge-<*.b.example.com>", "wildcard.b.example.com"},
      {"v1.1", "*.b.example.com", "mesh/shop-edge-*", "wildcard.b.example.com"},
      {"v2.0", "pay/a.example.com", "", ""},
      {"v2.1", "pay/a.example.com", "", ""},
      {"v2.2", "pay/a.example.com", "shop/shop-edge-<a.example.com>", "a.example.com"},
      {"v2.3", "./*.b.example.com", "shop/shop-edge-<wildcard.b.example.com>",
       "wildcard.b.example.com"},
      {"v2.4", "pay/a.example.com", "shop/shop-edge-<pay/a.example.com>", "a.example.com"},
      {"v2.5", "pay/a.example.com", "shop/shop-edge-<pay/a.example.com>", "a.example.com"},
  }));
  INFO(row.version << ' ' << row.host);
  const auto route = only(plane(row.version) + gateway_pod("shop") + gateway(hosting(row.host)));
  CHECK(route.mesh == "mesh");
  CHECK(route.gateway == "shop/edge");
  if (row.where.empty()) {
    CHECK(route.route.is_null());
    CHECK(route.because.find("namespace off the host") != std::string::npos);
    return;
  }
  const std::string generated = text(route, {"metadata", "generateName"});
  const std::string name = generated.empty() ? text(route, {"metadata", "name"}) : generated + '*';
  CHECK(text(route, {"metadata", "namespace"}) + '/' + name == row.where);
  CHECK(text(route, {"spec", "host"}) == row.actual);
  const bool wildcard = row.host.find("*.") != std::string::npos;
  CHECK(text(route, {"spec", "wildcardPolicy"}) == (wildcard ? "Subdomain" : "None"));
  CHECK(text(route, {"metadata", "annotations", "maistra.io/original-host"}) == row.host);
}

TEST_CASE("M20: TLS of the server is passed through, and decides the port") {
  const auto route = [](const std::string& tls) {
    return only(plane("v2.4") + gateway_pod("shop") +
                gateway("{hosts: [a.example.com]" + tls + "}"));
  };
  const auto plain = route("");
  CHECK(text(plain, {"spec", "port", "targetPort"}) == "http2");
  CHECK(plain.route.find_path({"spec", "tls"}) == nullptr);
  CHECK(route(", tls: null").route.find_path({"spec", "tls"}) == nullptr);
  const auto redirecting = route(", tls: {httpsRedirect: true}");
  CHECK(text(redirecting, {"spec", "port", "targetPort"}) == "https");
  CHECK(text(redirecting, {"spec", "tls", "termination"}) == "passthrough");
  CHECK(text(redirecting, {"spec", "tls", "insecureEdgeTerminationPolicy"}) == "Redirect");
  const auto secure = route(", tls: {mode: SIMPLE}");
  CHECK(text(secure, {"spec", "tls", "termination"}) == "passthrough");
  CHECK(text(secure, {"spec", "tls", "insecureEdgeTerminationPolicy"}).empty());
  CHECK(text(secure, {"spec", "to", "name"}) == "gateway");
}

TEST_CASE("M20: labels and annotations of a Gateway that its Route takes over, by version") {
  struct Row {
    std::string version;
    std::vector<std::string> labels;
    std::vector<std::string> annotations;
  };
  const std::vector<std::string> base{"maistra.io/gateway-name", "maistra.io/gateway-namespace",
                                      "maistra.io/generated-by"};
  const auto with = [](std::vector<std::string> keys, std::initializer_list<std::string> more) {
    keys.insert(keys.end(), more);
    std::ranges::sort(keys);
    return keys;
  };
  const std::string counted = "maistra.io/gateway-resourceVersion";
  const auto row = GENERATE_COPY(values<Row>({
      {"v1.1", base, {"maistra.io/original-host"}},
      {"v2.0",
       with(base, {counted}),
       {"argocd.argoproj.io/sync", "maistra.io/manageRoute", "maistra.io/original-host", "note"}},
      {"v2.1",
       with(base, {counted}),
       {"argocd.argoproj.io/sync", "maistra.io/original-host", "note"}},
      {"v2.2",
       with(base, {counted, "team", "argocd.argoproj.io/instance"}),
       {"argocd.argoproj.io/sync", "maistra.io/original-host", "note"}},
      {"v2.3",
       with(base, {counted, "team", "argocd.argoproj.io/instance"}),
       {"argocd.argoproj.io/sync", "maistra.io/original-host", "note"}},
      {"v2.4", with(base, {counted, "team"}), {"maistra.io/original-host", "note"}},
      {"v2.5", with(base, {counted, "team"}), {"maistra.io/original-host", "note"}},
  }));
  INFO(row.version);
  const auto route =
      only(plane(row.version) + gateway_pod("shop") +
           gateway("{hosts: [a.example.com]}",
                   "resourceVersion: \"7\", labels: {team: red, maistra.io/x: y, "
                   "argocd.argoproj.io/instance: z}, annotations: {note: n, "
                   "kubectl.kubernetes.io/last-applied-configuration: x, maistra.io/manageRoute: "
                   "\"true\", argocd.argoproj.io/sync: s}"));
  const auto keys = [&](std::string_view field) {
    std::vector<std::string> found;
    for (const TreeField& each : route.route.find_path({"metadata", field})->fields) {
      found.push_back(each.key);
    }
    std::ranges::sort(found);
    return found;
  };
  CHECK(keys("labels") == row.labels);
  CHECK(keys("annotations") == row.annotations);
  CHECK(is_gateway_route(make_object(route.route)));
}

TEST_CASE("M20: Gateways that ask for no Route, by version") {
  struct Row {
    std::string version;
    std::string annotation;
    std::string selector;
    bool is_made;
  };
  const std::string in = "istio: ingressgateway";
  const std::string out = "istio: egressgateway";
  const auto row = GENERATE_COPY(values<Row>({
      {"v2.0", "false", in, true},
      {"v2.1", "false", in, false},
      {"v2.1", "0", in, false},
      {"v2.1", "True", in, true},
      {"v2.1", "perhaps", in, false},
      {"v2.5", "false", in, false},
      {"v2.0", "true", out, true},
      {"v2.1", "true", out, false},
      {"v2.5", "true", out, false},
  }));
  INFO(row.version << ' ' << row.annotation << ' ' << row.selector);
  const std::string pods =
      "apiVersion: v1\nkind: Pod\nmetadata: {name: out, namespace: shop, labels: {istio: "
      "egressgateway, app: gateway}}\n---\n";
  const std::string yaml =
      plane(row.version) + gateway_pod("shop") + pods +
      gateway(hosting("a.example.com"),
              "annotations: {maistra.io/manageRoute: \"" + row.annotation + "\"}", row.selector);
  CHECK(made(yaml).size() == (row.is_made ? 1 : 0));
  const ObjectStore objects = objects_from(yaml);
  const bool said_no = row.annotation != "true" && row.annotation != "True";
  CHECK(is_opted_out(objects, "shop/edge") == said_no);
  CHECK_FALSE(is_opted_out(objects, "shop/none"));
}

TEST_CASE("M20: which control planes make Routes, by version and spec") {
  struct Row {
    std::string version;
    std::string gateways;
    bool makes;
  };
  const auto row = GENERATE(values<Row>({
      {"v2.0", "", true},
      {"v2.4", "", true},
      {"v2.5", "", true},  // upgraded: admission writes `false` only when it is created
      {"v2.4", "openshiftRoute: {enabled: false}", false},
      {"v2.5", "openshiftRoute: {enabled: false}", false},
      {"v2.5", "openshiftRoute: {enabled: true}", true},
      {"v2.4", "enabled: false", false},
  }));
  INFO(row.version << ' ' << row.gateways);
  const std::string yaml =
      plane(row.version, row.gateways) + gateway_pod("shop") + gateway(hosting("a.example.com"));
  CHECK(made(yaml).size() == (row.makes ? 1 : 0));
  CHECK(meshes_that_make_routes(objects_from(yaml)).size() == (row.makes ? 1 : 0));
}

TEST_CASE("M20: v1 control planes make Routes only if told to") {
  std::string yaml = plane("v1.1") + gateway(hosting("a.example.com"));
  CHECK(only(yaml).route.string_at({"spec", "to", "name"}) == "istio-ingressgateway");
  const std::string on = "ior_enabled: true";
  yaml.replace(yaml.find(on), on.size(), "enabled: true");
  CHECK(made(yaml).empty());
  CHECK(made(plane("v1.0") + gateway(hosting("a.example.com"))).empty());
}

TEST_CASE("M20: a v1.1 Route that is there has its name") {
  const auto route =
      only(plane("v1.1") + gateway(hosting("a.example.com")) +
           "apiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {name: shop-edge-x7, "
           "namespace: mesh, labels: {maistra.io/generated-by: ior, maistra.io/gateway-name: edge, "
           "maistra.io/gateway-namespace: shop}, annotations: {maistra.io/original-host: "
           "a.example.com}}\nspec: {host: a.example.com}\n");
  CHECK(text(route, {"metadata", "name"}) == "shop-edge-x7");
  CHECK(route.claimed_by.empty());
}

TEST_CASE("M20: Gateways of projects that nobody watches have no Routes") {
  const std::string where = "name: edge, namespace: alone";
  CHECK(made(plane("v2.4") + gateway_pod("shop") +
             gateway(hosting("a.example.com"), "", "istio: ingressgateway", where))
            .empty());
  // Cluster-wide control planes watch every project.
  std::string wide = plane("v2.4") + gateway_pod("alone") +
                     gateway(hosting("a.example.com"), "", "istio: ingressgateway", where);
  wide.replace(wide.find("{version: v2.4"), 14, "{mode: ClusterWide, version: v2.4");
  CHECK(text(only(wide), {"metadata", "namespace"}) == "alone");
}

TEST_CASE("M20: the Service is that of the first pod that the Gateway's selector picks") {
  const std::string servers = hosting("a.example.com");
  CHECK(text(only(plane("v2.3") + gateway_pod("shop") + gateway_pod("mesh") + gateway(servers)),
             {"metadata", "namespace"}) == "mesh");
  const auto none = only(plane("v2.3") + gateway_pod("alone") + gateway(servers));
  CHECK(none.route.is_null());
  CHECK(none.because.find("no Service of the mesh") != std::string::npos);
  CHECK(only(plane("v2.5") + gateway_pod("shop") + gateway(servers, "", "istio: none"))
            .route.is_null());
}

TEST_CASE("M20: the API server gives a host to a Route without one") {
  const auto route = only(plane("v2.5") + gateway_pod("shop") + gateway(hosting("*")) +
                          "apiVersion: config.openshift.io/v1\nkind: Ingress\nmetadata: {name: "
                          "cluster}\nspec: {domain: apps.example.com}\n");
  CHECK(text(route, {"spec", "host"}) == "shop-edge-<*>-shop.apps.example.com");
}

TEST_CASE("M20: a host that two claim is the older one's") {
  const std::string other = "name: late, namespace: shop";
  const std::string state = plane("v2.4") + gateway_pod("shop");
  const std::string first =
      gateway(hosting("a.example.com"), "creationTimestamp: \"2024-02-01T00:00:00Z\"");
  const std::string second =
      gateway(hosting("a.example.com"), "creationTimestamp: \"2024-01-01T00:00:00Z\"",
              "istio: ingressgateway", other);
  const auto routes = made(state + first + second);
  REQUIRE(routes.size() == 2);
  CHECK(routes[0].gateway == "shop/edge");
  CHECK(routes[0].claimed_by == "Gateway shop/late");
  CHECK(routes[1].claimed_by.empty());
  const auto taken = only(state + gateway(hosting("a.example.com")) +
                          "apiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {name: web, "
                          "namespace: shop}\nspec: {host: a.example.com}\n");
  CHECK(taken.claimed_by == "Route shop/web");
}

TEST_CASE("M20: a host that a Gateway names twice has one Route") {
  const auto routes =
      made(plane("v2.4") + gateway_pod("shop") +
           gateway(hosting("a.example.com") + ", {hosts: [a.example.com], tls: {}}"));
  REQUIRE(routes.size() == 2);
  CHECK_FALSE(routes[0].route.is_null());
  CHECK(routes[1].because.find("an earlier server") != std::string::npos);
}

TEST_CASE("M20: Gateways of any shape are read") {
  for (const std::string spec :
       {"null", "{servers: x}", "{servers: [1, {hosts: 2}, {hosts: [{}]}]}",
        "{selector: [], servers: [{hosts: [a]}]}"}) {
    const auto routes =
        made(plane("v2.5") + gateway_pod("shop") +
             "apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: odd, namespace: "
             "shop}\nspec: " +
             spec + "\n");
    CHECK(routes.size() <= 1);
  }
}

}  // namespace
}  // namespace meshproof
