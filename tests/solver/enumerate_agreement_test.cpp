#include <algorithm>
#include <functional>

#include <rapidcheck/catch.h>

#include "solver/checks/enumerate.h"
#include "solver/evaluate.h"
#include "tests/solver/conformance_case.h"
#include "tests/solver/evaluate_case.h"

/// Assertions against brute force: every address and port that means something to some dialect, and
/// their neighbours, asked of evaluate() one by one. Nothing is shared with the choice of samples.
namespace meshproof {

namespace {

using Choose = std::function<unsigned(unsigned count)>;

std::string one_of(const Choose& choose, const std::vector<std::string>& texts) {
  return texts[choose(static_cast<unsigned>(texts.size()))];
}

/// One statement about one cluster: pods of a namespace on one side, a block on the other.
struct Statement {
  Cluster cluster;
  std::string manifests;
  std::string ns;
  Cidr block;
  bool outwards = true;
};

std::string peer(const Choose& choose) {
  return one_of(choose, {"{namespaceSelector: {}}", "{podSelector: {}}",
                         "{namespaceSelector: {matchLabels: {policy-group: host}}}",
                         "{namespaceSelector: {matchLabels: {team: \"y\"}}}",
                         "{namespaceSelector: {}, podSelector: {matchLabels: {app: host}}}",
                         "{ipBlock: {cidr: 10.128.2.1/32}}", "{ipBlock: {cidr: 10.128.2.2/32}}",
                         "{ipBlock: {cidr: 192.168.0.0/24, except: [192.168.0.2/32]}}",
                         "{ipBlock: {cidr: 0.0.0.0/0, except: [10.128.0.0/14]}}",
                         "{ipBlock: {cidr: 100.64.0.0/16}}", "{ipBlock: {cidr: 224.0.0.0/4}}",
                         "{ipBlock: {cidr: 203.0.113.128/25}}"});
}

std::string rule(const Choose& choose, const std::string& direction) {
  const std::string ports =
      one_of(choose, {"", "", ", ports: [{port: 8080}]", ", ports: [{port: http}]",
                      ", ports: [{port: 22623}]", ", ports: [{port: 53, protocol: UDP}]",
                      ", ports: [{port: 4000, endPort: 5000, protocol: UDP}]"});
  return "[{" + direction + ": [" + peer(choose) + "]" + ports + "}]";
}

std::string random_policy(const Choose& choose, const std::string& ns, unsigned number) {
  const std::string selector = one_of(choose, {"{}", "{matchLabels: {app: web}}"});
  std::string spec = "podSelector: " + selector + ", policyTypes: [Ingress, Egress]";
  if (choose(3) != 0) spec += ", ingress: " + rule(choose, "from");
  if (choose(3) != 0) spec += ", egress: " + rule(choose, "to");
  return policy(ns, "p" + std::to_string(number), spec);
}

std::string random_firewall(const Choose& choose, const std::string& ns) {
  return "\n---\n{apiVersion: network.openshift.io/v1, kind: EgressNetworkPolicy, metadata: "
         "{namespace: " +
         ns + ", name: f}, spec: {egress: [{type: " + one_of(choose, {"Allow", "Deny"}) +
         ", to: {cidrSelector: " + one_of(choose, {"192.168.0.1/32", "203.0.113.0/24"}) +
         "}}, {type: Deny, to: {cidrSelector: 0.0.0.0/0}}]}}";
}

std::string random_service(const Choose& choose) {
  const std::string address =
      one_of(choose, {"clusterIP: 172.30.0.10", "clusterIP: None", "type: ClusterIP"});
  return "\n---\n{apiVersion: v1, kind: Service, metadata: {namespace: a, name: s}, spec: {" +
         address + ", selector: {app: " + one_of(choose, {"web", "db"}) +
         "}, ports: [{port: 80, targetPort: " + one_of(choose, {"8080", "http", "22623"}) + "}]}}";
}

Statement random_statement(const Choose& choose) {
  Statement result;
  const auto dialect = static_cast<Dialect>(choose(3));
  const bool is_multitenant = dialect == kSdn && choose(3) == 0;
  const auto mode = is_multitenant ? SdnMode::Multitenant : SdnMode::NetworkPolicy;
  for (const std::string ns : {"a", "b"}) {
    const unsigned policies = choose(3);
    for (unsigned i = 0; i < policies; ++i) result.manifests += random_policy(choose, ns, i);
    if (choose(3) == 0) result.manifests += random_firewall(choose, ns);
  }
  if (choose(2) == 0) result.manifests += random_service(choose);
  result.cluster = common_cluster(result.manifests, in_dialect(dialect, mode));
  result.ns = one_of(choose, {"a", "a", "b", "default", "h"});
  result.block = *Cidr::parse(one_of(
      choose, {"0.0.0.0/0", "10.128.0.0/14", "10.128.2.0/28", "10.128.2.0/30", "10.128.0.1/32",
               "10.128.2.2/32", "192.168.0.0/24", "192.168.0.2/32", "172.30.0.0/16", "172.0.0.0/8",
               "100.64.0.0/16", "100.0.0.0/8", "224.0.0.0/4", "203.0.113.0/24"}));
  result.outwards = choose(2) == 0;
  return result;
}

std::vector<FlowEnd> pods_of(const Statement& statement) {
  std::vector<FlowEnd> result;
  const Cluster& cluster = statement.cluster;
  for (const PodId id : cluster.at(cluster.find_namespace(statement.ns)).pods) {
    if (!cluster.at(id).is_completed()) result.emplace_back(id);
  }
  return result;
}

std::vector<FlowEnd> ends_in_block(const Statement& statement) {
  std::vector<FlowEnd> result;
  const auto is_inside = [&](const IpAddress& one) { return statement.block.contains(one); };
  for (std::uint32_t i = 0; i < statement.cluster.pods.size(); ++i) {
    const Pod& pod = statement.cluster.pods[i];
    if (!pod.is_completed() && std::ranges::any_of(pod.addresses, is_inside)) {
      result.emplace_back(PodId{i});
    }
  }
  for (const char* text :
       {"10.128.0.0",  "10.128.0.1",     "10.128.0.2",  "10.128.0.3",  "10.128.2.0",
        "10.128.2.1",  "10.128.2.2",     "10.128.2.20", "10.131.9.9",  "192.168.0.0",
        "192.168.0.1", "192.168.0.2",    "192.168.0.3", "172.30.0.1",  "172.30.0.10",
        "172.31.0.1",  "100.63.0.1",     "100.64.0.0",  "100.64.0.7",  "100.65.0.1",
        "224.0.0.1",   "239.1.2.3",      "240.0.0.1",   "203.0.113.7", "203.0.113.128",
        "8.8.8.8",     "169.254.169.254"}) {
    const IpAddress address = *IpAddress::parse(text);
    if (is_inside(address)) result.emplace_back(address);
  }
  return result;
}

bool is_same(const FlowEnd& pod, const FlowEnd& other, const Cluster& cluster) {
  const auto* address = std::get_if<IpAddress>(&other);
  if (address == nullptr) return pod == other;
  return std::ranges::count(cluster.at(std::get<PodId>(pod)).addresses, *address) > 0;
}

struct BruteForce {
  std::string allowed;
  std::string unknown;
};

BruteForce brute_force(const Statement& statement) {
  const Evaluator evaluator(statement.cluster, PendingPods::WillRun);
  const std::vector<std::uint16_t> numbers{1,     52,    53,    54,    79,   80,   81,
                                           4788,  4789,  4790,  8079,  8080, 8081, 9000,
                                           22622, 22623, 22624, 22625, 65535};
  BruteForce result;
  const auto ask = [&](const Flow& flow) {
    const Access access = evaluator.evaluate(flow).access;
    if (access == Access::Denied) return;
    (access == Access::Allowed ? result.allowed : result.unknown) =
        to_string(flow.src, statement.cluster) + " -> " + to_string(flow.dst, statement.cluster) +
        " " + std::string(to_string(flow.protocol)) + std::to_string(flow.port);
  };
  for (const FlowEnd& pod : pods_of(statement)) {
    for (const FlowEnd& other : ends_in_block(statement)) {
      if (is_same(pod, other, statement.cluster)) continue;
      Flow flow = statement.outwards ? Flow{pod, other, Protocol::Icmp, 0}
                                     : Flow{other, pod, Protocol::Icmp, 0};
      ask(flow);
      for (flow.protocol = Protocol::Tcp; const std::uint16_t number : numbers) {
        flow.port = number;
        ask(flow);
      }
      for (flow.protocol = Protocol::Udp; const std::uint16_t number : numbers) {
        flow.port = number;
        ask(flow);
      }
    }
  }
  return result;
}

Finding decide(const Statement& statement) {
  Snapshot snapshot;
  snapshot.cluster = statement.cluster;
  Assertion assertion;
  assertion.id = "A";
  Group& pods = statement.outwards ? assertion.from : assertion.to;
  Group& block = statement.outwards ? assertion.to : assertion.from;
  pods.namespace_names = {statement.ns};
  block.cidrs = {statement.block};
  block.allow_empty = true;
  return Enumeration(snapshot).decide(assertion);
}

}  // namespace

TEST_CASE("an assertion holds only where brute force finds nothing open", "[agreement]") {
  std::size_t held = 0;
  std::size_t broken = 0;
  rc::prop("an assertion holds only where brute force finds nothing open", [&] {
    const Statement statement =
        random_statement([](unsigned count) { return *rc::gen::inRange(0U, count); });
    const Finding finding = decide(statement);
    const BruteForce found = brute_force(statement);
    RC_LOG(statement.manifests + "\nns " + statement.ns +
           (statement.outwards ? " must not reach " : " must not be reached by ") +
           statement.block.to_string() + " in " +
           std::string(to_string(statement.cluster.network.dialect)) +
           "\nallowed: " + found.allowed + "\nunknown: " + found.unknown);
    if (const auto* violated = std::get_if<Violated>(&finding)) {
      const Flow witness{flow_end(statement.cluster, violated->src),
                         flow_end(statement.cluster, violated->dst), violated->protocol,
                         violated->port};
      RC_ASSERT(Evaluator(statement.cluster, PendingPods::WillRun).evaluate(witness).is_allowed());
      ++broken;
      return;
    }
    RC_ASSERT(found.allowed.empty());
    if (!std::holds_alternative<Holds>(finding)) return;
    RC_ASSERT(found.unknown.empty());
    ++held;
  });
  // Both answers must have come up, or the property says little.
  CHECK(held > 0);
  CHECK(broken > 0);
}

}  // namespace meshproof
