#include <benchmark/benchmark.h>

#include "model/project.h"
#include "scenarios/read.h"
#include "tests/bench/synthetic.h"

/// From the text of a dump to a cluster.
namespace meshproof {
namespace {

void read_json(benchmark::State& state) {
  const std::string& text = synthetic_json({static_cast<std::uint64_t>(state.range(0)), 10, 2});
  double bytes = 0;
  for (auto _ : state) {
    const double before = bytes_in_use();
    Sources sources;
    Diagnostics diagnostics;
    const Input input = read_text("dump.json", text, {}, sources, diagnostics);
    const Cluster cluster = project(input.objects, {}, diagnostics);
    bytes = bytes_in_use() - before;
    benchmark::DoNotOptimize(cluster.pods.size());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) *
                          static_cast<std::int64_t>(state.iterations()));
  state.counters["held/input"] = bytes / static_cast<double>(text.size());
  state.SetComplexityN(static_cast<benchmark::IterationCount>(text.size()));
}

void project_objects(benchmark::State& state) {
  Sources sources;
  Diagnostics diagnostics;
  const std::string& text = synthetic_json({static_cast<std::uint64_t>(state.range(0)), 10, 2});
  const Input input = read_text("dump.json", text, {}, sources, diagnostics);
  for (auto _ : state) {
    benchmark::DoNotOptimize(project(input.objects, {}, diagnostics));
  }
  state.SetComplexityN(static_cast<benchmark::IterationCount>(input.objects.size()));
}

BENCHMARK(read_json)->Unit(benchmark::kMillisecond)->Arg(100)->Arg(300)->Arg(1000)->Complexity();
BENCHMARK(project_objects)
    ->Unit(benchmark::kMillisecond)
    ->Arg(100)
    ->Arg(300)
    ->Arg(1000)
    ->Complexity();

}  // namespace
}  // namespace meshproof
