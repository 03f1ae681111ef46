#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "model/project.h"
#include "solver/evaluate.h"
#include "solver/moments/moments.h"
#include "tests/solver/moments_scene.h"
#include "tests/support/yaml.h"

/// Paths of more than two hops that open for a moment: against every path of every part of all
/// steps, each flow put to evaluate().
namespace meshproof {
namespace {

using Random = std::mt19937;

std::size_t below(Random& random, std::size_t count) { return random() % count; }

std::string ns(const std::string& name, const std::string& labels = "{}") {
  return "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + ", labels: " + labels +
         "}\n";
}

std::string pod(const std::string& in, const std::string& name, unsigned address) {
  return "---\napiVersion: v1\nkind: Pod\nmetadata: {name: " + name + ", namespace: " + in +
         ", labels: {app: " + name + "}}\nstatus: {phase: Running, podIP: 10.128." +
         std::to_string(address / 250) + '.' + std::to_string(address % 250) + "}\n";
}

/// Admits to all pods of a project what `from` lists, and nothing else.
std::string policy(const std::string& in, const std::string& name, const std::string& from) {
  return "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: " + name +
         ", namespace: " + in + "}\nspec:\n  podSelector: {}\n  policyTypes: [Ingress]\n" +
         (from.empty() ? "" : "  ingress: [{from: [" + from + "]}]\n");
}

std::string project_of(const std::string& name) {
  return "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: " + name + "}}}";
}

struct EditedState {
  Snapshot before;
  Snapshot after;
  std::vector<Step> steps;
};

EditedState change_of(const std::string& before, const std::string& after) {
  EditedState change{state_of(objects_from(before)), state_of(objects_from(after)), {}};
  change.steps = steps_between(change.before, change.after);
  return change;
}

std::vector<MomentVerdict> judged(const EditedState& change, const std::vector<Stage>& stages,
                                  std::size_t hops) {
  return judge_moments(change.before, change.after, stages, {.hops = hops});
}

/// `door` closes to `far`, which it admits alone; `safe` opens to the last one of those between,
/// each of which admits the one before it alone.
EditedState door_and_safe(std::size_t between) {
  std::string common = ns("far") + pod("far", "o", 1) + ns("door") + pod("door", "d", 2) +
                       ns("safe") + pod("safe", "s", 3);
  std::string last = "door";
  for (std::size_t i = 0; i < between; ++i) {
    const std::string name = "mid-" + std::to_string(i);
    common += ns(name) + pod(name, "m", static_cast<unsigned>(4 + i)) +
              policy(name, "only", project_of(last));
    last = name;
  }
  common += policy("far", "closed", "");
  return change_of(common + policy("door", "own", project_of("far")) + policy("safe", "own", ""),
                   common + policy("door", "own", "") + policy("safe", "own", project_of(last)));
}

/// Kinds of flows between two ends by the states that have them, as far as some moment of a stage
/// has them: a set of `before` and `after`.
using Kinds = std::set<std::pair<bool, bool>>;
using KindsByPair = std::map<std::pair<std::size_t, std::size_t>, Kinds>;

struct Flow {
  std::size_t src = 0;
  std::size_t dst = 0;
  std::size_t port = 0;

  auto operator<=>(const Flow&) const = default;
};

std::set<Flow> open_flows(const Cluster& cluster) {
  const Evaluator evaluator(cluster);
  std::vector<FlowEnd> ends;
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) ends.emplace_back(PodId{i});
  ends.emplace_back(*IpAddress::parse("198.51.100.1"));
  std::set<Flow> open;
  for (std::size_t src = 0; src < ends.size(); ++src) {
    for (std::size_t dst = 0; dst < ends.size(); ++dst) {
      if (src == dst) continue;
      for (const std::uint16_t port : {std::uint16_t{1}, std::uint16_t{80}}) {
        if (evaluator.evaluate({ends[src], ends[dst], Protocol::Tcp, port}).is_allowed()) {
          open.insert({src, dst, port});
        }
      }
    }
  }
  return open;
}

/// Every simple path of up to some hops, looked at one by one.
class EveryPath {
 public:
  EveryPath(const KindsByPair& kinds, std::size_t pods) : kinds_(kinds), pods_(pods) {}

  [[nodiscard]] bool has_new(std::size_t hops) const {
    for (std::size_t start = 0; start <= pods_; ++start) {
      std::vector<std::size_t> path{start};
      if (goes_on(path, true, true, hops)) return true;
    }
    return false;
  }

 private:
  /// `was`, `is`: all hops so far are in the state before, after.
  bool goes_on(std::vector<std::size_t>& path, bool was, bool is, std::size_t hops) const {
    if (path.size() > 1 && !was && !is && !(path.front() == pods_ && path.back() == pods_)) {
      return true;
    }
    // An address outside is no stepping stone.
    if (hops == 0 || (path.size() > 1 && path.back() == pods_)) return false;
    for (std::size_t next = 0; next <= pods_; ++next) {
      const auto found = kinds_.find({path.back(), next});
      if (found == kinds_.end() || std::ranges::find(path, next) != path.end()) continue;
      for (const auto& [before, after] : found->second) {
        path.push_back(next);
        const bool gets_there = goes_on(path, was && before, is && after, hops - 1);
        path.pop_back();
        if (gets_there) return true;
      }
    }
    return false;
  }

  const KindsByPair& kinds_;
  std::size_t pods_;
};

/// By stage, what some part of its steps has open.
std::vector<KindsByPair> tried_out(const EditedState& change, const std::vector<Stage>& stages) {
  const std::set<Flow> was = open_flows(change.before.cluster);
  const std::set<Flow> is = open_flows(change.after.cluster);
  std::vector<KindsByPair> result;
  ObjectStore objects = change.before.objects;
  const auto write = [](const Step& step, ObjectStore& into) {
    if (step.object.is_null()) {
      into.erase(step.key);
    } else {
      into.put(make_object(step.object));
    }
  };
  for (const Stage& stage : stages) {
    auto& kinds = result.emplace_back();
    for (std::size_t part = 0; part < (std::size_t{1} << stage.steps.size()); ++part) {
      ObjectStore then = objects;
      for (std::size_t i = 0; i < stage.steps.size(); ++i) {
        if (((part >> i) & 1U) != 0) write(stage.steps[i], then);
      }
      for (const Flow& flow : open_flows(state_of(std::move(then)).cluster)) {
        const std::pair kind{was.contains(flow), is.contains(flow)};
        // What neither state has is a breach, and said to be one.
        if (kind.first || kind.second) kinds[{flow.src, flow.dst}].insert(kind);
      }
    }
    for (const Step& step : stage.steps) write(step, objects);
  }
  return result;
}

std::string random_peer(Random& random) {
  switch (below(random, 9)) {
    case 0:
      return "{podSelector: {}}";
    case 1:
      return below(random, 2) == 0 ? "{namespaceSelector: {matchLabels: {team: x}}}"
                                   : "{ipBlock: {cidr: 198.51.100.0/24}}";
    case 2:
      return "";
    default:
      return project_of("p" + std::to_string(below(random, 5)));
  }
}

/// Five projects of which two change, in which little is open.
EditedState random_change(Random& random) {
  std::string before;
  std::string after;
  unsigned address = 1;
  for (std::size_t i = 0; i < 5; ++i) {
    const std::string name = "p" + std::to_string(i);
    const bool changes = i < 2;
    const auto labels = [&] { return below(random, 6) == 0 ? "{team: x}" : "{}"; };
    const std::string was = labels();
    before += ns(name, was);
    after += ns(name, changes && below(random, 4) == 0 ? labels() : was);
    const std::size_t pods = 1 + below(random, 2);
    for (std::size_t k = 0; k < pods; ++k) {
      const std::string one = pod(name, "pod-" + std::to_string(k), address++);
      before += one;
      after += one;
    }
    for (const std::string policy_name : {"one", "two"}) {
      if (policy_name == "two" && below(random, 3) != 0) continue;
      const std::string first = policy(name, policy_name, random_peer(random));
      const std::string second = policy(name, policy_name, random_peer(random));
      const std::size_t fate = changes ? below(random, 6) : 5;
      if (fate != 0) before += first;
      if (fate != 1) after += fate == 5 ? first : second;
    }
  }
  return change_of(before, after);
}

/// All at once, or one after the other, or something between.
std::vector<Stage> random_stages(Random& random, const std::vector<Step>& steps) {
  std::vector<Step> shuffled = steps;
  std::ranges::shuffle(shuffled, random);
  std::vector<Stage> stages(1);
  for (const Step& step : shuffled) {
    if (!stages.back().steps.empty() && below(random, 4) == 0) stages.emplace_back();
    stages.back().steps.push_back(step);
  }
  return stages;
}

struct Counts {
  std::size_t safe = 0;
  std::size_t by_two = 0;     ///< paths of two hops open
  std::size_t by_longer = 0;  ///< longer ones alone
};

void check_case(std::uint32_t seed, Counts& counts) {
  Random random(seed);
  const EditedState change = random_change(random);
  const std::vector<Stage> stages = random_stages(random, change.steps);
  if (change.steps.empty()) return;
  const auto tried = tried_out(change, stages);
  const std::size_t pods = change.before.cluster.pods.size();
  std::size_t shortest = 0;
  for (const std::size_t hops : {2U, 3U, 4U, 5U}) {
    const bool is_new = std::ranges::any_of(
        tried, [&](const KindsByPair& kinds) { return EveryPath(kinds, pods).has_new(hops); });
    INFO("seed " << seed << ", hops " << hops);
    const auto verdicts = judged(change, stages, hops);
    CHECK((broken(verdicts).find("no-pivot") != std::string::npos) == is_new);
    CHECK(broken(verdicts).find('?') == std::string::npos);
    if (is_new && shortest == 0) shortest = hops;
    if (!is_new || shortest != hops) continue;
    CHECK(std::get<BadMoment>(verdicts.back().finding).hops.size() == hops);
  }
  ++(shortest == 0 ? counts.safe : shortest == 2 ? counts.by_two : counts.by_longer);
}

}  // namespace

TEST_CASE("moments: a path of several hops opens for a moment, and is told hop by hop") {
  const EditedState change = door_and_safe(1);
  const std::vector<Stage> stages{{change.steps, false, {}}};
  CHECK(broken(judged(change, stages, 2)).empty());
  const auto verdicts = judged(change, stages, 3);
  CHECK(broken(verdicts) == "no-pivot");
  const auto& bad = std::get<BadMoment>(verdicts.back().finding);
  REQUIRE(bad.hops.size() == 3);
  CHECK(bad.hops[0].src == "far/o");
  CHECK(bad.hops[1].src == "door/d");
  CHECK(bad.hops[2].src == "mid-0/m");
  CHECK(bad.hops[2].dst == "safe/s");
  CHECK(bad.hops[0].in_effect.empty());
  CHECK(bad.hops[2].in_effect.size() == 1);
  const std::vector<std::string> story{
      "in effect: NetworkPolicy safe/own changes",
      "not yet: NetworkPolicy door/own changes",
      "where far/o → door/d is decided, none of them is seen yet",
      "where door/d → mid-0/m is decided, none of them is seen yet",
      "where mid-0/m → safe/s is decided, seen so far: NetworkPolicy safe/own changes",
      "far/o reaches door/d (TCP 1), which reaches mid-0/m (TCP 1), which reaches safe/s (TCP 1): "
      "no "
      "such path before or after, until NetworkPolicy door/own changes"};
  CHECK(bad.story == story);
}

TEST_CASE("moments: paths lead over projects that the change does not touch") {
  for (const std::size_t between : {2U, 3U, 4U}) {
    const EditedState change = door_and_safe(between);
    const std::vector<Stage> stages{{change.steps, false, {}}};
    CHECK(broken(judged(change, stages, between + 1)).empty());
    const auto verdicts = judged(change, stages, between + 2);
    CHECK(broken(verdicts) == "no-pivot");
    CHECK(std::get<BadMoment>(verdicts.back().finding).hops.size() == between + 2);
  }
}

TEST_CASE("moments: where the door is closed first no path opens, whatever its length") {
  const EditedState change = door_and_safe(1);
  std::vector<Stage> stages(2);
  for (const Step& step : change.steps) {
    stages[step.key.ns == "door" ? 0 : 1].steps.push_back(step);
  }
  const auto verdicts = judged(change, stages, 5);
  CHECK(broken(verdicts).empty());
  const auto& safe = std::get<SafeMoments>(verdicts.back().finding);
  CHECK(safe.scope.ends_with("; paths of up to 5 hops"));
  CHECK(verdicts.back().hops == 5);
  std::ranges::reverse(stages);
  CHECK(broken(judged(change, stages, 5)) == "no-pivot");
}

TEST_CASE("moments: a path opens only late where writes wait for each other") {
  const std::string common = ns("far") + pod("far", "o", 1) + policy("far", "closed", "") +
                             ns("house") + pod("house", "door", 2) + pod("house", "safe", 3) +
                             ns("mid") + pod("mid", "m", 4) +
                             policy("mid", "only", project_of("house"));
  const auto of_pod = [](const std::string& app, const std::string& from) {
    std::string text = policy("house", app, from);
    return text.replace(text.find("{}"), 2, "{matchLabels: {app: " + app + "}}");
  };
  EditedState change = change_of(common + of_pod("door", project_of("far")) + of_pod("safe", ""),
                                 common + of_pod("door", "") + of_pod("safe", project_of("mid")));
  REQUIRE(change.steps.size() == 2);
  for (Step& step : change.steps) step.rank = step.key.name == "door" ? 1 : 2;
  CHECK(broken(judged(change, {{change.steps, false, {}}}, 2)).empty());
  CHECK(broken(judged(change, {{change.steps, false, {}}}, 3)) == "no-pivot");
  // The safe opens when the door is closed everywhere.
  CHECK(broken(judged(change, {{change.steps, true, {}}}, 3)).empty());
  for (Step& step : change.steps) step.rank = step.key.name == "door" ? 2 : 1;
  CHECK(broken(judged(change, {{change.steps, true, {}}}, 3)) == "no-pivot");
  const auto told =
      judge_prediction(change.before, change.after, {{change.steps, false, {}}}, {.hops = 3});
  CHECK(std::get<BadMoment>(told.back().finding).hops.size() == 3);
}

TEST_CASE("moments: longer paths agree with all paths of all parts of all steps", "[agreement]") {
  Counts counts;
  for (std::uint32_t seed = 1; seed <= 240; ++seed) check_case(seed, counts);
  CHECK(counts.safe > 5);
  CHECK(counts.by_two > 5);
  CHECK(counts.by_longer > 5);
}

TEST_CASE("moments: longer paths over too many projects are undecided", "[slow]") {
  const EditedState change = door_and_safe(300);
  const auto verdicts = judged(change, {{change.steps, false, {}}}, 100);
  REQUIRE(broken(verdicts) == "?no-pivot");
  CHECK(std::get<Undecided>(verdicts.back().finding).reason ==
        "paths of more than two hops over projects of more than 20000 pairs of classes that the "
        "change does not touch are not looked for");
}

TEST_CASE("moments: longer paths agree on many changes", "[slow]") {
  Counts counts;
  for (std::uint32_t seed = 1000; seed < 4000; ++seed) check_case(seed, counts);
  CHECK(counts.by_longer > 100);
}

}  // namespace meshproof
