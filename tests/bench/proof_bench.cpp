#include <map>
#include <memory>
#include <string>
#include <utility>

#include <benchmark/benchmark.h>

#include "model/project.h"
#include "scenarios/generate.h"
#include "solver/checks/tenancy.h"
#include "solver/equivalence.h"
#include "solver/redundancy.h"

/// Proofs about every pod that could exist, after loading.
namespace meshproof {
namespace {

Tree labelled(const std::string& kind, const std::string& ns, const std::string& name,
              const std::string& mesh) {
  Tree metadata = Tree::mapping({{"name", Tree::string(name)}});
  if (!ns.empty()) metadata.set("namespace", Tree::string(ns));
  metadata.mapping_at("labels").set("maistra.io/member-of", Tree::string(mesh));
  const bool is_policy = kind == "NetworkPolicy";
  return Tree::mapping({{"apiVersion", Tree::string(is_policy ? "networking.k8s.io/v1" : "v1")},
                        {"kind", Tree::string(kind)},
                        {"metadata", std::move(metadata)}});
}

Tree policy(const std::string& ns, const std::string& name, const std::string& mesh,
            std::pair<std::string, std::string> pods,
            std::pair<std::string, std::string> projects) {
  Tree tree = labelled("NetworkPolicy", ns, name, mesh);
  Tree selected = Tree::mapping();
  if (!pods.first.empty()) {
    selected.mapping_at("matchLabels").set(pods.first, Tree::string(pods.second));
  }
  Tree selector = Tree::mapping();
  selector.mapping_at("matchLabels").set(projects.first, Tree::string(projects.second));
  Tree peer = Tree::mapping({{"namespaceSelector", std::move(selector)}});
  Tree rule = Tree::mapping({{"from", Tree::sequence({std::move(peer)})}});
  tree.set("spec", Tree::mapping({{"podSelector", std::move(selected)},
                                  {"ingress", Tree::sequence({std::move(rule)})}}));
  return tree;
}

/// 100 members a mesh, each with the two policies that the operator copies.
const Snapshot& many_meshes(std::int64_t meshes) {
  static std::map<std::int64_t, std::unique_ptr<const Snapshot>> made;
  std::unique_ptr<const Snapshot>& kept = made[meshes];
  if (kept) return *kept;
  auto snapshot = std::make_unique<Snapshot>();
  for (std::int64_t m = 0; m < meshes; ++m) {
    const std::string mesh = "mesh-" + std::to_string(m);
    snapshot->objects.put(make_object(labelled("Namespace", "", mesh, mesh)));
    for (int i = 0; i < 100; ++i) {
      const std::string ns = mesh + "-member-" + std::to_string(i);
      snapshot->objects.put(make_object(labelled("Namespace", "", ns, mesh)));
      snapshot->objects.put(
          make_object(policy(ns, "istio-mesh-basic", mesh, {}, {"maistra.io/member-of", mesh})));
      snapshot->objects.put(make_object(policy(ns, "istio-expose-route-basic", mesh,
                                               {"maistra.io/expose-route", "true"},
                                               {"network.openshift.io/policy-group", "ingress"})));
    }
  }
  Diagnostics ignored;
  snapshot->cluster = project(snapshot->objects, {}, ignored);
  kept = std::move(snapshot);
  return *kept;
}

void prove_tenancy_of_meshes(benchmark::State& state) {
  const Snapshot& snapshot = many_meshes(state.range(0));
  std::size_t held = 0;
  for (auto _ : state) {
    held = 0;
    for (const Verdict& verdict : check_tenancy(snapshot, {})) held += verdict.holds() ? 1U : 0U;
  }
  state.counters["meshes that hold"] = static_cast<double>(held);
  state.counters["policies"] = static_cast<double>(snapshot.cluster.policies.size());
  state.SetComplexityN(state.range(0));
}
BENCHMARK(prove_tenancy_of_meshes)
    ->Unit(benchmark::kMillisecond)
    ->Arg(10)
    ->Arg(30)
    ->Arg(100)
    ->Complexity();

Snapshot projected(ObjectStore objects) {
  Snapshot snapshot{std::move(objects), {}, {}};
  Diagnostics ignored;
  snapshot.cluster = project(snapshot.objects, {}, ignored);
  return snapshot;
}

/// 100 of the projects are members of one mesh; each has policies of its own.
const Snapshot& varied_projects(std::int64_t namespaces) {
  static std::map<std::int64_t, std::unique_ptr<const Snapshot>> made;
  std::unique_ptr<const Snapshot>& kept = made[namespaces];
  if (kept) return *kept;
  ClusterShape shape;
  shape.namespaces = static_cast<std::uint64_t>(namespaces);
  shape.pods = 10;
  shape.policies = 2;
  shape.members = 100;
  shape.lean = true;
  kept = std::make_unique<const Snapshot>(projected(generate_objects(shape)));
  return *kept;
}

/// Ten projects lose a policy, and ten get a label that policies ask for.
Snapshot changed(const Snapshot& before) {
  ObjectStore objects = before.objects;
  for (std::size_t i = 0; i < 10; ++i) {
    const NetworkPolicy& policy = before.cluster.policies[i * 15];
    objects.erase(
        {"networking.k8s.io", "NetworkPolicy", before.cluster.at(policy.ns).name, policy.name});
    const Object* ns = objects.find("Namespace", "", before.cluster.namespaces[i * 7].name);
    Tree tree = *ns->tree;
    tree.mapping_at("metadata")
        .mapping_at("labels")
        .set("maistra.io/member-of", Tree::string("istio-system"));
    objects.put(make_object(std::move(tree)));
  }
  return projected(std::move(objects));
}

/// One mesh of 100 projects with varied policies of their own: few questions are alike.
void prove_tenancy_of_varied_projects(benchmark::State& state) {
  const Snapshot& snapshot = varied_projects(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(check_tenancy(snapshot, {}));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(prove_tenancy_of_varied_projects)
    ->Unit(benchmark::kMillisecond)
    ->Arg(300)
    ->Arg(1000)
    ->Arg(3000)
    ->Complexity();

void compare_states_symbolically(benchmark::State& state) {
  const Snapshot& before = varied_projects(state.range(0));
  const Snapshot after = changed(before);
  std::size_t examples = 0;
  for (auto _ : state) examples = compare_symbolically(before, after).examples.size();
  state.counters["examples"] = static_cast<double>(examples);
  state.SetComplexityN(state.range(0));
}
BENCHMARK(compare_states_symbolically)
    ->Unit(benchmark::kMillisecond)
    ->Arg(100)
    ->Arg(300)
    ->Arg(1000)
    ->Complexity();

void find_redundant_policies(benchmark::State& state) {
  const Snapshot& snapshot = varied_projects(state.range(0));
  std::size_t parts = 0;
  for (auto _ : state) {
    parts = find_redundancy(snapshot, [](const NetworkPolicy&) { return true; }).parts.size();
  }
  state.counters["redundant"] = static_cast<double>(parts);
  state.SetComplexityN(state.range(0));
}
BENCHMARK(find_redundant_policies)
    ->Unit(benchmark::kMillisecond)
    ->Arg(100)
    ->Arg(300)
    ->Arg(1000)
    ->Complexity();

}  // namespace
}  // namespace meshproof
