// The rows of the mission that a whole run shows: the edit of a roll, and who can then reach whom.

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/run_cli.h"

using namespace meshproof;

namespace {

CliRun plan_of(const std::string& example, std::vector<std::string> more) {
  std::vector<std::string> args{
      "plan",   "-f",       "scenarios/library/" + example + "/cluster.yaml",
      "--join", "bookinfo", "--quiet"};
  args.insert(args.end(), more.begin(), more.end());
  return run_cli(args);
}

bool says(const CliRun& run, std::string_view part) {
  return run.out.find(part) != std::string::npos;
}

/// How many connections of a list go to a project, by their sources' projects.
std::size_t sources_of(const Tree& plan, std::string_view list, std::string_view from,
                       std::string_view to) {
  const Tree* connections = plan.find(list);
  REQUIRE(connections != nullptr);
  return static_cast<std::size_t>(
      std::ranges::count_if(connections->items, [&](const Tree& connection) {
        return connection.string_at({"src", "namespace"}) == from &&
               connection.string_at({"dst", "namespace"}) == to;
      }));
}

}  // namespace

TEST_CASE("M6: a join closes the project to everybody else, and the plan says to whom") {
  const Tree plan = json_of(plan_of("bookinfo-joins-networkpolicy", {"-o", "json"}));
  CHECK(sources_of(plan, "lost", "storefront", "bookinfo") > 0);
  CHECK(sources_of(plan, "lost", "openshift-ingress", "bookinfo") > 0);
  CHECK(sources_of(plan, "lost", "payments", "bookinfo") == 0);
  CHECK(sources_of(plan, "gained", "bookinfo", "payments") > 0);
}

TEST_CASE("M5: the policies of a leaving project go, and it is open again") {
  const CliRun run = run_cli({"plan", "-f", "scenarios/library/bookinfo-leaves/cluster.yaml",
                              "--leave", "bookinfo", "--quiet"});
  CHECK(says(run, "- NetworkPolicy bookinfo/istio-mesh-basic"));
  CHECK(says(run, "GAINS access"));
}

TEST_CASE("M7: the script has the very commands of the SDN") {
  const CliRun run = plan_of("bookinfo-joins-multitenant", {"-o", "script"});
  CHECK(says(run, "oc adm pod-network join-projects --to istio-system bookinfo"));
}

TEST_CASE("M8: in mode Subnet a join changes nobody's reach, and nothing is isolated") {
  const CliRun run = plan_of("bookinfo-joins-subnet", {});
  CHECK(says(run, "Nobody loses access, nobody gains access"));
  CHECK(says(run, "mode subnet: every pod reaches every pod, so nobody is isolated"));
  CHECK_FALSE(says(run, "NetworkPolicy bookinfo/"));
}

TEST_CASE("M10: the plan names the attachment of the control plane's version") {
  CHECK(says(plan_of("bookinfo-joins-networkpolicy", {}),
             "+ NetworkAttachmentDefinition bookinfo/v2-5-istio-cni"));
}

TEST_CASE("M2: the plan names the projects that a control plane begins to watch") {
  CHECK(says(plan_of("bookinfo-joins-networkpolicy", {}),
             "istio-system/basic: + bookinfo   now 3 projects"));
}
