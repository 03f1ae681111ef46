#include "tests/solver/evaluate_case.h"

namespace meshproof {
namespace {

constexpr Access kYes = Access::Allowed;
constexpr Access kNo = Access::Denied;

std::string on_web(std::string_view ingress) {
  return policy("a", "p",
                "podSelector: {matchLabels: {app: web}}, ingress: " + std::string(ingress));
}

std::string from(std::string_view peer) { return on_web("[{from: [" + std::string(peer) + "]}]"); }

std::string ports(std::string_view entries) {
  return on_web("[{ports: [" + std::string(entries) + "]}]");
}

std::string selecting(std::string_view selector) {
  return policy("a", "p", "podSelector: " + std::string(selector));
}

const Question kEnter{"b/client", "a/web"};

TEST_CASE("where the dialects differ, each goes by its own rule") {
  const std::string any_namespace = from("{namespaceSelector: {}}");
  const std::string named = ports("{port: http}");
  const auto row = GENERATE_REF(values<EvaluateRow>({
      {"P11: a named port is the destination's", kKubernetes, named, kEnter, kYes, "P5"},
      {"P11: and nothing else",
       kKubernetes,
       named,
       {"b/client", "a/web", Protocol::Tcp, 9000},
       kNo,
       "P11"},
      {"P11: the protocol must agree",
       kKubernetes,
       ports("{port: http, protocol: UDP}"),
       {"b/client", "a/web", Protocol::Udp},
       kNo,
       "P11"},
      {"SDN-P1: a rule of named ports admits nothing", kSdn, named, kEnter, kNo, "SDN-P1"},
      {"OVN-4: a named port alone opens the protocol",
       kOvn,
       named,
       {"b/client", "a/web", Protocol::Tcp, 9000},
       kYes,
       "OVN-4"},
      {"OVN-4: beside a number it opens nothing", kOvn, ports("{port: http}, {port: 80}"), kEnter,
       kNo, "OVN-4"},
      {"K-1: the own node is admitted",
       kKubernetes,
       selecting("{}"),
       {"h/host-a", "a/web"},
       kYes,
       "K-1"},
      {"SDN-G2: the own node is admitted",
       kSdn,
       selecting("{}"),
       {"h/host-a", "a/web"},
       kYes,
       "SDN-G2"},
      {"OVN-11: the own node is admitted",
       kOvn,
       selecting("{}"),
       {"h/host-a", "a/web"},
       kYes,
       "OVN-11"},
      {"K-2: another node is no pod", kKubernetes, any_namespace, {"h/host-b", "a/web"}, kNo, "P1"},
      {"K-2: another node's address is in an ipBlock",
       kKubernetes,
       from("{ipBlock: {cidr: 192.168.0.0/24}}"),
       {"h/host-b", "a/web"},
       kYes,
       "P8"},
      {"SDN-P2: namespaceSelector {} admits other nodes",
       kSdn,
       any_namespace,
       {"h/host-b", "a/web"},
       kYes,
       "SDN-P2"},
      {"SDN-P2: and outside", kSdn, any_namespace, {"203.0.113.9", "a/web"}, kYes, "SDN-P2"},
      {"OVN-11: namespaceSelector {} admits other nodes",
       kOvn,
       any_namespace,
       {"h/host-b", "a/web"},
       kYes,
       "OVN-11"},
      {"OVN-9: but not outside", kOvn, any_namespace, {"203.0.113.9", "a/web"}, kNo, "P1"},
      {"OVN-11: with a podSelector other nodes are shut out",
       kOvn,
       from("{namespaceSelector: {}, podSelector: {}}"),
       {"h/host-b", "a/web"},
       kNo,
       "P1"},
      {"SDN-P4: openshift-host-network means every host",
       kSdn,
       from("{namespaceSelector: {matchLabels: {policy-group: host}}}"),
       {"h/host-b", "a/web"},
       kYes,
       "SDN-P4"},
      {"SDN-P4: and outside",
       kSdn,
       from("{namespaceSelector: {matchLabels: {policy-group: host}}}"),
       {"203.0.113.9", "a/web"},
       kYes,
       "SDN-P4"},
      {"OVN-11: openshift-host-network means every host",
       kOvn,
       from("{namespaceSelector: {matchLabels: {policy-group: host}}}"),
       {"h/host-b", "a/web"},
       kYes,
       "OVN-11"},
      {"OVN-9: and not outside",
       kOvn,
       from("{namespaceSelector: {matchLabels: {policy-group: host}}}"),
       {"203.0.113.9", "a/web"},
       kNo,
       "P1"},
      {"OVN-16: the join address counts as a host",
       kOvn,
       from("{namespaceSelector: {matchLabels: {policy-group: host}}}"),
       {"100.64.0.2", "a/web"},
       kYes,
       "OVN-11"},
      {"H4: the SDN's hosts send from the first address",
       kSdn,
       from("{ipBlock: {cidr: 10.128.2.1/32}}"),
       {"h/host-b", "a/web"},
       kYes,
       "P8"},
      {"H4: OVN's hosts send from the second address",
       kOvn,
       from("{ipBlock: {cidr: 10.128.2.2/32}}"),
       {"h/host-b", "a/web"},
       kYes,
       "P8"},
      {"H4: and not from the node's address",
       kOvn,
       from("{ipBlock: {cidr: 192.168.0.0/24}}"),
       {"h/host-b", "a/web"},
       kNo,
       "P1"},
      {"H5: a node's address as source is taken as it is",
       kOvn,
       from("{ipBlock: {cidr: 192.168.0.0/24}}"),
       {"192.168.0.2", "a/web"},
       kYes,
       "P8"},
      {"H5: the own node's address is the own node",
       kOvn,
       selecting("{}"),
       {"192.168.0.1", "a/web"},
       kYes,
       "OVN-11"},
      {"P8: IPv6 everywhere but in the SDN",
       kKubernetes,
       from("{ipBlock: {cidr: \"2001:db8::/32\"}}"),
       {"2001:db8::1", "a/web"},
       kYes,
       "P8"},
      {"SDN-G6: the SDN carries IPv4 only",
       kSdn,
       from("{ipBlock: {cidr: \"2001:db8::/32\"}}"),
       {"2001:db8::1", "a/web"},
       kNo,
       "SDN-G6"},
      {"SDN-P11: the SDN skips IPv6 blocks", kSdn, from("{ipBlock: {cidr: \"::/0\"}}"), kEnter, kNo,
       "SDN-P11"},
  }));
  DYNAMIC_SECTION(row.name << ", " << to_string(row.dialect)) { check_row(row); }
}

/// NetNamespaces of the common cluster, `b` and `more` sharing an id.
std::string nets(std::string_view of_b, std::string_view of_more) {
  const auto net = [](std::string_view name, std::string_view netid, std::string_view multicast) {
    return "\n---\n{apiVersion: network.openshift.io/v1, kind: NetNamespace, metadata: {name: " +
           std::string(name) +
           ", annotations: {netnamespace.network.openshift.io/multicast-enabled: \"" +
           std::string(multicast) + "\"}}, netname: " + std::string(name) +
           ", netid: " + std::string(netid) + "}";
  };
  return net("a", "10", "false") + net("b", "20", of_b) + net("more", "20", of_more);
}

TEST_CASE("multicast of pods is closed, or its receivers are not known") {
  const std::string no_egress = policy("b", "e", "podSelector: {}, policyTypes: [Egress]");
  const std::string in_ovn =
      "\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: m, annotations: "
      "{k8s.ovn.org/multicast-enabled: \"true\"}}}\n---\n{apiVersion: v1, kind: Pod, metadata: "
      "{namespace: m, name: p}, spec: {containers: [{name: c}]}, status: {phase: Running, podIP: "
      "10.128.0.30}}";
  const Question from_client{"b/client", "224.0.0.1", Protocol::Udp, 5000};
  const Access unknown = Access::Unknown;
  const SdnMode multitenant = SdnMode::Multitenant;
  const auto row = GENERATE_REF(values<EvaluateRow>({
      {"F10: left open", kKubernetes, "", from_client, unknown, "F10"},
      {"F10: closed by egress policies", kKubernetes, no_egress, from_client, kNo, "P1"},
      {"F10: nothing sends from it", kKubernetes, "", {"224.0.0.1", "a/web"}, kNo, "F10"},
      {"SDN-G7: not in mode subnet", kSdn, nets("true", "true"), from_client, kNo, "SDN-G7",
       SdnMode::Subnet},
      {"SDN-G7: not by itself", kSdn, "", from_client, kNo, "SDN-G7"},
      {"SDN-G7: not by itself", kSdn, "", from_client, kNo, "SDN-G7", multitenant},
      {"SDN-G7: annotated", kSdn, nets("true", "true"), from_client, unknown, "SDN-G7",
       multitenant},
      {"SDN-G7: not all that share the id", kSdn, nets("true", "True"), from_client, kNo, "SDN-G7",
       multitenant},
      {"OVN-26: not by itself", kOvn, "", from_client, kNo, "OVN-26"},
      {"OVN-26: annotated", kOvn, in_ovn, {"m/p", "239.1.2.3"}, unknown, "OVN-26"},
      {"OVN-26: IPv6 too", kOvn, "", {"b/client", "ff02::1"}, kNo, "OVN-26"},
  }));
  DYNAMIC_SECTION(row.name << ", " << to_string(row.dialect) << ", " << to_string(row.mode)) {
    check_row(row);
  }
}

}  // namespace
}  // namespace meshproof
