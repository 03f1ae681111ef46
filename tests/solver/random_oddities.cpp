#include "tests/solver/random_oddities.h"

#include <array>
#include <vector>

#include "tests/solver/evaluate_case.h"

namespace meshproof {
namespace {

std::string one_of(const Choose& choose, const std::vector<std::string>& texts) {
  return texts[choose(static_cast<unsigned>(texts.size()))];
}

std::string random_peer(const Choose& choose) {
  return one_of(
      choose,
      {"{namespaceSelector: {}}",
       "{podSelector: {}}",
       "{podSelector: {matchLabels: {app: web}}}",
       "{namespaceSelector: {matchLabels: {policy-group: host}}}",
       "{namespaceSelector: {matchLabels: {team: \"y\"}}}",
       "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: default}}}",
       "{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [x]}]}}",
       "{namespaceSelector: {matchExpressions: [{key: team, operator: Exists}]}}",
       "{namespaceSelector: {}, podSelector: {matchLabels: {app: host}}}",
       "{namespaceSelector: {matchLabels: {team: \"y\"}}, podSelector: {}}",
       "{namespaceSelector: {matchLabels: {team: x}}, podSelector: {matchExpressions: [{key: app, "
       "operator: In, values: [web, client]}]}}",
       "{ipBlock: {cidr: 10.128.2.1/32}}",
       "{ipBlock: {cidr: 10.128.2.2/32}}",
       "{ipBlock: {cidr: 192.168.0.0/24, except: [192.168.0.2/32]}}",
       "{ipBlock: {cidr: 10.0.0.0/8, except: [10.128.2.0/24]}}",
       "{ipBlock: {cidr: 10.128.0.0/14}}",
       "{ipBlock: {cidr: 0.0.0.0/0, except: [10.128.0.0/14]}}",
       "{ipBlock: {cidr: 224.0.0.0/4}}",
       "{ipBlock: {cidr: \"fd01::/48\"}}",
       "{ipBlock: {cidr: \"::/0\", except: [\"fd01::/64\"]}}",
       "{ipBlock: {cidr: 203.0.113.128/25}}"});
}

std::string random_rule(const Choose& choose, const std::string& direction) {
  std::string peers = random_peer(choose);
  if (choose(3) == 0) peers += ", " + random_peer(choose);
  std::string text = choose(8) == 0 ? "" : direction + ": [" + peers + "]";
  const std::string ports = one_of(
      choose,
      {"", "", "ports: [{port: 8080}]", "ports: [{port: http}]", "ports: [{protocol: UDP}]",
       "ports: [{port: http}, {port: 81}]", "ports: [{port: admin}]",
       "ports: [{port: admin}, {port: http}]", "ports: [{port: 53, protocol: UDP}]",
       "ports: [{port: 4000, endPort: 5000, protocol: UDP}, {port: 22000, endPort: 22623}]"});
  if (!text.empty() && !ports.empty()) text += ", ";
  return "{" + text + ports + "}";
}

std::string random_policy(const Choose& choose, const std::string& ns, unsigned number) {
  const std::string selector =
      one_of(choose, {"{}", "{matchLabels: {app: web}}",
                      "{matchExpressions: [{key: tier, operator: DoesNotExist}]}"});
  std::string spec = "podSelector: " + selector + ", policyTypes: " +
                     one_of(choose, {"[Ingress]", "[Egress]", "[Ingress, Egress]"});
  for (const auto& [field, direction] : {std::pair{"ingress", "from"}, std::pair{"egress", "to"}}) {
    if (choose(4) == 0) continue;
    spec += std::string(", ") + field + ": [" + random_rule(choose, direction);
    if (choose(3) == 0) spec += ", " + random_rule(choose, direction);
    spec += "]";
  }
  return policy(ns, "p" + std::to_string(number), spec);
}

std::string random_firewall(const Choose& choose, const std::string& ns, const std::string& name) {
  std::string rules;
  const unsigned count = choose(4);
  for (unsigned i = 0; i < count; ++i) {
    if (i > 0) rules += ", ";
    rules += "{type: " + one_of(choose, {"Allow", "Deny"}) + ", to: {" +
             one_of(choose, {"cidrSelector: 192.168.0.1/32", "cidrSelector: 203.0.113.0/24",
                             "cidrSelector: 0.0.0.0/0", "dnsName: example.com"}) +
             "}}";
  }
  return "\n---\n{apiVersion: network.openshift.io/v1, kind: EgressNetworkPolicy, metadata: "
         "{namespace: " +
         ns + ", name: " + name + "}, spec: {egress: [" + rules + "]}}";
}

std::string net_namespace(const Choose& choose, const std::string& name) {
  return "\n---\n{apiVersion: network.openshift.io/v1, kind: NetNamespace, metadata: {name: " +
         name + ", annotations: {" +
         one_of(choose, {"", "netnamespace.network.openshift.io/multicast-enabled: \"true\""}) +
         "}}, netname: " + name + ", netid: " + one_of(choose, {"0", "10", "11", "12"}) + "}";
}

std::string extra_pod(const std::string& ns, const std::string& name, const std::string& labels,
                      const std::string& spec, const std::string& status) {
  return "\n---\n{apiVersion: v1, kind: Pod, metadata: {namespace: " + ns + ", name: " + name +
         ", labels: {" + labels + "}}, spec: {" + spec + "}, status: {" + status + "}}";
}

std::string random_pod(const Choose& choose, unsigned number) {
  const std::string name = "extra" + std::to_string(number);
  const std::string ns = one_of(choose, {"a", "b", "c", "default"});
  const std::string labels = one_of(choose, {"", "app: web", "app: client, tier: front"});
  const std::string node = one_of(choose, {"", "nodeName: node-a, ", "nodeName: node-b, "});
  const std::string host = choose(4) == 0 ? "hostNetwork: true, " : "";
  const std::string containers =
      "containers: [{name: c, image: i, ports: [{name: " + one_of(choose, {"http", "admin"}) +
      ", containerPort: " + one_of(choose, {"81", "8080"}) + "}]}]";
  const std::string phase = one_of(choose, {"Running", "Running", "Pending", "Succeeded"});
  const std::string address =
      one_of(choose, {"", "podIP: 10.128.0.77", "podIP: 10.128.2.77",
                      "podIP: 10.128.2.78, podIPs: [{ip: 10.128.2.78}, {ip: \"fd01::78\"}]",
                      "podIP: \"fd01:0:0:1::9\"", "podIP: 10.128.2.2"});
  return extra_pod(ns, name, labels, node + host + containers,
                   "phase: " + phase + (address.empty() ? "" : ", ") + address);
}

}  // namespace

std::string random_oddities(const Choose& choose) {
  std::string text =
      "\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: c, labels: {team: " +
      one_of(choose, {"x", "\"y\"", "z"}) + "}, annotations: {" +
      one_of(choose, {"", "k8s.ovn.org/multicast-enabled: \"true\""}) + "}}}";
  const unsigned pods = choose(6);
  for (unsigned i = 0; i < pods; ++i) text += random_pod(choose, i);
  const unsigned policies = choose(5);
  for (unsigned i = 0; i < policies; ++i) {
    text += random_policy(choose, one_of(choose, {"a", "a", "b", "c", "default"}), i);
  }
  if (choose(3) == 0) text += random_firewall(choose, one_of(choose, {"a", "c"}), "f");
  if (choose(6) == 0) text += random_firewall(choose, one_of(choose, {"a", "c"}), "g");
  if (choose(2) == 0) text += net_namespace(choose, "c");
  if (choose(3) == 0) text += net_namespace(choose, "a");
  if (choose(8) == 0) {
    text +=
        "\n---\n{apiVersion: k8s.ovn.org/v1, kind: EgressFirewall, metadata: {namespace: a, "
        "name: default}, spec: {egress: []}}";
  }
  if (choose(12) == 0) {
    text +=
        "\n---\n{apiVersion: projectcalico.org/v3, kind: NetworkPolicy, metadata: {namespace: "
        "b, name: c}, spec: {}}";
  }
  return text;
}

std::string several_pods() {
  std::string text =
      "\n---\n{apiVersion: apps/v1, kind: Deployment, metadata: {namespace: a, name: twins}, spec: "
      "{selector: {matchLabels: {app: twins}}, template: {metadata: {labels: {app: twins}}, spec: "
      "{containers: [{name: c, image: x}]}}}}\n"
      "\n---\n{apiVersion: apps/v1, kind: StatefulSet, metadata: {namespace: b, name: pg}, spec: "
      "{selector: {matchLabels: {app: pg}}, template: {metadata: {labels: {app: pg}}, spec: "
      "{containers: [{name: c, image: x}]}}}}\n";
  const auto add = [&](const std::string& ns, const std::string& name, const std::string& app,
                       const std::string& owner, const std::string& address) {
    text += "\n---\n{apiVersion: v1, kind: Pod, metadata: {namespace: " + ns + ", name: " + name +
            ", labels: {app: " + app + "}, ownerReferences: [{apiVersion: apps/v1, kind: " + owner +
            ", controller: true, uid: \"1\"}]}, spec: {nodeName: node-a, containers: [{name: c, "
            "image: x}]}, status: {phase: Running, podIP: " +
            address + "}}\n";
  };
  add("a", "twins-1", "twins", "Deployment, name: twins", "10.128.0.61");
  add("a", "twins-2", "twins", "Deployment, name: twins", "10.128.0.62");
  add("b", "pg-0", "web", "StatefulSet, name: pg", "10.128.0.63");
  add("b", "pg-1", "pg", "StatefulSet, name: pg", "10.128.2.64");
  return text;
}

std::string name_of(const Network& network) {
  return std::string{to_string(network.dialect)} + '/' + std::string{to_string(network.mode)};
}

NetworkOptions random_network(const Choose& choose) {
  const auto dialect = static_cast<Dialect>(choose(3));
  constexpr std::array kModes{SdnMode::NetworkPolicy, SdnMode::NetworkPolicy, SdnMode::Multitenant,
                              SdnMode::Subnet};
  NetworkOptions options =
      in_dialect(dialect, dialect == kSdn ? kModes.at(choose(4)) : SdnMode::NetworkPolicy);
  options.ip_block_matches_pods = choose(4) != 0;
  return options;
}

}  // namespace meshproof
