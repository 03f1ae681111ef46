#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/run_cli.h"

using namespace meshproof;

namespace {

const std::string kMesh = R"(apiVersion: config.openshift.io/v1
kind: Network
metadata: {name: cluster}
spec: {networkType: OpenShiftSDN, clusterNetwork: [{cidr: 10.128.0.0/14, hostPrefix: 23}]}
---
apiVersion: v1
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
spec: {members: []}
---
)";

std::string plugin(const std::string& mode) {
  return "apiVersion: network.openshift.io/v1\nkind: ClusterNetwork\nmetadata: {name: default}\n"
         "pluginName: redhat/openshift-ovs-" +
         mode + "\nhostsubnetlength: 9\n---\n";
}

std::string ns(const std::string& name, const std::string& labels = "") {
  return "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + ", labels: {" + labels +
         "}}\n---\n";
}

std::string net(const std::string& name, int id) {
  return "apiVersion: network.openshift.io/v1\nkind: NetNamespace\nmetadata: {name: " + name +
         "}\nnetname: " + name + "\nnetid: " + std::to_string(id) + "\n---\n";
}

std::string pod(const std::string& space) {
  return "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: " + space + "}\n---\n";
}

std::string undo_of_join(const std::string& cluster, const std::string& who = "shop") {
  const TemporaryFolder folder;
  const CliRun run = run_cli({"plan", "-f", folder.write("c.yaml", cluster), "--join", who,
                              "--mesh", "mesh", "-o", "json", "--quiet", "--fail-on", "never"});
  INFO(run.err);
  REQUIRE(run.code == ExitCode::Success);
  return std::string{json_of(run).string_at({"undo"})};
}

}  // namespace

TEST_CASE("the way back from a join is to leave, where that restores what was") {
  CHECK(undo_of_join(kMesh + plugin("networkpolicy") + ns("shop") + pod("shop")) ==
        "take shop off the roll");
}

TEST_CASE("leaving a network does not bring the network of before back") {
  const std::string multitenant = kMesh + plugin("multitenant") + net("mesh", 1) + ns("shop") +
                                  ns("legacy") + pod("shop") + pod("legacy");
  CHECK(undo_of_join(multitenant + net("shop", 2) + net("legacy", 3)) ==
        "take shop off the roll; these stay different: NetNamespace shop (another NetID)");
  CHECK(undo_of_join(multitenant + net("shop", 2) + net("legacy", 2)) ==
        "take shop off the roll; that is not the whole way back, for these stay different: 2 "
        "connections that the edit or its way back closes; NetNamespace shop (another NetID)");
}

TEST_CASE("the way back from a join that fails takes the label of the other mesh along") {
  const std::string undo = undo_of_join(kMesh + plugin("networkpolicy") + ns("other") +
                                        ns("shop", "maistra.io/member-of: other"));
  CHECK(undo.rfind("take shop off the roll; these stay different: ", 0) == 0);
  CHECK(undo.find("Namespace shop (- maistra.io/member-of)") != std::string::npos);
}

TEST_CASE("the order of the members is nothing that the way back leaves different") {
  const std::string two = replaced(kMesh, "members: []", "members: [pay, shop]") + ns("pay") +
                          ns("shop") + plugin("networkpolicy");
  const TemporaryFolder folder;
  const CliRun run = run_cli(
      {"plan", "-f", folder.write("c.yaml", two), "--leave", "pay", "-o", "json", "--quiet"});
  CHECK(json_of(run).string_at({"undo"}) == "put pay back on the roll");
}

TEST_CASE("there is no way back from an edit that is refused") {
  CHECK(undo_of_join(kMesh + plugin("networkpolicy") + ns("shop"), "Shop_X").empty());
}
