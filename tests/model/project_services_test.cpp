#include <catch2/catch.hpp>

#include "tests/model/projected.h"

namespace meshproof {
namespace {

using Lines = std::vector<std::string>;

constexpr const char* kPods = R"(---
apiVersion: v1
kind: Pod
metadata: {namespace: shop, name: done}
status: {phase: Succeeded, podIP: 10.128.0.9}
---
apiVersion: v1
kind: Pod
metadata: {namespace: shop, name: host}
spec: {hostNetwork: true}
status: {phase: Running, podIP: 192.168.0.1}
---
apiVersion: v1
kind: Pod
metadata: {namespace: shop, name: web}
status: {phase: Running, podIP: 10.128.0.9}
---
)";

constexpr const char* kService = R"(---
apiVersion: v1
kind: Service
metadata: {namespace: shop, name: web}
spec: {clusterIP: 172.30.0.9, ports: [{port: 80, targetPort: 8080}]}
---
)";

std::string print(const ServicePort& port) {
  std::string text{to_string(port.protocol)};
  text += ' ' + std::to_string(port.port);
  if (port.target_port != 0) text += ">" + std::to_string(port.target_port);
  if (!port.target_name.empty()) text += ">" + port.target_name;
  return port.name.empty() ? text : port.name + ' ' + text;
}

/// `web 172.30.0.9 (TCP 80>8080) app=web -> 10.128.0.9=web(TCP 8080)`
std::string print(const Service& service, const Cluster& cluster) {
  std::string text = service.name;
  for (const auto& address : service.cluster_ips) text += ' ' + address.to_string();
  if (service.headless) text += " headless";
  if (!service.external_name.empty()) text += " for " + service.external_name;
  for (const auto& port : service.ports) text += " (" + print(port) + ')';
  if (service.selector) text += ' ' + to_string(*service.selector, cluster.symbols);
  if (service.has_endpoints_object) text += " ->";
  for (const auto& endpoint : service.endpoints) {
    text += ' ' + endpoint.address.to_string();
    if (endpoint.pod.is_valid()) text += '=' + cluster.at(endpoint.pod).name;
    for (const auto& port : endpoint.ports) text += '(' + print(port) + ')';
  }
  return text;
}

TEST_CASE("a Service has its addresses, ports and selector") {
  struct Row {
    const char* name;
    const char* spec;
    const char* printed;
  };
  const auto row = GENERATE(values<Row>({
      {"plain", "{clusterIP: 172.30.0.9, clusterIPs: [172.30.0.9], ports: [{port: 80}]}",
       "web 172.30.0.9 (TCP 80)"},
      {"two families", "{clusterIP: 172.30.0.9, clusterIPs: [172.30.0.9, 'fd02::9']}",
       "web 172.30.0.9 fd02::9"},
      {"headless", "{clusterIP: None, clusterIPs: [None]}", "web headless"},
      {"target ports",
       "{ports: [{name: a, port: 80, targetPort: 8080}, {name: b, port: 53, protocol: UDP, "
       "targetPort: dns}, {name: c, port: 81, targetPort: 0}]}",
       "web (a TCP 80>8080) (b UDP 53>dns) (c TCP 81)"},
      {"selector", "{selector: {app: web, tier: front}}", "web app=web,tier=front"},
      {"an empty selector is none", "{selector: {}}", "web"},
      {"an external name", "{type: ExternalName, externalName: db.example.com}",
       "web for db.example.com"},
  }));
  DYNAMIC_SECTION(row.name) {
    const std::string head =
        "apiVersion: v1\nkind: Service\nmetadata: {namespace: shop, name: web}\n";
    const auto projected = project_text(head + "spec: " + row.spec);
    CHECK(lines_of(projected.diagnostics).empty());
    REQUIRE(projected.cluster.services.size() == 1);
    CHECK(print(projected.cluster.services.front(), projected.cluster) == row.printed);
  }
}

TEST_CASE("the endpoints of a Service come from Endpoints and EndpointSlices") {
  struct Row {
    const char* name;
    const char* yaml;
    const char* printed;
  };
  const auto row = GENERATE(values<Row>({
      {"none in the input", "", "web 172.30.0.9 (TCP 80>8080)"},
      {"the running pod with the address", R"(
apiVersion: v1
kind: Endpoints
metadata: {namespace: shop, name: web}
subsets: [{addresses: [{ip: 10.128.0.9}]}]
)",
       "web 172.30.0.9 (TCP 80>8080) -> 10.128.0.9=web"},
      {"an empty Endpoints object", R"(
apiVersion: v1
kind: Endpoints
metadata: {namespace: shop, name: web}
)",
       "web 172.30.0.9 (TCP 80>8080) ->"},
      {"ports, an address outside, and one that is not ready", R"(
apiVersion: v1
kind: Endpoints
metadata: {namespace: shop, name: web}
subsets:
- addresses: [{ip: 203.0.113.7}]
  notReadyAddresses: [{ip: 10.128.0.9}]
  ports: [{name: http, port: 8080}]
)",
       "web 172.30.0.9 (TCP 80>8080) -> 203.0.113.7(http TCP 8080)"},
      {"a hostNetwork pod is told by targetRef", R"(
apiVersion: v1
kind: Endpoints
metadata: {namespace: shop, name: web}
subsets: [{addresses: [{ip: 192.168.0.1, targetRef: {kind: Pod, name: host}}]}]
)",
       "web 172.30.0.9 (TCP 80>8080) -> 192.168.0.1=host"},
      {"a node's address is no pod's", R"(
apiVersion: v1
kind: Endpoints
metadata: {namespace: shop, name: web}
subsets: [{addresses: [{ip: 192.168.0.1}]}]
)",
       "web 172.30.0.9 (TCP 80>8080) -> 192.168.0.1"},
      {"a slice", R"(
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {namespace: shop, name: web-x, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
endpoints:
- {addresses: [10.128.0.9], conditions: {ready: true}}
- {addresses: [10.128.0.10], conditions: {ready: false}}
- {addresses: [10.128.0.11], conditions: {ready: null}}
- {addresses: [10.128.0.12]}
ports: [{name: '', port: 8080, protocol: TCP}]
)",
       "web 172.30.0.9 (TCP 80>8080) -> 10.128.0.9=web(TCP 8080) 10.128.0.11(TCP 8080) "
       "10.128.0.12(TCP 8080)"},
      {"a slice whose port has no number has all", R"(
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {namespace: shop, name: web-x, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
endpoints: [{addresses: [10.128.0.9]}]
ports: [{name: '', protocol: TCP}]
)",
       "web 172.30.0.9 (TCP 80>8080) -> 10.128.0.9=web"},
      {"a slice of names", R"(
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {namespace: shop, name: web-x, labels: {kubernetes.io/service-name: web}}
addressType: FQDN
endpoints: [{addresses: [db.example.com]}]
)",
       "web 172.30.0.9 (TCP 80>8080) ->"},
      {"Endpoints and slice that say the same", R"(
apiVersion: v1
kind: Endpoints
metadata: {namespace: shop, name: web}
subsets: [{addresses: [{ip: 10.128.0.9}], ports: [{port: 8080}]}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {namespace: shop, name: web-x, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
endpoints: [{addresses: [10.128.0.9]}]
ports: [{name: '', port: 8080, protocol: TCP}]
)",
       "web 172.30.0.9 (TCP 80>8080) -> 10.128.0.9=web(TCP 8080)"},
      {"those of another Service", R"(
apiVersion: v1
kind: Endpoints
metadata: {namespace: bank, name: web}
subsets: [{addresses: [{ip: 10.128.0.9}]}]
)",
       "web 172.30.0.9 (TCP 80>8080)"},
  }));
  DYNAMIC_SECTION(row.name) {
    std::string text{kPods};
    text += kService;
    text += row.yaml;
    const auto projected = project_text(text);
    CHECK(lines_of(projected.diagnostics).empty());
    const Cluster& cluster = projected.cluster;
    const auto id = cluster.find_service(cluster.find_namespace("shop"), "web");
    REQUIRE(id.is_valid());
    CHECK(print(cluster.at(id), cluster) == row.printed);
  }
}

TEST_CASE("what is wrong in a Service or its endpoints is an error") {
  const auto projected = project_text(R"(apiVersion: v1
kind: Service
metadata: {namespace: shop, name: web}
spec:
  clusterIP: here
  ports:
  - protocol: TCP
  - port: 0
  - port: 80
    protocol: HTTP
  - port: 80
    targetPort: 70000
  selector:
    app: 1
---
apiVersion: v1
kind: Endpoints
metadata: {namespace: shop, name: web}
subsets:
- addresses:
  - ip: 10.0.0
)");
  CHECK(lines_of(projected.diagnostics) ==
        Lines{"5: error[bad-address]: `here` is no IP address; one is written like `10.128.0.4` or "
              "`fd01::4`",
              "7: error[missing-field]: the port has no `port`",
              "8: error[bad-port]: `port` is the number `0`; it must be a number from 1 to 65535",
              "10: error[bad-protocol]: protocol `HTTP` is unknown; it is one of TCP, UDP, SCTP",
              "12: error[bad-port]: `targetPort` is the number `70000`; it must be a number from 1 "
              "to 65535",
              "14: error[wrong-type]: label `app` is the number `1`, not a string: write it in "
              "quotes",
              "21: error[bad-address]: `10.0.0` is no IP address; one is written like "
              "`10.128.0.4` or `fd01::4`"});
}

}  // namespace
}  // namespace meshproof
