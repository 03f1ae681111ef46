// What the documents show of a live cluster, against a real API server with the operator as
// recorded.

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/live_scene.h"
#include "tests/cli/shown_commands.h"

using namespace meshproof;

namespace {

using Commands = std::vector<ShownCommand>;

/// What each document shows of a cluster.
std::map<std::string, Commands> shown_of_clusters() {
  std::map<std::string, Commands> shown;
  for (const std::string& file : shown_documents()) {
    Commands commands = shown_commands(file, kClusterBlock);
    if (!commands.empty()) shown.emplace(file, std::move(commands));
  }
  return shown;
}

/// True if another document shows the same, as much of the output or more, and then goes on:
/// waiting for a network takes its time.
bool is_begun_elsewhere(const Commands& commands, const std::map<std::string, Commands>& shown) {
  const auto is_same = [](const ShownCommand& one, const ShownCommand& other) {
    return one.words == other.words && (one.output.empty() || one.output == other.output);
  };
  return std::ranges::any_of(shown, [&](const auto& other) {
    return other.second.size() > commands.size() &&
           std::ranges::mismatch(commands, other.second, is_same).in1 == commands.end();
  });
}

}  // namespace

TEST_CASE("what documents show of a cluster works with one", "[apiserver][conformance]") {
  const std::map<std::string, Commands> shown = shown_of_clusters();
  REQUIRE(shown.contains("README.md"));
  REQUIRE(is_begun_elsewhere(shown.at("README.md"), shown));
  std::size_t count = 0;
  for (const auto& [file, commands] : shown) {
    if (is_begun_elsewhere(commands, shown)) continue;
    const auto live = open_live("networkpolicy");
    if (live == nullptr) return;
    REQUIRE(live->player().comes_to_rest());
    const TestServer& server = live->server();
    count += run_shown(file, kClusterBlock,
                       "export KUBECONFIG='" + server.kubeconfig().string() +
                           "' PATH=\"$PATH:" + server.assets.string() + "\"\n");
  }
  CHECK(count >= 10);
}
