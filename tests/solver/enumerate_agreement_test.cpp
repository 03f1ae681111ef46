#include <algorithm>
#include <array>
#include <functional>
#include <optional>

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

/// Pods of a namespace, or whatever has an address in a block.
struct Side {
  std::string ns;
  std::optional<Cidr> block;
  std::vector<Cidr> except;
};

/// `from` must not reach `to` on some ports of one cluster.
struct Statement {
  Cluster cluster;
  std::string manifests;
  Side from;
  Side to;
  PortSet ports;
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

std::string firewall(const std::string& ns, const std::string& first_rule) {
  return "\n---\n{apiVersion: network.openshift.io/v1, kind: EgressNetworkPolicy, metadata: "
         "{namespace: " +
         ns + ", name: f}, spec: {egress: [" + first_rule +
         "{type: Deny, to: {cidrSelector: 0.0.0.0/0}}]}}";
}

std::string random_firewall(const Choose& choose, const std::string& ns) {
  return firewall(ns, "{type: " + one_of(choose, {"Allow", "Deny"}) + ", to: {cidrSelector: " +
                          one_of(choose, {"192.168.0.1/32", "203.0.113.0/24"}) + "}}, ");
}

/// Little is open, so that what is left decides.
std::string closed_namespace(const Choose& choose, const std::string& ns) {
  std::string text = firewall(ns, "") + policy(ns, "closed", "podSelector: {}");
  if (choose(2) == 0) {
    text += policy(ns, "p", "podSelector: {}, ingress: " + rule(choose, "from"));
  }
  return text;
}

std::string open_namespace(const Choose& choose, const std::string& ns) {
  std::string text;
  const unsigned policies = choose(3);
  for (unsigned i = 0; i < policies; ++i) text += random_policy(choose, ns, i);
  if (choose(3) == 0) text += random_firewall(choose, ns);
  return text;
}

std::string random_service(const Choose& choose) {
  const std::string address =
      one_of(choose, {"clusterIP: 172.30.0.10", "clusterIP: None", "type: ClusterIP"});
  return "\n---\n{apiVersion: v1, kind: Service, metadata: {namespace: a, name: s}, spec: {" +
         address + ", selector: {app: " + one_of(choose, {"web", "db"}) +
         "}, ports: [{port: 80, targetPort: " + one_of(choose, {"8080", "http", "22623"}) + "}]}}";
}

Side random_side(const Choose& choose) {
  Side side;
  if (choose(2) == 0) {
    side.ns = one_of(choose, {"a", "a", "b", "default", "h"});
    return side;
  }
  side.block = Cidr::parse(one_of(
      choose,
      {"0.0.0.0/0", "10.128.0.0/14", "10.128.2.0/28", "10.128.2.0/30", "10.128.0.1/32",
       "10.128.2.2/32", "192.168.0.0/24", "192.168.0.2/32", "192.168.0.2/32", "172.30.0.0/16",
       "172.0.0.0/8", "100.64.0.0/16", "100.0.0.0/8", "224.0.0.0/4", "203.0.113.0/24"}));
  if (choose(3) == 0) {
    side.except.push_back(
        *Cidr::parse(one_of(choose, {"10.128.0.0/16", "10.128.2.8/29", "192.168.0.1/32",
                                     "203.0.113.128/25", "0.0.0.0/1"})));
  }
  return side;
}

Statement random_statement(const Choose& choose) {
  Statement result;
  const auto dialect = static_cast<Dialect>(choose(3));
  const bool is_multitenant = dialect == kSdn && choose(3) == 0;
  const auto mode = is_multitenant ? SdnMode::Multitenant : SdnMode::NetworkPolicy;
  const bool is_closed = choose(2) == 0;
  for (const std::string ns : {"a", "b"}) {
    result.manifests += is_closed ? closed_namespace(choose, ns) : open_namespace(choose, ns);
  }
  if (choose(2) == 0) result.manifests += random_service(choose);
  result.cluster = common_cluster(result.manifests, in_dialect(dialect, mode));
  result.from = random_side(choose);
  result.to = random_side(choose);
  result.ports = PortSet::all();
  if (choose(3) == 0) result.ports = PortSet::of(Protocol::Udp, {1, 65535});
  if (choose(4) == 0) result.ports = PortSet::of(Protocol::Tcp, {80, 22623});
  return result;
}

bool has_address(const Side& side, const IpAddress& address) {
  return side.block->contains(address) &&
         std::ranges::none_of(side.except, [&](const Cidr& one) { return one.contains(address); });
}

bool has_pod(const Side& side, const Pod& pod, const Cluster& cluster) {
  if (pod.is_completed()) return false;
  if (!side.block) return cluster.at(pod.ns).name == side.ns;
  return std::ranges::any_of(pod.addresses,
                             [&](const IpAddress& one) { return has_address(side, one); });
}

std::vector<FlowEnd> ends_of(const Side& side, const Cluster& cluster) {
  std::vector<FlowEnd> result;
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    if (has_pod(side, cluster.pods[i], cluster)) result.emplace_back(PodId{i});
  }
  if (!side.block) return result;
  for (const char* text :
       {"10.128.0.0",  "10.128.0.1",     "10.128.0.2",  "10.128.0.3",  "10.128.2.0",
        "10.128.2.1",  "10.128.2.2",     "10.128.2.20", "10.131.9.9",  "192.168.0.0",
        "192.168.0.1", "192.168.0.2",    "192.168.0.3", "172.30.0.1",  "172.30.0.10",
        "172.31.0.1",  "100.63.0.1",     "100.64.0.0",  "100.64.0.7",  "100.65.0.1",
        "224.0.0.1",   "239.1.2.3",      "240.0.0.1",   "203.0.113.7", "203.0.113.128",
        "8.8.8.8",     "169.254.169.254"}) {
    const IpAddress address = *IpAddress::parse(text);
    if (has_address(side, address)) result.emplace_back(address);
  }
  return result;
}

/// A pod and itself is no pair, by whatever name; nor an address and itself.
bool is_same(const FlowEnd& a, const FlowEnd& b, const Cluster& cluster) {
  if (a == b) return true;
  const auto names = [&](const FlowEnd& pod, const FlowEnd& other) {
    const auto* id = std::get_if<PodId>(&pod);
    const auto* address = std::get_if<IpAddress>(&other);
    return id != nullptr && address != nullptr &&
           std::ranges::count(cluster.at(*id).addresses, *address) > 0;
  };
  return names(a, b) || names(b, a);
}

struct BruteForce {
  std::string allowed;
  std::string unknown;
};

constexpr std::array<std::uint16_t, 19> kNumbers{1,     52,    53,    54,    79,   80,   81,
                                                 4788,  4789,  4790,  8079,  8080, 8081, 9000,
                                                 22622, 22623, 22624, 22625, 65535};

BruteForce brute_force(const Statement& statement) {
  const Cluster& cluster = statement.cluster;
  const Evaluator evaluator(cluster, PendingPods::WillRun);
  BruteForce result;
  const auto ask = [&](const Flow& flow) {
    if (!statement.ports.contains(flow.protocol, flow.port)) return;
    const Access access = evaluator.evaluate(flow).access;
    if (access == Access::Denied) return;
    (access == Access::Allowed ? result.allowed : result.unknown) =
        to_string(flow.src, cluster) + " -> " + to_string(flow.dst, cluster) + " " +
        std::string(to_string(flow.protocol)) + std::to_string(flow.port);
  };
  for (const FlowEnd& src : ends_of(statement.from, cluster)) {
    for (const FlowEnd& dst : ends_of(statement.to, cluster)) {
      if (is_same(src, dst, cluster)) continue;
      ask({src, dst, Protocol::Icmp, 0});
      for (const std::uint16_t number : kNumbers) {
        ask({src, dst, Protocol::Tcp, number});
        ask({src, dst, Protocol::Udp, number});
      }
    }
  }
  return result;
}

Group group_of(const Side& side) {
  Group group;
  group.allow_empty = true;
  group.except_cidrs = side.except;
  if (side.block) group.cidrs = {*side.block};
  if (!side.block) group.namespace_names = {side.ns};
  return group;
}

Finding decide(const Statement& statement) {
  Snapshot snapshot;
  snapshot.cluster = statement.cluster;
  Assertion assertion;
  assertion.id = "A";
  assertion.from = group_of(statement.from);
  assertion.to = group_of(statement.to);
  assertion.ports = statement.ports;
  return Enumeration(snapshot).decide(assertion);
}

std::string text(const Side& side) {
  if (!side.block) return "ns " + side.ns;
  std::string result = side.block->to_string();
  for (const Cidr& one : side.except) result += " without " + one.to_string();
  return result;
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
    RC_LOG(statement.manifests + "\n" + text(statement.from) + " must not reach " +
           text(statement.to) + " on " + to_string(statement.ports) + " in " +
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
