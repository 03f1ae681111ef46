#include <map>
#include <memory>
#include <utility>

#include <benchmark/benchmark.h>

#include "model/drift.h"
#include "model/hazard.h"
#include "model/prediction.h"
#include "model/project.h"
#include "scenarios/generate.h"
#include "solver/moments/moments.h"
#include "tests/bench/synthetic.h"

/// What the operator will do, what it should have done and what can go wrong, after loading. The
/// argument is the number of projects, of 10 pods each; 100 of them are members.
namespace meshproof {
namespace {

const Snapshot& synthetic_state(const benchmark::State& state) {
  static std::map<std::int64_t, std::unique_ptr<const Snapshot>> made;
  std::unique_ptr<const Snapshot>& snapshot = made[state.range(0)];
  if (snapshot) return *snapshot;
  ClusterShape shape;
  shape.namespaces = static_cast<std::uint64_t>(state.range(0));
  shape.pods = 10;
  shape.policies = 2;
  shape.members = 100;
  shape.lean = true;
  auto generated = std::make_unique<Snapshot>();
  generated->objects = generate_objects(shape);
  snapshot = std::move(generated);
  return *snapshot;
}

/// One project more on the roll.
Change one_joins(const Snapshot& snapshot) {
  const Object* roll = snapshot.objects.of_kind("ServiceMeshMemberRoll").front();
  Tree members = *roll->tree->find_path({"spec", "members"});
  members.items.push_back(Tree::string("project-0200"));
  Tree merge = Tree::mapping({{"spec", Tree::mapping({{"members", std::move(members)}})}});
  Change change;
  change.phases.push_back(
      {{{PatchObject{{"", roll->key.kind, roll->key.ns, roll->key.name, false}, std::move(merge)},
         {}}}});
  return change;
}

void predict_join(benchmark::State& state) {
  const Snapshot& snapshot = synthetic_state(state);
  const Change change = one_joins(snapshot);
  for (auto _ : state) benchmark::DoNotOptimize(predict(snapshot, change, {}));
  state.SetComplexityN(state.range(0));
}

void hazards_of_join(benchmark::State& state) {
  const Snapshot& snapshot = synthetic_state(state);
  const Change change = one_joins(snapshot);
  const auto prediction = predict(snapshot, change, {});
  std::size_t count = 0;
  for (auto _ : state) count = find_hazards(*prediction, change, {}).size();
  state.counters["hazards"] = static_cast<double>(count);
  state.SetComplexityN(state.range(0));
}

/// Every moment of it, for the pods there are and for those to come, without the states.
void moments_of_join(benchmark::State& state) {
  const Snapshot& input = synthetic_state(state);
  const auto prediction = predict(input, one_joins(input), {});
  Diagnostics told;
  Snapshot before{prediction->before, {}, {}};
  before.cluster = project(before.objects, {}, told);
  Snapshot after{prediction->after, {}, {}};
  after.cluster = project(after.objects, {}, told, &before);
  const std::vector<Stage> stages = stages_of(*prediction);
  std::size_t undecided = 0;
  for (auto _ : state) {
    undecided = 0;
    for (const MomentVerdict& verdict : judge_prediction(before, after, stages)) {
      undecided += std::holds_alternative<Undecided>(verdict.finding) ? 1U : 0U;
    }
  }
  state.counters["undecided"] = static_cast<double>(undecided);
  state.SetComplexityN(state.range(0));
}

void self_check(benchmark::State& state) {
  const Snapshot& snapshot = synthetic_state(state);
  std::size_t members = 0;
  for (auto _ : state) members = check_members(snapshot, {})->as_predicted();
  state.counters["members"] = static_cast<double>(members);
  state.SetComplexityN(state.range(0));
}

void drift(benchmark::State& state) {
  const Snapshot& snapshot = synthetic_state(state);
  for (auto _ : state) benchmark::DoNotOptimize(find_drift(snapshot, {}));
  state.SetComplexityN(state.range(0));
}

#define MESHPROOF_AT_SIZES(name) \
  BENCHMARK(name)->Unit(benchmark::kMillisecond)->Arg(300)->Arg(1000)->Arg(3000)->Complexity()

MESHPROOF_AT_SIZES(predict_join);
MESHPROOF_AT_SIZES(hazards_of_join);
MESHPROOF_AT_SIZES(moments_of_join);
MESHPROOF_AT_SIZES(self_check);
MESHPROOF_AT_SIZES(drift);

}  // namespace
}  // namespace meshproof
