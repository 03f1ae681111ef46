#include "solver/checks/enumerate.h"
#include "solver/checks/port_samples.h"
#include "tests/solver/evaluate_case.h"

/// Ends and ports that no policy names and evaluate() knows all the same: an assertion must ask
/// about them (enumerate_agreement_test.cpp looks for others).
namespace meshproof {

namespace {

std::string on_web(std::string_view peer) {
  return policy("a", "p", "podSelector: {}, ingress: [{from: [" + std::string(peer) + "]}]");
}

const std::string kFirewall =
    "\n---\n{apiVersion: network.openshift.io/v1, kind: EgressNetworkPolicy, metadata: "
    "{namespace: b, name: f}, spec: {egress: [{type: Deny, to: {cidrSelector: 0.0.0.0/0}}]}}";
const std::string kService =
    "\n---\n{apiVersion: v1, kind: Service, metadata: {namespace: a, name: s}, spec: {clusterIP: "
    "172.30.0.10, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}";
const std::string kFromHosts = on_web("{namespaceSelector: {matchLabels: {policy-group: host}}}");

Group in(const std::string& ns) {
  Group group;
  group.name = ns;
  group.namespace_names = {ns};
  return group;
}

Group block(const std::string& cidr) {
  Group group;
  group.name = cidr;
  group.cidrs = {*Cidr::parse(cidr)};
  return group;
}

Finding decide(const Cluster& cluster, AssertionKind kind, Group from, Group to,
               const PortSet& ports = PortSet::all()) {
  Snapshot snapshot;
  snapshot.cluster = cluster;
  Assertion assertion;
  assertion.id = "A";
  assertion.kind = kind;
  assertion.from = std::move(from);
  assertion.to = std::move(to);
  assertion.ports = ports;
  return Enumeration(snapshot).decide(assertion);
}

Finding deny(const Cluster& cluster, Group from, Group to) {
  return decide(cluster, AssertionKind::Deny, std::move(from), std::move(to));
}

std::string text(const Finding& finding) {
  if (std::holds_alternative<Holds>(finding)) return "holds";
  if (const auto* undecided = std::get_if<Undecided>(&finding)) return undecided->reason;
  if (const auto* vacuous = std::get_if<Vacuous>(&finding)) return vacuous->reason;
  const auto& violated = std::get<Violated>(finding);
  return violated.src + " to " + violated.dst + " on " + std::string(to_string(violated.protocol)) +
         " " + std::to_string(violated.port);
}

}  // namespace

TEST_CASE("SDN-E5: a pod asks its own node for names through any egress firewall") {
  const SdnMode mode = GENERATE(SdnMode::Multitenant, SdnMode::NetworkPolicy);
  const Cluster cluster = common_cluster(kFirewall, in_dialect(kSdn, mode));
  CHECK(text(deny(cluster, in("b"), block("192.168.0.2/32"))) == "b/client to h/host-b on TCP 53");
  const PortSet udp = PortSet::of(Protocol::Udp, {1, 65535});
  CHECK(text(decide(cluster, AssertionKind::Deny, in("b"), block("192.168.0.2/32"), udp)) ==
        "b/client to h/host-b on UDP 53");
}

TEST_CASE("an example is shown by a declared port only where that port does the same") {
  const PortSet low = PortSet::of(Protocol::Tcp, {1, 1024});
  const Cluster cluster = common_cluster("", in_dialect(kKubernetes));
  const PodId web = cluster.find_pod(cluster.find_namespace("a"), "web");
  const Group target = block(cluster.at(web).addresses.at(0).to_string() + "/32");
  const auto shown = [&](const Cluster& state, const PortSet& ports) {
    const std::string words = text(decide(state, AssertionKind::Deny, in("b"), target, ports));
    return words.substr(words.find(" to "));
  };
  CHECK(shown(cluster, PortSet::all()) == " to a/web on TCP 8080");
  CHECK(shown(cluster, low) == " to a/web on TCP 1");
  const std::string all_but = policy(
      "a", "p", "podSelector: {}, ingress: [{ports: [{port: 90, endPort: 8079}, {port: 9000}]}]");
  CHECK(shown(common_cluster(all_but, in_dialect(kKubernetes)), PortSet::all()) ==
        " to a/web on TCP 90");
  CHECK(shown_port(cluster, web, PortSet::all()).port == 8080);
  CHECK(shown_port(cluster, web, low).port == 1);
  CHECK(shown_port(cluster, web, PortSet::none()).port == 0);
}

TEST_CASE("a block of the pod network holds what nodes send from") {
  struct Row {
    const char* name;
    Dialect dialect;
    std::string manifests;
    const char* block;
    std::string expected;
  };
  const auto row = GENERATE(values<Row>({
      {"SDN: the gateway", kSdn, on_web("{ipBlock: {cidr: 10.128.2.1/32}}"), "10.128.2.0/29",
       "10.128.2.1 to a/db on TCP 1"},
      {"SDN: the gateway of the own node, always", kSdn, on_web("{podSelector: {}}"),
       "10.128.0.1/32", "10.128.0.1 to a/web on TCP 8080"},
      {"SDN: no management port", kSdn, on_web("{podSelector: {}}"), "10.128.0.2/32",
       "group 10.128.0.2/32 selects nothing"},
      {"OVN: the management port", kOvn, on_web("{ipBlock: {cidr: 10.128.2.2/32}}"),
       "10.128.2.0/29", "10.128.2.2 to a/db on TCP 1"},
      {"OVN: the join network", kOvn, kFromHosts, "100.0.0.0/8", "100.64.0.3 to a/db on TCP 1"},
      {"OVN: the join network is nobody's where hosts are shut out", kOvn,
       on_web("{podSelector: {}}"), "100.0.0.0/8", "holds"},
      {"Kubernetes: the gateway", kKubernetes, on_web("{podSelector: {}}"), "10.128.0.1/32",
       "10.128.0.1 to a/web on TCP 8080"},
  }));
  DYNAMIC_SECTION(row.name) {
    const Cluster cluster = common_cluster(row.manifests, in_dialect(row.dialect));
    CHECK(text(deny(cluster, block(row.block), in("a"))) == row.expected);
  }
}

TEST_CASE("the cluster as an exception leaves out what nodes send from") {
  const Cluster cluster = common_cluster(kFromHosts, in_dialect(kOvn));
  Group outside = block("0.0.0.0/0");
  outside.except_cluster = true;
  CHECK(text(deny(cluster, outside, in("a"))) == "holds");
}

TEST_CASE("an address outside stays outside where a Service leads to it") {
  const std::string partner =
      "\n---\n{apiVersion: v1, kind: Service, metadata: {namespace: b, name: s}, spec: {clusterIP: "
      "172.30.0.11, ports: [{port: 80}]}}\n---\n{apiVersion: v1, kind: Endpoints, metadata: "
      "{namespace: b, name: s}, subsets: [{addresses: [{ip: 203.0.113.7}]}]}";
  const Cluster cluster =
      common_cluster(partner + on_web("{ipBlock: {cidr: 203.0.113.7/32}}"), in_dialect(kOvn));
  Group outside = block("0.0.0.0/0");
  outside.except_cluster = true;
  CHECK(text(deny(cluster, outside, in("a"))) == "203.0.113.7 to a/db on TCP 1");
}

TEST_CASE("SDN-C2: a Service leads past the egress policies to what is no pod") {
  const auto service = [](const std::string& addresses) {
    return "\n---\n{apiVersion: v1, kind: Service, metadata: {namespace: b, name: s}, spec: "
           "{clusterIP: 172.30.0.11, ports: [{port: 80}]}}\n---\n{apiVersion: v1, kind: Endpoints, "
           "metadata: {namespace: b, name: s}, subsets: [{addresses: [" +
           addresses + "]}]}" + policy("b", "e", "podSelector: {}, policyTypes: [Egress]");
  };
  const auto reached = [](const std::string& manifests, Dialect dialect, const std::string& to) {
    return text(deny(common_cluster(manifests, in_dialect(dialect)), in("b"), block(to)));
  };
  const std::string outside = service("{ip: 203.0.113.7}");
  CHECK(reached(outside, kSdn, "203.0.113.0/24") == "b/Deployment/next to svc:b/s on TCP 80");
  CHECK(reached(outside, kSdn, "198.51.100.0/24") == "holds");
  CHECK(reached(outside, kOvn, "203.0.113.0/24") == "holds");
  CHECK(reached(service("{ip: 203.0.113.7}, {ip: 198.51.100.7}"), kSdn, "203.0.113.0/24") ==
        "b/Deployment/next reaches svc:b/s, which leads to a cidr of the assertion and elsewhere");
}

TEST_CASE("a block of the service network holds the Services, on the ports that they offer") {
  const Cluster cluster = common_cluster(kService, in_dialect(kKubernetes));
  const Group services = block("172.30.0.0/16");
  CHECK(text(deny(cluster, in("b"), services)) == "b/Deployment/next to 172.30.0.10 on TCP 80");
  CHECK(text(decide(cluster, AssertionKind::Allow, in("b"), services)) == "holds");
  // A Service never sends.
  CHECK(text(deny(cluster, services, in("b"))) == "group 172.30.0.0/16 selects nothing");
}

TEST_CASE("S8: a pod that reaches itself through its Service is not like its equals") {
  const Cluster cluster = common_cluster(
      kService + policy("a", "p", "podSelector: {}, policyTypes: [Ingress]"), in_dialect(kSdn));
  CHECK(text(deny(cluster, in("a"), block("172.30.0.10/32"))) == "a/web to 172.30.0.10 on TCP 80");
  CHECK(text(deny(cluster, in("b"), block("172.30.0.10/32"))) == "holds");
}

TEST_CASE("a pod without a known address may be in a block of the pod network") {
  const std::string web_from_next =
      policy("a", "p",
             "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: \"y\"}}, "
             "podSelector: {matchLabels: {app: next}}}]}]");
  const Cluster cluster = common_cluster(web_from_next, in_dialect(kOvn));
  CHECK(text(deny(cluster, block("10.128.2.8/29"), in("a"))) ==
        "b/Deployment/next reaches a/db, and the address of b/Deployment/next is not known, so a "
        "cidr of the assertion may or may not hold it; `except: cluster` would leave pods out");
  CHECK(text(deny(cluster, block("10.128.0.0/14"), in("a")))
            .starts_with("b/Deployment/next to a/db"));
  CHECK(text(deny(cluster, block("203.0.113.0/24"), in("a"))) == "holds");
}

TEST_CASE("multicast is asked about where it must be closed, and never where it must be open") {
  const Cluster cluster = common_cluster("", in_dialect(kOvn));
  CHECK(text(deny(cluster, in("b"), block("224.0.0.0/4"))) == "holds");
  CHECK(text(decide(cluster, AssertionKind::Allow, in("b"), block("224.0.0.0/4"))) ==
        "group 224.0.0.0/4 selects nothing");
}

TEST_CASE("ports are sampled where the network itself tells them apart") {
  const auto sampled = [](const std::string& manifests) {
    const Cluster cluster = common_cluster(manifests, in_dialect(kSdn));
    PortSamples samples(cluster, PortSet::all());
    const PodId client = cluster.find_pod(cluster.find_namespace("b"), "client");
    std::string result;
    for (const PortSample one : samples.between(client, *IpAddress::parse("192.168.0.1"), false)) {
      result += std::string(to_string(one.protocol)) + std::to_string(one.port) + ' ';
    }
    return result;
  };
  CHECK(sampled("") == "TCP1 TCP22623 TCP22625 UDP1 UDP4789 UDP4790 SCTP1 ICMP0 ");
  CHECK(sampled(kFirewall) ==
        "TCP1 TCP53 TCP54 TCP22623 TCP22625 UDP1 UDP53 UDP54 UDP4789 UDP4790 SCTP1 ICMP0 ");
}

}  // namespace meshproof
