#include "tests/solver/small_clusters.h"

#include <string>
#include <vector>

#include "tests/support/yaml.h"

namespace meshproof {
namespace {

/// `labels`: bit i is the label of the pod i. A router on the nodes' network is there too, because
/// hosts are where the dialects differ.
std::string objects(unsigned labels) {
  std::string text =
      "{apiVersion: v1, kind: Node, metadata: {name: n1}, status: {addresses: [{type: InternalIP, "
      "address: 192.168.0.1}]}}\n---\n"
      "{apiVersion: v1, kind: Node, metadata: {name: n2}, status: {addresses: [{type: InternalIP, "
      "address: 192.168.0.2}]}}\n---\n"
      "{apiVersion: network.openshift.io/v1, kind: HostSubnet, metadata: {name: n1}, host: n1, "
      "hostIP: 192.168.0.1, subnet: 10.128.0.0/23}\n---\n"
      "{apiVersion: network.openshift.io/v1, kind: HostSubnet, metadata: {name: n2}, host: n2, "
      "hostIP: 192.168.0.2, subnet: 10.128.2.0/23}\n---\n"
      "{apiVersion: network.openshift.io/v1, kind: ClusterNetwork, metadata: {name: default}, "
      "clusterNetworks: [{CIDR: 10.128.0.0/14, hostSubnetLength: 9}], serviceNetwork: "
      "172.30.0.0/16, network: 10.128.0.0/14, hostsubnetlength: 9, pluginName: "
      "redhat/openshift-ovs-networkpolicy}";
  for (unsigned ns = 0; ns < 2; ++ns) {
    const std::string name = ns == 0 ? "a" : "b";
    text += "\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: " + name +
            ", labels: {team: " + name +
            "}}}\n---\n{apiVersion: network.openshift.io/v1, kind: "
            "NetNamespace, metadata: {name: " +
            name + "}, netname: " + name + ", netid: " + std::to_string(10 + ns) + "}";
    for (unsigned i = 0; i < 2; ++i) {
      const std::string number = std::to_string(i + 1);
      text += "\n---\n{apiVersion: v1, kind: Pod, metadata: {namespace: " + name + ", name: p" +
              number + ", labels: {app: " + ((labels >> (2 * ns + i) & 1U) != 0 ? "x" : "y") +
              "}}, spec: {nodeName: n" + number + ", containers: [{name: c, image: i, ports: " +
              "[{name: http, containerPort: " + (i == 0 ? "80" : "81") +
              "}]}]}, status: {phase: Running, podIP: 10.128." + (i == 0 ? "0." : "2.") +
              std::to_string(10 + ns) + "}}";
    }
  }
  return text +
         "\n---\n{apiVersion: v1, kind: Pod, metadata: {namespace: b, name: router, labels: "
         "{app: x}}, spec: {nodeName: n1, hostNetwork: true, containers: [{name: c, image: i}]}, "
         "status: {phase: Running, podIP: 192.168.0.1}}";
}

/// Every policy of at most one rule.
std::vector<std::string> policies() {
  std::vector<std::string> rules{""};
  for (const char* peer :
       {"", "{podSelector: {}}", "{podSelector: {matchLabels: {app: x}}}",
        "{namespaceSelector: {}}", "{namespaceSelector: {matchLabels: {team: b}}}",
        "{namespaceSelector: {matchLabels: {team: b}}, podSelector: {matchLabels: {app: x}}}",
        "{ipBlock: {cidr: 10.128.0.0/23}}"}) {
    for (const char* ports : {"", "ports: [{port: 80}]", "ports: [{port: http}]"}) {
      const std::string peers = *peer == 0 ? "" : std::string("PEERS: [") + peer + "]";
      const std::string comma = !peers.empty() && *ports != 0 ? ", " : "";
      rules.push_back("{" + peers + comma + ports + "}");
    }
  }
  std::vector<std::string> result;
  for (const std::string ns : {"a", "b"}) {
    for (const std::string subject : {"{}", "{matchLabels: {app: x}}"}) {
      for (const bool inwards : {true, false}) {
        for (std::string rule : rules) {
          if (const auto at = rule.find("PEERS"); at != std::string::npos) {
            rule.replace(at, 5, inwards ? "from" : "to");
          }
          const std::string direction = inwards ? "Ingress" : "Egress";
          const std::string field = inwards ? "ingress" : "egress";
          result.push_back(policy(ns, "p",
                                  "podSelector: " + subject + ", policyTypes: [" + direction +
                                      "], " + field + ": [" + rule + "]"));
        }
      }
    }
  }
  return result;
}

}  // namespace

SmallClusters::SmallClusters(const Setting& setting, unsigned labels) {
  std::string text = objects(labels);
  unsigned number = 100;
  for (std::string each : policies()) {
    each.replace(each.find("name: p"), 7, "name: p" + std::to_string(number++));
    text += each;
  }
  all_ = cluster_from(text, in_dialect(setting.dialect, setting.mode));
  with_ = all_;
}

const Cluster& SmallClusters::with(std::uint32_t first, std::uint32_t second) {
  with_.policies.clear();
  for (Namespace& ns : with_.namespaces) ns.policies.clear();
  for (const std::uint32_t index : {first, second}) {
    if (index >= count()) continue;
    const PolicyId id{static_cast<std::uint32_t>(with_.policies.size())};
    with_.policies.push_back(all_.policies[index]);
    with_.namespaces[all_.policies[index].ns.value].policies.push_back(id);
  }
  return with_;
}

}  // namespace meshproof
