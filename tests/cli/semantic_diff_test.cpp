#include <catch2/catch.hpp>

#include "tests/cli/run_cli.h"

namespace meshproof {

namespace {

const std::string kShop = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n";

std::string admitting(const std::string& name, const std::string& teams) {
  return "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: " + name +
         ", namespace: shop}\nspec:\n  podSelector: {}\n  ingress:\n  - from: [{namespaceSelector: "
         "{matchExpressions: [{key: team, operator: In, values: [" +
         teams + "]}]}}]\n";
}

}  // namespace

TEST_CASE("diff --semantic proves states equal, or shows a flow that only one has") {
  const TemporaryFolder scratch;
  const std::string both = scratch.write("both.yaml", kShop + admitting("a", "red, blue"));
  const std::string split =
      scratch.write("split.yaml", kShop + admitting("r", "red") + admitting("b", "blue"));
  const std::string red = scratch.write("red.yaml", kShop + admitting("r", "red"));

  const CliRun equal = run_cli({"diff", "-f", both, "--to", split, "--semantic", "--exit-code"});
  CHECK(equal.code == ExitCode::Success);
  CHECK(equal.out.find("EQUAL for every pod that could exist") != std::string::npos);

  CHECK(run_cli({"diff", "-f", both, "--to", red, "--semantic"}).code == ExitCode::Success);
  const CliRun lost =
      run_cli({"diff", "-f", both, "--to", red, "--semantic", "--exit-code", "-o", "json"});
  CHECK(lost.code == ExitCode::Violated);
  const Tree json = json_of(lost);
  CHECK(json.boolean_at({"equal"}) == false);
  CHECK(json.string_at({"universe"}) == "unbounded");
  const Tree& example = json.find("examples")->items.at(0);
  CHECK(example.string_at({"change"}) == "lost");
  CHECK(example.find("manifests")->items.size() == 3);
  CHECK(example.find("before")->items.size() == 2);
  const CliRun shown = run_cli({"diff", "-f", both, "--to", red, "--semantic"});
  CHECK(shown.out.find("- outsider/intruder → shop/target TCP 8080") != std::string::npos);
}

TEST_CASE("diff --semantic that cannot be decided is exit 3, and goes with --to alone") {
  const TemporaryFolder scratch;
  const std::string one = scratch.write("one.yaml", kShop);
  const std::string other =
      scratch.write("other.yaml", kShop +
                                      "---\napiVersion: policy.networking.k8s.io/v1alpha1\nkind: "
                                      "AdminNetworkPolicy\nmetadata: {name: a}\nspec: {}\n");
  const CliRun run = run_cli({"diff", "-f", one, "--to", other, "--semantic"});
  CHECK(run.code == ExitCode::Inconclusive);
  CHECK(run.out.find("UNKNOWN whether they are equal") != std::string::npos);
  const CliRun wrong = run_cli({"diff", "-f", one, "--dialect-to", "ovn-kubernetes", "--semantic"});
  CHECK(wrong.code == ExitCode::InvalidInput);
  CHECK(wrong.err.find("error[conflicting-options]") != std::string::npos);
}

}  // namespace meshproof
