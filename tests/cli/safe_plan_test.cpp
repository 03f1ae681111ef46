#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/run_cli.h"

/// plan --safe, as people and scripts see it.
using namespace meshproof;

namespace {

std::vector<std::string> safe_join(const std::string& format) {
  return {"plan",    "-f",   "scenarios/library/safe-join/cluster.yaml",
          "--join",  "shop", "--safe",
          "--quiet", "-o",   format};
}

std::string change_of(const std::string& patch) {
  return "apiVersion: meshproof.io/v1\nkind: Change\nsteps:\n- patch: " + patch + "\n";
}

/// A project whose new label lets it out while its old one still lets somebody in.
const std::string kRelabelled = R"(
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: a}}
---
apiVersion: v1
kind: Namespace
metadata: {name: caller}
---
apiVersion: v1
kind: Namespace
metadata: {name: called}
---
apiVersion: v1
kind: Namespace
metadata: {name: default}
---
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: caller}
---
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: called}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out, namespace: caller}
spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {team: a}}}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: in, namespace: called}
spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}}}]}]}
)";

}  // namespace

TEST_CASE("plan --safe gives the stages, what to wait for, and the way back") {
  const CliRun run = run_cli(safe_join("json"));
  CHECK(run.code == ExitCode::Success);
  const Tree json = json_of(run);
  const Tree* order = json.find("safeOrder");
  REQUIRE(order != nullptr);
  CHECK(order->string_at({"kind"}) == "bridges");
  CHECK(order->string_at({"reason"}).empty());
  const Tree& stages = *order->find("stages");
  REQUIRE(stages.items.size() == 3);
  for (const Tree& write : stages.items[0].find("writes")->items) {
    CHECK(write.string_at({"by"}) == "user");
    CHECK(write.find_path({"object", "metadata", "labels", "meshproof.io/bridge"}) != nullptr);
  }
  CHECK(stages.items[0].find_path({"waitsFor", "objects"})->items.empty());
  CHECK(stages.items[0].find("waitsFor")->integer_at({"delaySeconds"}) == 30);
  const Tree& awaited = *stages.items[1].find_path({"waitsFor", "objects"});
  REQUIRE(awaited.items.size() == 3);
  CHECK(awaited.items[0].string_at({"labels", "maistra.io/member-of"}) == "istio-system");
  CHECK(stages.items[1].find("bridges")->items.size() == 2);
  CHECK(stages.items[2].find("waitsFor")->is_null());
  CHECK(stages.items[2].find("bridges")->items.empty());
  CHECK(order->find("verdicts")->items.size() == 3);
  CHECK(order->find("bridges")->items.size() == 2);
  CHECK(order->find_path({"rollback", "stages"})->items.size() == 3);
  CHECK(order->string_at({"rollback", "reason"}).empty());

  std::vector<std::string> args = safe_join("json");
  std::erase(args, "--safe");
  CHECK(json_of(run_cli(args)).find("safeOrder") == nullptr);
}

TEST_CASE("that there is no safe order is exit 1, and that none is known 3") {
  const TemporaryFolder folder;
  const std::string input = folder.write("c.yaml", kRelabelled);
  const std::string relabel = folder.write(
      "relabel.yaml",
      change_of("{kind: Namespace, name: shop, merge: {metadata: {labels: {team: b}}}}"));
  std::vector<std::string> args{"plan",   "-f",      input,      "--change", relabel,
                                "--safe", "--quiet", "--assert", "none"};
  CliRun run = run_cli(args);
  CHECK(run.code == ExitCode::Violated);
  CHECK(run.out.find("A safe order: there is none") != std::string::npos);
  CHECK(run.out.find("! no-pivot") != std::string::npos);
  args.insert(args.end(), {"--fail-on", "never"});
  CHECK(run_cli(args).code == ExitCode::Success);
  args.insert(args.end(), {"-o", "script"});
  run = run_cli(args);
  CHECK(run.out.find("# There is no safe order") != std::string::npos);
  CHECK(run.out.find("\nexit 1\n") != std::string::npos);
  CHECK(run.out.find("oc label") == std::string::npos);
  args.back() = "json";
  const Tree json = json_of(run_cli(args));
  const Tree* conflicts = json.find_path({"safeOrder", "conflicts"});
  REQUIRE(conflicts != nullptr);
  REQUIRE_FALSE(conflicts->items.empty());
  CHECK(conflicts->items[0].string_at({"rule"}) == "no-pivot");

  const std::string platform = folder.write(
      "platform.yaml",
      change_of("{kind: Namespace, name: default, merge: {metadata: {labels: {team: b}}}}"));
  run =
      run_cli({"plan", "-f", input, "--change", platform, "--safe", "--quiet", "--assert", "none"});
  CHECK(run.code == ExitCode::Inconclusive);
  CHECK(run.out.find("A safe order: not known") != std::string::npos);
}

TEST_CASE("the script makes the stages in order and waits for what it must see") {
  const TemporaryFolder folder;
  const std::string script = folder.write("plan.sh", run_cli(safe_join("script")).out);
  // An oc that tells what it is asked, and that the project is a member from the third look on.
  const std::string oc = folder.write("oc", R"(#!/bin/sh
echo "$1 $2" >> "$LOG"
case "$*" in
*jsonpath*) looks=$(grep -c namespace/shop "$LOG"); [ "$looks" -lt 3 ] || printf istio-system ;;
esac
cat > /dev/null 2>&1 < /dev/null
)");
  std::filesystem::permissions(oc, std::filesystem::perms::owner_all);
  (void)folder.write("sleep", "#!/bin/sh\nexit 0\n");
  std::filesystem::permissions(folder.path("sleep"), std::filesystem::perms::owner_all);
  const std::string root = std::filesystem::path(oc).parent_path().string();
  const std::string command = "PATH='" + root + "':\"$PATH\" LOG='" + folder.path("log") +
                              "' sh '" + script + "' < /dev/null";
  REQUIRE(std::system(command.c_str()) == 0);
  const std::string log = read_file(folder.path("log"));
  CHECK(log ==
        "apply -f\napply -f\npatch servicemeshmemberroll/default\n"
        "get namespace/shop\nget namespace/shop\nget namespace/shop\n"
        "get networkpolicy/istio-expose-route-basic\nget networkpolicy/istio-mesh-basic\n" +
            log.substr(log.find("delete")));
  CHECK(log.substr(log.find("delete")).find("delete networkpolicy/bridge-") == 0);
}
