#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/commands/verify.h"
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

const std::string kClosed = R"(---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: shop}
spec: {podSelector: {}}
)";

const std::string kUnbounded = R"(apiVersion: meshproof.io/v1
kind: Assertions
assertions:
- id: ALL-1
  must: deny
  from: {namespaces: {notMemberOf: mesh}, universe: unbounded}
  to: {ns: shop, universe: unbounded}
)";

}  // namespace

TEST_CASE("the option --recheck says of every verdict how it came out the second time") {
  const TemporaryFolder folder;
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
  const TemporaryFolder folder;
  const std::string state = folder.write("state.yaml", kState);
  const std::string assertions = folder.write("assertions.yaml", kAssertions);
  const CliRun run = run_cli({"verify", "-f", state, "--assert", assertions, "-o", "json"});
  CHECK(json_of(run).find("recheck") == nullptr);
}

TEST_CASE("a plan is rechecked, too") {
  const TemporaryFolder folder;
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

TEST_CASE("the option --recheck puts a proof about every pod to the finite cases") {
  const TemporaryFolder folder;
  const std::string state = folder.write("state.yaml", kState + kClosed);
  const std::string assertions = folder.write("assertions.yaml", kUnbounded);
  const CliRun run =
      run_cli({"verify", "-f", state, "--assert", assertions, "--recheck", "-o", "json"});
  CHECK(run.code == ExitCode::Success);
  const Tree whole = json_of(run);
  const Tree* rechecked = whole.find("recheck");
  REQUIRE(rechecked != nullptr);
  REQUIRE(rechecked->items.size() == 1);
  CHECK(rechecked->items[0].string_at({"outcome"}) == "confirmed");
}

namespace {

/// `verify` of a state in which no newcomer reaches shop, with deciders of the test's own.
struct PlantedRun {
  TemporaryFolder folder;
  ExitCode code = ExitCode::Success;
  std::string out;
  std::string err;

  PlantedRun(const std::string& policies, VerifySeams seams, bool recheck = false) {
    Options options;
    options.inputs = {folder.write("state.yaml", kState + policies)};
    options.assertions = {folder.write("assertions.yaml", kUnbounded)};
    options.recheck = recheck;
    options.repro_dir = folder.path("kept");
    std::ostringstream result;
    std::ostringstream messages;
    Session session(options, result, messages, Screen{});
    code = verify_with(session, std::move(seams));
    session.close();
    out = result.str();
    err = messages.str();
  }
};

}  // namespace

TEST_CASE("deciders of an assertion that disagree end verify with 3 and a saved reproduction") {
  VerifySeams seams;
  seams.verify.second_decider_of_statements = [](const StatementQuestion&) -> QuotientAnswer {
    return CaseBreaks{"a pod", "another", Protocol::Tcp, 80};
  };
  const PlantedRun run(kClosed, std::move(seams));
  CHECK(run.code == ExitCode::Inconclusive);
  CHECK(run.out.find("engines disagree") != std::string::npos);
  CHECK(run.out.find(run.folder.path("kept")) != std::string::npos);
  const std::string readme = read_file(run.folder.path("kept/README.txt"));
  CHECK(readme.find("a pod reaches another on TCP 80") != std::string::npos);
  CHECK(readme.find("statement: ALL-1") != std::string::npos);
  CHECK(readme.find("verify -f objects.json --assert FILE") != std::string::npos);
  CHECK(read_file(run.folder.path("kept/query.smt2")).find("(set-info :status unsat)") !=
        std::string::npos);
  // The objects that were kept show the question again, and the engines agree about it.
  const CliRun again = run_cli({"verify", "-f", run.folder.path("kept/objects.json"), "--assert",
                                run.folder.path("assertions.yaml")});
  CHECK(again.out.find("engines disagree") == std::string::npos);
}

TEST_CASE("deciders of tenancy that disagree end verify with 3 and a saved reproduction") {
  VerifySeams seams;
  seams.verify.second_decider = [](const IsolationQuestion&) -> QuotientAnswer {
    return CaseBreaks{"a pod", "another", Protocol::Tcp, 80};
  };
  TemporaryFolder folder;
  Options options;
  options.inputs = {folder.write("state.yaml", kState + kClosed)};
  options.assertions = {"builtin:tenancy"};
  options.repro_dir = folder.path("kept");
  std::ostringstream out;
  std::ostringstream err;
  Session session(options, out, err, Screen{});
  CHECK(verify_with(session, std::move(seams)) == ExitCode::Inconclusive);
  session.close();
  CHECK(read_file(folder.path("kept/README.txt")).find("--assert builtin:tenancy") !=
        std::string::npos);
}

TEST_CASE("a recheck that finds a proof wrong ends verify with 3 and a saved reproduction") {
  VerifySeams seams;
  seams.recheck.unbounded = [](const Snapshot&, const Verdict&, const Assertion*) {
    return RecheckResult{Recheck::Disagrees, "it should hold", 1};
  };
  const PlantedRun run(kClosed, std::move(seams), true);
  CHECK(run.code == ExitCode::Inconclusive);
  CHECK(run.err.find("engines-disagree") != std::string::npos);
  CHECK(read_file(run.folder.path("kept/objects.json")).find("\"closed\"") != std::string::npos);
}

TEST_CASE("without a planted disagreement the same run holds") {
  const PlantedRun run(kClosed, {}, true);
  CHECK(run.code == ExitCode::Success);
  CHECK(run.err.find("engines-disagree") == std::string::npos);
}

TEST_CASE("engines that disagree leave the verdict unknown, with what it takes to see it again") {
  const TemporaryFolder folder;
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
