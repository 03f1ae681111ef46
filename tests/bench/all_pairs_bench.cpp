#include <benchmark/benchmark.h>

#include "solver/all_pairs.h"
#include "solver/namespace_matrix.h"
#include "tests/bench/synthetic.h"

/// All pairs, port-exact, in both directions, after loading; and what-ifs on top of them.
namespace meshproof {
namespace {

Scale scale_of(const benchmark::State& state) {
  return {static_cast<std::uint64_t>(state.range(0)), static_cast<std::uint64_t>(state.range(1)),
          static_cast<std::uint64_t>(state.range(2))};
}

void note_scale(benchmark::State& state, const Cluster& cluster) {
  state.counters["pods"] = static_cast<double>(cluster.pods.size());
  state.counters["policies"] = static_cast<double>(cluster.policies.size());
  state.SetComplexityN(static_cast<benchmark::IterationCount>(cluster.pods.size()));
}

void all_pairs(benchmark::State& state) {
  const Cluster& cluster = synthetic_cluster(scale_of(state));
  for (auto _ : state) {
    const AllPairs engine(cluster);
    benchmark::DoNotOptimize(engine.summarize());
  }
  // Not while time is taken: to ask the allocator costs as much as a fifth of the above.
  const double before = bytes_in_use();
  const AllPairs engine(cluster);
  benchmark::DoNotOptimize(engine.summarize());
  state.counters["MB"] = (bytes_in_use() - before) / 1e6;
  note_scale(state, cluster);
}

void what_if(benchmark::State& state) {
  const Cluster& cluster = synthetic_cluster(scale_of(state));
  const SyntheticChange change = synthetic_join(cluster, static_cast<std::size_t>(state.range(3)));
  const AllPairs engine(cluster, {}, &change.after);
  std::size_t pieces = 0;
  for (auto _ : state) {
    const auto after = engine.what_if(change.after, change.namespaces);
    const auto changes = engine.changes_to(after.value());
    pieces = changes.value().pairs.size();
  }
  state.counters["projects"] = static_cast<double>(change.namespaces.size());
  state.counters["changes"] = static_cast<double>(pieces);
  note_scale(state, cluster);
}

void matrix_of_namespaces(benchmark::State& state) {
  const Cluster& cluster = synthetic_cluster(scale_of(state));
  std::size_t runs = 0;
  for (auto _ : state) {
    const NamespaceMatrix matrix = namespace_matrix(cluster);
    runs = 0;
    for (const MatrixRow& row : matrix.rows) runs += row.size();
  }
  state.counters["runs"] = static_cast<double>(runs);
  note_scale(state, cluster);
}

BENCHMARK(all_pairs)
    ->Unit(benchmark::kMillisecond)
    ->Args({1000, 10, 2})
    ->Args({3000, 10, 2})
    ->Args({10000, 10, 2})
    ->Complexity();
BENCHMARK(all_pairs)
    ->Name("all_pairs_largest")
    ->Unit(benchmark::kMillisecond)
    ->Args({10000, 15, 9});
BENCHMARK(matrix_of_namespaces)->Unit(benchmark::kMillisecond)->Args({1000, 5, 2});
BENCHMARK(what_if)
    ->Unit(benchmark::kMillisecond)
    ->Args({1000, 10, 2, 1})
    ->Args({10000, 10, 2, 1})
    ->Args({10000, 15, 9, 1})
    ->Args({10000, 10, 2, 500});

}  // namespace
}  // namespace meshproof
