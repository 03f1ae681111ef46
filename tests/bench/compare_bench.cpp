#include <benchmark/benchmark.h>

#include "reports/fold.h"
#include "solver/migration.h"
#include "solver/reachability.h"
#include "tests/bench/synthetic.h"

/// Two states compared, after loading, as `plan` does for a person.
namespace meshproof {
namespace {

struct Compared {
  const Cluster& before;
  SyntheticChange change;
};

Compared compared(const benchmark::State& state) {
  const Cluster& before = synthetic_cluster({static_cast<std::uint64_t>(state.range(0)),
                                             static_cast<std::uint64_t>(state.range(1)),
                                             static_cast<std::uint64_t>(state.range(2))});
  return {before, synthetic_join(before, static_cast<std::size_t>(state.range(3)))};
}

void compare_join(benchmark::State& state) {
  const Compared states = compared(state);
  double bytes = 0;
  std::uint64_t connections = 0;
  for (auto _ : state) {
    const double before = bytes_in_use();
    const ReachabilityChange change = compare(states.before, states.change.after);
    bytes = bytes_in_use() - before;
    connections = change.lost.count() + change.gained.count();
  }
  state.counters["MB"] = bytes / 1e6;
  state.counters["connections"] = static_cast<double>(connections);
}

void fold_join(benchmark::State& state) {
  const Compared states = compared(state);
  const ReachabilityChange change = compare(states.before, states.change.after);
  const Sources sources;
  for (auto _ : state) {
    benchmark::DoNotOptimize(connection_lines(change.lost, '-', sources, 100, false));
    benchmark::DoNotOptimize(connection_lines(change.gained, '+', sources, 100, false));
  }
}

void compare_networks(benchmark::State& state) {
  const Scale scale{static_cast<std::uint64_t>(state.range(0)), 10, 2};
  const Cluster& before = synthetic_cluster(scale);
  const Cluster& after = synthetic_cluster(scale, Dialect::OvnKubernetes);
  double bytes = 0;
  std::uint64_t connections = 0;
  for (auto _ : state) {
    const double held = bytes_in_use();
    const NetworkChange networks = meshproof::compare_networks(before, after);
    bytes = bytes_in_use() - held;
    connections = networks.change.lost.count() + networks.change.gained.count();
  }
  state.counters["MB"] = bytes / 1e6;
  state.counters["connections"] = static_cast<double>(connections);
}

BENCHMARK(compare_networks)->Unit(benchmark::kMillisecond)->Arg(100)->Arg(1000)->Arg(10000);
BENCHMARK(compare_join)
    ->Unit(benchmark::kMillisecond)
    ->Args({1000, 10, 2, 1})
    ->Args({10000, 10, 2, 1})
    ->Args({10000, 10, 2, 100});
BENCHMARK(fold_join)
    ->Unit(benchmark::kMillisecond)
    ->Args({1000, 10, 2, 1})
    ->Args({10000, 10, 2, 1});

}  // namespace
}  // namespace meshproof
