#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "model/project.h"
#include "solver/evaluate.h"
#include "solver/moments/moment_proof.h"
#include "solver/moments/moments.h"
#include "tests/solver/moments_scene.h"
#include "tests/support/yaml.h"

/// The judge of moments against all parts of all steps, each flow put to evaluate().
namespace meshproof {
namespace {

using Random = std::mt19937;

std::size_t below(Random& random, std::size_t count) { return random() % count; }

std::string peer(Random& random) {
  static const std::vector<std::string> kPeers{
      "{podSelector: {}}",
      "{podSelector: {matchLabels: {app: a}}}",
      "{namespaceSelector: {}}",
      "{namespaceSelector: {matchLabels: {team: x}}}",
      "{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [x]}]}}",
      "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: p1}}}",
      "{namespaceSelector: {matchLabels: {team: x}}, podSelector: {matchLabels: {app: b}}}",
      "{ipBlock: {cidr: 10.128.0.0/14}}",
      "{ipBlock: {cidr: 0.0.0.0/0, except: [10.128.0.8/29]}}"};
  return kPeers[below(random, kPeers.size())];
}

std::string policy(Random& random, const std::string& ns, const std::string& name) {
  const bool is_egress = below(random, 4) == 0;
  const std::string selector = below(random, 2) == 0 ? "{}" : "{matchLabels: {app: a}}";
  const std::string ports =
      below(random, 3) == 0 ? ", ports: [{port: 80}, {port: 90, protocol: UDP}]" : "";
  return "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: " + name +
         ", namespace: " + ns + "}\nspec:\n  podSelector: " + selector + "\n  policyTypes: [" +
         (is_egress ? "Egress" : "Ingress") + "]\n  " + (is_egress ? "egress" : "ingress") +
         ": [{" + (is_egress ? "to" : "from") + ": [" + peer(random) + "]" + ports + "}]\n";
}

std::string labels(Random& random) {
  static const std::vector<std::string> kLabels{"{}", "{team: x}", "{team: y}"};
  return kLabels[below(random, kLabels.size())];
}

constexpr std::size_t kPods = 9;

struct RandomChange {
  std::string before;
  std::string after;
};

RandomChange random_change(Random& random) {
  RandomChange change;
  unsigned address = 1;
  for (const std::string ns : {"p0", "p1", "p2"}) {
    const std::string first = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: " + ns;
    const std::string was = labels(random);
    const bool changes = ns != "p2";
    change.before += first + ", labels: " + was + "}\n";
    change.after += first + ", labels: " + (changes ? labels(random) : was) + "}\n";
    for (const std::string app : {"a", "b", "a"}) {
      const std::string pod =
          "---\napiVersion: v1\nkind: Pod\nmetadata: {name: pod-" + std::to_string(address) +
          ", namespace: " + ns + ", labels: {app: " + app +
          "}}\nstatus: {phase: Running, podIP: " + "10.128.0." + std::to_string(address) + "}\n";
      change.before += pod;
      change.after += pod;
      ++address;
    }
    for (const std::string name : {"one", "two"}) {
      const std::string first_version = policy(random, ns, name);
      const std::string second_version = changes ? policy(random, ns, name) : first_version;
      const std::size_t fate = changes ? below(random, 4) : 0;
      if (fate != 1) change.before += first_version;
      if (fate != 2) change.after += fate == 0 ? first_version : second_version;
    }
  }
  return change;
}

using FlowName = std::tuple<std::size_t, std::size_t, Protocol, std::uint16_t>;

/// Every flow between two pods that is open, and those with addresses outside: one for each range
/// that an ipBlock of peer() tells apart.
std::set<FlowName> open_flows(const Cluster& cluster) {
  const Evaluator evaluator(cluster);
  std::set<FlowName> open;
  std::vector<FlowEnd> ends;
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) ends.emplace_back(PodId{i});
  for (const std::string_view address : {"198.51.100.1", "10.128.0.64", "10.128.0.12"}) {
    ends.emplace_back(*IpAddress::parse(address));
  }
  for (std::size_t src = 0; src < ends.size(); ++src) {
    for (std::size_t dst = 0; dst < ends.size(); ++dst) {
      if (src == dst || (src >= cluster.pods.size() && dst >= cluster.pods.size())) continue;
      for (const auto& [protocol, port] : {std::pair{Protocol::Tcp, std::uint16_t{1}},
                                           {Protocol::Tcp, std::uint16_t{80}},
                                           {Protocol::Udp, std::uint16_t{90}}}) {
        if (evaluator.evaluate({ends[src], ends[dst], protocol, port}).is_allowed()) {
          open.emplace(src, dst, protocol, port);
        }
      }
    }
  }
  return open;
}

struct Truths {
  bool blackhole = false;
  bool breach = false;
  bool pivot = false;
};

void add_pivots(const std::vector<std::set<FlowName>>& moments, const std::set<FlowName>& before,
                const std::set<FlowName>& after, Truths& truths) {
  std::set<FlowName> ever;
  for (const auto& moment : moments) ever.insert(moment.begin(), moment.end());
  for (const FlowName& one : ever) {
    for (const FlowName& other : ever) {
      if (std::get<1>(one) != std::get<0>(other) || std::get<0>(one) == std::get<1>(other))
        continue;
      // Addresses outside are no stepping stones, nor both ends of a path (SEMANTICS W8).
      if (std::get<1>(one) >= kPods) continue;
      if (std::get<0>(one) >= kPods && std::get<1>(other) >= kPods) continue;
      const auto is_only_in = [](const FlowName& flow, const std::set<FlowName>& state,
                                 const std::set<FlowName>& other_state) {
        return state.contains(flow) && !other_state.contains(flow);
      };
      const bool is_new = (is_only_in(one, before, after) && is_only_in(other, after, before)) ||
                          (is_only_in(one, after, before) && is_only_in(other, before, after));
      truths.pivot = truths.pivot || is_new;
    }
  }
}

Truths brute_force(const Snapshot& before, const Snapshot& after, const std::vector<Step>& steps) {
  const std::set<FlowName> was = open_flows(before.cluster);
  const std::set<FlowName> is = open_flows(after.cluster);
  Truths truths;
  std::vector<std::set<FlowName>> moments;
  for (std::size_t part = 0; part < (std::size_t{1} << steps.size()); ++part) {
    ObjectStore objects = before.objects;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (((part >> i) & 1U) == 0) continue;
      if (steps[i].object.is_null()) {
        objects.erase(steps[i].key);
      } else {
        objects.put(make_object(steps[i].object));
      }
    }
    moments.push_back(open_flows(state_of(std::move(objects)).cluster));
    for (const FlowName& flow : was) {
      if (is.contains(flow) && !moments.back().contains(flow)) truths.blackhole = true;
    }
    for (const FlowName& flow : moments.back()) {
      if (!was.contains(flow) && !is.contains(flow)) truths.breach = true;
    }
  }
  add_pivots(moments, was, is, truths);
  return truths;
}

void check_case(std::uint32_t seed) {
  Random random(seed);
  const RandomChange change = random_change(random);
  const Snapshot before = state_of(objects_from(change.before));
  const Snapshot after = state_of(objects_from(change.after));
  const std::vector<Step> steps = steps_between(before, after);
  const std::vector<Stage> stages{{steps, false, {}}};
  const Truths truths = brute_force(before, after, steps);
  std::string expected;
  if (truths.blackhole) expected += " no-blackhole";
  if (truths.breach) expected += " no-breach";
  if (truths.pivot) expected += " no-pivot";
  INFO("seed " << seed << "\n" << change.before << "\n=== after\n" << change.after);
  CHECK(' ' + broken(judge_moments(before, after, stages)) == (expected.empty() ? " " : expected));
  for (const auto& [rule, is_broken] : {std::pair{MomentRule::NoBlackhole, truths.blackhole},
                                        {MomentRule::NoBreach, truths.breach},
                                        {MomentRule::NoPivot, truths.pivot}}) {
    const ProvedMoments proved = prove_moments(before, after, stages, rule);
    INFO(to_string(rule) << ": " << proved.broken << proved.undecided);
    CHECK_FALSE((is_broken && proved.is_proved()));
    CHECK(proved.undecided.find("engines disagree") == std::string::npos);
    if (rule != MomentRule::NoPivot) CHECK_FALSE((!is_broken && proved.by_existing_pods));
  }
}

}  // namespace

TEST_CASE("moments: the judge agrees with all parts of all steps", "[agreement]") {
  for (std::uint32_t seed = 1; seed <= 25; ++seed) check_case(seed);
}

TEST_CASE("moments: the judge agrees on many changes", "[slow]") {
  for (std::uint32_t seed = 1000; seed < 3000; ++seed) check_case(seed);
}

}  // namespace meshproof
