#include "tests/cli/live_input.h"

#include <utility>

#include <catch2/catch.hpp>

#include "backends/snapshot/snapshot.h"
#include "model/tree_json.h"
#include "reports/snapshot_json.h"
#include "tests/backends/fake_cluster.h"

namespace meshproof {
namespace {

void fill(FakeCluster& cluster, const ObjectStore& objects) {
  for (const Object& object : objects) {
    const std::string api_version{object.api_version()};
    const Collection collection{api_version, object.key.kind, {}};
    if (!cluster.shelves.contains(collection)) cluster.serve(api_version, object.key.kind);
    std::string text;
    append_json(text, *object.tree);
    cluster.shelves[collection].items.push_back(std::move(text));
  }
}

}  // namespace

std::string snapshot_of(const ObjectStore& objects, bool redact) {
  FakeCluster cluster;
  fill(cluster, objects);
  std::string text{snapshot_head()};
  bool is_first = true;
  const auto end = take_snapshot(cluster, {.redact = redact, .time = "2026-11-28T07:00:00Z"},
                                 [&](std::string_view item) {
                                   if (!std::exchange(is_first, false)) text += ",\n";
                                   text += item;
                                   return true;
                                 });
  REQUIRE(end.has_value());
  return text + snapshot_tail(end->coverage, {.program = "meshproof 0.0.0", .is_redacted = redact});
}

}  // namespace meshproof
