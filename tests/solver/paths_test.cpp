#include "solver/paths.h"

#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include "solver/evaluate.h"
#include "tests/solver/evaluate_case.h"
#include "tests/support/yaml.h"

namespace meshproof {
namespace {

std::string pod(const std::string& name, const std::string& labels, const std::string& rest = "") {
  return "\n---\n{apiVersion: v1, kind: Pod, metadata: {namespace: s, name: " + name +
         ", labels: {" + labels + "}" + rest +
         "}, spec: {containers: [{name: c, image: x, ports: [{containerPort: 8080}]}]}, status: "
         "{phase: Running, podIP: 10.1.0." +
         std::to_string(10 + name.size() * 7 + static_cast<std::size_t>(name.back())) + "}}";
}

/// Admits to pods of `app` those with any of the labels `app`.
std::string admit(const std::string& app, const std::string& from) {
  return policy("s", "to-" + app,
                "podSelector: {matchLabels: {app: " + app +
                    "}}, ingress: [{from: [{podSelector: {matchExpressions: [{key: app, operator: "
                    "In, values: [" +
                    from + "]}]}}], ports: [{port: 8080}]}]");
}

const std::string kNamespace = "{apiVersion: v1, kind: Namespace, metadata: {name: s}}";

/// start reaches left and right, both reach end; far is behind end.
Cluster diamond(const std::string& more = "") {
  return cluster_from(kNamespace + pod("start", "app: start") + pod("left", "app: left") +
                          pod("right", "app: right") + pod("end", "app: end") +
                          pod("far", "app: far") + admit("start", "none") + admit("left", "start") +
                          admit("right", "start") + admit("end", "left, right") +
                          admit("far", "end") + more + "\n",
                      in_dialect(kKubernetes));
}

SliceSide side(const Cluster& cluster, const std::string& name) {
  return side_of(cluster, {cluster.find_pod(cluster.find_namespace("s"), name)});
}

using Names = std::vector<std::string>;

Names names(const AttackPath& path) {
  Names result{path.hops.front().src.name};
  for (const PathHop& hop : path.hops) result.push_back(hop.dst.name);
  return result;
}

}  // namespace

TEST_CASE("all shortest paths are found, with the rule that lets each hop through") {
  const Cluster cluster = diamond();
  const AttackPaths found =
      find_paths(cluster, side(cluster, "start"), side(cluster, "far"), {5, 10});
  REQUIRE(found.paths.size() == 2);
  CHECK(names(found.paths[0]) == Names{"start", "left", "end", "far"});
  CHECK(names(found.paths[1]) == Names{"start", "right", "end", "far"});
  CHECK(found.certain_count == 2);
  CHECK(found.is_decided());
  const PathHop& last = found.paths[0].hops.back();
  CHECK(to_string(last.ports) == "TCP 8080");
  CHECK(last.port == 8080);
  bool names_policy = false;
  for (const Reason& reason : last.reasons) {
    names_policy =
        names_policy || (reason.policy == "NetworkPolicy s/to-far" && reason.place.is_known());
  }
  CHECK(names_policy);
}

TEST_CASE("more paths than are shown are counted") {
  const Cluster cluster = diamond();
  const AttackPaths found =
      find_paths(cluster, side(cluster, "start"), side(cluster, "far"), {5, 1});
  CHECK(found.paths.size() == 1);
  CHECK(found.certain_count == 2);
}

TEST_CASE("a path that is too long is none, and says how far it was looked") {
  const Cluster cluster = diamond();
  const AttackPaths found =
      find_paths(cluster, side(cluster, "start"), side(cluster, "far"), {2, 10});
  CHECK(found.paths.empty());
  CHECK_FALSE(found.is_exhausted);
  CHECK(found.workloads == 5);
  CHECK(found.reached == 3);
}

TEST_CASE("where nothing further can be reached the search has an end") {
  const Cluster cluster = diamond();
  const AttackPaths found =
      find_paths(cluster, side(cluster, "end"), side(cluster, "start"), {50, 10});
  CHECK(found.paths.empty());
  CHECK(found.is_exhausted);
  CHECK(found.is_decided());
  CHECK(found.reached == 1);
}

TEST_CASE("an intruder from outside goes over workloads, never over other addresses outside") {
  const std::string open =
      policy("s", "door",
             "podSelector: {matchLabels: {app: start}}, ingress: [{from: [{ipBlock: {cidr: "
             "203.0.113.0/24}}], ports: [{port: 443}]}]");
  const Cluster cluster = diamond(open);
  SliceSide outside;
  outside.blocks = {Cidr::parse("0.0.0.0/0").value()};
  const AttackPaths found = find_paths(cluster, outside, side(cluster, "end"), {5, 10});
  REQUIRE(found.paths.size() == 2);
  CHECK(found.paths[0].hops.front().src.cidr == "203.0.113.0/24");
  CHECK(to_string(found.paths[0].hops.front().ports) == "TCP 443");
  CHECK(found.paths[0].hops.size() == 3);
  SliceSide elsewhere;
  elsewhere.addresses = {IpAddress::parse("198.51.100.1").value()};
  CHECK(find_paths(cluster, elsewhere, side(cluster, "end"), {5, 10}).paths.empty());
}

TEST_CASE("a hop that is not decided makes a path possible") {
  // The new pod's address is not known yet, so it may be in the block.
  const std::string fresh =
      R"yaml(
---
{apiVersion: v1, kind: Pod, metadata: {namespace: s, name: fresh, labels: {app: fresh}},
 spec: {containers: [{name: c, image: x}]}, status: {phase: Pending}}
)yaml" +
      policy("s", "perhaps",
             "podSelector: {matchLabels: {app: far}}, ingress: [{from: [{ipBlock: {cidr: "
             "10.1.0.0/28}}]}]") +
      admit("fresh", "start");
  const Cluster cluster = diamond(fresh);
  const AttackPaths found =
      find_paths(cluster, side(cluster, "start"), side(cluster, "far"), {5, 10});
  CHECK_FALSE(found.is_decided());
  REQUIRE(found.paths.size() == 3);
  CHECK(found.paths[0].certain);
  CHECK(found.paths[0].hops.size() == 3);
  CHECK(names(found.paths[2]) == Names{"start", "fresh", "far"});
  CHECK_FALSE(found.paths[2].certain);
  CHECK(found.possible_count == 1);
}

TEST_CASE("two hops of a workload that need different pods of it are no path") {
  const auto owned = [](const std::string& name, const std::string& labels) {
    return pod(name, labels,
               ", ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: mid, uid: \"1\", "
               "controller: true}]");
  };
  const std::string yaml =
      kNamespace + pod("start", "app: start") + pod("goal", "app: goal") +
      "\n---\n{apiVersion: apps/v1, kind: ReplicaSet, metadata: {namespace: s, name: mid}, spec: "
      "{}}" +
      owned("mid-1", "app: mid, shard: one") + owned("mid-2", "app: mid, shard: two") +
      policy("s", "in",
             "podSelector: {matchLabels: {shard: one}}, ingress: [{from: [{podSelector: "
             "{matchLabels: {app: start}}}]}]") +
      policy("s", "closed", "podSelector: {matchLabels: {shard: two}}, ingress: []") +
      policy("s", "goal",
             "podSelector: {matchLabels: {app: goal}}, ingress: [{from: [{podSelector: "
             "{matchLabels: {shard: two}}}]}]") +
      "\n";
  const Cluster cluster = cluster_from(yaml, in_dialect(kKubernetes));
  const AttackPaths found =
      find_paths(cluster, side(cluster, "start"), side(cluster, "goal"), {5, 10});
  CHECK(found.paths.empty());
  CHECK(found.is_decided());
  CHECK(found.is_exhausted);

  // A way round by another pod is longer, and it is found.
  const std::string round =
      pod("round", "app: round, shard: two") +
      policy("s", "round",
             "podSelector: {matchLabels: {app: round}}, ingress: [{from: [{podSelector: "
             "{matchLabels: {shard: one}}}]}]");
  const Cluster longer = cluster_from(yaml + round.substr(1) + "\n", in_dialect(kKubernetes));
  const AttackPaths way = find_paths(longer, side(longer, "start"), side(longer, "goal"), {5, 10});
  REQUIRE(way.paths.size() == 1);
  CHECK(names(way.paths[0]) == Names{"start", "mid-1", "round", "goal"});
  CHECK(way.paths[0].certain);
}

namespace {

/// Three workloads of two pods each that policies tell apart, and a lone one.
std::string random_shards() {
  std::string yaml = kNamespace;
  const auto any = [](int count) { return *rc::gen::inRange(0, count); };
  for (const char* name : {"u", "v", "w"}) {
    yaml += "\n---\n{apiVersion: apps/v1, kind: ReplicaSet, metadata: {namespace: s, name: " +
            std::string(name) + "}, spec: {}}";
    for (const char* number : {"1", "2"}) {
      yaml += pod(
          std::string(name) + "-" + number, "app: " + std::string(name) + ", shard: s" + number,
          ", ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: " + std::string(name) +
              ", uid: \"1\", controller: true}]");
    }
  }
  yaml += pod("lone", "app: lone, shard: s1");
  const auto label = [&] {
    const std::vector<std::string> labels{"app: u",    "app: v",    "app: w",
                                          "app: lone", "shard: s1", "shard: s2"};
    return "{" + labels[static_cast<std::size_t>(any(6))] + "}";
  };
  yaml += policy("s", "closed", "podSelector: {}, ingress: []");
  const int count = any(6);
  for (int i = 0; i < count; ++i) {
    yaml += policy("s", "p" + std::to_string(i),
                   "podSelector: {matchLabels: " + label() +
                       "}, ingress: [{from: [{podSelector: {matchLabels: " + label() + "}}]}]");
  }
  return yaml + "\n";
}

/// Hops between pods, by evaluate(); 0: none. An intruder goes over any pod.
std::size_t distance(const Cluster& cluster, const SliceSide& from, PodId to) {
  const Evaluator evaluator(cluster);
  std::vector<PodId> frontier;
  for (const WorkloadId id : from.workloads) {
    const std::vector<PodId>& pods = cluster.at(id).pods;
    frontier.insert(frontier.end(), pods.begin(), pods.end());
  }
  std::vector<bool> visited(cluster.pods.size(), false);
  for (const PodId id : frontier) visited[id.value] = true;
  for (std::size_t hops = 1; !frontier.empty(); ++hops) {
    std::vector<PodId> next;
    for (const PodId src : frontier) {
      for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
        const PodId dst{i};
        const bool is_open =
            src != dst && evaluator.evaluate({src, dst, Protocol::Tcp, 80}).is_allowed();
        if (!is_open || visited[i]) continue;
        if (dst == to) return hops;
        visited[i] = true;
        next.push_back(dst);
      }
    }
    frontier = std::move(next);
  }
  return 0;
}

}  // namespace

TEST_CASE("certain paths are as long as those from pod to pod, and none is overlooked",
          "[agreement]") {
  const bool holds = rc::check([] {
    const std::string yaml = random_shards();
    const Cluster cluster = cluster_from(yaml, in_dialect(kKubernetes));
    const char* start = *rc::gen::element("u-1", "v-1");
    SliceSide from = side(cluster, start);
    from.workloads = {cluster.at(from.pods.front()).workload};
    from.pods.clear();
    const AttackPaths found = find_paths(cluster, from, side(cluster, "lone"), {10, 10});
    const std::size_t wanted =
        distance(cluster, from, cluster.find_pod(cluster.find_namespace("s"), "lone"));
    if (found.paths.empty()) {
      RC_ASSERT(wanted == 0U);
      return;
    }
    for (const AttackPath& path : found.paths) {
      RC_ASSERT(path.certain);
      RC_ASSERT(path.hops.size() == wanted);
    }
  });
  CHECK(holds);
}

}  // namespace meshproof
