#include "reports/execution_report.h"

#include <catch2/catch.hpp>

#include "tests/support/yaml.h"

using namespace meshproof;

namespace {

Execution small() {
  const auto trees = trees_from(R"(
apiVersion: maistra.io/v1
kind: ServiceMeshMemberRoll
metadata: {name: default, namespace: mesh}
spec: {members: [pay]}
---
apiVersion: maistra.io/v1
kind: ServiceMeshMemberRoll
metadata: {name: default, namespace: mesh}
spec: {members: [pay, shop]}
)");
  Execution execution;
  execution.digest = "0123456789abcdef";
  execution.order = "operator";
  ExecutionStage there;
  there.writes = {
      {Step::Writer::User, key_of(trees[0]), "maistra.io/v1", trees[0], trees[1], {}, {}}};
  there.delay_seconds = 30;
  ExecutionStage back;
  back.writes = {
      {Step::Writer::User, key_of(trees[0]), "maistra.io/v1", trees[1], trees[0], {}, {}}};
  execution.stages = {there};
  execution.rollback = {back};
  return execution;
}

}  // namespace

TEST_CASE("a run tells its stages, why it turned back, and what others did") {
  ExecutionRun run;
  run.end = ExecutionEnd::Before;
  run.has_written = true;
  run.stages = {{Way::There, 0, 1, 2, 0, 0, false}, {Way::Back, 0, 1, 0, 1.25, 30, true}};
  run.because = "Namespace shop is not there after 120 s";
  run.mismatches = {{"Namespace shop", "is not there"}};
  run.meanwhile = {{BasisChange::Kind::Appeared, {"", "Namespace", "", "bank"}}};
  CHECK(run_table(small(), run, Via::Roll, 96) ==
        "Rolled back: the cluster is as it was before the plan\n"
        "  via roll, plan 0123456789ab\n"
        "  stage 1 of 1: 1 write, 2 found made, not in effect\n"
        "  back 1 of 1: 1 write, in effect after 1.2 s, then 30 s on trust for the network\n"
        "because Namespace shop is not there after 120 s\n"
        "  Namespace shop is not there\n"
        "meanwhile Namespace bank is new, by others: the plan's verdicts did not know it\n");
  const std::string json = run_json(small(), run, Via::Roll);
  CHECK(json.find("\"result\": \"before\"") != std::string::npos);
  CHECK(json.find("\"networkSeconds\": 30") != std::string::npos);
  CHECK(json.find("\"how\": \"is new\"") != std::string::npos);
}

TEST_CASE("patches are one for each commit, with what to wait for") {
  CHECK(execution_patches(small(), Via::Roll) ==
        "# Commit 1 of 1. Wait for its effect before the next one: meshproof plan wait PLAN "
        "--stage 1\n"
        "# Then 30 s for the network.\n"
        "# Change these fields; null means: remove it.\n"
        "---\n"
        "apiVersion: maistra.io/v1\n"
        "kind: ServiceMeshMemberRoll\n"
        "spec:\n"
        "  members:\n"
        "  - pay\n"
        "  - shop\n"
        "metadata:\n"
        "  name: default\n"
        "  namespace: mesh\n");
}
