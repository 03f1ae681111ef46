#include "tests/cli/mutants.h"

#include <array>
#include <filesystem>
#include <map>
#include <set>

#include <catch2/catch.hpp>

#include "model/project.h"
#include "scenarios/read.h"
#include "scenarios/scenario.h"
#include "solver/equivalence.h"
#include "solver/evaluate.h"
#include "tests/cli/run_cli.h"

/// Faults are planted into the policies and labels of the worked examples, before and after their
/// changes. Each is found as a difference that the evaluator confirms in both states; one that is
/// called equal must be so for every hypothetical pod of a brute force that shares nothing with the
/// proof.
namespace meshproof {

namespace {

constexpr std::size_t kLabelSets = 24;
constexpr std::array<std::uint16_t, 5> kPorts{80, 5432, 8443, 9005, 9443};

Snapshot snapshot_of(ObjectStore objects, const NetworkOptions& options = {}) {
  Snapshot snapshot{std::move(objects), {}, {}};
  Diagnostics ignored;
  snapshot.cluster = project(snapshot.objects, options, ignored);
  return snapshot;
}

Snapshot read_snapshot(const std::string& path) {
  Sources sources;
  Diagnostics found;
  Input input = read_inputs({path}, {}, sources, found);
  REQUIRE_FALSE(has_errors(found));
  return snapshot_of(std::move(input.objects));
}

/// Values that selectors name, by key.
using Words = std::map<std::string, std::set<std::string>>;

void add_words(const LabelSelector& selector, const SymbolTable& symbols, Words& words) {
  for (const LabelRequirement& requirement : selector.requirements) {
    std::set<std::string>& values = words[std::string(symbols.text(requirement.key))];
    for (const Symbol value : requirement.values) values.emplace(symbols.text(value));
  }
}

/// Label sets of every choice among absent, the named values and another one; the first few.
std::vector<std::map<std::string, std::string>> label_sets(const Words& words) {
  std::vector<std::map<std::string, std::string>> sets{{}};
  for (const auto& [key, values] : words) {
    if (key == "kubernetes.io/metadata.name") continue;
    std::vector<std::map<std::string, std::string>> more = sets;
    std::set<std::string> choices = values;
    choices.insert("something-else");
    for (const auto& set : sets) {
      for (const std::string& value : choices) {
        if (more.size() >= kLabelSets) break;
        more.push_back(set);
        more.back()[key] = value;
      }
    }
    sets = std::move(more);
  }
  return sets;
}

Tree object_of(const std::string& kind, const std::string& ns, const std::string& name,
               const std::map<std::string, std::string>& labels) {
  Tree metadata = Tree::mapping({{"name", Tree::string(name)}});
  if (!ns.empty()) metadata.set("namespace", Tree::string(ns));
  Tree& set = metadata.mapping_at("labels");
  for (const auto& [key, value] : labels) set.set(key, Tree::string(value));
  return Tree::mapping({{"apiVersion", Tree::string("v1")},
                        {"kind", Tree::string(kind)},
                        {"metadata", std::move(metadata)}});
}

/// Hypothetical pods in every project and in some to come.
class BruteForce {
 public:
  explicit BruteForce(const std::vector<const Cluster*>& clusters) {
    Words of_pods;
    Words of_projects;
    std::set<std::string> projects;
    for (const Cluster* cluster : clusters) {
      for (const NetworkPolicy& policy : cluster->policies) {
        add_words(policy.pods, cluster->symbols, of_pods);
        for (const auto* rules : {&policy.ingress, &policy.egress}) {
          for (const PolicyRule& rule : *rules) add_rule(rule, *cluster, of_pods, of_projects);
        }
      }
      for (const Namespace& ns : cluster->namespaces) projects.insert(ns.name);
    }
    const auto sets = label_sets(of_projects);
    for (std::size_t i = 0; i < sets.size(); ++i) {
      const std::string name = "to-come-" + std::to_string(i);
      objects_.push_back(object_of("Namespace", "", name, sets[i]));
      add_pods(name, {{}});
    }
    for (const std::string& project : projects) add_pods(project, label_sets(of_pods));
  }

  /// What every flow to a hypothetical pod of a project of the state gets.
  [[nodiscard]] std::vector<Access> answers(const Snapshot& state) const {
    ObjectStore objects = state.objects;
    for (const Tree& object : objects_) objects.put(make_object(object));
    const Cluster cluster = snapshot_of(std::move(objects)).cluster;
    const Evaluator evaluator(cluster);
    std::vector<Access> result;
    for (const auto& [ns, name] : pods_) {
      const FlowEnd target = cluster.find_pod(cluster.find_namespace(ns), name);
      for (const auto& [from_ns, from] : pods_) {
        const FlowEnd source = cluster.find_pod(cluster.find_namespace(from_ns), from);
        if (source == target) continue;
        for (const std::uint16_t port : kPorts) {
          result.push_back(evaluator.evaluate({source, target, Protocol::Tcp, port}).access);
        }
        result.push_back(evaluator.evaluate({source, target, Protocol::Udp, 53}).access);
      }
      for (const char* address : {"198.51.100.9", "198.51.100.70", "198.51.7.7", "203.0.113.9"}) {
        const FlowEnd source = *IpAddress::parse(address);
        for (const std::uint16_t port : kPorts) {
          result.push_back(evaluator.evaluate({source, target, Protocol::Tcp, port}).access);
        }
      }
    }
    return result;
  }

 private:
  static void add_rule(const PolicyRule& rule, const Cluster& cluster, Words& of_pods,
                       Words& of_projects) {
    for (const PolicyPeer& peer : rule.peers) {
      if (peer.pods) add_words(*peer.pods, cluster.symbols, of_pods);
      if (peer.namespaces) add_words(*peer.namespaces, cluster.symbols, of_projects);
    }
  }

  void add_pods(const std::string& ns,
                const std::vector<std::map<std::string, std::string>>& sets) {
    for (const auto& labels : sets) {
      const std::string name = "case-" + std::to_string(pods_.size());
      Tree pod = object_of("Pod", ns, name, labels);
      const std::size_t number = pods_.size() + 300;
      pod.set("status",
              Tree::mapping({{"phase", Tree::string("Running")},
                             {"podIP", Tree::string("10.130." + std::to_string(number / 250) + "." +
                                                    std::to_string(1 + number % 250))}}));
      objects_.push_back(std::move(pod));
      pods_.emplace_back(ns, name);
    }
  }

  std::vector<Tree> objects_;
  std::vector<std::pair<std::string, std::string>> pods_;
};

/// The states of a worked example: its input, and what its change leads to.
std::vector<Snapshot> states_of(const std::string& folder) {
  std::vector<Snapshot> states;
  states.push_back(read_snapshot(folder + "/cluster.yaml"));
  Sources sources;
  const auto scenario = read_scenario(folder, sources);
  REQUIRE(scenario.has_value());
  const TemporaryFolder scratch;
  std::vector<std::string> args = scenario->run;
  if (args.front() != "plan") return states;
  args.insert(args.end(), {"-f", folder + "/cluster.yaml", "--assert", "none", "--quiet",
                           "--state-out", scratch.path("after.json")});
  for (std::string& arg : args) {
    if (std::filesystem::exists(folder + "/" + arg)) arg = folder + "/" + arg;
  }
  if (run_cli(args).code == ExitCode::InvalidInput) return states;
  if (std::filesystem::exists(scratch.path("after.json"))) {
    states.push_back(read_snapshot(scratch.path("after.json")));
  }
  return states;
}

struct Count {
  std::size_t found = 0;
  std::size_t equal = 0;
  std::size_t undecided = 0;
};

/// Plants every fault into the state, and checks that each is found or is none.
void plant_all(const Snapshot& state, std::map<std::string, Count>& counts) {
  for (const Object& object : state.objects) {
    for (const Mutant& mutant : mutants_of(object)) {
      ObjectStore objects = state.objects;
      objects.put(make_object(mutant.object));
      const Snapshot changed = snapshot_of(std::move(objects));
      const Equivalence result = compare_symbolically(state, changed);
      INFO(mutant.fault);
      Count& count = counts[mutant.fault.substr(0, mutant.fault.find(" of "))];
      if (!result.examples.empty()) {
        ++count.found;
        continue;
      }
      if (!result.undecided.empty()) {
        ++count.undecided;
        continue;
      }
      ++count.equal;
      const BruteForce brute({&state.cluster, &changed.cluster});
      CHECK(brute.answers(state) == brute.answers(changed));
    }
  }
}

/// Every operator made faults that are found, and of none it is not known.
void check_counts(std::map<std::string, Count>& counts) {
  for (const std::string& fault : fault_names()) {
    const Count& count = counts[fault];
    INFO(fault << ": found " << count.found << ", equal " << count.equal << ", undecided "
               << count.undecided);
    CHECK(count.found > 0);
    CHECK(count.undecided == 0);
  }
}

}  // namespace

TEST_CASE("planted faults of policies of every form are found, or are none", "[agreement]") {
  std::filesystem::current_path(MESHPROOF_SOURCE_DIR);
  std::map<std::string, Count> counts;
  for (const Snapshot& state : states_of("scenarios/library/policy-corners")) {
    plant_all(state, counts);
  }
  check_counts(counts);
}

TEST_CASE("planted faults of all worked examples are found, or are none", "[agreement][slow]") {
  std::filesystem::current_path(MESHPROOF_SOURCE_DIR);
  std::map<std::string, Count> counts;
  std::size_t states = 0;
  for (const std::string& folder : find_scenarios("scenarios/library")) {
    if (!std::filesystem::exists(folder + "/cluster.yaml")) continue;
    for (const Snapshot& state : states_of(folder)) {
      if (state.cluster.network.mode != SdnMode::NetworkPolicy) continue;
      INFO(folder);
      plant_all(state, counts);
      ++states;
    }
  }
  CHECK(states > 40);
  check_counts(counts);
}

}  // namespace meshproof
