// The Routes that the charts of a control plane make: operator.md 6.2, 6.3.

#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "model/mesh/addon_routes.h"
#include "model/mesh/chart_routes.h"
#include "model/mesh/route_hosts.h"
#include "tests/model/mesh_scene.h"
#include "tests/support/yaml.h"

namespace meshproof {
namespace {

constexpr std::string_view kState = R"(
apiVersion: v1
kind: Namespace
metadata: {name: mesh}
---
apiVersion: config.openshift.io/v1
kind: Ingress
metadata: {name: cluster}
spec: {domain: apps.example.com}
)";

ChangeStep plane(const std::string& spec) {
  return apply(
      "apiVersion: maistra.io/v2\nkind: ServiceMeshControlPlane\nmetadata: {name: basic, "
      "namespace: mesh}\nspec: {" +
      spec + "}");
}

Prediction installed(const std::string& spec, const std::string& operator_version = "2.5") {
  return play(kState, change_of({{plane(spec)}}), operator_version);
}

std::vector<std::string> routes_of(const ObjectStore& objects) {
  std::vector<std::string> names;
  for (const Object* route : objects.of_kind("Route")) {
    names.push_back(route->key.ns + '/' + route->key.name);
  }
  return names;
}

std::vector<std::string> route_writes(const Prediction& prediction) {
  std::vector<std::string> lines;
  for (const Step& step : prediction.steps) {
    if (step.key.kind != "Route") continue;
    lines.push_back(std::string{to_string(step.writer)} + ' ' + std::string{to_string(step.verb)} +
                    ' ' + step.key.name);
  }
  return lines;
}

const Tree& route(const Prediction& prediction, std::string_view name) {
  const Object* found = prediction.after.find("Route", "mesh", name);
  REQUIRE(found != nullptr);
  return *found->tree;
}

TEST_CASE("M21: an installed control plane has Routes of its addons, in the order of the charts") {
  const auto prediction = installed("version: v2.5");
  CHECK(route_writes(prediction) ==
        std::vector<std::string>{"operator create prometheus", "others update prometheus",
                                 "operator create istio-ingressgateway",
                                 "others update istio-ingressgateway", "operator create grafana",
                                 "others update grafana", "others create jaeger",
                                 "others update jaeger"});
  const Tree& grafana = route(prediction, "grafana");
  CHECK(grafana.string_at({"spec", "host"}) == "grafana-mesh.apps.example.com");
  CHECK(grafana.string_at({"spec", "tls", "termination"}) == "reencrypt");
  CHECK(grafana.string_at({"spec", "tls", "insecureEdgeTerminationPolicy"}) == "Redirect");
  CHECK(grafana.string_at({"spec", "to", "name"}) == "grafana");
  CHECK(grafana.string_at({"metadata", "labels", "app"}) == "grafana");
  CHECK(grafana.string_at({"metadata", "labels", "app.kubernetes.io/component"}) == "grafana");
  CHECK(grafana.string_at({"metadata", "annotations", "maistra.io/mesh-generation"}) == "2.5.1-1");
  CHECK(grafana.find_path({"metadata", "ownerReferences"}) != nullptr);
  const Tree& ingress = route(prediction, "istio-ingressgateway");
  CHECK(ingress.integer_at({"spec", "port", "targetPort"}) == 8080);
  CHECK(ingress.find_path({"spec", "tls"}) == nullptr);
  CHECK(ingress.string_at({"metadata", "labels", "istio"}) == "ingressgateway");
  CHECK(prediction.after.find("NetworkPolicy", "mesh", "istio-grafana-ingress") != nullptr);
  CHECK(maker_of_route(*prediction.after.find("Route", "mesh", "grafana")) == "charts");
  CHECK(maker_of_route(*prediction.after.find("Route", "mesh", "jaeger")) == "jaeger");
}

TEST_CASE("M21: which Routes there are follows the control plane's spec") {
  struct Row {
    std::string spec;
    std::vector<std::string> routes;
  };
  const std::string off =
      "addons: {kiali: {enabled: false}, grafana: {enabled: false}, prometheus: {enabled: "
      "false}}, tracing: {type: None}";
  const auto row = GENERATE_COPY(values<Row>({
      {off, {"mesh/istio-ingressgateway"}},
      {off + ", gateways: {ingress: {enabled: false}}", {}},
      {off + ", gateways: {enabled: false}", {}},
      {off + ", gateways: {ingress: {routeConfig: {enabled: false}}}", {}},
      {"version: v2.0, " + off + ", gateways: {ingress: {routeConfig: {enabled: false}}}",
       {"mesh/istio-ingressgateway"}},
      {"version: v2.1, " + off + ", gateways: {ingress: {routeConfig: {enabled: false}}}", {}},
      {"addons: {kiali: {enabled: false}, prometheus: {install: {service: {ingress: {enabled: "
       "false}}}}}, tracing: {type: None}, gateways: {enabled: false}",
       {"mesh/grafana"}},
      {off + ", gateways: {additionalIngress: {gw1: {enabled: true}, gw2: {enabled: true, "
             "routeConfig: {enabled: false}}, gw3: {}}, ingress: {enabled: false}}",
       {"mesh/gw1"}},
      {off + ", gateways: {additionalEgress: {out: {enabled: true}}, ingress: {enabled: false}}",
       {}},
  }));
  INFO(row.spec);
  // Operator 2.1 lets every one of these versions through.
  const bool old = row.spec.starts_with("version");
  CHECK(routes_of(installed(row.spec, old ? "2.1" : "2.5").after) == row.routes);
}

TEST_CASE("M21: the hosts of an addon count from v2.4 on, one Route for each") {
  const std::string hosts =
      ", addons: {grafana: {install: {service: {ingress: {hosts: [a.example.com, b.example.com], "
      "metadata: {annotations: {team: red}}}}}}}, tracing: {type: None}";
  const auto names = [&](const std::string& version) {
    std::vector<std::string> found;
    const auto prediction = installed("version: " + version + hosts);
    for (const Object* each : prediction.after.of_kind("Route")) {
      if (!each->key.name.starts_with("grafana")) continue;
      CHECK(each->tree->string_at({"metadata", "annotations", "team"}) == "red");
      found.push_back(each->key.name + ' ' + std::string{each->tree->string_at({"spec", "host"})});
    }
    return found;
  };
  const std::vector<std::string> both{"grafana a.example.com", "grafana-1 b.example.com"};
  CHECK(names("v2.5") == both);
  CHECK(names("v2.4") == both);
  CHECK(names("v2.3") == std::vector<std::string>{"grafana grafana-mesh.apps.example.com"});
  CHECK(names("v2.2") == std::vector<std::string>{"grafana grafana-mesh.apps.example.com"});
}

TEST_CASE("M21: Routes of v1 control planes do not redirect") {
  const auto prediction =
      play(kState,
           change_of({{apply("apiVersion: maistra.io/v1\nkind: ServiceMeshControlPlane\n"
                             "metadata: {name: basic, namespace: mesh}\nspec: {version: v1.1, "
                             "istio: {grafana: {ingress: {enabled: false}}}}")}}),
           "1.1");
  CHECK(routes_of(prediction.after) ==
        std::vector<std::string>{"mesh/istio-ingressgateway", "mesh/jaeger", "mesh/prometheus"});
  const Tree& prometheus = route(prediction, "prometheus");
  CHECK(prometheus.string_at({"spec", "tls", "termination"}) == "reencrypt");
  CHECK(prometheus.find_path({"spec", "tls", "insecureEdgeTerminationPolicy"}) == nullptr);
  CHECK(prometheus.string_at({"metadata", "labels", "chart"}) == "prometheus");
}

TEST_CASE("M21: a new mesh generation makes Routes anew from operator 2.3 on") {
  const auto edited = [](const std::string& version) {
    return play(kState,
                change_of({{plane("version: v2.2, tracing: {type: None}, addons: {grafana: "
                                  "{enabled: false}, kiali: {enabled: false}}")},
                           {patch("Route", "mesh", "prometheus", "{spec: {path: /x}}"),
                            patch("ServiceMeshControlPlane", "mesh", "basic",
                                  "{spec: {gateways: {egress: {enabled: false}, ingress: "
                                  "{enabled: false}}}}")}}),
                version);
  };
  const auto old = edited("2.2");
  CHECK(route(old, "prometheus").string_at({"spec", "path"}) == "/x");
  CHECK(route(old, "prometheus").string_at({"metadata", "labels", "app.kubernetes.io/version"}) ==
        "2.2.13-2");
  const auto now = edited("2.5");
  CHECK(route(now, "prometheus").find_path({"spec", "path"}) == nullptr);
  CHECK(route(now, "prometheus").string_at({"spec", "host"}) == "prometheus-mesh.apps.example.com");
  CHECK(route_writes(now).back() == "operator delete istio-ingressgateway");
  CHECK(routes_of(now.after) == std::vector<std::string>{"mesh/prometheus"});
}

TEST_CASE("M21: Routes are pruned first when a control plane is deleted") {
  const auto prediction = play(
      kState,
      change_of({{plane("version: v2.5")}, {remove("ServiceMeshControlPlane", "mesh", "basic")}}));
  CHECK(routes_of(prediction.after).empty());
  std::string first;
  for (const Step& step : prediction.steps) {
    const bool by_operator = step.writer == Step::Writer::Operator && step.verb == Verb::Delete;
    if (by_operator && first.empty()) first = step.key.kind;
  }
  CHECK(first == "Route");
}

TEST_CASE("M21: the Route of a Jaeger that is gone goes with it") {
  const auto prediction = play(kState, change_of({{plane("version: v2.5")},
                                                  {patch("ServiceMeshControlPlane", "mesh", "basic",
                                                         "{spec: {tracing: {type: None}}}")}}));
  CHECK(prediction.after.find("Route", "mesh", "jaeger") == nullptr);
}

TEST_CASE("M21: a Route of somebody else with the name of a chart's is overwritten") {
  const std::string theirs = std::string{kState} +
                             "---\napiVersion: route.openshift.io/v1\nkind: Route\nmetadata: "
                             "{name: prometheus, namespace: mesh}\nspec: {host: mine.example.com, "
                             "to: {kind: Service, name: mine}}\n";
  for (const std::string version : {"2.2", "2.5"}) {
    const auto prediction = play(theirs, change_of({{plane("version: v2.2")}}), version);
    CHECK(route(prediction, "prometheus").string_at({"spec", "to", "name"}) == "prometheus");
  }
}

TEST_CASE("M20: without a domain a Route has no host, and that is said") {
  const auto prediction = play("apiVersion: v1\nkind: Namespace\nmetadata: {name: mesh}\n",
                               change_of({{plane("version: v2.5")}}));
  CHECK(route(prediction, "prometheus").find_path({"spec", "host"}) == nullptr);
  bool is_said = false;
  for (const std::string& sentence : prediction.assumptions) {
    is_said = is_said || sentence.find("the domain of Routes") != std::string::npos;
  }
  CHECK(is_said);
}

TEST_CASE("M20: what shows the domain of Routes") {
  const auto domain = [](const std::string& yaml) { return domain_of_routes(objects_from(yaml)); };
  const auto object = [](const std::string& group, const std::string& kind,
                         const std::string& metadata, const std::string& more) {
    return "apiVersion: " + group + "/v1\nkind: " + kind + "\nmetadata: {" + metadata + "}\n" +
           more + "\n---\n";
  };
  const std::string ingress =
      object("config.openshift.io", "Ingress", "name: cluster", "spec: {domain: a.example.com}");
  const std::string apps = object("config.openshift.io", "Ingress", "name: cluster",
                                  "spec: {domain: a.example.com, appsDomain: b.example.com}");
  const std::string controller = object("operator.openshift.io", "IngressController",
                                        "name: default, namespace: openshift-ingress-operator",
                                        "status: {domain: c.example.com}");
  const std::string dns =
      object("config.openshift.io", "DNS", "name: cluster", "spec: {baseDomain: d.example.com}");
  const auto route_with = [&](const std::string& host) {
    return object("route.openshift.io", "Route", "name: web, namespace: shop",
                  "spec: {host: " + host + "}");
  };
  CHECK(domain(ingress + controller + dns) == "a.example.com");
  CHECK(domain(apps) == "b.example.com");
  CHECK(domain(controller + dns) == "c.example.com");
  CHECK(domain(dns + route_with("web-shop.e.example.com")) == "apps.d.example.com");
  CHECK(domain(route_with("web-shop.e.example.com")) == "e.example.com");
  CHECK(domain(route_with("shop.example.com")).empty());
  CHECK(domain(route_with("web-shop.")).empty());
}

TEST_CASE("M13: Kiali shows the projects of the roll, with the roll") {
  const auto prediction =
      play(mesh_manifests_and("apiVersion: kiali.io/v1alpha1\nkind: Kiali\nmetadata: {name: kiali, "
                              "namespace: mesh}\nspec: {deployment: {accessible_namespaces: "
                              "[old]}}\n"),
           change_of({{members({"old", "shop"})}}));
  const Object* kiali = prediction.after.find("Kiali", "mesh", "kiali");
  REQUIRE(kiali != nullptr);
  CHECK(*kiali->tree->find_path({"spec", "deployment", "accessible_namespaces"}) ==
        Tree::strings({"old", "shop"}));
}

TEST_CASE("M21: what Kiali is told of its Route follows the charts' version") {
  struct Row {
    std::string version;
    std::string kiali;
    bool by_old_field;
  };
  const auto row = GENERATE(values<Row>({{"v2.2", "v1.48", true},
                                         {"v2.3", "v1.57", false},
                                         {"v2.4", "v1.65", false},
                                         {"v2.5", "v1.73", false}}));
  INFO(row.version);
  const auto prediction = installed("version: " + row.version);
  const Object* kiali = prediction.after.find("Kiali", "mesh", "kiali");
  REQUIRE(kiali != nullptr);
  CHECK(kiali->tree->string_at({"spec", "version"}) == row.kiali);
  const Tree& deployment = *kiali->tree->find_path({"spec", "deployment"});
  CHECK(deployment.boolean_at({"ingress_enabled"}).has_value() == row.by_old_field);
  CHECK(deployment.boolean_at({"ingress", "enabled"}).has_value() != row.by_old_field);
  CHECK(addon_routes(prediction.after).size() == 1);
  const auto off =
      installed("version: " + row.version +
                ", addons: {kiali: {install: {service: {ingress: {enabled: false}}}}}");
  const Tree& told =
      *off.after.find("Kiali", "mesh", "kiali")->tree->find_path({"spec", "deployment"});
  CHECK(told.find("ingress") == nullptr);
  CHECK(told.find("ingress_enabled") == nullptr);
}

TEST_CASE("M21: the addons' own operators make the Routes of Kiali and Jaeger") {
  const ObjectStore objects = objects_from(
      std::string{kState} +
      "---\napiVersion: kiali.io/v1alpha1\nkind: Kiali\nmetadata: {name: kiali, namespace: mesh}\n"
      "---\napiVersion: kiali.io/v1alpha1\nkind: Kiali\nmetadata: {name: other, namespace: shop}\n"
      "spec: {deployment: {ingress: {enabled: false}}}\n---\napiVersion: jaegertracing.io/v1\n"
      "kind: Jaeger\nmetadata: {name: trace, namespace: shop}\n");
  const auto routes = addon_routes(objects);
  REQUIRE(routes.size() == 2);
  CHECK(to_string(key_of(routes[0])) == "Route mesh/kiali");
  CHECK(routes[0].string_at({"spec", "host"}) == "kiali-mesh.apps.example.com");
  CHECK(maker_of_route(make_object(routes[0])) == "kiali");
  CHECK(to_string(key_of(routes[1])) == "Route shop/trace");
  CHECK(routes[1].string_at({"spec", "to", "name"}) == "trace-query");
}

}  // namespace
}  // namespace meshproof
