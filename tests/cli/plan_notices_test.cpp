#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/run_cli.h"

using namespace meshproof;

namespace {

const std::string kMesh = R"(apiVersion: v1
kind: Namespace
metadata: {name: mesh}
---
apiVersion: maistra.io/v2
kind: ServiceMeshControlPlane
metadata: {name: basic, namespace: mesh}
spec: {version: v2.5}
---
apiVersion: maistra.io/v1
kind: ServiceMeshMemberRoll
metadata: {name: default, namespace: mesh}
spec: {members: [pay]}
---
apiVersion: v1
kind: Namespace
metadata: {name: pay}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: c, ports: [{containerPort: 8080}]}]}
---
)";

const std::string kNetwork =
    "apiVersion: config.openshift.io/v1\nkind: Network\nmetadata: {name: cluster}\n"
    "spec: {networkType: NAME, clusterNetwork: [{cidr: 10.128.0.0/14, hostPrefix: 23}]}\n---\n";

CliRun plan(const std::string& cluster, std::vector<std::string> more) {
  const TemporaryFolder folder;
  std::vector<std::string> args{"plan", "-f", folder.write("c.yaml", cluster), "--quiet"};
  args.insert(args.end(), more.begin(), more.end());
  return run_cli(args);
}

/// Those that stop or begin to answer.
std::vector<Tree> changed_routes(const Tree& plan) {
  std::vector<Tree> routes = plan.find("routes")->items;
  std::erase_if(routes, [](const Tree& route) { return route.find("stops") == nullptr; });
  return routes;
}

Tree plan_json(const std::string& cluster, std::vector<std::string> more) {
  more.insert(more.end(), {"--assert", "none", "--fail-on", "never", "-o", "json"});
  const CliRun run = plan(cluster, more);
  INFO(run.err);
  REQUIRE(run.code == ExitCode::Success);
  return json_of(run);
}

/// True if one of the sentences below the key has the part.
bool says(const Tree& report, std::string_view key, const std::string& part) {
  const Tree* sentences = report.find(key);
  REQUIRE(sentences != nullptr);
  return std::any_of(sentences->items.begin(), sentences->items.end(), [&](const Tree& sentence) {
    return sentence.text.find(part) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("nothing is said to stay as it was about pairs that cannot be decided") {
  const std::string shared =
      "apiVersion: network.openshift.io/v1\nkind: ClusterNetwork\nmetadata: {name: default}\n"
      "pluginName: redhat/openshift-ovs-networkpolicy\nhostsubnetlength: 9\n---\n"
      "apiVersion: network.openshift.io/v1\nkind: NetNamespace\nmetadata: {name: shop}\n"
      "netname: shop\nnetid: 7\n---\n"
      "apiVersion: network.openshift.io/v1\nkind: NetNamespace\nmetadata: {name: pay}\n"
      "netname: pay\nnetid: 7\n---\n"
      "apiVersion: v1\nkind: Pod\nmetadata: {name: db, namespace: shop}\n---\n";
  const Tree known =
      plan_json(kMesh + replaced(kNetwork, "NAME", "OVNKubernetes"), {"--join", "shop"});
  CHECK(says(known, "notices", "egress of shop: whatever it reaches today"));
  const Tree unknown =
      plan_json(kMesh + replaced(kNetwork, "NAME", "OpenShiftSDN") + shared, {"--join", "shop"});
  REQUIRE_FALSE(unknown.find("undecided")->items.empty());
  CHECK_FALSE(says(unknown, "notices", "egress of shop"));
  CHECK_FALSE(says(unknown, "notices", "inside shop"));
}

TEST_CASE("a mode that is not known is no network in which nothing is configured") {
  const std::string cluster = kMesh + replaced(kNetwork, "NAME", "OpenShiftSDN");
  const CliRun run = plan(cluster, {"--join", "shop"});
  const std::string text = replaced(run.out, "\n    ", " ");
  CHECK_THAT(text, Catch::Contains("what the mesh does to the network is not predicted: there is "
                                   "no ClusterNetwork `default`"));
  CHECK_THAT(text, !Catch::Contains("the mesh configures nothing"));
}

TEST_CASE("a network that is not modelled reaches every report, quiet or not") {
  const std::string cluster = kMesh + replaced(kNetwork, "NAME", "Cilium");
  const std::string sentence =
      "network type `Cilium` is not modelled; dialect kubernetes is taken for it";
  CHECK(says(plan_json(cluster, {"--join", "shop"}), "assumptions", sentence));
  CHECK(plan(cluster, {"--join", "shop"}).out.find("network type `Cilium` is not modelled") !=
        std::string::npos);
  CHECK(plan(cluster, {"--join", "shop", "-o", "script"}).out.find("# Assumed: " + sentence) !=
        std::string::npos);
  const TemporaryFolder folder;
  const std::string file = folder.write("c.yaml", cluster);
  const CliRun verify =
      run_cli({"verify", "-f", file, "--assert", "builtin:tenancy", "-o", "json", "--quiet"});
  CHECK(says(json_of(verify), "assumptions", sentence));
  const CliRun diff = run_cli({"diff", "-f", file, "--to", file, "--quiet"});
  CHECK(diff.out.find("\nAssumed\n") != std::string::npos);
}

TEST_CASE("verify says that it speaks of layers 3 and 4 where Istio denies more") {
  const TemporaryFolder folder;
  const std::string file =
      folder.write("c.yaml", kMesh +
                                 "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n"
                                 "metadata: {name: deny, namespace: shop}\nspec: {}\n");
  const CliRun run = run_cli({"verify", "-f", file, "--assert", "builtin:tenancy", "--quiet"});
  CHECK(replaced(run.out, "\n    ", " ").find("verdicts are about layers 3 and 4 only") !=
        std::string::npos);
}

TEST_CASE("a Route is not judged where the input has no router, and the plan says so") {
  const std::string route =
      "apiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {name: web, namespace: shop}\n"
      "spec: {host: x, to: {kind: Service, name: web}}\n---\n";
  CHECK(says(plan_json(kMesh + route, {"--join", "shop"}), "notices",
             "not judged: whether Route shop/web still answers, for the input has no router"));
  CHECK_FALSE(says(plan_json(kMesh, {"--join", "shop"}), "notices", "not judged"));
}

TEST_CASE("a Route with a backend that still answers does not stop") {
  const auto service = [](const std::string& name, const std::string& app) {
    return "apiVersion: v1\nkind: Service\nmetadata: {name: " + name +
           ", namespace: shop}\nspec: {selector: {app: " + app + "}, ports: [{port: 8080}]}\n---\n";
  };
  const std::string cluster = kMesh + service("web", "web") + service("edge", "edge") + R"(
apiVersion: v1
kind: Pod
metadata: {name: edge, namespace: shop, labels: {app: edge, maistra.io/expose-route: "true"}}
spec: {containers: [{name: c, ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: ingress, labels: {network.openshift.io/policy-group: ingress}}
---
apiVersion: v1
kind: Pod
metadata: {name: router, namespace: ingress}
---
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: both, namespace: shop}
spec: {host: x, to: {kind: Service, name: web}, alternateBackends: [{name: edge, weight: WEIGHT}]}
---
)";
  const auto routes = [&](const std::string& weight) {
    return changed_routes(plan_json(replaced(cluster, "WEIGHT", weight), {"--join", "shop"}));
  };
  REQUIRE(routes("50").size() == 1);
  CHECK(routes("50")[0].boolean_at({"partly"}) == true);
  REQUIRE(routes("0").size() == 1);
  CHECK(routes("0")[0].boolean_at({"partly"}) == false);
}

TEST_CASE("routers on the nodes' network that keep their own node's pods answer in part") {
  std::string cluster = replaced(kMesh, "spec: {containers", "spec: {nodeName: n1, containers") +
                        "apiVersion: v1\nkind: Namespace\nmetadata: {name: ingress, labels: "
                        "{network.openshift.io/policy-group: ingress}}\n---\n"
                        "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n"
                        "spec: {selector: {app: web}, ports: [{port: 8080}]}\n---\n"
                        "apiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {name: web, "
                        "namespace: shop}\nspec: {host: x, to: {kind: Service, name: web}}\n---\n";
  for (const std::string number : {"1", "2"}) {
    cluster += "apiVersion: v1\nkind: Pod\nmetadata: {name: router-" + number +
               ", namespace: ingress, ownerReferences: [{apiVersion: apps/v1, kind: DaemonSet, "
               "name: router, controller: true, uid: \"1\"}]}\nspec: {nodeName: n" +
               number + ", hostNetwork: true}\nstatus: {phase: Running, podIP: 192.168.0." +
               number + ", hostIP: 192.168.0." + number + "}\n---\n";
  }
  const std::string whole = replaced(kNetwork, "NAME", "OpenShiftSDN") + cluster;
  const Tree json = plan_json(whole, {"--join", "shop", "--sdn", "networkpolicy"});
  const std::vector<Tree> routes = changed_routes(json);
  REQUIRE(routes.size() == 1);
  CHECK(routes[0].boolean_at({"partly"}) == true);
  const CliRun table = plan(whole, {"--join", "shop", "--sdn", "networkpolicy"});
  const std::string text = replaced(table.out, "\n      ", " ");
  CHECK_THAT(text, Catch::Contains("Route shop/web \"x\" answers only in part: "
                                   "ingress/DaemonSet/router no longer reaches shop/Pod/web "
                                   "between some of their pods"));
  CHECK_THAT(text, Catch::Contains("ICMP   between some of the pods"));
}

TEST_CASE("a project that leaves the roll and stays a member is told, with the reason") {
  const std::string own =
      "apiVersion: maistra.io/v1\nkind: ServiceMeshMember\n"
      "metadata: {name: default, namespace: pay}\n"
      "spec: {controlPlaneRef: {name: basic, namespace: mesh}}\n---\n";
  const Tree plan = plan_json(kMesh + own, {"--leave", "pay"});
  const Tree& outcome = plan.find("outcomes")->items.at(0);
  CHECK(outcome.string_at({"status"}) == "configured");
  CHECK(outcome.string_at({"reason"}) == "it stays a member by its own ServiceMeshMember");
}

TEST_CASE("a target that leaves most objects out is told loudly") {
  const TemporaryFolder folder;
  const std::string cluster = folder.write("c.yaml", kMesh);
  const std::string target =
      folder.write("t.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: mesh}\n");
  const CliRun run = run_cli({"plan", "-f", cluster, "--to", target});
  CHECK_THAT(run.err, Catch::Contains(
                          "--to: warning[target-deletes]: 5 of 6 objects are not in the files of "
                          "--to, so this plan deletes them: --to is the whole state that is "
                          "wanted; --change takes an edit\n"));
  CHECK(run.out.find("so this plan deletes them") != std::string::npos);
  CHECK(run_cli({"plan", "-f", cluster, "--to", cluster}).err.find("target-deletes") ==
        std::string::npos);
}

TEST_CASE("a project that waits because it is being deleted is told so") {
  const std::string gone = replaced(
      kMesh, "metadata: {name: shop}",
      "metadata: {name: shop, deletionTimestamp: '2024-01-01T00:00:00Z', finalizers: [a/b]}");
  const Tree plan = plan_json(gone, {"--join", "shop"});
  const Tree& outcome = plan.find("outcomes")->items.at(0);
  CHECK(outcome.string_at({"status"}) == "pending");
  CHECK(outcome.string_at({"reason"}) == "Namespace shop does not exist; it is being deleted");
}

TEST_CASE("a rejected edit has the API server's code, and no other outcome has one") {
  const TemporaryFolder folder;
  const std::string change = folder.write(
      "change.yaml",
      "{apiVersion: meshproof.io/v1, kind: Change, steps: [{patch: {kind: ServiceMeshMemberRoll, "
      "namespace: mesh, name: default, merge: {spec: {members: [pay, shop, shop]}}}}]}\n");
  const Tree refused = json_of(plan(kMesh, {"--change", change, "-o", "json"}));
  const Tree& outcomes = *refused.find("outcomes");
  REQUIRE(outcomes.items.size() == 1);
  CHECK(outcomes.items.front().string_at({"status"}) == "rejected");
  CHECK(outcomes.items.front().integer_at({"code"}) == 400);
  const Tree joined = plan_json(kMesh, {"--join", "shop"});
  REQUIRE_FALSE(joined.find("outcomes")->items.empty());
  CHECK(joined.find("outcomes")->items.front().find("code") == nullptr);
}
