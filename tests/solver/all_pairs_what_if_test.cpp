#include <map>

#include <rapidcheck/catch.h>

#include "solver/all_pairs.h"
#include "tests/solver/evaluate_case.h"
#include "tests/solver/random_oddities.h"
#include "tests/solver/random_states.h"

/// A what-if against working out the state after from nothing.
namespace meshproof {
namespace {

using Pair = std::pair<std::uint32_t, std::uint32_t>;
struct Ports {
  PortSet gained;
  PortSet lost;
};

/// What changes_to() says, pod by pod; throws on a pair that it names twice.
std::map<Pair, Ports> spelled_out(const AllPairs& engine, const PairChanges& changes) {
  std::map<Pair, Ports> result;
  for (const PairChange& change : changes.pairs) {
    const PortChange& ports = changes.ports[change.ports];
    std::uint64_t pairs = 0;
    for (PodId src : engine.pods_of(change.others)) {
      for (PodId dst : engine.pods_of(change.one)) {
        if (src == dst) continue;
        ++pairs;
        const bool inwards = change.direction == Direction::Ingress;
        const Pair pair = inwards ? Pair{src.value, dst.value} : Pair{dst.value, src.value};
        const bool is_new = result.emplace(pair, Ports{ports.gained, ports.lost}).second;
        if (!is_new) throw std::logic_error("a pair is named twice");
      }
    }
    if (pairs != change.pairs) throw std::logic_error("pairs are counted wrong");
  }
  std::erase_if(result, [](const auto& entry) {
    return entry.second.gained.is_empty() && entry.second.lost.is_empty();
  });
  return result;
}

std::vector<PodId> pods_of(const Cluster& cluster) {
  std::vector<PodId> result;
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    if (!cluster.pods[i].is_completed()) result.push_back({i});
  }
  return result;
}

std::vector<IpAddress> outside() {
  std::vector<IpAddress> addresses;
  for (const char* text :
       {"203.0.113.9", "203.0.113.200", "192.168.0.77", "224.0.0.9", "fd02::1"}) {
    addresses.push_back(IpAddress::parse(text).value());
  }
  return addresses;
}

/// Pods, nodes and what is outside.
std::vector<PairEnd> ends_of(const Cluster& cluster) {
  std::vector<PairEnd> ends;
  for (const PodId pod : pods_of(cluster)) ends.push_back(PairEnd::of(pod));
  for (std::uint32_t i = 0; i < cluster.nodes.size(); ++i) ends.push_back(PairEnd::of(NodeId{i}));
  for (std::size_t i = 0; i < outside().size(); ++i) ends.push_back(PairEnd::of_outside(i));
  return ends;
}

std::string name_of(const PairEnd& end, const Cluster& cluster) {
  if (end.pod.is_valid()) return to_string(FlowEnd{end.pod}, cluster);
  return end.node.is_valid() ? cluster.at(end.node).name : outside()[*end.outside].to_string();
}

/// The first difference between a what-if and the state after worked out anew; empty if none.
std::string compare_pairs(const AllPairs& what_if, const AllPairs& anew, const Cluster& cluster) {
  for (const PairEnd& src : ends_of(cluster)) {
    for (const PairEnd& dst : ends_of(cluster)) {
      if (!src.pod.is_valid() && !dst.pod.is_valid()) continue;
      const PairPorts found = what_if.between(src, dst);
      const PairPorts truth = anew.between(src, dst);
      if (found.open == truth.open && found.unknown == truth.unknown) continue;
      return name_of(src, cluster) + " to " + name_of(dst, cluster) + ": " + to_string(found.open) +
             " instead of " + to_string(truth.open);
    }
  }
  return {};
}

/// The same for the changes between the two states.
std::string compare_changes(const AllPairs& before, const AllPairs& after, const Cluster& cluster,
                            std::map<Pair, Ports> changes) {
  for (const PodId src : pods_of(cluster)) {
    for (const PodId dst : pods_of(cluster)) {
      const bool is_host = cluster.at(src).host_network || cluster.at(dst).host_network;
      if (src == dst || is_host) continue;
      const PairPorts was = before.between(PairEnd::of(src), PairEnd::of(dst));
      const PairPorts is = after.between(PairEnd::of(src), PairEnd::of(dst));
      const Ports found = changes[{src.value, dst.value}];
      const PortSet gained = is.open.subtract(was.open).subtract(was.unknown);
      const PortSet lost = was.open.subtract(is.open).subtract(is.unknown);
      if (found.gained == gained && found.lost == lost) continue;
      return to_string(FlowEnd{src}, cluster) + " to " + to_string(FlowEnd{dst}, cluster) +
             ": gained " + to_string(found.gained) + ", not " + to_string(gained) + ", lost " +
             to_string(found.lost) + ", not " + to_string(lost);
    }
  }
  return {};
}

}  // namespace

TEST_CASE("a what-if agrees with the state after, worked out from nothing", "[agreement]") {
  std::size_t changed_pairs = 0;
  std::size_t compared = 0;
  rc::prop("a what-if agrees with the state after, worked out from nothing", [&] {
    const Choose choose = [](unsigned count) { return *rc::gen::inRange(0U, count); };
    const std::string manifests = random_oddities(choose);
    const Cluster both = common_cluster(manifests, random_network(choose));
    const RandomStates states = random_states(choose, both);
    const AllPairs before(states.before, outside(), &states.after);
    const AllPairs anew(states.after, outside());
    const auto what_if = before.what_if(states.after, states.changed);
    RC_ASSERT(what_if.has_value());
    RC_LOG(manifests + "\nin " + name_of(both.network));
    RC_ASSERT(compare_pairs(*what_if, anew, states.after) == "");
    const auto changes = before.changes_to(*what_if);
    if (!changes) return;
    ++compared;
    std::map<Pair, Ports> pairs = spelled_out(before, *changes);
    changed_pairs += pairs.size();
    RC_ASSERT(compare_changes(before, anew, states.after, std::move(pairs)) == "");
  });
  CHECK(compared > 0);
  CHECK(changed_pairs > 0);
}

TEST_CASE("a what-if is refused where classes are too coarse for the new rules", "[agreement]") {
  const Cluster after = common_cluster(policy("a", "p", "podSelector: {matchLabels: {app: web}}"),
                                       in_dialect(kKubernetes));
  Cluster before = after;
  keep_policies(before, {false});
  const NamespaceId changed = before.find_namespace("a");
  CHECK_FALSE(AllPairs(before).what_if(after, {changed}).has_value());
  const AllPairs fine(before, {}, &after);
  const auto what_if = fine.what_if(after, {changed});
  REQUIRE(what_if.has_value());
  CHECK_FALSE(what_if->what_if(before, {changed}).has_value());
}

TEST_CASE("a what-if finds policies that are no longer too large for the SDN", "[agreement]") {
  std::string ports;
  for (int port = 8000; port < 13000; ++port) {
    ports += (ports.empty() ? "{port: " : ", {port: ") + std::to_string(port) + "}";
  }
  // Two projects with 5,000 ports are 10,000 flows (SEMANTICS SDN-P8).
  const Cluster before = common_cluster(
      policy("a", "p",
             "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchExpressions: "
             "[{key: team, operator: In, values: [x, y]}]}}], ports: [" +
                 ports + "]}]"),
      in_dialect(kSdn));
  Cluster after = before;
  const NamespaceId changed = before.find_namespace("b");
  after.namespaces[changed.value].labels = {};
  const AllPairs engine(before, {}, &after);
  const auto what_if = engine.what_if(after, {changed});
  REQUIRE(what_if.has_value());
  const NamespaceId a = before.find_namespace("a");
  const PairEnd db = PairEnd::of(before.find_pod(a, "db"));
  const PairEnd web = PairEnd::of(before.find_pod(a, "web"));
  CHECK_FALSE(engine.between(db, web).open.contains(Protocol::Tcp, 8080));
  CHECK(what_if->between(db, web).open.contains(Protocol::Tcp, 8080));
  CHECK(engine.changes_to(*what_if).value().pairs.size() > 0);
}

}  // namespace meshproof
