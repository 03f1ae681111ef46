#include "solver/comparison.h"

#include <algorithm>
#include <memory>

#include <rapidcheck/catch.h>

#include "model/mesh/roll_edit.h"
#include "model/prediction.h"
#include "scenarios/generate.h"
#include "solver/changed_rules.h"
#include "tests/solver/evaluate_case.h"
#include "tests/solver/random_oddities.h"
#include "tests/solver/random_states.h"

/// What a what-if tells class by class against asking every pair of both states.
namespace meshproof {
namespace {

/// The first difference; empty if there is none. Reasons, too, are the same.
std::string difference(const ChangedConnections& found, const ChangedConnections& truth) {
  const std::vector<Connection> some = spelled_out(found);
  const std::vector<Connection> all = spelled_out(truth);
  const auto text_of = [](const Connection& each) {
    std::string text = to_string(each.src) + " -> " + to_string(each.dst) + " " +
                       to_string(each.ports) + (each.partly ? " partly" : "");
    for (const Reason& reason : each.evidence) text += "\n  " + reason.text;
    return text + "\n";
  };
  for (std::size_t i = 0; i < std::min(some.size(), all.size()); ++i) {
    if (text_of(some[i]) != text_of(all[i])) return text_of(some[i]) + "not " + text_of(all[i]);
  }
  if (some.size() != all.size()) {
    return std::to_string(some.size()) + " connections, not " + std::to_string(all.size());
  }
  return {};
}

ReachabilityChange asked_one_by_one(const Cluster& before, const Cluster& after) {
  return found_by(std::make_shared<Comparison>(before, after, std::nullopt));
}

/// The policies that are said to refuse all sources of a group are reasons of each of them. Counts
/// those that were said.
std::string wrong_refusal(const ChangedConnections& lost, std::uint64_t& said) {
  for (const ConnectionGroup& group : lost.groups) {
    std::vector<EndpointName> sources;
    for (const EndId src : group.sources) sources.push_back(lost.at(src));
    for (const EndId dst : group.destinations) {
      for (const Reason& refusal : lost.refusal(sources, lost.at(dst), group.ports)) {
        ++said;
        for (const EndpointName& src : sources) {
          const auto reasons = lost.evidence_of({src, lost.at(dst), group.ports});
          const bool is_told = std::ranges::any_of(
              reasons, [&](const Reason& each) { return each.policy == refusal.policy; });
          if (!is_told) return to_string(src) + " is not refused by " + refusal.policy;
        }
      }
    }
  }
  return {};
}

/// Every pair that cannot be decided is told, if a rule of an end of it differs.
std::string missing_doubt(const ReachabilityChange& found, const ReachabilityChange& truth,
                          const std::vector<std::string>& changed) {
  const auto is_changed = [&](const EndpointName& end) {
    return std::ranges::find(changed, end.ns) != changed.end();
  };
  for (const Reachability::Undecided& each : truth.undecided) {
    const bool is_told =
        std::ranges::any_of(found.undecided, [&](const Reachability::Undecided& other) {
          return other.src == each.src && other.dst == each.dst && other.ports == each.ports &&
                 other.reason == each.reason;
        });
    const bool counts = is_changed(each.src) || is_changed(each.dst);
    if (counts && !is_told) return to_string(each.src) + " -> " + to_string(each.dst);
  }
  return found.undecided.size() > truth.undecided.size() ? "too much is undecided" : "";
}

}  // namespace

TEST_CASE("a comparison by classes says what asking every pair says", "[agreement]") {
  std::uint64_t gained = 0;
  std::uint64_t lost = 0;
  std::uint64_t refusals = 0;
  rc::prop("a comparison by classes says what asking every pair says", [&] {
    const Choose choose = [](unsigned count) { return *rc::gen::inRange(0U, count); };
    const std::string manifests = several_pods() + random_oddities(choose);
    const Cluster both = common_cluster(manifests, random_network(choose));
    const RandomStates states = random_states(choose, both);
    const auto changed = changed_rules(states.before, states.after);
    RC_ASSERT(changed.has_value());
    RC_ASSERT(std::ranges::includes(states.changed, *changed));
    RC_LOG(manifests + "\nin " + name_of(both.network));
    const ReachabilityChange found =
        found_by(std::make_shared<Comparison>(states.before, states.after, *changed));
    const ReachabilityChange truth = asked_one_by_one(states.before, states.after);
    RC_ASSERT(difference(found.gained, truth.gained) == "");
    RC_ASSERT(difference(found.lost, truth.lost) == "");
    RC_ASSERT(wrong_refusal(found.lost, refusals) == "");
    std::vector<std::string> names;
    for (const NamespaceId ns : *changed) names.push_back(both.at(ns).name);
    RC_ASSERT(missing_doubt(found, truth, names) == "");
    gained += truth.gained.count();
    lost += truth.lost.count();
  });
  CHECK(gained > 0);
  CHECK(lost > 0);
  CHECK(refusals > 0);
}

TEST_CASE("what another network changes is told by classes as pair by pair", "[agreement]") {
  std::uint64_t gained = 0;
  std::uint64_t lost = 0;
  std::uint64_t undecided = 0;
  rc::prop("what another network changes is told by classes as pair by pair", [&] {
    const Choose choose = [](unsigned count) { return *rc::gen::inRange(0U, count); };
    const std::string manifests = several_pods() + random_oddities(choose);
    const NetworkOptions from = random_network(choose);
    const NetworkOptions to = random_network(choose);
    const Cluster before = common_cluster(manifests, from);
    const Cluster after = common_cluster(manifests, to);
    const bool is_same = before.network == after.network;
    RC_ASSERT(is_under_another_network(before, after) == !is_same);
    RC_LOG(manifests + "\nfrom " + name_of(before.network) + " to " + name_of(after.network));
    const ReachabilityChange found = compare(before, after);
    const ReachabilityChange truth = asked_one_by_one(before, after);
    RC_ASSERT(difference(found.gained, truth.gained) == "");
    RC_ASSERT(difference(found.lost, truth.lost) == "");
    const std::vector<std::string> all{"a", "b", "c", "default", "h"};
    RC_ASSERT(missing_doubt(found, truth, is_same ? std::vector<std::string>{} : all) == "");
    gained += truth.gained.count();
    lost += truth.lost.count();
    undecided += truth.undecided.size();
  });
  CHECK(gained > 0);
  CHECK(lost > 0);
  CHECK(undecided > 0);
}

TEST_CASE("what a roll's edit changes is told class by class as pair by pair", "[agreement]") {
  ClusterShape shape;
  shape.namespaces = 8;
  shape.pods = 6;
  shape.policies = 2;
  shape.members = 4;
  const ObjectStore objects = generate_objects(shape);
  Diagnostics told;
  const Snapshot input{objects, {}, project(objects, {}, told)};
  const bool joins = GENERATE(true, false);
  const std::vector<std::string> names{joins ? "project-0007" : "project-0003"};
  const auto edit = joins ? edit_roll(objects, names, {}, {}) : edit_roll(objects, {}, names, {});
  REQUIRE(edit.has_value());
  const auto prediction = predict(input, *edit, {});
  REQUIRE(prediction.has_value());
  const Snapshot after{prediction->after, {}, project(prediction->after, {}, told)};
  const ReachabilityChange found = compare(input, after);
  const ReachabilityChange truth = asked_one_by_one(input.cluster, after.cluster);
  CHECK(difference(found.gained, truth.gained) == "");
  CHECK(difference(found.lost, truth.lost) == "");
  CHECK(truth.gained.count() + truth.lost.count() > 0);
}

TEST_CASE("states that differ in more than rules are no what-ifs of each other") {
  const Cluster cluster = common_cluster(several_pods(), in_dialect(kSdn));
  REQUIRE(changed_rules(cluster, cluster) == std::vector<NamespaceId>{});
  const auto differ = [&](const auto& change) {
    Cluster other = cluster;
    change(other);
    return !changed_rules(cluster, other).has_value() && !changed_rules(other, cluster).has_value();
  };
  CHECK(differ([](Cluster& other) { other.network.vxlan_port = 8472; }));
  CHECK(differ([](Cluster& other) { other.pods.front().phase = PodPhase::Succeeded; }));
  CHECK(differ([](Cluster& other) { other.pods.front().addresses.clear(); }));
  CHECK(differ([](Cluster& other) { other.pods.front().ports.push_back({}); }));
  CHECK(differ([](Cluster& other) { other.pods.front().labels = {}; }));
  CHECK(differ([](Cluster& other) { other.pods.front().host_network = true; }));
  CHECK(differ([](Cluster& other) { other.nodes.front().pod_subnets.clear(); }));
  CHECK(differ([](Cluster& other) { other.nodes.front().addresses.clear(); }));
  CHECK(differ([](Cluster& other) { other.net_namespaces.front().netid = 77; }));
  CHECK(differ([](Cluster& other) { other.net_namespaces.front().multicast = true; }));
  CHECK(differ([](Cluster& other) { other.workloads.front().name = "other"; }));
  CHECK(differ([](Cluster& other) { other.services.push_back({}); }));
  CHECK(differ([](Cluster& other) { other.unmodelled.push_back({}); }));
  CHECK(differ([](Cluster& other) { other.namespaces.back().name = "other"; }));
}

TEST_CASE("symbols of a what-if are those of the state before, and perhaps more") {
  const Cluster before = common_cluster(several_pods(), in_dialect(kSdn));
  Cluster after = before;
  after.namespaces.front().labels.set(after.symbols.intern("new-key"),
                                      after.symbols.intern("new-value"));
  CHECK(changed_rules(before, after) == std::vector<NamespaceId>{{0}});
  CHECK_FALSE(changed_rules(after, before).has_value());
}

}  // namespace meshproof
