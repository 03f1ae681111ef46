// What a snapshot takes as a cluster grows; the figures of the release program stand in
// docs/PERFORMANCE.md.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>

#include <catch2/catch.hpp>

#include "scenarios/generate.h"
#include "scenarios/read.h"
#include "tests/cli/run_cli.h"
#include "tests/support/apiserver/live_cluster.h"
#include "tests/support/apiserver/test_server.h"

using namespace meshproof;

namespace {

std::ptrdiff_t pods_in(const ObjectStore& objects) {
  return std::ranges::count_if(objects,
                               [](const Object& object) { return object.key.kind == "Pod"; });
}

}  // namespace

TEST_CASE("a snapshot of ten thousand pods has all of them", "[apiserver][slow]") {
  const TestServer* server = test_server();
  if (server == nullptr) return;
  ApiClient client(*server, "kubectl-create");
  for (const std::uint64_t projects : {100U, 1000U}) {
    ClusterShape shape;
    shape.namespaces = projects;
    const ObjectStore objects = generate_objects(shape);
    build_cluster(client, objects);
    const TemporaryFolder folder;
    const std::string file = folder.path("state.json.gz");
    const auto begin = std::chrono::steady_clock::now();
    const CliRun run =
        run_cli({"snapshot", "--kubeconfig", server->kubeconfig().string(), "-o", file});
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    INFO(run.err);
    REQUIRE(run.code == ExitCode::Success);
    Sources sources;
    Diagnostics told;
    const Input input = read_inputs({file}, {}, sources, told);
    CHECK(told.empty());
    CHECK(input.coverage.is_complete());
    CHECK(pods_in(input.objects) == pods_in(objects));
    WARN(pods_in(objects) << " pods: " << time.count() << " s");
  }
  wipe_cluster(client);
}
