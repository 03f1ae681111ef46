#include <map>
#include <memory>
#include <string>
#include <utility>

#include <benchmark/benchmark.h>

#include "model/prediction.h"
#include "model/project.h"
#include "solver/moments/moments.h"
#include "solver/moments/safe_order.h"

/// A safe order for projects that join a mesh of ten at once, after loading: the first argument is
/// how many join, the second of how many kinds they are. No project isolates itself, so that each
/// needs bridges.
namespace meshproof {
namespace {

Tree object(std::string api_version, std::string kind, std::string ns, std::string name) {
  Tree metadata = Tree::mapping({{"name", Tree::string(std::move(name))}});
  if (!ns.empty()) metadata.set("namespace", Tree::string(std::move(ns)));
  return Tree::mapping({{"apiVersion", Tree::string(std::move(api_version))},
                        {"kind", Tree::string(std::move(kind))},
                        {"metadata", std::move(metadata)}});
}

void add_project(ObjectStore& objects, const std::string& name, std::int64_t kind) {
  Tree ns = object("v1", "Namespace", "", name);
  ns.mapping_at("metadata")
      .set("labels", Tree::mapping({{"kind", Tree::string("kind-" + std::to_string(kind))}}));
  objects.put(make_object(std::move(ns)));
  for (const bool exposed : {false, true}) {
    Tree labels = Tree::mapping({{"app", Tree::string("app-" + std::to_string(kind))}});
    if (exposed) labels.set("maistra.io/expose-route", Tree::string("true"));
    Tree pod = object("v1", "Pod", name, exposed ? "web" : "db");
    pod.mapping_at("metadata").set("labels", std::move(labels));
    pod.set("spec",
            Tree::mapping({{"containers",
                            Tree::sequence({Tree::mapping({{"name", Tree::string("main")}})})}}));
    objects.put(make_object(std::move(pod)));
  }
  // One policy for some of the pods makes kinds differ in what they admit, too.
  Tree policy = object("networking.k8s.io/v1", "NetworkPolicy", name, "own");
  const Tree app = Tree::mapping(
      {{"matchLabels", Tree::mapping({{"app", Tree::string("batch-" + std::to_string(kind))}})}});
  policy.set("spec",
             Tree::mapping({{"podSelector", app}, {"policyTypes", Tree::strings({"Ingress"})}}));
  objects.put(make_object(std::move(policy)));
}

struct Joining {
  Snapshot before;
  Snapshot after;
  Change change;
  Prediction prediction;
};

std::unique_ptr<Joining> make_joining(std::int64_t projects, std::int64_t kinds) {
  Snapshot input;
  input.objects.put(make_object(object("v1", "Namespace", "", "mesh")));
  Tree plane = object("maistra.io/v2", "ServiceMeshControlPlane", "mesh", "basic");
  plane.set("spec", Tree::mapping({{"version", Tree::string("v2.5")}}));
  input.objects.put(make_object(std::move(plane)));
  std::vector<std::string> members;
  for (std::int64_t i = 0; i < 10; ++i) {
    members.push_back("member-" + std::to_string(i));
    add_project(input.objects, members.back(), i % kinds);
  }
  add_project(input.objects, "outside", 0);
  const auto roll_of = [&] {
    Tree roll = object("maistra.io/v1", "ServiceMeshMemberRoll", "mesh", "default");
    roll.set("spec", Tree::mapping({{"members", Tree::strings(members)}}));
    return roll;
  };
  input.objects.put(make_object(roll_of()));
  for (std::int64_t i = 0; i < projects; ++i) {
    members.push_back("joiner-" + std::to_string(i));
    add_project(input.objects, members.back(), i % kinds);
  }
  Diagnostics told;
  input.cluster = project(input.objects, {}, told);
  auto joining = std::make_unique<Joining>();
  joining->change.phases.push_back({{{ApplyObject{roll_of()}, {}}}});
  joining->prediction = *predict(input, joining->change, {});
  joining->before = {joining->prediction.before, {}, {}};
  joining->before.cluster = project(joining->before.objects, {}, told, &input);
  joining->after = {joining->prediction.after, {}, {}};
  joining->after.cluster = project(joining->after.objects, {}, told, &joining->before);
  return joining;
}

void safe_order_of_join(benchmark::State& state) {
  static std::map<std::pair<std::int64_t, std::int64_t>, std::unique_ptr<Joining>> made;
  std::unique_ptr<Joining>& joining = made[{state.range(0), state.range(1)}];
  if (!joining) joining = make_joining(state.range(0), state.range(1));
  SafeOrderOptions options;
  options.digest = "bench";
  options.judge = [](const Snapshot& before, const Snapshot& after,
                     const std::vector<Stage>& stages) {
    return judge_moments(before, after, stages);
  };
  SafeOrder order;
  for (auto _ : state) {
    order = find_safe_order(joining->before, joining->after, joining->change, joining->prediction,
                            options);
  }
  state.counters["bridges"] = static_cast<double>(order.bridges.size());
  state.counters["proved"] = order.kind == OrderKind::Bridges && order.rollback.reason.empty();
}

BENCHMARK(safe_order_of_join)
    ->Unit(benchmark::kMillisecond)
    ->Args({10, 10})
    ->Args({100, 10})
    ->Args({500, 10})
    ->Args({20, 20})
    ->Args({40, 40})
    ->Args({500, 500});

}  // namespace
}  // namespace meshproof
