#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/run_cli.h"
#include "tests/support/yaml.h"

using namespace meshproof;

namespace {

const std::string kLibrary = "scenarios/library/";
const std::string kJoin = kLibrary + "bookinfo-joins-networkpolicy/cluster.yaml";

}  // namespace

TEST_CASE("plan with --assert none says that nothing was asked") {
  const CliRun run = run_cli({"plan", "-f", kJoin, "--join", "bookinfo", "--assert", "none"});
  CHECK(run.code == ExitCode::Success);
  CHECK(run.out.find("nothing was asked") != std::string::npos);
  CHECK(run.out.find("HOLDS") == std::string::npos);
}

TEST_CASE("M6: plan asks for tenancy and continuity by default") {
  const CliRun run = run_cli({"plan", "-f", kJoin, "--join", "bookinfo"});
  CHECK(run.out.find("builtin:tenancy") != std::string::npos);
  CHECK(run.out.find("builtin:continuity") != std::string::npos);
}

TEST_CASE("M6: a plan that cuts what is in use is exit 1, and shows who uses it") {
  const std::string folder = kLibrary + "used-flows-cut-by-join/";
  const std::vector<std::string> args{"plan", "-f",      folder + "cluster.yaml", "--join",
                                      "shop", "--flows", folder + "flows.json",   "--quiet"};
  const CliRun run = run_cli(args);
  CHECK(run.code == ExitCode::Violated);
  CHECK(run.out.find("LOSES access, and is used today (4)") != std::string::npos);
  CHECK(run.out.find("1,203 flows in 30 d; env") != std::string::npos);
  std::vector<std::string> unasked = args;
  unasked.insert(unasked.end(), {"--assert", "none", "--fail-on", "never", "-o", "json"});
  const CliRun json = run_cli(unasked);
  CHECK(json.code == ExitCode::Success);
  CHECK(json.out.find("\"usedBy\": [") != std::string::npos);
  CHECK(json.out.find("\"asked\": false") != std::string::npos);
}

TEST_CASE("M6: a file of flows that is none is told with its line") {
  const TemporaryFolder folder;
  const auto told = [&](const std::string& text) {
    return run_cli({"plan", "-f", kJoin, "--join", "bookinfo", "--flows",
                    folder.write("flows.csv", text), "--quiet"});
  };
  const CliRun empty = told("");
  CHECK(empty.code == ExitCode::InvalidInput);
  CHECK(empty.err.find("error[no-flows]: there are no flows in this file") != std::string::npos);
  const CliRun bad = told("src,dst,protocol,port\nweb,shop/web,TCP,1\n");
  CHECK(bad.code == ExitCode::InvalidInput);
  CHECK(bad.err.find("flows.csv:2:1: error[bad-flow]: ") != std::string::npos);
}

TEST_CASE("M6: flows whose ends the input lacks are told") {
  const TemporaryFolder folder;
  const std::string flows =
      folder.write("flows.csv", "src,dst,protocol,port\nnowhere/a,nowhere/b,TCP,80\n");
  const CliRun run = run_cli({"plan", "-f", kJoin, "--join", "bookinfo", "--flows", flows});
  CHECK(run.err.find("unknown-flow-ends") != std::string::npos);
  const std::string bad = folder.write("bad.csv", "src,dst,protocol,port\nnowhere,b,TCP,80\n");
  const CliRun refused = run_cli({"plan", "-f", kJoin, "--join", "bookinfo", "--flows", bad});
  CHECK(refused.code == ExitCode::InvalidInput);
  CHECK(refused.err.find("bad.csv:2:1: error[bad-flow]") != std::string::npos);
}

TEST_CASE("a violated assertion is exit 1, unless nothing is to fail") {
  const std::string folder = kLibrary + "route-stops-on-join/";
  const std::vector<std::string> args{"plan", "-f",       folder + "cluster.yaml",    "--join",
                                      "shop", "--assert", folder + "assertions.yaml", "--quiet"};
  CHECK(run_cli(args).code == ExitCode::Violated);
  std::vector<std::string> lenient = args;
  lenient.insert(lenient.end(), {"--fail-on", "never"});
  CHECK(run_cli(lenient).code == ExitCode::Success);
}

TEST_CASE("an assertion about nothing is a finding") {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.yaml", R"(apiVersion: meshproof.io/v1
kind: Assertions
assertions:
- {id: NOBODY, must: deny, from: {ns: storefront}, to: {ns: bookinfo, app: none}}
)");
  const CliRun run = run_cli({"verify", "-f", kJoin, "--assert", file});
  CHECK(run.code == ExitCode::Violated);
  CHECK(run.out.find("EMPTY   NOBODY") != std::string::npos);
}

TEST_CASE("a probe that cannot be decided is exit 3, one that is denied is exit 0") {
  const TemporaryFolder folder;
  const std::string probes =
      folder.write("p.json", R"([{"src": "a/x", "dst": "b/y", "protocol": "TCP", "port": 80}])");
  const std::string pods = R"(apiVersion: v1
kind: Pod
metadata: {name: x, namespace: a}
status: {phase: Running, podIP: 10.128.0.5}
---
apiVersion: v1
kind: Pod
metadata: {name: "y", namespace: b}
status: {phase: Running, podIP: 10.128.0.6}
)";
  const std::string open = folder.write("open.yaml", pods);
  const std::string closed = folder.write("closed.yaml", pods + R"(---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: none, namespace: b}
spec: {podSelector: {}}
)");
  const std::string unknown = folder.write("unknown.yaml", pods + R"(---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: all}
spec: {priority: 1, subject: {namespaces: {}}}
)");
  const CliRun yes = run_cli({"probe", "-f", open, "--probes", probes, "-o", "json"});
  CHECK(yes.code == ExitCode::Success);
  CHECK(yes.out.find("\"allowed\": true") != std::string::npos);
  const CliRun no = run_cli({"probe", "-f", closed, "--probes", probes, "-o", "json"});
  CHECK(no.code == ExitCode::Success);
  CHECK(no.out.find("\"allowed\": false") != std::string::npos);
  const CliRun null = run_cli({"probe", "-f", unknown, "--probes", probes, "-o", "json"});
  CHECK(null.code == ExitCode::Inconclusive);
  CHECK(null.out.find("\"allowed\": null") != std::string::npos);
}

TEST_CASE("diff is exit 1 for a difference only if that is asked for") {
  const std::string subnet = kLibrary + "bookinfo-joins-subnet/cluster.yaml";
  const std::string route = kLibrary + "route-stops-on-join/cluster.yaml";
  CHECK(run_cli({"diff", "-f", subnet, "--to", subnet, "--exit-code"}).code == ExitCode::Success);
  CHECK(run_cli({"diff", "-f", subnet, "--to", route}).code == ExitCode::Success);
  CHECK(run_cli({"diff", "-f", subnet, "--to", route, "--exit-code"}).code == ExitCode::Violated);
}

TEST_CASE("with --strict a warning about the input is exit 2, without a result") {
  const CliRun run = run_cli({"plan", "-f", kJoin, "--join", "bookinfo", "--strict"});
  CHECK(run.code == ExitCode::InvalidInput);
  CHECK(run.out.empty());
  CHECK(run.err.find("error[mesh-assumed-installed]") != std::string::npos);
}

TEST_CASE("the phases of --timing add up to the wall time") {
  const CliRun run = run_cli({"plan", "-f", kJoin, "--join", "bookinfo", "--quiet", "--timing"});
  const std::regex line(
      R"re(^\{"phases":\{(("[a-z]+":[0-9.]+,?)+)\},"wall":([0-9.]+),"peakRssBytes":[1-9][0-9]*\}\n$)re");
  std::smatch found;
  REQUIRE(std::regex_match(run.err, found, line));
  double sum = 0;
  const std::string phases = found[1];
  const std::regex number("[0-9.]+");
  for (auto it = std::sregex_iterator(phases.begin(), phases.end(), number);
       it != std::sregex_iterator(); ++it) {
    sum += std::stod(it->str());
  }
  CHECK(sum == Approx(std::stod(found[3])).epsilon(0.05));
}

TEST_CASE("the predicted state is an input again, and nothing is left to do in it") {
  const TemporaryFolder folder;
  const std::string state = folder.path("after.json");
  const std::string plan = folder.path("plan.json");
  const CliRun first = run_cli(
      {"plan", "-f", kJoin, "--join", "bookinfo", "--state-out", state, "--out", plan, "--quiet"});
  REQUIRE(first.code == ExitCode::Violated);  // its Route stops (builtin:continuity)
  CHECK(first.out.find("You change") != std::string::npos);
  CHECK(read_file(plan).rfind("{\n  \"version\": 1,", 0) == 0);
  const ObjectStore objects = objects_from(read_file(state));
  CHECK(objects.find("NetworkPolicy", "bookinfo", "istio-mesh-basic") != nullptr);
  CHECK(objects.find({"config.openshift.io", "Infrastructure", "", "cluster"}) != nullptr);
  const CliRun again = run_cli({"plan", "-f", state, "--join", "bookinfo"});
  CHECK(again.code == ExitCode::InvalidInput);
  CHECK(again.err.find("error[already-member]") != std::string::npos);
  const CliRun diff = run_cli({"diff", "-f", state, "--to", state, "--exit-code"});
  CHECK(diff.code == ExitCode::Success);
}

TEST_CASE("explain gives the reasons with their places") {
  const CliRun run =
      run_cli({"explain", "-f", kJoin, "storefront/web", "databases/mysql", "--port", "3306/TCP"});
  CHECK(run.code == ExitCode::Success);
  CHECK(run.out.find("DENIED   3306/TCP") != std::string::npos);
  CHECK(run.out.find(kJoin + ":") != std::string::npos);
  const CliRun wrong =
      run_cli({"explain", "-f", kJoin, "storefront/web", "databases/mysql", "--port", "http"});
  CHECK(wrong.code == ExitCode::InvalidInput);
  CHECK(wrong.err.find("error[bad-port]: 'http' is no port; write NUMBER, NUMBER/TCP, NUMBER/UDP, "
                       "NUMBER/SCTP or ICMP\n") != std::string::npos);
}
