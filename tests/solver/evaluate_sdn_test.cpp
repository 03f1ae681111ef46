#include "tests/solver/evaluate_case.h"

namespace meshproof {
namespace {

constexpr Access kYes = Access::Allowed;
constexpr Access kNo = Access::Denied;
constexpr SdnMode kSubnet = SdnMode::Subnet;
constexpr SdnMode kMultitenant = SdnMode::Multitenant;
constexpr SdnMode kPolicies = SdnMode::NetworkPolicy;

std::string net_namespaces(std::string_view ids) {
  std::string yaml;
  std::string rest{ids};
  while (!rest.empty()) {
    const auto end = std::min(rest.find(' '), rest.size());
    const std::string one = rest.substr(0, end);
    const auto equals = one.find('=');
    const std::string name = one.substr(0, equals);
    yaml += "\n---\n{apiVersion: network.openshift.io/v1, kind: NetNamespace, metadata: {name: " +
            name + "}, netname: " + name + ", netid: " + one.substr(equals + 1) + "}";
    rest.erase(0, end + 1);
  }
  return yaml;
}

std::string firewall(std::string_view ns, std::string_view name, std::string_view rules) {
  return "\n---\n{apiVersion: network.openshift.io/v1, kind: EgressNetworkPolicy, metadata: "
         "{namespace: " +
         std::string(ns) + ", name: " + std::string(name) + "}, spec: {egress: [" +
         std::string(rules) + "]}}";
}

std::string rule(std::string_view type, std::string_view to) {
  return "{type: " + std::string(type) + ", to: {" + std::string(to) + "}}";
}

const Question kCross{"b/client", "a/web"};
const Question kOut{"a/web", "203.0.113.9", Protocol::Tcp, 443};
const std::string kDenyAll = policy("a", "deny", "podSelector: {}");

std::string admit(std::string_view peer) {
  return policy("a", "p", "podSelector: {}, ingress: [{from: [" + std::string(peer) + "]}]");
}

TEST_CASE("the data path of the OpenShift SDN is the same in every mode") {
  const SdnMode mode = GENERATE(kSubnet, kMultitenant, kPolicies);
  const auto row = GENERATE(values<EvaluateRow>({
      {"SDN-G4: no pod sends to the VXLAN port",
       kSdn,
       "",
       {"a/db", "a/web", Protocol::Udp, 4789},
       kNo,
       "SDN-G4"},
      {"SDN-G4: not even to outside",
       kSdn,
       "",
       {"a/db", "203.0.113.9", Protocol::Udp, 4789},
       kNo,
       "SDN-G4"},
      {"SDN-G5: nodes forward nothing to the machine-config server",
       kSdn,
       "",
       {"a/web", "192.168.0.2", Protocol::Tcp, 22623},
       kNo,
       "SDN-G5"},
      {"F3: a pod reaches itself", kSdn, kDenyAll, {"a/web", "a/web"}, kYes, "F3"},
      {"F4: completed pods are detached", kSdn, "", {"b/client", "b/done"}, kNo, "F4"},
  }));
  DYNAMIC_SECTION(row.name << ", " << to_string(mode)) {
    EvaluateRow in_this = row;
    in_this.mode = mode;
    check_row(in_this);
  }
}

TEST_CASE("subnet and multitenant mode know no policies") {
  const std::string shared = net_namespaces("default=0 a=10 b=10 h=30");
  const std::string without = net_namespaces("default=0 b=20");
  const auto row = GENERATE_REF(values<EvaluateRow>({
      {"SDN-S1: everything reaches everything", kSdn, kDenyAll, kCross, kYes, "SDN-S1", kSubnet},
      {"SDN-S1: firewalls are not looked at", kSdn,
       firewall("a", "f", rule("Deny", "cidrSelector: 0.0.0.0/0")), kOut, kYes, "SDN-S1", kSubnet},
      {"SDN-M1: network ids differ", kSdn, "", kCross, kNo, "SDN-M1", kMultitenant},
      {"SDN-M1: network ids agree, whatever the policies", kSdn, shared + kDenyAll, kCross, kYes,
       "SDN-M1", kMultitenant},
      {"SDN-M2: 0 reaches everybody",
       kSdn,
       "",
       {"default/d", "a/web"},
       kYes,
       "SDN-M2",
       kMultitenant},
      {"SDN-M2: everybody reaches 0",
       kSdn,
       "",
       {"a/web", "default/d"},
       kYes,
       "SDN-M2",
       kMultitenant},
      {"SDN-M2: hosts have 0, whatever their namespace",
       kSdn,
       "",
       {"h/host-b", "a/web"},
       kYes,
       "SDN-M2",
       kMultitenant},
      {"SDN-M2: outside has 0", kSdn, "", {"203.0.113.9", "a/web"}, kYes, "SDN-M2", kMultitenant},
      {"SDN-M3: nodes are reached from everywhere",
       kSdn,
       "",
       {"a/web", "h/host-b"},
       kYes,
       "SDN-M3",
       kMultitenant},
      {"SDN-M4: without a NetNamespace nothing is known", kSdn, without, kCross, Access::Unknown,
       "SDN-M4", kMultitenant},
      {"SDN-M4: but inside of the namespace",
       kSdn,
       without,
       {"a/db", "a/web"},
       kYes,
       "SDN-M1",
       kMultitenant},
      {"SDN-M4: and to the global one",
       kSdn,
       without,
       {"a/db", "default/d"},
       kYes,
       "SDN-M2",
       kMultitenant},
  }));
  DYNAMIC_SECTION(row.name) { check_row(row); }
}

TEST_CASE("the egress firewall of the OpenShift SDN decides what leaves") {
  const std::string deny_all = firewall("a", "f", rule("Deny", "cidrSelector: 0.0.0.0/0"));
  const std::string first = firewall("a", "f",
                                     rule("Allow", "cidrSelector: 203.0.113.0/24") + ", " +
                                         rule("Deny", "cidrSelector: 0.0.0.0/0"));
  const std::string by_name = firewall(
      "a", "f",
      rule("Allow", "dnsName: example.com") + ", " + rule("Deny", "cidrSelector: 0.0.0.0/0"));
  const std::string empty = firewall("a", "f", "");
  const auto row = GENERATE_REF(values<EvaluateRow>({
      {"SDN-E2: the first match wins", kSdn, first, kOut, kYes, "SDN-E2"},
      {"SDN-E2: the next one after it", kSdn, first, {"a/web", "198.51.100.1"}, kNo, "SDN-E2"},
      {"SDN-E2: nothing matched is allowed", kSdn,
       firewall("a", "f", rule("Deny", "cidrSelector: 198.51.100.0/24")), kOut, kYes, "SDN-E2"},
      {"SDN-E2: 0.0.0.0/32 means everything", kSdn,
       firewall("a", "f", rule("Deny", "cidrSelector: 0.0.0.0/32")), kOut, kNo, "SDN-E2"},
      {"SDN-E1: node addresses are outside",
       kSdn,
       deny_all,
       {"a/web", "192.168.0.2"},
       kNo,
       "SDN-E2"},
      {"SDN-E1: pods are not", kSdn, deny_all, {"a/web", "b/client"}, kYes, "P1"},
      {"SDN-E1: one without rules is none", kSdn, empty, kOut, kYes, "P1"},
      {"SDN-E3: the global namespace is exempt",
       kSdn,
       firewall("default", "f", rule("Deny", "cidrSelector: 0.0.0.0/0")),
       {"default/d", "203.0.113.9"},
       kYes,
       "P1"},
      {"SDN-E4: two in a namespace cut it off", kSdn,
       deny_all + firewall("a", "g", rule("Allow", "cidrSelector: 0.0.0.0/0")), kOut, kNo,
       "SDN-E4"},
      {"SDN-E4: sharing a network id cuts all of them off",
       kSdn,
       net_namespaces("default=0 a=10 b=10 h=30") +
           firewall("a", "f", rule("Allow", "cidrSelector: 0.0.0.0/0")),
       {"b/client", "203.0.113.9"},
       kNo,
       "SDN-E4",
       kMultitenant},
      {"SDN-E5: names are asked of the own node",
       kSdn,
       deny_all,
       {"a/web", "192.168.0.1", Protocol::Udp, 53},
       kYes,
       "SDN-E5"},
      {"SDN-E5: not of another one",
       kSdn,
       deny_all,
       {"a/web", "192.168.0.2", Protocol::Udp, 53},
       kNo,
       "SDN-E2"},
      {"SDN-E6: a rule by name may decide", kSdn, by_name, kOut, Access::Unknown, "SDN-E6"},
      {"SDN-E6: or change nothing", kSdn,
       firewall(
           "a", "f",
           rule("Deny", "dnsName: example.com") + ", " + rule("Deny", "cidrSelector: 0.0.0.0/0")),
       kOut, kNo, "SDN-E2"},
      {"P1: an egress policy denies as well", kSdn,
       first + policy("a", "e", "podSelector: {}, policyTypes: [Egress]"), kOut, kNo, "P1"},
      {"K: the specification knows no such firewall", kKubernetes, deny_all, kOut, kYes, "P1"},
      {"OVN-20: nor does OVN-Kubernetes", kOvn, deny_all, kOut, kYes, "P1"},
  }));
  DYNAMIC_SECTION(row.name) { check_row(row); }
}

TEST_CASE("policies of the OpenShift SDN deviate from the specification by numbered rules") {
  const std::string by_default =
      "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: default}}}";
  const std::string member = "{namespaceSelector: {matchLabels: {team: \"y\"}}}";
  const std::string took_over =
      "\n---\n{apiVersion: v1, kind: Pod, metadata: {namespace: a, name: old, labels: {old: "
      "\"1\"}}, spec: {nodeName: node-b, containers: [{name: c, image: x}]}, status: {phase: "
      "Failed, podIP: 10.128.2.12}}\n---\n{apiVersion: v1, kind: Pod, metadata: {namespace: a, "
      "name: iso, labels: {old: \"2\"}}, spec: {nodeName: node-a, containers: [{name: c, image: "
      "x}]}, status: {phase: Succeeded, podIP: 10.128.0.10}}";
  std::string many;
  for (int i = 0; i < 100; ++i) many += "{port: " + std::to_string(8000 + i) + "}, ";
  std::string blocks;
  for (int i = 0; i < 100; ++i)
    blocks += "{ipBlock: {cidr: 10.128.2." + std::to_string(i) + "/32}}, ";
  const std::string big = policy(
      "a", "big", "podSelector: {}, ingress: [{ports: [" + many + "], from: [" + blocks + "]}]");
  const auto row = GENERATE_REF(values<EvaluateRow>({
      {"SDN-P3: selecting default admits hosts of other nodes",
       kSdn,
       admit(by_default),
       {"h/host-b", "a/web"},
       kYes,
       "SDN-P3"},
      {"SDN-P3: and outside", kSdn, admit(by_default), {"203.0.113.9", "a/web"}, kYes, "SDN-P3"},
      {"SDN-P3: selecting another namespace does not",
       kSdn,
       admit(member),
       {"203.0.113.9", "a/web"},
       kNo,
       "P1"},
      {"SDN-P3: with a podSelector it is pods only",
       kSdn,
       admit("{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: default}}, "
             "podSelector: {}}"),
       {"203.0.113.9", "a/web"},
       kNo,
       "P1"},
      {"SDN-P5: a hostNetwork pod's own namespace does not admit it",
       kSdn,
       admit("{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: h}}}"),
       {"h/host-b", "a/web"},
       kNo,
       "P1"},
      {"SDN-P5: egress to default does not mean hosts",
       kSdn,
       policy("a", "e",
              "podSelector: {}, policyTypes: [Egress], egress: [{to: [" + by_default + "]}]"),
       {"a/web", "h/host-b"},
       kNo,
       "P1"},
      {"SDN-P2: egress to namespaceSelector {} means outside too", kSdn,
       policy("a", "e",
              "podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}]}]"),
       kOut, kYes, "SDN-P2"},
      {"SDN-P6: podSelector {} in default admits outside",
       kSdn,
       policy("default", "p", "podSelector: {}, ingress: [{from: [{podSelector: {}}]}]"),
       {"203.0.113.9", "default/d"},
       kYes,
       "SDN-P6"},
      {"SDN-P7: a taken-over address inherits what peers may", kSdn,
       took_over + admit("{podSelector: {matchLabels: {old: \"1\"}}}"), kCross, kYes, "SDN-P7"},
      {"SDN-P7: and the isolation", kSdn,
       took_over + policy("a", "p", "podSelector: {matchLabels: {old: \"2\"}}"), kCross, kNo, "P1"},
      {"OVN-8: not so in OVN-Kubernetes", kOvn,
       took_over + policy("a", "p", "podSelector: {matchLabels: {old: \"2\"}}"), kCross, kYes,
       "P1"},
      {"SDN-P8: a policy of 10000 flows admits nothing",
       kSdn,
       big,
       {"10.128.2.12", "a/web", Protocol::Tcp, 8010},
       kNo,
       "SDN-P8"},
      {"OVN-20: no such limit in OVN-Kubernetes",
       kOvn,
       big,
       {"10.128.2.12", "a/web", Protocol::Tcp, 8010},
       kYes,
       "P8"},
      {"SDN-P10: a range admits port 0",
       kSdn,
       policy("a", "p", "podSelector: {}, ingress: [{ports: [{port: 80, endPort: 90}]}]"),
       {"b/client", "a/web", Protocol::Tcp, 0},
       kYes,
       "SDN-P10"},
      {"SDN-P14: policies under a shared network id are undefined",
       kSdn,
       net_namespaces("default=0 a=10 b=10 h=30") + kDenyAll,
       {"default/d", "a/web"},
       Access::Unknown,
       "SDN-P14"},
      {"SDN-P14: without policies nothing is", kSdn, net_namespaces("default=0 a=10 b=10 h=30"),
       kCross, kYes, "P1"},
      {"SDN-P15: no selector knows a namespace without NetNamespace", kSdn,
       net_namespaces("default=0 a=10") + admit(member), kCross, Access::Unknown, "SDN-P15"},
  }));
  DYNAMIC_SECTION(row.name) { check_row(row); }
}

TEST_CASE("OVN-Kubernetes deviates from the specification by numbered rules") {
  const std::string leak =
      policy("b", "deny", "podSelector: {}, policyTypes: [Egress]") +
      policy("b", "i",
             "podSelector: {}, policyTypes: [Ingress], egress: [{to: [{namespaceSelector: {}}]}]");
  const auto egress = [](std::string_view peer) {
    return policy(
        "a", "e",
        "podSelector: {}, policyTypes: [Egress], egress: [{to: [" + std::string(peer) + "]}]");
  };
  const auto row = GENERATE_REF(values<EvaluateRow>({
      {"OVN-3: an Ingress-only policy's egress rules widen", kOvn, leak, kCross, kYes, "P6"},
      {"P2: in the specification they are inert", kKubernetes, leak, kCross, kNo, "P1"},
      {"P2: and in the OpenShift SDN", kSdn, leak, kCross, kNo, "P1"},
      {"OVN-13: a selected hostNetwork pod opens its node",
       kOvn,
       egress("{namespaceSelector: {}, podSelector: {matchLabels: {app: host}}}"),
       {"a/web", "192.168.0.2", Protocol::Tcp, 22},
       kYes,
       "OVN-13"},
      {"OVN-13: a namespaceSelector alone does not",
       kOvn,
       egress("{namespaceSelector: {}}"),
       {"a/web", "192.168.0.2", Protocol::Tcp, 22},
       kNo,
       "P1"},
      {"OVN-13: an ipBlock with the node's address does",
       kOvn,
       egress("{ipBlock: {cidr: 192.168.0.2/32}}"),
       {"a/web", "h/host-b"},
       kYes,
       "P8"},
      {"OVN-9: selectors do not mean outside", kOvn, egress("{namespaceSelector: {}}"), kOut, kNo,
       "P1"},
  }));
  DYNAMIC_SECTION(row.name) { check_row(row); }
}

}  // namespace
}  // namespace meshproof
