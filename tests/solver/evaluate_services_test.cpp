#include "tests/solver/evaluate_case.h"

namespace meshproof {
namespace {

constexpr Access kYes = Access::Allowed;
constexpr Access kNo = Access::Denied;

std::string service(std::string_view ns, std::string_view spec) {
  return "\n---\n{apiVersion: v1, kind: Service, metadata: {namespace: " + std::string(ns) +
         ", name: s}, spec: {clusterIP: 172.30.0.10, " + std::string(spec) + "}}";
}

std::string endpoints(std::string_view ns, std::string_view addresses) {
  std::string list;
  std::string rest{addresses};
  while (!rest.empty()) {
    const auto end = std::min(rest.find(' '), rest.size());
    list += "{ip: " + rest.substr(0, end) + "}, ";
    rest.erase(0, end + 1);
  }
  return "\n---\n{apiVersion: v1, kind: Endpoints, metadata: {namespace: " + std::string(ns) +
         ", name: s}, subsets: [{addresses: [" + list + "]}]}";
}

const std::string kPorts = "ports: [{port: 80, targetPort: 8080}]";
const std::string kSelecting = "selector: {app: web}, " + kPorts;
const std::string kNamed = "selector: {app: web}, ports: [{port: 80, targetPort: http}]";
const std::string kDenyWeb = policy("a", "deny", "podSelector: {matchLabels: {app: web}}");
const std::string kNoEgress = policy("b", "e", "podSelector: {}, policyTypes: [Egress]");

TEST_CASE("a Service is as reachable as its endpoints, in every dialect") {
  const auto row = GENERATE(values<EvaluateRow>({
      {"S1: judged at the target port",
       {},
       service("a", kSelecting) +
           policy("a", "p", "podSelector: {}, ingress: [{ports: [{port: 8080}]}]"),
       {"b/client", "svc:a/s", Protocol::Tcp, 80},
       kYes,
       "S1"},
      {"S1: and not at the Service's own",
       {},
       service("a", kSelecting) +
           policy("a", "p", "podSelector: {}, ingress: [{ports: [{port: 80}]}]"),
       {"b/client", "svc:a/s", Protocol::Tcp, 80},
       kNo,
       "P1"},
      {"F5: the cluster IP is the Service",
       {},
       service("a", kSelecting),
       {"b/client", "172.30.0.10", Protocol::Tcp, 80},
       kYes,
       "S1"},
      {"S2: one endpoint that answers is enough",
       {},
       service("b", kPorts) + endpoints("b", "10.128.0.10 10.128.2.11") + kDenyWeb,
       {"b/client", "svc:b/s", Protocol::Tcp, 80},
       kYes,
       "S1"},
      {"S2: none is not",
       {},
       service("b", kPorts) + endpoints("b", "10.128.0.10") + kDenyWeb,
       {"b/client", "svc:b/s", Protocol::Tcp, 80},
       kNo,
       "P1"},
      {"S4: a named target port is the pod's",
       {},
       service("a", kNamed),
       {"b/client", "svc:a/s", Protocol::Tcp, 80},
       kYes,
       "S1"},
      {"S5: a port that is not offered",
       {},
       service("a", kSelecting),
       {"b/client", "svc:a/s", Protocol::Tcp, 81},
       kNo,
       "S5"},
      {"S5: a protocol that is not offered",
       {},
       service("a", kSelecting),
       {"b/client", "svc:a/s", Protocol::Udp, 80},
       kNo,
       "S5"},
      {"S5: no endpoint",
       {},
       service("a", "selector: {app: nobody}, " + kPorts),
       {"b/client", "svc:a/s", Protocol::Tcp, 80},
       kNo,
       "S5"},
      {"S8: a pod reaches itself through its Service",
       {},
       service("a", kSelecting) + kDenyWeb,
       {"a/web", "svc:a/s", Protocol::Tcp, 80},
       kYes,
       "F3"},
  }));
  const Dialect dialect = GENERATE(kKubernetes, kSdn, kOvn);
  DYNAMIC_SECTION(row.name << ", " << to_string(dialect)) {
    EvaluateRow in_this = row;
    in_this.dialect = dialect;
    check_row(in_this);
  }
}

TEST_CASE("a Service without a cluster IP is as its name resolves") {
  const std::string common = ", metadata: {namespace: a, name: s}, spec: {";
  const std::string head = "\n---\n{apiVersion: v1, kind: Service" + common;
  const std::string headless = head + "clusterIP: None, " + kSelecting + "}}";
  const std::string no_address_yet = head + kSelecting + "}}";
  const std::string external = head + "type: ExternalName, externalName: db.example.org}}";
  const std::string only_8080 =
      policy("a", "p", "podSelector: {}, ingress: [{ports: [{port: 8080}]}]");
  const auto row = GENERATE_REF(values<EvaluateRow>({
      {"S6: a headless Service does not translate 80 to 8080",
       {},
       headless + only_8080,
       {"b/client", "svc:a/s", Protocol::Tcp, 80},
       kNo,
       "P1"},
      {"S6: its pods answer on ports that it does not list",
       {},
       headless + only_8080,
       {"b/client", "svc:a/s", Protocol::Tcp, 8080},
       kYes,
       "P5"},
      {"S6: through Endpoints too",
       {},
       headless + only_8080 + endpoints("a", "10.128.0.10"),
       {"b/client", "svc:a/s", Protocol::Tcp, 80},
       kNo,
       "P1"},
      {"S5: without endpoints nobody answers",
       {},
       head + "clusterIP: None, selector: {app: nobody}}}",
       {"b/client", "svc:a/s", Protocol::Tcp, 80},
       kNo,
       "S5"},
      {"S6: a Service that only waits for its cluster IP translates",
       {},
       no_address_yet + only_8080,
       {"b/client", "svc:a/s", Protocol::Tcp, 80},
       kYes,
       "S1"},
      {"S9: an ExternalName leads outside of what is known",
       {},
       external,
       {"b/client", "svc:a/s", Protocol::Tcp, 80},
       Access::Unknown,
       "S9"},
  }));
  const Dialect dialect = GENERATE(kKubernetes, kSdn, kOvn);
  DYNAMIC_SECTION(row.name << ", " << to_string(dialect)) {
    EvaluateRow in_this = row;
    in_this.dialect = dialect;
    check_row(in_this);
  }
}

TEST_CASE("endpoints that are no pods, and clients that are hosts, differ by dialect") {
  const std::string to_node = service("b", kPorts) + endpoints("b", "192.168.0.2");
  const std::string blocked = to_node +
                              "\n---\n{apiVersion: network.openshift.io/v1, kind: "
                              "EgressNetworkPolicy, metadata: {namespace: b, name: f}, spec: "
                              "{egress: [{type: Deny, to: {cidrSelector: 192.168.0.0/24}}]}}";
  const Question from_pod{"b/client", "svc:b/s", Protocol::Tcp, 80};
  const Question from_host{"h/host-a", "svc:a/s", Protocol::Tcp, 80};
  const auto row = GENERATE_REF(values<EvaluateRow>({
      {"SDN-C2: egress policies do not see a node endpoint", kSdn, to_node + kNoEgress, from_pod,
       kYes, "SDN-C2"},
      {"OVN-18: they do", kOvn, to_node + kNoEgress, from_pod, kNo, "P1"},
      {"S1: they do", kKubernetes, to_node + kNoEgress, from_pod, kNo, "P1"},
      {"SDN-E7: a firewalled endpoint takes the Service away", kSdn, blocked, from_pod, kNo,
       "SDN-E7"},
      {"SDN-G2: the own node is admitted through a Service", kSdn,
       service("a", kSelecting) + kDenyWeb, from_host, kYes, "SDN-G2"},
      {"OVN-17: there not", kOvn, service("a", kSelecting) + kDenyWeb, from_host, kNo, "P1"},
      {"OVN-17: but as openshift-host-network", kOvn,
       service("a", kSelecting) +
           policy("a", "p",
                  "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: "
                  "{policy-group: host}}}]}]"),
       from_host, kYes, "OVN-11"},
  }));
  DYNAMIC_SECTION(row.name) { check_row(row); }
}

TEST_CASE("kinds that are not modelled make the flows unknown that they may touch") {
  const std::string admin =
      "\n---\n{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: "
      "{name: all}, spec: {}}";
  const std::string egress_firewall =
      "\n---\n{apiVersion: k8s.ovn.org/v1, kind: EgressFirewall, metadata: {namespace: b, name: "
      "default}, spec: {}}";
  const std::string authorization =
      "\n---\n{apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: {namespace: "
      "a, name: deny}, spec: {}}";
  const auto row = GENERATE_REF(values<EvaluateRow>({
      {"U1: any flow", kOvn, admin, {"b/client", "a/web"}, Access::Unknown, "U1"},
      {"U1: an EgressFirewall touches what leaves",
       kOvn,
       egress_firewall,
       {"b/client", "203.0.113.9"},
       Access::Unknown,
       "U1"},
      {"U1: not what stays", kOvn, egress_firewall, {"b/client", "a/web"}, kYes, "P1"},
      {"U1: not other namespaces", kOvn, egress_firewall, {"a/web", "203.0.113.9"}, kYes, "P1"},
      {"U1: and opens nothing",
       kOvn,
       egress_firewall + kNoEgress,
       {"b/client", "203.0.113.9"},
       kNo,
       "P1"},
      {"U2: what only refuses is a remark",
       kKubernetes,
       authorization,
       {"b/client", "a/web"},
       kYes,
       "U2"},
  }));
  DYNAMIC_SECTION(row.name) { check_row(row); }
}

TEST_CASE("U3: on a network that is not understood nothing is decided") {
  Cluster cluster = common_cluster("", in_dialect(kKubernetes));
  cluster.network.unknown_because = "the plugin Weave is not known";
  const Decision decision = ask(cluster, {"b/client", "a/web"});
  CHECK(decision.access == Access::Unknown);
  CHECK(cites(decision, "U3"));
}

}  // namespace
}  // namespace meshproof
