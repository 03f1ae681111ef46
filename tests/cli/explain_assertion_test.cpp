#include <catch2/catch.hpp>

#include "tests/cli/run_cli.h"

namespace meshproof {

namespace {

const std::string kState = R"(apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Namespace
metadata: {name: tools}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: main, image: web}]}
status: {phase: Running, podIP: 10.128.0.6}
---
apiVersion: v1
kind: Pod
metadata: {name: probe, namespace: tools}
spec: {containers: [{name: main, image: probe}]}
status: {phase: Running, podIP: 10.128.0.7}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: shop}
spec: {podSelector: {}}
)";

const std::string kAssertions = R"(apiVersion: meshproof.io/v1
kind: Assertions
assertions:
- {id: ISO-1, must: deny, from: {ns: tools, universe: unbounded}, to: {ns: shop, universe: unbounded}}
- {id: REACH-1, must: allow, from: {ns: shop}, to: {ns: tools}}
)";

}  // namespace

TEST_CASE("explain --assert shows what a verdict rests on and how it was decided") {
  const TemporaryFolder folder;
  const std::string state = folder.write("state.yaml", kState);
  const std::string assertions = folder.write("assertions.yaml", kAssertions);
  const CliRun one = run_cli({"explain", "-f", state, "--assert", assertions, "ISO-1"});
  CHECK(one.code == ExitCode::Success);
  CHECK(one.out.find("HOLDS   ISO-1: ") != std::string::npos);
  CHECK(one.out.find("rests on: NetworkPolicy shop/closed") != std::string::npos);
  CHECK(one.out.find("how ISO-1 was decided") != std::string::npos);
  CHECK(one.out.find("z3: a solution would be a flow that breaks it") != std::string::npos);
  CHECK(one.out.find("REACH-1") == std::string::npos);
  const CliRun all = run_cli({"explain", "-f", state, "--assert", assertions});
  CHECK(all.out.find("how REACH-1 was decided") != std::string::npos);
  const CliRun json =
      run_cli({"explain", "-f", state, "--assert", assertions, "REACH-1", "-o", "json"});
  CHECK(json_of(json).find("verdicts")->items.size() == 1);
}

TEST_CASE("explain --assert tells what it does not find, and goes without ends") {
  const TemporaryFolder folder;
  const std::string state = folder.write("state.yaml", kState);
  const std::string assertions = folder.write("assertions.yaml", kAssertions);
  const CliRun wrong = run_cli({"explain", "-f", state, "--assert", assertions, "ISO-2"});
  CHECK(wrong.code == ExitCode::InvalidInput);
  CHECK(
      wrong.err.find("error[unknown-assertion-id]: no file of --assert has a statement 'ISO-2'") !=
      std::string::npos);
  CHECK(wrong.err.find("did you mean 'ISO-1'?") != std::string::npos);
  const CliRun builtin = run_cli({"explain", "-f", state, "--assert", "builtin:tenancy"});
  CHECK(builtin.out.find("builtin:tenancy") != std::string::npos);
}

}  // namespace meshproof
