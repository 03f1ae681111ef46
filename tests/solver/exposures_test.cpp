#include "solver/exposures.h"

#include <string>

#include <catch2/catch.hpp>

#include "solver/exposure_answers.h"
#include "tests/support/yaml.h"

namespace meshproof {
namespace {

std::string pod(const std::string& ns, const std::string& name, const std::string& labels,
                const std::string& spec = "") {
  return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + ", namespace: " + ns +
         ", labels: {" + labels + "}}\nspec: {" + spec + (spec.empty() ? "" : ", ") +
         "containers: [{name: c, ports: [{name: web, containerPort: 8080}, {name: admin, "
         "containerPort: 9000}]}]}\n---\n";
}

std::string ns(const std::string& name, const std::string& labels = "") {
  return "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + ", labels: {" + labels +
         "}}\n---\n";
}

constexpr std::string_view kRoutes = R"(
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: both, namespace: shop}
spec:
  host: shop.example.com
  to: {kind: Service, name: web, weight: 50}
  alternateBackends: [{name: edge, weight: 0}, {name: old}]
  port: {targetPort: 9000}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  defaultBackend: {service: {name: rest, port: {name: http}}}
  rules:
  - {}
  - host: a.example.com
    http: {paths: [{backend: {service: {name: web, port: {number: 80}}}}, {backend: {}}]}
---
)";

constexpr std::string_view kService = R"(
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: web}, {name: admin, port: 81, targetPort: 9000}]
---
)";

TEST_CASE("Routes and Ingresses name Services, with the port that they mean") {
  const ObjectStore objects = objects_from(kRoutes);
  const auto found = exposures_of(objects);
  REQUIRE(found.size() == 2);
  const Exposure& route = found[0];
  CHECK(route.host == "shop.example.com");
  CHECK(route.any_answers);
  REQUIRE(route.services.size() == 2);
  CHECK(route.services[0].service == "web");
  CHECK(route.services[0].port == "9000");
  CHECK(route.services[1].service == "old");
  const Exposure& ingress = found[1];
  CHECK(ingress.host == "a.example.com");
  CHECK_FALSE(ingress.any_answers);
  REQUIRE(ingress.services.size() == 2);
  CHECK(ingress.services[0].port == "http");
  CHECK(ingress.services[1].service == "web");
  CHECK(ingress.services[1].port == "80");
  CHECK_FALSE(ingress.services[1].by_pod_port);
  const ObjectStore others = objects_from(ns("shop"));
  CHECK(exposure_of(*others.begin()).services.empty());
}

TEST_CASE("behind a Service are the pods that it selects, by the ports that it leads to") {
  const Cluster cluster =
      cluster_from(std::string{kService} + pod("shop", "a", "app: web") +
                   pod("shop", "b", "app: other") + pod("pay", "c", "app: web"));
  const Service& service = cluster.services.at(0);
  const auto pods = pods_behind(service, cluster);
  REQUIRE(pods.size() == 1);
  const Pod& web = cluster.at(pods[0]);
  CHECK(web.name == "a");
  const PodPort http{Protocol::Tcp, 8080};
  const PodPort admin{Protocol::Tcp, 9000};
  CHECK(ports_behind(service, web) == std::vector{http, admin});
  const auto of = [&](const std::string& port, bool by_pod_port) {
    return ports_behind({"web", port, by_pod_port}, service, web);
  };
  CHECK(of("http", true) == std::vector{http});
  CHECK(of("8080", true) == std::vector{http});
  CHECK(of("80", true).empty());
  CHECK(of("80", false) == std::vector{http});
  CHECK(of("8080", false).empty());
  CHECK(of("none", true).empty());
}

TEST_CASE("Endpoints count before the selector") {
  const Cluster cluster = cluster_from(
      std::string{kService} + pod("shop", "a", "app: web") + pod("shop", "b", "app: other") +
      "apiVersion: v1\nkind: Endpoints\nmetadata: {name: web, namespace: shop}\nsubsets: "
      "[{addresses: [{ip: 10.128.0.7, targetRef: {kind: Pod, name: b}}, {ip: 203.0.113.1}]}]\n");
  const auto pods = pods_behind(cluster.services.at(0), cluster);
  REQUIRE(pods.size() == 1);
  CHECK(cluster.at(pods[0]).name == "b");
}

TEST_CASE("who is a router") {
  struct Row {
    std::string project;
    std::string labels;
    std::string pod_labels;
    bool host_network;
    bool router;
  };
  const std::string group = "network.openshift.io/policy-group: ingress";
  const auto row = GENERATE_COPY(values<Row>({
      {"openshift-ingress", "", "", false, true},
      {"edge", group, "", false, true},
      {"edge", "network.openshift.io/policy-group: monitoring", "", false, false},
      {"edge", "policy-group.network.openshift.io/ingress: \"\"", "", false, true},
      {"edge", "", "ingresscontroller.operator.openshift.io/deployment-ingresscontroller: x", false,
       true},
      {"edge", "", "router: router", false, false},
      {"default", "", "router: router", false, true},
      {"default", group, "", false, false},
      {"default", group, "", true, true},
      {"default", "", "", true, false},
      {"shop", "", "", true, false},
  }));
  INFO(row.project << ' ' << row.labels << ' ' << row.pod_labels);
  const Cluster cluster = cluster_from(
      ns(row.project, row.labels) + pod(row.project, "p", row.pod_labels,
                                        row.host_network ? "hostNetwork: true, nodeName: n" : ""));
  CHECK((routers(cluster).size() == 1) == row.router);
}

TEST_CASE("a completed pod of a router serves nothing, and no pods are no routers") {
  CHECK(routers(cluster_from(ns("openshift-ingress"))).empty());
  CHECK(routers(cluster_from("apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: "
                             "openshift-ingress}\nstatus: {phase: Succeeded}\n"))
            .empty());
}

TEST_CASE("M20: whether a router reaches what is behind a Route") {
  const std::string router = ns("openshift-ingress", "network.openshift.io/policy-group: ingress") +
                             pod("openshift-ingress", "router", "");
  const std::string closed =
      "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: "
      "shop}\nspec: {podSelector: {}, ingress: [{ports: [{port: 8080}]}]}\n---\n";
  const std::string web = std::string{kService} + pod("shop", "a", "app: web");
  const auto answer = [](const std::string& yaml, const std::string& port, const std::string& to) {
    const ObjectStore route = objects_from(
        "apiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {name: r, namespace: shop}\n"
        "spec: {to: {name: " +
        to + "}" + (port.empty() ? "" : ", port: {targetPort: " + port + "}") + "}\n");
    const auto answers = answer_exposures(cluster_from(yaml), exposures_of(route));
    REQUIRE(answers.size() == 1);
    return answers[0];
  };
  CHECK(answer(router + web, "", "web").answers == true);
  CHECK(answer(router + web + closed, "http", "web").answers == true);
  CHECK(answer(router + web + closed, "admin", "web").answers == false);
  CHECK(answer(router + web + closed, "", "web").answers == true);
  CHECK(answer(web, "", "web").because == "the input has no router");
  CHECK(answer(router + web, "", "none").because == "Service none is not in the input");
  CHECK(answer(router + web, "nothing", "web").because ==
        "the port of Service web that is meant is not found");
  CHECK(answer(router + std::string{kService}, "", "web").because ==
        "the input has no pod behind Service web");
  CHECK(answer_exposures(cluster_from(router), {}).empty());
}

TEST_CASE("M20: pods that a template stands for are behind a Route as well") {
  const std::string yaml =
      ns("openshift-ingress") + pod("openshift-ingress", "router", "") + std::string{kService} +
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec: "
      "{selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: "
      "{containers: [{name: c}]}}}\n---\n";
  const ObjectStore routes = objects_from(kRoutes);
  const auto answers = answer_exposures(cluster_from(yaml), exposures_of(routes));
  REQUIRE(answers.size() == 2);
  CHECK(answers[0].answers == true);
}

}  // namespace
}  // namespace meshproof
