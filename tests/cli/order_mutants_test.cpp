#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/args.h"
#include "cli/commands/plan.h"
#include "model/project.h"
#include "scenarios/read.h"
#include "scenarios/scenario.h"
#include "solver/moments/moments.h"
#include "tests/cli/mutants.h"
#include "tests/cli/run_cli.h"
#include "tests/solver/tried_moments.h"

/// Faults are planted into the safe orders of the worked examples and into their ways back: a
/// barrier skipped, two writes swapped, a temporary policy forgotten. The judge of moments must say
/// of each what a brute force says that puts every flow in every partial state to evaluate().
namespace meshproof {

namespace {

/// A safe order, or the way back of one.
struct JudgedStages {
  const Snapshot& before;
  const Snapshot& after;
  std::vector<Stage> stages;
};

struct OrderCounts {
  std::size_t orders = 0;   ///< with more than one stage
  std::size_t refused = 0;  ///< mutants that lead elsewhere: undecided
  std::map<std::string, std::size_t> found;
  std::map<std::string, std::size_t> safe;  ///< by the operator: mutants that are no fault
};

std::vector<Stage> stages_in(const JudgedOrder& order) {
  Prediction prediction;
  for (const OrderStage& stage : order.stages) {
    prediction.steps.insert(prediction.steps.end(), stage.writes.begin(), stage.writes.end());
  }
  return stages_of(prediction);
}

/// Every port that a policy of one of the states or a bridge begins or ends with.
TriedFlows flows_for(const JudgedStages& order) {
  std::set<std::uint16_t> ports{1, 8080};
  for (const Cluster* cluster : {&order.before.cluster, &order.after.cluster}) {
    for (const NetworkPolicy& policy : cluster->policies) {
      for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
        for (const PolicyRule& rule : policy.rules(direction)) {
          for (const PolicyPort& port : rule.ports) {
            if (port.range && port.protocol == Protocol::Tcp) ports.insert(port.range->from);
          }
        }
      }
    }
  }
  return {{ports.begin(), ports.end()},
          {*IpAddress::parse("203.0.113.9"), *IpAddress::parse("198.51.100.70")}};
}

/// The state that the stages leave.
Snapshot played(const Snapshot& before, const std::vector<Stage>& stages) {
  Snapshot state{before.objects, before.coverage, {}};
  for (const Stage& stage : stages) {
    for (const Step& step : stage.steps) {
      if (step.object.is_null()) {
        state.objects.erase(step.key);
      } else {
        state.objects.put(make_object(step.object));
      }
    }
  }
  Diagnostics told;
  state.cluster = project(state.objects, {}, told, &before);
  state.cluster.network = before.cluster.network;
  return state;
}

/// Whether the writes, made in their order, leave of each object what the state after has.
bool leads_to(const JudgedStages& order, const std::vector<Stage>& stages) {
  std::map<ObjectKey, Tree> last;
  for (const Stage& stage : stages) {
    for (const Step& step : stage.steps) last[step.key] = step.object;
  }
  std::map<ObjectKey, Tree> wanted;
  for (const Stage& stage : order.stages) {
    for (const Step& step : stage.steps) wanted[step.key] = step.object;
  }
  return std::ranges::all_of(wanted, [&](const auto& entry) {
    const auto found = last.find(entry.first);
    return found == last.end() ? entry.second.is_null() : found->second == entry.second;
  });
}

bool is_undecided(const MomentVerdict& verdict) {
  return std::holds_alternative<Undecided>(verdict.finding);
}

void plant_into(const JudgedStages& order, OrderCounts& counts) {
  if (order.stages.size() < 2) return;
  ++counts.orders;
  const TriedFlows flows = flows_for(order);
  REQUIRE(broken_rules(judge_moments(order.before, order.after, order.stages)).empty());
  REQUIRE(broken_rules(try_flows(order.before, order.after, order.stages, flows)).empty());
  for (const OrderMutant& mutant : mutants_of(order.stages)) {
    INFO(mutant.fault);
    const auto judged = judge_moments(order.before, order.after, mutant.stages);
    if (!leads_to(order, mutant.stages)) {
      CHECK(std::ranges::all_of(judged, is_undecided));
      ++counts.refused;
      continue;
    }
    const auto tried = try_flows(order.before, order.after, mutant.stages, flows);
    CHECK(broken_rules(judged) == broken_rules(tried));
    const std::string fault = mutant.fault.substr(0, mutant.fault.find(':'));
    ++(broken_rules(tried).empty() ? counts.safe : counts.found)[fault];
  }
}

/// One pod in each project that is exposed by a route and one that is not, so that there are ends
/// for every policy of a mesh and for every bridge.
std::string pods_for(const std::string& path) {
  Sources sources;
  Diagnostics told;
  const Input input = read_inputs({path}, {}, sources, told);
  std::string pods;
  unsigned address = 1;
  for (const Object& object : input.objects) {
    if (object.key.kind != "Namespace") continue;
    for (const std::string name : {"plain", "exposed"}) {
      pods += "---\napiVersion: v1\nkind: Pod\nmetadata: {name: " + name +
              ", namespace: " + object.key.name + ", labels: {app: " + name;
      if (name == "exposed") pods += ", maistra.io/expose-route: \"true\"";
      pods += "}}\nstatus: {phase: Running, podIP: 10.131.200." + std::to_string(address++) + "}\n";
    }
  }
  return pods;
}

/// Plants into the order that plan --safe gives, and into its way back. False where it finds none.
bool plant_into(const std::string& folder, std::vector<std::string> args, OrderCounts& counts) {
  const TemporaryFolder scratch;
  args.insert(args.end(),
              {"-f", folder + "/cluster.yaml", "-f",
               scratch.write("pods.yaml", pods_for(folder + "/cluster.yaml")), "--assert", "none"});
  for (std::string& arg : args) {
    if (std::filesystem::exists(folder + "/" + arg)) arg = folder + "/" + arg;
  }
  if (std::ranges::find(args, "--safe") == args.end()) args.emplace_back("--safe");
  auto parsed = parse_args(args);
  REQUIRE(parsed.has_value());
  std::ostringstream out;
  std::ostringstream err;
  Session session(std::get<Invocation>(*parsed).options, out, err, {});
  const auto planned = plan_change(session);
  if (!planned || !planned->plan.safe_order->is_found()) return false;
  const SafeOrder& order = *planned->plan.safe_order;
  const Snapshot& before = *planned->before;
  const Snapshot& after = *planned->after;
  CAPTURE(folder);
  plant_into({before, after, stages_in(order.order)}, counts);
  if (order.rollback.reason.empty()) {
    const std::vector<Stage> back = stages_in(order.rollback);
    plant_into({after, played(after, back), back}, counts);
  }
  return true;
}

/// Of each fault it is known that it is one: no barrier and no bridge can be spared.
void check_nothing_is_spare(OrderCounts& counts) {
  INFO("barriers to spare: " << counts.safe["skip a barrier"]
                             << ", bridges: " << counts.safe["drop a bridge"]);
  CHECK(counts.safe["skip a barrier"] == 0);
  CHECK(counts.safe["drop a bridge"] == 0);
}

std::string change_file(const std::string& steps) {
  return "apiVersion: meshproof.io/v1\nkind: Change\nsteps:\n" + steps;
}

}  // namespace

TEST_CASE("faults planted into a safe join and its way back are found", "[agreement]") {
  std::filesystem::current_path(MESHPROOF_SOURCE_DIR);
  OrderCounts counts;
  REQUIRE(plant_into("scenarios/library/safe-join", {"plan", "--join", "shop"}, counts));
  check_nothing_is_spare(counts);
  // Two bridges, three writes of the operator, two bridges, there and back.
  CHECK(counts.orders == 2);
  CHECK(counts.found["skip a barrier"] == 4);
  CHECK(counts.found["drop a bridge"] == 4);
  CHECK(counts.found["swap two writes"] + counts.refused == 2 * (6 + 6 + 4));
  CHECK(counts.safe["swap two writes"] == 0);
}

TEST_CASE("faults planted into a safe order without bridges are found", "[agreement]") {
  std::filesystem::current_path(MESHPROOF_SOURCE_DIR);
  const TemporaryFolder scratch;
  const std::string change = scratch.write("change.yaml", change_file(R"(
- patch: {kind: ServiceMeshMemberRoll, namespace: istio-system, name: default, merge: {spec: {members: [payments, shop]}}}
- apply:
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: members, namespace: shop}
    spec:
      podSelector: {}
      ingress:
      - from:
        - namespaceSelector:
            matchExpressions:
            - {key: kubernetes.io/metadata.name, operator: In, values: [shop, payments, istio-system, openshift-ingress]}
)"));
  OrderCounts counts;
  REQUIRE(plant_into("scenarios/library/safe-join", {"plan", "--change", change}, counts));
  check_nothing_is_spare(counts);
  CHECK(counts.found["skip a barrier"] > 0);
  CHECK(counts.found["swap two writes"] > 0);
  CHECK(counts.found["drop a bridge"] == 0);
}

TEST_CASE("faults planted into the safe order of a move between meshes are found",
          "[agreement][slow]") {
  std::filesystem::current_path(MESHPROOF_SOURCE_DIR);
  const TemporaryFolder scratch;
  const std::string change = scratch.write("change.yaml", change_file(R"(
- patch: {kind: ServiceMeshMemberRoll, namespace: mesh-blue, name: default, merge: {spec: {members: []}}}
- patch: {kind: ServiceMeshMemberRoll, namespace: mesh-green, name: default, merge: {spec: {members: [green-app, blue-app]}}}
)"));
  OrderCounts counts;
  REQUIRE(plant_into("scenarios/library/two-meshes", {"plan", "--change", change}, counts));
  check_nothing_is_spare(counts);
  CHECK(counts.orders == 2);
  CHECK(counts.found["skip a barrier"] == 6);
  CHECK(counts.found["swap two writes"] > 0);
  CHECK(counts.found["drop a bridge"] > 0);
}

TEST_CASE("faults planted into the safe orders of all worked examples are found",
          "[agreement][slow]") {
  std::filesystem::current_path(MESHPROOF_SOURCE_DIR);
  OrderCounts counts;
  std::size_t plans = 0;
  for (const std::string& folder : find_scenarios("scenarios/library")) {
    Sources sources;
    const auto scenario = read_scenario(folder, sources);
    REQUIRE(scenario.has_value());
    if (scenario->run.front() != "plan") continue;
    plans += plant_into(folder, scenario->run, counts) ? 1U : 0U;
  }
  check_nothing_is_spare(counts);
  CHECK(plans > 20);
  CHECK(counts.orders > 20);
  CHECK(counts.found["skip a barrier"] > 40);
  CHECK(counts.found["swap two writes"] > 300);
  CHECK(counts.found["drop a bridge"] > 40);
}

}  // namespace meshproof
