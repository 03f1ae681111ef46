#include <catch2/catch.hpp>

#include "tests/model/projected.h"

namespace meshproof {
namespace {

using Lines = std::vector<std::string>;

/// `node-a 192.168.0.1 | 10.128.0.0/23`, with what is assumed behind.
std::string print(const Node& node) {
  std::string text = node.name;
  for (const auto& address : node.addresses) text += ' ' + address.to_string();
  text += " |";
  for (const auto& subnet : node.pod_subnets) text += ' ' + subnet.to_string();
  if (node.assumed) text += " assumed";
  if (node.subnet_assumed) text += " subnet-assumed";
  return text;
}

Lines print(const Cluster& cluster) {
  Lines lines;
  for (const auto& node : cluster.nodes) lines.push_back(print(node));
  return lines;
}

std::string node_yaml(const std::string& rest) {
  return "---\napiVersion: v1\nkind: Node\nmetadata: {name: node-a" + rest + "\n";
}

std::string pod_yaml(const std::string& name, const std::string& spec, const std::string& status) {
  return "---\napiVersion: v1\nkind: Pod\nmetadata: {namespace: shop, name: " + name +
         "}\nspec: {nodeName: node-a" + spec + "}\nstatus: {" + status + "}\n";
}

TEST_CASE("a node's addresses and pod subnets come from whatever tells them") {
  struct Row {
    const char* name;
    std::string yaml;
    Lines printed;
  };
  const std::string host_subnet =
      "---\napiVersion: network.openshift.io/v1\nkind: HostSubnet\nmetadata: {name: node-a}\n"
      "host: node-a\nhostIP: 192.168.0.1\nsubnet: 10.128.0.0/23\n";
  const std::string status =
      "}\nstatus: {addresses: [{type: InternalIP, address: 192.168.0.1}, "
      "{type: Hostname, address: node-a}]}";
  const auto row = GENERATE_COPY(values<Row>({
      {"Node", node_yaml(status), {"node-a 192.168.0.1 |"}},
      {"HostSubnet", host_subnet, {"node-a 192.168.0.1 | 10.128.0.0/23"}},
      {"HostSubnet wins over the Node",
       host_subnet + node_yaml("}\nspec: {podCIDR: 10.244.0.0/24}"),
       {"node-a 192.168.0.1 | 10.128.0.0/23"}},
      {"podCIDR", node_yaml("}\nspec: {podCIDR: 10.244.0.0/24}"), {"node-a | 10.244.0.0/24"}},
      {"podCIDRs",
       node_yaml("}\nspec: {podCIDR: 10.244.0.0/24, podCIDRs: [10.244.0.0/24, 'fd01::/64']}"),
       {"node-a | 10.244.0.0/24 fd01::/64"}},
      {"annotation with a list",
       node_yaml(", annotations: {k8s.ovn.org/node-subnets: "
                 "'{\"default\":[\"10.128.2.0/23\",\"fd01::/64\"]}'}}"),
       {"node-a | 10.128.2.0/23 fd01::/64"}},
      {"annotation with a string",
       node_yaml(", annotations: {k8s.ovn.org/node-subnets: '{ \"default\" : "
                 "\"10.128.2.0/23\" }'}}"),
       {"node-a | 10.128.2.0/23"}},
      {"only a pod",
       pod_yaml("web", "", "hostIP: 192.168.0.1, podIP: 10.128.3.9"),
       {"node-a 192.168.0.1 | 10.128.2.0/23 assumed subnet-assumed"}},
      {"a pod of two families",
       pod_yaml("web", "", "podIPs: [{ip: 10.128.3.9}, {ip: 'fd01::1:0:0:1'}]"),
       {"node-a | 10.128.2.0/23 fd01::/64 assumed subnet-assumed"}},
      {"a hostNetwork pod tells nothing of the pod subnet",
       pod_yaml("web", ", hostNetwork: true",
                "hostIP: 192.168.0.1, podIPs: [{ip: 192.168.0.1}, {ip: 'fd00::1'}]"),
       {"node-a 192.168.0.1 fd00::1 | assumed"}},
      {"pods do not widen a subnet that is told",
       host_subnet + pod_yaml("web", "", "podIP: 10.129.0.9"),
       {"node-a 192.168.0.1 | 10.128.0.0/23"}},
  }));
  DYNAMIC_SECTION(row.name) {
    const auto projected = project_text(row.yaml);
    CHECK_FALSE(has_errors(projected.diagnostics));
    CHECK(print(projected.cluster) == row.printed);
  }
}

TEST_CASE("assumed pod subnets are told once, with their count") {
  const std::string web = pod_yaml("web", "", "podIP: 10.128.3.9");
  CHECK(lines_of(project_text(web + pod_yaml("api", "", "podIP: 10.128.3.10")).diagnostics) ==
        Lines{"0: warning[node-subnet-assumed]: the pod subnet of 1 node is assumed: the host "
              "prefix /23 around the addresses of its pods; HostSubnets or Nodes in the input "
              "would say it"});
  std::string other = pod_yaml("api", "", "podIP: 10.128.5.9");
  other.replace(other.find("node-a"), 6, "node-b");
  CHECK(lines_of(project_text(web + other).diagnostics) ==
        Lines{"0: warning[node-subnet-assumed]: the pod subnet of 2 nodes is assumed: the host "
              "prefix /23 around the addresses of its pods; HostSubnets or Nodes in the input "
              "would say it"});
}

TEST_CASE("an annotation that is not understood is told") {
  for (const std::string text : {"", "{}", "{\"default\":[]}", "{\"default\":[\"10.0.0.0/23\"",
                                 "{\"default\":7}", "{\"default\":[\"here\"]}", "{\"default\""}) {
    DYNAMIC_SECTION("`" << text << "`") {
      const auto projected =
          project_text(node_yaml(", annotations: {k8s.ovn.org/node-subnets: '" + text + "'}}"));
      CHECK(lines_of(projected.diagnostics) ==
            Lines{"4: warning[bad-annotation]: annotation `k8s.ovn.org/node-subnets` is the string "
                  "`" +
                  text + "`; it is written like `{\"default\":[\"10.128.0.0/23\"]}`"});
    }
  }
}

TEST_CASE("a node is found by its addresses and its gateway") {
  const std::string node =
      "apiVersion: network.openshift.io/v1\nkind: HostSubnet\nmetadata: {name: node-a}\n"
      "host: node-a\nhostIP: 192.168.0.1\nsubnet: 10.128.0.0/23\n";
  const auto found = [&](const char* address, Dialect dialect) {
    NetworkOptions options;
    options.dialect = dialect;
    return project_text(node, options)
        .cluster.find_node_by_address(*IpAddress::parse(address))
        .is_valid();
  };
  CHECK(found("192.168.0.1", Dialect::Kubernetes));
  CHECK(found("10.128.0.1", Dialect::Kubernetes));
  CHECK(found("10.128.0.1", Dialect::OpenShiftSdn));
  CHECK(found("10.128.0.2", Dialect::OvnKubernetes));
  CHECK_FALSE(found("10.128.0.2", Dialect::OpenShiftSdn));
  CHECK_FALSE(found("10.128.0.3", Dialect::OvnKubernetes));
  CHECK_FALSE(found("192.168.0.2", Dialect::Kubernetes));
}

TEST_CASE("a pod is found by its address, a running one before a completed one") {
  const auto projected = project_text(pod_yaml("a", "", "phase: Succeeded, podIP: 10.128.0.9") +
                                      pod_yaml("b", "", "phase: Running, podIP: 10.128.0.9") +
                                      pod_yaml("c", "", "phase: Failed, podIP: 10.128.0.10") +
                                      pod_yaml("h", ", hostNetwork: true", "podIP: 192.168.0.1"));
  const Cluster& cluster = projected.cluster;
  const auto name_at = [&](const char* address) {
    const PodId id = cluster.find_pod_by_address(*IpAddress::parse(address));
    return id.is_valid() ? cluster.at(id).name : "";
  };
  CHECK(name_at("10.128.0.9") == "b");
  CHECK(name_at("10.128.0.10") == "c");
  CHECK(name_at("192.168.0.1").empty());
  CHECK(name_at("10.128.0.11").empty());
}

}  // namespace
}  // namespace meshproof
