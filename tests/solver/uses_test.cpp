#include "solver/uses/uses.h"

#include <catch2/catch.hpp>

#include "model/named_service.h"
#include "tests/solver/uses_case.h"
#include "tests/support/yaml.h"

namespace meshproof {

namespace {

using Lines = std::vector<std::string>;

struct UseRow {
  const char* name;
  std::string more;
  Lines lines;
};

Lines lines_of(const std::string& more, const ObservedFlows& observed = {}) {
  const Snapshot snapshot = uses_snapshot(more);
  return to_lines(find_uses(snapshot, observed), snapshot.cluster);
}

void check_rows(const std::vector<UseRow>& rows) {
  for (const UseRow& row : rows) {
    INFO(row.name);
    CHECK(lines_of(row.more) == row.lines);
  }
}

std::string object(std::string_view kind, std::string_view ns, std::string_view spec,
                   std::string_view version = "v1") {
  return "apiVersion: " + std::string(version) + "\nkind: " + std::string(kind) +
         "\nmetadata: {name: one" + (ns.empty() ? "" : ", namespace: " + std::string(ns)) + "}\n" +
         std::string(spec);
}

std::string monitor(std::string_view kind, std::string_view ns, std::string_view spec) {
  return object(kind, ns, "spec: {" + std::string(spec) + "}", "monitoring.coreos.com/v1");
}

std::string speaker(std::string_view container) {
  return "apiVersion: v1\nkind: Pod\nmetadata: {name: caller, namespace: pay}\nspec: {containers: "
         "[{name: main, " +
         std::string(container) + "}]}\nstatus: {phase: Running, podIP: 10.128.2.40}";
}

std::string own_policy(std::string_view metadata, std::string_view rule) {
  return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: own, namespace: "
         "shop" +
         std::string(metadata) + "}\nspec: {podSelector: {matchLabels: {app: web}}, ingress: [" +
         std::string(rule) + "]}";
}

constexpr std::string_view kPodNetwork = R"(
---
apiVersion: config.openshift.io/v1
kind: Network
metadata: {name: cluster}
spec: {networkType: OVNKubernetes, clusterNetwork: [{cidr: 10.128.0.0/14, hostPrefix: 23}], serviceNetwork: [172.30.0.0/16]}
)";

/// One Service with a Route, a monitor and a webhook, and nobody who could come.
Snapshot without_sources() {
  const std::string service =
      "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop, labels: {app: "
      "web}}\nspec: "
      "{containers: [{name: main}]}\nstatus: {phase: Running, podIP: "
      "10.128.2.10}\n---\napiVersion: "
      "v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {selector: {app: web}, "
      "ports: [{port: 443}]}\n---\n";
  return snapshot_from(
      service + object("Route", "shop", "spec: {to: {name: web}}", "route.openshift.io/v1") +
      "\n---\n" + monitor("ServiceMonitor", "shop", "selector: {}, endpoints: [{}]") + "\n---\n" +
      object("APIService", "", "spec: {service: {namespace: shop, name: web}}",
             "apiregistration.k8s.io/v1"));
}

}  // namespace

TEST_CASE("M6: without evidence there is no use") { CHECK(lines_of("").empty()); }

TEST_CASE("M6: Routes and Ingresses are used by the routers") {
  check_rows({
      {"route",
       object("Route", "shop",
              "spec: {host: shop.bank, to: {kind: Service, name: web}, port: {targetPort: http}}",
              "route.openshift.io/v1"),
       {"route: Route shop/one \"shop.bank\": router openshift-ingress: openshift-ingress/router → "
        "shop/web TCP 8080"}},
      {"to a Service that is not there",
       object("Route", "shop", "spec: {to: {kind: Service, name: gone}}", "route.openshift.io/v1"),
       {}},
      {"ingress",
       object("Ingress", "shop",
              "spec: {defaultBackend: {service: {name: web, port: {number: 9102}}}}",
              "networking.k8s.io/v1"),
       {"ingress: Ingress shop/one: router openshift-ingress: openshift-ingress/router → shop/web "
        "TCP 9102"}},
  });
}

TEST_CASE("M6: monitors are scraped by the Prometheus of their project") {
  const std::string user = "openshift-user-workload-monitoring/prometheus-user-0 →";
  check_rows({
      {"ServiceMonitor",
       monitor("ServiceMonitor", "shop",
               "selector: {matchLabels: {team: shop}}, endpoints: [{port: metrics}]"),
       {"monitor: ServiceMonitor shop/one: " + user + " shop/web TCP 9102"}},
      {"by the number of the pod's port",
       monitor("ServiceMonitor", "shop",
               "selector: {matchLabels: {team: shop}}, endpoints: [{targetPort: 9999}]"),
       {"monitor: ServiceMonitor shop/one: " + user + " shop/web TCP 9999"}},
      {"selects no Service",
       monitor("ServiceMonitor", "shop",
               "selector: {matchLabels: {team: other}}, endpoints: [{port: metrics}]"),
       {}},
      {"no such port",
       monitor("ServiceMonitor", "shop", "selector: {}, endpoints: [{port: nothing}]"),
       {}},
      {"another project's Services only with a namespaceSelector",
       monitor("ServiceMonitor", "pay",
               "selector: {matchLabels: {team: shop}}, endpoints: [{port: metrics}]"),
       {}},
      {"namespaceSelector, from a project of the platform",
       monitor("ServiceMonitor", "platform",
               "namespaceSelector: {matchNames: [shop]}, selector: {matchExpressions: [{key: team, "
               "operator: Exists}]}, endpoints: [{port: metrics}]"),
       {"monitor: ServiceMonitor platform/one: openshift-monitoring/prometheus-k8s-0 → shop/web "
        "TCP "
        "9102"}},
      {"any namespace",
       monitor("ServiceMonitor", "platform",
               "namespaceSelector: {any: true}, selector: {matchLabels: {team: shop}}, endpoints: "
               "[{port: http}]"),
       {"monitor: ServiceMonitor platform/one: openshift-monitoring/prometheus-k8s-0 → shop/web "
        "TCP "
        "8080"}},
      {"PodMonitor",
       monitor("PodMonitor", "shop",
               "selector: {matchLabels: {app: web}}, podMetricsEndpoints: [{port: metrics}]"),
       {"monitor: PodMonitor shop/one: " + user + " shop/web TCP 9102"}},
      {"PodMonitor of no pod",
       monitor("PodMonitor", "shop",
               "selector: {matchLabels: {app: none}}, podMetricsEndpoints: [{port: metrics}]"),
       {}},
  });
}

TEST_CASE("M6: webhooks and aggregated APIs are called by kube-apiserver") {
  const std::string tail = ": kube-apiserver: node master → shop/admit TCP 9443";
  const std::string config = "clientConfig: {service: {namespace: shop, name: admit}}";
  const auto webhook = [&](std::string_view kind, const std::string& rest) {
    return object(kind, "", "webhooks: [{name: a.b.c, " + config + rest + "}]",
                  "admissionregistration.k8s.io/v1");
  };
  check_rows({
      {"validating",
       webhook("ValidatingWebhookConfiguration",
               ", failurePolicy: Fail, rules: [{operations: [CREATE]}]"),
       {"webhook: ValidatingWebhook one, failurePolicy Fail: creates will FAIL" + tail}},
      {"mutating, by default Fail",
       webhook("MutatingWebhookConfiguration", ""),
       {"webhook: MutatingWebhook one, failurePolicy Fail: requests will FAIL" + tail}},
      {"ignored",
       webhook("ValidatingWebhookConfiguration", ", failurePolicy: Ignore"),
       {"webhook: ValidatingWebhook one, failurePolicy Ignore: goes unasked" + tail}},
      {"by url",
       object("ValidatingWebhookConfiguration", "",
              "webhooks: [{clientConfig: {url: 'https://shop.bank'}}]",
              "admissionregistration.k8s.io/v1"),
       {}},
      {"a port that the Service does not offer",
       object("APIService", "", "spec: {service: {namespace: shop, name: admit, port: 8443}}",
              "apiregistration.k8s.io/v1"),
       {}},
      {"APIService",
       object("APIService", "", "spec: {service: {namespace: shop, name: admit}}",
              "apiregistration.k8s.io/v1"),
       {"api-service: APIService one" + tail}},
      {"conversion",
       object("CustomResourceDefinition", "",
              "spec: {conversion: {strategy: Webhook, webhook: {clientConfig: {service: "
              "{namespace: shop, name: admit, port: 443}}}}}",
              "apiextensions.k8s.io/v1"),
       {"webhook: conversion webhook of one" + tail}},
      {"no conversion",
       object("CustomResourceDefinition", "", "spec: {conversion: {strategy: None}}",
              "apiextensions.k8s.io/v1"),
       {}},
  });
}

TEST_CASE("M6: Services named in environments, arguments and commands") {
  const std::string web = ": pay/caller → shop/web TCP 8080";
  check_rows({
      {"env",
       speaker("env: [{name: ORDERS_URL, value: 'http://web.shop.svc/orders'}]"),
       {"environment: env ORDERS_URL" + web}},
      {"args",
       speaker("args: ['--shop=web.shop:80']"),
       {"environment: args of container main" + web}},
      {"command",
       speaker("command: [curl, 'http://web.shop.svc.cluster.local:9102/metrics']"),
       {"environment: command of container main: pay/caller → shop/web TCP 9102"}},
      {"from a Secret",
       speaker("env: [{name: ORDERS_URL, valueFrom: {secretKeyRef: {name: a, key: b}}}]"),
       {}},
      {"a host outside", speaker("env: [{name: A, value: 'https://shop.bank.example:443'}]"), {}},
      {"a port that the Service lacks", speaker("env: [{name: A, value: 'web.shop.svc:81'}]"), {}},
      {"a short name in another project", speaker("env: [{name: A, value: 'http://web:80'}]"), {}},
      {"of a headless Service any port",
       speaker("env: [{name: A, value: 'peers.shop.svc:7000'}]"),
       {"environment: env A: pay/caller → shop/web TCP 7000"}},
  });
}

TEST_CASE("M6: own policies that name an outsider") {
  const std::string ports = ", ports: [{port: 8080}]";
  check_rows({
      {"by project",
       own_policy("", "{from: [{namespaceSelector: {matchLabels: {team: pay}}}]" + ports + "}"),
       {"own-policy: NetworkPolicy shop/own: pay/Deployment/api → shop/web TCP 8080"}},
      {"by pod",
       own_policy("", "{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: api}}}]}"),
       {"own-policy: NetworkPolicy shop/own: pay/Deployment/api → shop/web TCP 8080,9102"}},
      {"by address",
       own_policy("", "{from: [{ipBlock: {cidr: 203.0.113.0/24}}], ports: [{port: http}]}"),
       {"own-policy: NetworkPolicy shop/own: 203.0.113.0/24 → shop/web TCP 8080"}},
      {"by the address of a pod",
       own_policy("", "{from: [{ipBlock: {cidr: 10.128.2.20/32}}], ports: [{port: 8080}]}") +
           std::string(kPodNetwork),
       {"own-policy: NetworkPolicy shop/own: openshift-ingress/router10.128.2.20/32 → shop/web TCP "
        "8080"}},
      {"everybody",
       own_policy("", "{from: [{namespaceSelector: {}}, {ipBlock: {cidr: 0.0.0.0/0}}]}"),
       {}},
      {"itself",
       own_policy("",
                  "{from: [{podSelector: {}}, {namespaceSelector: {matchLabels: {team: shop}}}]}"),
       {}},
      {"the mesh's copy",
       own_policy(", labels: {maistra.io/member-of: mesh}",
                  "{from: [{namespaceSelector: {matchLabels: {team: pay}}}]}"),
       {}},
      {"the mesh's",
       own_policy(", labels: {maistra.io/owner: mesh}",
                  "{from: [{namespaceSelector: {matchLabels: {team: pay}}}]}"),
       {}},
  });
}

TEST_CASE("M6: texts that name Services") {
  using Named = std::vector<NamedService>;
  CHECK(named_services("http://orders.shop.svc.cluster.local:8080/a") ==
        Named{{"shop", "orders", 8080}});
  CHECK(named_services("orders.shop.svc") == Named{{"shop", "orders", 0}});
  CHECK(named_services("db-0.db.shop.svc.cluster.local.") == Named{{"shop", "db", 0}});
  CHECK(named_services("jdbc:postgresql://db.shop:5432/x?a=b") == Named{{"shop", "db", 5432}});
  CHECK(named_services("amqp://user:word@queue.shop/") == Named{{"shop", "queue", 0}});
  CHECK(named_services("https://web") == Named{{"", "web", 443}});
  CHECK(named_services("a:1,b.c:2") == Named{{"", "a", 1}, {"c", "b", 2}});
  for (const char* text :
       {"", "info", "shop.svc.cluster.local", "a.b.svc.example.com", "8.8.8.8:53:x", "..svc",
        "a..svc", "/usr/bin/web", "sha256:ABC", "web:latest", "web:0", "web:99999"}) {
    INFO(text);
    CHECK(named_services(text).empty());
  }
}

TEST_CASE("M6: observed flows are counted by workload, and rank first") {
  ObservedFlows observed;
  const ObservedEnd caller{"pay", "Deployment", "api", "", "", {}};
  const ObservedEnd web{"shop", "Pod", "web", "", "", {}};
  const ObservedEnd service{"shop", "Service", "web", "", "", {}};
  const ObservedEnd gone{"shop", "Pod", "gone", "", "", {}};
  const ObservedEnd outside{"", "", "", "", "", IpAddress::parse("203.0.113.9")};
  const ObservedEnd address{"", "", "", "", "", IpAddress::parse("10.128.2.10")};
  observed.flows = {{caller, web, Protocol::Tcp, 8080, 1000, {}},
                    {caller, service, Protocol::Tcp, 80, 203, {}},
                    {caller, gone, Protocol::Tcp, 80, 1, {}},
                    {outside, address, Protocol::Tcp, 9102, 1, {}}};
  observed.first_ms = 0;
  observed.last_ms = 30LL * 24 * 3600 * 1000;
  const Snapshot snapshot = uses_snapshot(own_policy(
      "", "{from: [{namespaceSelector: {matchLabels: {team: pay}}}], ports: [{port: 8080}]}"));
  const Uses uses = find_uses(snapshot, observed);
  CHECK(uses.unknown_flows == 1);
  CHECK(to_lines(uses, snapshot.cluster) ==
        Lines{"observed-flow: 1,203 flows in 30 d: pay/Deployment/api → shop/web TCP 8080",
              "observed-flow: 1 flow in 30 d: 203.0.113.9/32 → shop/web TCP 9102",
              "own-policy: NetworkPolicy shop/own: pay/Deployment/api → shop/web TCP 8080"});
}

TEST_CASE("M6: evidence of the same flow stands together, the strongest first") {
  const std::string both =
      speaker("env: [{name: ORDERS_URL, value: 'http://web.shop.svc'}], args: ['web.shop:80']");
  CHECK(lines_of(both) == Lines{"environment: args of container main: environment: env ORDERS_URL: "
                                "pay/caller → shop/web TCP 8080"});
}

TEST_CASE("M6: uses up to a kind of evidence leave out the weaker ones") {
  const std::string route =
      object("Route", "shop", "spec: {to: {name: web}}", "route.openshift.io/v1");
  const Snapshot snapshot = uses_snapshot(
      route + "\n---\n" + speaker("env: [{name: ORDERS_URL, value: 'http://web.shop.svc'}]"));
  CHECK(find_uses(snapshot).uses.size() == 2);
  CHECK(find_uses_up_to(snapshot, UseEvidence::ApiService).uses.size() == 1);
  CHECK(find_uses_up_to(snapshot, UseEvidence::ObservedFlow).uses.empty());
}

TEST_CASE("M6: what nobody in the input can be seen to use is told") {
  const Snapshot snapshot = without_sources();
  const Uses uses = find_uses(snapshot);
  CHECK(uses.uses.empty());
  CHECK(uses.unjudged.size() == 3);
}

}  // namespace meshproof
