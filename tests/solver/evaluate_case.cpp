#include "tests/solver/evaluate_case.h"

#include <algorithm>

#include "solver/evaluate.h"
#include "tests/solver/conformance_case.h"
#include "tests/support/yaml.h"

namespace meshproof {
namespace {

constexpr std::string_view kCommon = R"yaml(
{apiVersion: network.openshift.io/v1, kind: ClusterNetwork, metadata: {name: default},
 clusterNetworks: [{CIDR: 10.128.0.0/14, hostSubnetLength: 9}], serviceNetwork: 172.30.0.0/16,
 network: 10.128.0.0/14, hostsubnetlength: 9}
---
{apiVersion: network.openshift.io/v1, kind: HostSubnet, metadata: {name: node-a}, host: node-a,
 hostIP: 192.168.0.1, subnet: 10.128.0.0/23}
---
{apiVersion: network.openshift.io/v1, kind: HostSubnet, metadata: {name: node-b}, host: node-b,
 hostIP: 192.168.0.2, subnet: 10.128.2.0/23}
---
{apiVersion: v1, kind: Node, metadata: {name: node-a},
 status: {addresses: [{type: InternalIP, address: 192.168.0.1}]}}
---
{apiVersion: v1, kind: Node, metadata: {name: node-b},
 status: {addresses: [{type: InternalIP, address: 192.168.0.2}]}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: default}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: a, labels: {team: x}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: b, labels: {team: "y"}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: h}}
---
{apiVersion: v1, kind: Namespace,
 metadata: {name: openshift-host-network, labels: {policy-group: host}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {namespace: b, name: next},
 spec: {selector: {matchLabels: {app: next}},
        template: {metadata: {labels: {app: next}}, spec: {containers: [{name: c, image: x}]}}}}
)yaml";

std::string pod(std::string_view ns, std::string_view name, std::string_view app, char node,
                std::string_view status, std::string_view spec = "") {
  const std::string number = node == 'a' ? "1" : "2";
  return "\n---\n{apiVersion: v1, kind: Pod, metadata: {namespace: " + std::string(ns) +
         ", name: " + std::string(name) + ", labels: {" + std::string(app) +
         "}}, spec: {nodeName: node-" + node + ", " + std::string(spec) +
         "}, status: {hostIP: 192.168.0." + number + ", " + std::string(status) + "}}";
}

std::string http(int number) {
  return "containers: [{name: c, image: x, ports: [{name: http, containerPort: " +
         std::to_string(number) + "}]}]";
}

std::string net_namespace(std::string_view name, int netid) {
  return "\n---\n{apiVersion: network.openshift.io/v1, kind: NetNamespace, metadata: {name: " +
         std::string(name) + "}, netname: " + std::string(name) +
         ", netid: " + std::to_string(netid) + "}";
}

std::string common_pods() {
  const std::string plain = "containers: [{name: c, image: x}]";
  const std::string host = plain + ", hostNetwork: true";
  return pod("a", "web", "app: web, tier: \"\"", 'a', "phase: Running, podIP: 10.128.0.10",
             http(8080)) +
         pod("a", "db", "app: db", 'b', "phase: Running, podIP: 10.128.2.11", plain) +
         pod("b", "client", "app: client", 'b', "phase: Running, podIP: 10.128.2.12", http(9000)) +
         pod("default", "d", "app: d", 'b', "phase: Running, podIP: 10.128.2.15", plain) +
         pod("h", "host-a", "app: host", 'a', "phase: Running, podIP: 192.168.0.1", host) +
         pod("h", "host-b", "app: host", 'b', "phase: Running, podIP: 192.168.0.2", host) +
         pod("b", "done", "app: done", 'b', "phase: Succeeded, podIP: 10.128.2.20", plain) +
         pod("b", "waiting", "app: waiting", 'b', "phase: Pending", plain);
}

}  // namespace

NetworkOptions in_dialect(Dialect dialect, SdnMode mode) {
  NetworkOptions options;
  options.dialect = dialect;
  options.sdn = mode;
  return options;
}

Cluster common_cluster(const std::string& more, const NetworkOptions& options) {
  std::string yaml{kCommon};
  yaml += common_pods();
  if (more.find("NetNamespace,") == std::string::npos) {
    yaml += net_namespace("default", 0) + net_namespace("a", 10) + net_namespace("b", 20) +
            net_namespace("h", 30) + net_namespace("openshift-host-network", 40);
  }
  return cluster_from(yaml + more + '\n', options);
}

std::string policy(std::string_view ns, std::string_view name, std::string_view spec) {
  return "\n---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: " +
         std::string(ns) + ", name: " + std::string(name) + "}, spec: {" + std::string(spec) + "}}";
}

Decision ask(const Cluster& cluster, const Question& question) {
  return evaluate(cluster, {flow_end(cluster, question.src), flow_end(cluster, question.dst),
                            question.protocol, question.port});
}

std::string to_text(const Decision& decision) {
  std::string text = decision.access == Access::Unknown   ? "unknown"
                     : decision.access == Access::Allowed ? "allowed"
                                                          : "denied";
  for (const Reason& reason : decision.reasons)
    text += "\n  " + reason.rule_id + ": " + reason.text;
  return text;
}

bool cites(const Decision& decision, std::string_view rule_id) {
  return std::ranges::any_of(decision.reasons,
                             [&](const Reason& reason) { return reason.rule_id == rule_id; });
}

void check_row(const EvaluateRow& row) {
  const Cluster cluster = common_cluster(row.manifests, in_dialect(row.dialect, row.mode));
  const Decision decision = ask(cluster, row.question);
  INFO(row.name << '\n' << row.manifests << '\n' << to_text(decision));
  CHECK(decision.access == row.access);
  CHECK(cites(decision, row.rule_id));
}

}  // namespace meshproof
