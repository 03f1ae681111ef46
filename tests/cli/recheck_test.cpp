#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/evidence_files.h"
#include "cli/recheck_step.h"
#include "cli/session.h"
#include "tests/cli/run_cli.h"
#include "tests/support/yaml.h"

namespace meshproof {
namespace {

const std::string kState = R"(apiVersion: v1
kind: Namespace
metadata: {name: mesh, labels: {maistra.io/member-of: mesh}}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {maistra.io/member-of: mesh}}
---
apiVersion: v1
kind: Namespace
metadata: {name: tools}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.0.6}
---
apiVersion: v1
kind: Pod
metadata: {name: probe, namespace: tools}
spec: {containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.0.7}
)";

const std::string kAssertions = R"(apiVersion: meshproof.io/v1
kind: Assertions
assertions:
- {id: NO-1, must: deny, from: {ns: tools}, to: {ns: shop}}
- {id: YES-1, must: allow, from: {ns: shop}, to: {ns: tools}}
)";

}  // namespace

TEST_CASE("the option --recheck says of every verdict how it came out the second time") {
  const ScratchFolder folder;
  const std::string state = folder.write("state.yaml", kState);
  const std::string assertions = folder.write("assertions.yaml", kAssertions);
  const std::vector<std::string> args{"verify", "-f", state, "--assert", assertions, "--recheck"};
  const CliRun table = run_cli(args);
  CHECK(table.code == ExitCode::Violated);
  CHECK(table.out.find("rechecked by ") != std::string::npos);
  CHECK(table.out.find("2 confirmed") != std::string::npos);
  std::vector<std::string> as_json = args;
  as_json.insert(as_json.end(), {"-o", "json"});
  const Tree whole = json_of(run_cli(as_json));
  const Tree* rechecked = whole.find("recheck");
  REQUIRE(rechecked != nullptr);
  REQUIRE(rechecked->items.size() == 2);
  CHECK(rechecked->items[0].string_at({"id"}) == "NO-1");
  CHECK(rechecked->items[0].string_at({"outcome"}) == "confirmed");
}

TEST_CASE("without --recheck nothing is said of it") {
  const ScratchFolder folder;
  const std::string state = folder.write("state.yaml", kState);
  const std::string assertions = folder.write("assertions.yaml", kAssertions);
  const CliRun run = run_cli({"verify", "-f", state, "--assert", assertions, "-o", "json"});
  CHECK(json_of(run).find("recheck") == nullptr);
}

TEST_CASE("a plan is rechecked, too") {
  const ScratchFolder folder;
  const std::string state = folder.write("state.yaml", kState);
  const std::string change = folder.write("change.yaml", R"(apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: shop}
spec: {podSelector: {}}
)");
  const std::string assertions = folder.write("assertions.yaml", kAssertions);
  const CliRun run = run_cli({"plan", "-f", state, "--change", change, "--assert", assertions,
                              "--recheck", "--fail-on", "never"});
  CHECK(run.out.find("rechecked by ") != std::string::npos);
  CHECK(run.out.find("disagrees") == std::string::npos);
}

TEST_CASE("engines that disagree leave the verdict unknown, with what it takes to see it again") {
  const ScratchFolder folder;
  const Snapshot snapshot = snapshot_from(kState);
  Assertion asked;
  asked.id = "NO/1";
  asked.from.namespace_names = {"tools"};
  asked.to.namespace_names = {"shop"};
  const Assertions assertions{{asked}, {}};
  std::vector<Verdict> verdicts(1);
  verdicts[0].id = "NO/1";
  verdicts[0].finding = Holds{Universe::Enumerated, "said to"};
  Options options;
  options.recheck = true;
  options.repro_dir = folder.path("kept");
  std::ostringstream out;
  std::ostringstream err;
  Session session(options, out, err, Screen{});
  EvidenceFiles evidence(session);
  const auto rechecked =
      recheck_verdicts(session, {snapshot, nullptr, assertions}, evidence.sinks(), verdicts);
  REQUIRE(rechecked.size() == 1);
  CHECK(rechecked[0].outcome == Recheck::Disagrees);
  const auto* undecided = std::get_if<Undecided>(&verdicts[0].finding);
  REQUIRE(undecided != nullptr);
  CHECK(undecided->reason.starts_with("engines disagree: it should hold"));
  CHECK(tell_disagreements(session, rechecked, ExitCode::Violated) == ExitCode::Inconclusive);
  session.close();
  CHECK(err.str().find("engines-disagree") != std::string::npos);
  CHECK(err.str().find("kept in " + folder.path("kept")) != std::string::npos);
  const std::string saved = read_file(folder.path("kept/objects.json"));
  CHECK(saved.find("\"probe\"") != std::string::npos);
  CHECK(saved.find("\"name\": \"mesh\"") == std::string::npos);
  CHECK(read_file(folder.path("kept/README.txt")).find("--recheck") != std::string::npos);
}

}  // namespace meshproof
