#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/run_cli.h"

/// plan --hops: paths of several hops that open while a change takes effect.
using namespace meshproof;

namespace {

/// `safe` opens to `mid` when `door`, which `mid` admits, closes to `far`.
std::string cluster(const std::string& door, const std::string& safe) {
  std::string text;
  for (const std::string name : {"far", "door", "mid", "safe"}) {
    text += "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + name +
            "}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: " + name +
            "}\n---\n";
  }
  const auto policy = [](const std::string& name, const std::string& admits) {
    const std::string peer =
        "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: " + admits + "}}}";
    return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: own, "
           "namespace: " +
           name + "}\nspec: {podSelector: {}, policyTypes: [Ingress], ingress: [" +
           (admits.empty() ? "" : "{from: [" + peer + "]}") + "]}\n---\n";
  };
  return text + policy("far", "") + policy("door", door) + policy("mid", "door") +
         policy("safe", safe);
}

}  // namespace

TEST_CASE("plan tells a path of as many hops as are asked for, hop by hop") {
  const TemporaryFolder folder;
  const std::string before = folder.write("before.yaml", cluster("far", ""));
  const std::string after = folder.write("after.yaml", cluster("", "mid"));
  std::vector<std::string> args{"plan", "-f",      before,     "--to",
                                after,  "--quiet", "--assert", "builtin:moments"};
  CliRun run = run_cli(args);
  CHECK(run.out.find("no path of two hops opens while the change takes effect") !=
        std::string::npos);
  CHECK(run.out.find("On the way: safe in any order") != std::string::npos);
  CHECK(run_cli(args, {.width = 1000})
            .out.find("proved for every pod that could exist in any "
                      "project)") != std::string::npos);
  args.insert(args.end(), {"--hops", "3"});
  run = run_cli(args);
  CHECK(run.code == ExitCode::Violated);
  CHECK(run.out.find("! for a moment a path of up to 3 hops opens that neither state has") !=
        std::string::npos);
  CHECK(run.out.find("where far/p → door/p is decided, none of them is seen yet") !=
        std::string::npos);
  CHECK(run.out.find("where mid/p → safe/p is decided, seen so far:") != std::string::npos);
  CHECK(run.out.find("no path of up to 3 hops opens while the change takes effect") !=
        std::string::npos);
  args.insert(args.end(), {"-o", "json"});
  const Tree* moments = json_of(run_cli(args)).find("moments");
  REQUIRE(moments != nullptr);
  CHECK(moments->items.back().find("hops")->items.size() == 3);
}

TEST_CASE("plan --safe keeps longer paths closed, too") {
  const TemporaryFolder folder;
  const std::string before = folder.write("before.yaml", cluster("far", ""));
  const std::string after = folder.write("after.yaml", cluster("", "mid"));
  const std::vector<std::string> args{"plan",    "-f",       before, "--to",   after, "--safe",
                                      "--quiet", "--assert", "none", "--hops", "3"};
  const CliRun run = run_cli(args);
  CHECK(run.code == ExitCode::Success);
  CHECK(run.out.find("A safe order: the edit in parts, with waits between them") !=
        std::string::npos);
  CHECK(run.out.find("paths of up to 3 hops") != std::string::npos);
}

TEST_CASE("plan refuses a number of hops that is none") {
  for (const std::string words : {"1", "many", "101", "3x"}) {
    const CliRun run = run_cli({"plan", "-f", "scenarios/library/safe-join/cluster.yaml", "--join",
                                "shop", "--hops", words});
    CHECK(run.code == ExitCode::InvalidInput);
    CHECK(run.err == "command line: error[unknown-value]: --hops '" + words +
                         "' is not a number from 2 to 100\n");
  }
}
