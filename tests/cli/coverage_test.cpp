#include <filesystem>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/run_cli.h"

/// Inputs that lack something, from the files to the exit code (docs/SEMANTICS.md, C).
using namespace meshproof;

namespace {

using Args = std::vector<std::string>;

const std::string kDenyPolicy = R"(apiVersion: v1
kind: List
items:
- apiVersion: networking.k8s.io/v1
  kind: NetworkPolicy
  metadata: {name: members-only, namespace: shop}
  spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}
- apiVersion: networking.k8s.io/v1
  kind: NetworkPolicy
  metadata: {name: members-only, namespace: mesh-a}
  spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}
)";

const std::string kState = R"(apiVersion: v1
kind: Namespace
metadata: {name: mesh-a}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {maistra.io/member-of: mesh-a}}
---
apiVersion: v1
kind: Namespace
metadata: {name: tools}
---
apiVersion: maistra.io/v1
kind: ServiceMeshMemberRoll
metadata: {name: default, namespace: mesh-a}
spec: {members: [shop]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.0.6}
---
apiVersion: v1
kind: Pod
metadata: {name: probe, namespace: tools}
spec: {containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.0.7}
---
)";

const std::string kDenied = R"({"apiVersion": "v1", "kind": "Status", "status": "Failure",
 "message": "networkpolicies.networking.k8s.io is forbidden: User \"ci\" cannot list resource \"networkpolicies\" in API group \"networking.k8s.io\" in the namespace \"shop\"",
 "reason": "Forbidden", "details": {"group": "networking.k8s.io", "kind": "networkpolicies"}, "code": 403}
)";

void put(const TemporaryFolder& folder, const std::string& name, const std::string& text) {
  std::filesystem::create_directories(std::filesystem::path(folder.path(name)).parent_path());
  const std::string written = folder.write(name, text);
  REQUIRE(std::filesystem::exists(written));
}

std::string list_of(const std::string& api_version, const std::string& kind,
                    const std::string& items) {
  return "apiVersion: " + api_version + "\nkind: " + kind + "List\nitems: [" + items + "]\n";
}

/// Everything that tenancy rests on but the NetworkPolicies, which must-gathers leave out.
void put_must_gather(const TemporaryFolder& folder) {
  const std::string cluster = "mg/cluster-scoped-resources/";
  put(folder, cluster + "core/namespaces.yaml",
      list_of("v1", "Namespace",
              "{metadata: {name: mesh-a}}, {metadata: {name: shop, labels: {maistra.io/member-of: "
              "mesh-a}}}, {metadata: {name: tools}}"));
  put(folder, cluster + "config.openshift.io/networks.yaml",
      list_of("config.openshift.io/v1", "Network",
              "{metadata: {name: cluster}, status: {networkType: OVNKubernetes, clusterNetwork: "
              "[{cidr: 10.128.0.0/14, hostPrefix: 23}], serviceNetwork: [172.30.0.0/16]}}"));
  for (const std::string& ns : Args{"mesh-a", "shop", "tools"}) {
    const std::string root = "mg/namespaces/" + ns + "/";
    put(folder, root + "core/pods.yaml",
        list_of("v1", "Pod", "{metadata: {name: app, namespace: " + ns + "}}"));
    put(folder, root + "maistra.io/servicemeshcontrolplanes.yaml",
        list_of("maistra.io/v2", "ServiceMeshControlPlane", ""));
    put(folder, root + "maistra.io/servicemeshmemberrolls.yaml",
        list_of("maistra.io/v1", "ServiceMeshMemberRoll",
                ns == "mesh-a" ? "{metadata: {name: default, namespace: mesh-a}, spec: {members: "
                                 "[shop]}}"
                               : ""));
  }
}

Args verify_args(const Args& inputs, const Args& more = {}) {
  Args args{"verify", "--assert", "builtin:tenancy", "--quiet"};
  for (const std::string& input : inputs) args.insert(args.end(), {"-f", input});
  args.insert(args.end(), more.begin(), more.end());
  return args;
}

bool says(const CliRun& run, const std::string& text) {
  return run.out.find(text) != std::string::npos;
}

Screen wide() {
  Screen screen;
  screen.width = 1000;
  return screen;
}

}  // namespace

TEST_CASE("a must-gather without NetworkPolicies decides no tenancy") {
  const TemporaryFolder folder;
  put_must_gather(folder);
  const CliRun run = run_cli(verify_args({folder.path("mg")}), wide());
  CHECK(run.code == ExitCode::Inconclusive);
  CHECK(says(run, "the input lacks what this rests on: NetworkPolicy in shop: never collected"));
  const std::string first = run.out.substr(0, run.out.find('\n'));
  CHECK(first.find("INCOMPLETE: ") != std::string::npos);
  CHECK(first.find("NetworkPolicy: never collected") != std::string::npos);
}

TEST_CASE("on the user's word a kind is empty, and the report repeats it") {
  const TemporaryFolder folder;
  put_must_gather(folder);
  const Args inputs{folder.path("mg")};
  const CliRun table = run_cli(verify_args(inputs, {"--assume-empty", "NetworkPolicy"}), wide());
  CHECK(table.code == ExitCode::Violated);
  CHECK(says(table, "on your word no other networking.k8s.io/NetworkPolicy"));
  const Tree coverage =
      *json_of(run_cli(verify_args(inputs, {"--assume-empty", "Pod,NetworkPolicy", "-o", "json"})))
           .find("coverage");
  REQUIRE(coverage.find("assumedEmpty")->items.size() == 2);
  CHECK(coverage.find("assumedEmpty")->items[1].text == "networking.k8s.io/NetworkPolicy");
}

TEST_CASE("a list given beside a must-gather makes up for what it lacks") {
  const TemporaryFolder folder;
  put_must_gather(folder);
  const std::string policies = folder.write("policies.yaml", kDenyPolicy);
  CHECK(run_cli(verify_args({folder.path("mg"), policies})).code == ExitCode::Success);
}

TEST_CASE("each JSON output tells where the input came from and what it holds") {
  const TemporaryFolder folder;
  put_must_gather(folder);
  const Tree coverage =
      *json_of(run_cli({"reach", "-f", folder.path("mg"), "-o", "json", "--quiet"}))
           .find("coverage");
  CHECK(coverage.find("assumedComplete")->text == "false");
  CHECK(coverage.find("sources")->items.at(0).string_at({"form"}) == "must-gather");
  bool has_pods = false;
  for (const Tree& row : coverage.find("ledger")->items) {
    if (row.string_at({"kind"}) != "Pod") continue;
    has_pods = true;
    CHECK(row.string_at({"collected"}) == "listed");
    CHECK(row.find_path({"namespaces", "shop"})->text == "1");
  }
  CHECK(has_pods);
}

TEST_CASE("a list that was cut off decides nothing, whatever the user's word") {
  const TemporaryFolder folder;
  const std::string file = folder.write("state.yaml", kState + R"(
apiVersion: networking.k8s.io/v1
kind: NetworkPolicyList
metadata: {continue: abc}
items:
- metadata: {name: members-only, namespace: shop}
  spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}
)");
  const CliRun run = run_cli(verify_args({file}, {"--assume-empty", "NetworkPolicy"}), wide());
  CHECK(run.code == ExitCode::Inconclusive);
  CHECK(says(run,
             "INCOMPLETE: NetworkPolicy: the list was cut off (after 1: metadata.continue is "
             "set)"));
}

TEST_CASE("the answer to a refused request stands in the ledger") {
  const TemporaryFolder folder;
  const std::string state = folder.write("state.yaml", kState);
  const std::string denied = folder.write("policies.json", kDenied);
  const CliRun run = run_cli(verify_args({state, denied}), wide());
  CHECK(run.code == ExitCode::Inconclusive);
  CHECK(says(run,
             "NetworkPolicy in shop: denied (networkpolicies.networking.k8s.io is forbidden: "
             "User \"ci\" cannot list resource"));
  // Without the refusal the same files are complete, and the member has no policy.
  CHECK(run_cli(verify_args({state})).code == ExitCode::Violated);
  CHECK(run_cli(verify_args({state, denied}, {"--assume-empty", "NetworkPolicy"})).code ==
        ExitCode::Violated);
  const CliRun told = run_cli({"verify", "-f", state, "-f", denied, "--assert", "builtin:tenancy"});
  CHECK(told.err.find("warning[request-failed]: the answer to a request that failed: "
                      "networkpolicies.networking.k8s.io is forbidden") != std::string::npos);
}

TEST_CASE("what is judged as given carries the coverage beside it") {
  const TemporaryFolder folder;
  const std::string state = folder.write("state.yaml", kState);
  const std::string denied = folder.write("policies.json", kDenied);
  const CliRun run = run_cli({"explain", "-f", state, "-f", denied, "--quiet", "tools/probe",
                              "shop/web", "--port", "80/TCP"},
                             wide());
  CHECK(run.code == ExitCode::Success);
  CHECK(says(run, "INCOMPLETE: NetworkPolicy in shop: denied"));
  const Tree diff = json_of(
      run_cli({"diff", "-f", state, "--to", state, "--to", denied, "-o", "json", "--quiet"}));
  CHECK(diff.find_path({"coverage", "incomplete"})->items.empty());
  CHECK(diff.find_path({"coverageAfter", "incomplete"})->items.size() == 1);
}

TEST_CASE("a plan's verdicts know what its input lacks, and what the change makes") {
  const TemporaryFolder folder;
  const std::string state = folder.write("state.yaml", kState + kDenyPolicy);
  const std::string denied = folder.write("pods.yaml", R"(apiVersion: v1
kind: Status
status: Failure
message: 'pods is forbidden: User "ci" cannot list resource "pods" in API group "" in the namespace "tools"'
reason: Forbidden
details: {kind: pods}
)");
  const std::string change = folder.write("change.yaml", R"(apiVersion: v1
kind: Namespace
metadata: {name: fresh}
)");
  const std::string asked = folder.write("asked.yaml", R"(apiVersion: meshproof.io/v1
kind: Assertions
assertions:
- {id: OLD, must: deny, from: {ns: tools}, to: {ns: shop}}
- {id: NEW, must: deny, from: {ns: fresh, allowEmpty: true}, to: {ns: shop}}
)");
  const Args args{"plan", "-f",       state, "-f",      denied, "--change",
                  change, "--assert", asked, "--quiet", "-o",   "json"};
  const CliRun run = run_cli(args);
  CHECK(run.code == ExitCode::Inconclusive);
  const Tree plan = json_of(run);
  REQUIRE(plan.find("verdicts")->items.size() == 4);  // and those that plan always asks
  CHECK(plan.find("verdicts")->items[0].find("holds")->is_null());
  CHECK(plan.find("verdicts")->items[1].find("holds")->text == "true");
  CHECK(plan.find_path({"coverage", "incomplete"})->items.size() == 1);
  const Args as_table(args.begin(), args.end() - 2);
  CHECK(run_cli(as_table, wide()).out.starts_with("INCOMPLETE: Pod in tools: denied ("));
}

TEST_CASE("a target that lacks something would delete it, and is refused") {
  const TemporaryFolder folder;
  const std::string state = folder.write("state.yaml", kState);
  const std::string denied = folder.write("policies.json", kDenied);
  const CliRun run = run_cli({"plan", "-f", state, "--to", state, "--to", denied, "--quiet"});
  CHECK(run.code == ExitCode::InvalidInput);
  CHECK(run.err.find("error[target-incomplete]: --to is the whole state that is wanted, and what "
                     "its files lack would be deleted: NetworkPolicy in shop: denied") !=
        std::string::npos);
}

TEST_CASE("where coverage is required, plain manifests prove nothing") {
  const TemporaryFolder folder;
  const std::string state = folder.write("state.yaml", kState + kDenyPolicy);
  CHECK(run_cli(verify_args({state})).code == ExitCode::Success);
  const CliRun run = run_cli(verify_args({state}, {"--require-coverage"}), wide());
  CHECK(run.code == ExitCode::Inconclusive);
  CHECK(says(run, "NetworkPolicy in shop: only assumed to be complete"));
  CHECK(says(run, "nothing taken for complete that is not shown to be"));
}

TEST_CASE("options about coverage that mean nothing are refused") {
  const TemporaryFolder folder;
  const std::string state = folder.write("state.yaml", kState);
  const CliRun kind = run_cli(verify_args({state}, {"--assume-empty", "NetworkPolicys"}));
  CHECK(kind.code == ExitCode::InvalidInput);
  CHECK(kind.err ==
        "command line: error[unknown-value]: --assume-empty 'NetworkPolicys' is no kind that has "
        "a bare name; did you mean 'NetworkPolicy'?\n");
  const CliRun foreign = run_cli(verify_args({state}, {"--assume-empty", "Quux"}));
  CHECK(foreign.err ==
        "command line: error[unknown-value]: --assume-empty 'Quux' is no kind that has a bare "
        "name; write GROUP/KIND\n");
  const CliRun required =
      run_cli({"plan", "-f", state, "--join", "tools", "--assert", "none", "--require-coverage"});
  CHECK(required.code == ExitCode::InvalidInput);
  CHECK(required.err ==
        "command line: error[conflicting-options]: --require-coverage is about verdicts, and "
        "--assert none asks for none\n");
}
