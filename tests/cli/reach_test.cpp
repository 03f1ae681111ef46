#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "reports/text.h"
#include "tests/cli/run_cli.h"

using namespace meshproof;

namespace {

const std::string kLibrary = "scenarios/library/";
const std::string kBookinfo = kLibrary + "bookinfo-joins-networkpolicy/cluster.yaml";

CliRun reach(const std::vector<std::string>& more, const std::string& cluster = kBookinfo) {
  std::vector<std::string> args{"reach", "-f", cluster, "--quiet"};
  args.insert(args.end(), more.begin(), more.end());
  return run_cli(args);
}

CliRun paths(const std::vector<std::string>& more, const std::string& cluster = kBookinfo) {
  std::vector<std::string> args{"paths", "-f", cluster, "--quiet"};
  args.insert(args.end(), more.begin(), more.end());
  return run_cli(args);
}

bool says(const CliRun& run, const std::string& text) {
  INFO(run.out << run.err);
  return run.out.find(text) != std::string::npos;
}

std::size_t connections(const CliRun& run) {
  const Tree json = json_of(run);
  const Tree* list = json.find("connections");
  REQUIRE(list != nullptr);
  return list->items.size();
}

/// Two pods, of which one is closed but for a block in which the other may be or not.
std::string unsure(const TemporaryFolder& folder) {
  return folder.write("unsure.yaml", R"(apiVersion: v1
kind: Namespace
metadata: {name: a}
---
apiVersion: v1
kind: Pod
metadata: {name: x, namespace: a, labels: {app: x}}
status: {phase: Pending}
---
apiVersion: v1
kind: Pod
metadata: {name: "y", namespace: a, labels: {app: "y"}}
status: {phase: Running, podIP: 10.128.0.6}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: block, namespace: a}
spec:
  podSelector: {matchLabels: {app: "y"}}
  ingress: [{from: [{ipBlock: {cidr: 10.128.0.0/28}}], ports: [{port: 80}]}]
)");
}

}  // namespace

TEST_CASE("reach tells who reaches whom, and all of it is exit 0") {
  const CliRun run = reach({});
  CHECK(run.code == ExitCode::Success);
  CHECK(says(run, "ALLOWED (106 connections)"));
  CHECK(says(run, "databases/mysql   TCP 3306"));
  CHECK(says(run, "never UDP 4789"));
}

TEST_CASE("a slice is the part of the whole that has these ends") {
  CHECK(connections(reach({"-o", "json"})) == 106);
  CHECK(connections(reach({"-o", "json", "--from", "ns=bookinfo", "--to", "databases/mysql"})) ==
        6);
  CHECK(connections(reach({"-o", "json", "--from", "outside", "--to", "label=app=reviews"})) == 3);
  CHECK(connections(reach({"-o", "json", "--to", "databases/mysql", "--port", "80"})) == 0);
  CHECK(connections(reach({"-o", "json", "--to", "svc:bookinfo/details"})) == 11);
  CHECK(connections(reach({"-o", "json", "--from", "203.0.113.9", "--to", "storefront/web"})) == 1);
  CHECK(connections(reach(
            {"-o", "json", "--from", "203.0.113.0/24", "--to", "storefront/Deployment/web"})) == 1);
}

TEST_CASE("a pair that is undecided is exit 3 only where it was asked about") {
  const TemporaryFolder folder;
  const std::string cluster = unsure(folder);
  const CliRun all = reach({}, cluster);
  CHECK(all.code == ExitCode::Inconclusive);
  CHECK(says(all, "UNKNOWN (1 pair)"));
  CHECK(reach({"--from", "a/y"}, cluster).code == ExitCode::Success);
  CHECK(reach({"--from", "a/x", "--port", "81"}, cluster).code == ExitCode::Success);
  CHECK(reach({"--from", "a/x", "--port", "80"}, cluster).code == ExitCode::Inconclusive);
  CHECK(reach({"--summary"}, cluster).code == ExitCode::Inconclusive);
}

TEST_CASE("a block in which pods may be or not is told, and exit 3") {
  const CliRun run = reach({"--to", "10.128.0.0/23"});
  CHECK(run.code == ExitCode::Inconclusive);
  CHECK(says(run,
             "10 pods may lie in 10.128.0.0/23 or not, for their addresses are not known: left "
             "out"));
  CHECK(reach({"--to", "10.128.0.0/14"}).code == ExitCode::Success);
}

TEST_CASE("by pod, pods are the ends") {
  const TemporaryFolder folder;
  const CliRun run = reach({"--by", "pod", "-o", "csv"}, unsure(folder));
  CHECK(says(run, "allowed,a,Pod,y,,a,Pod,x,,all,,,\n"));
}

TEST_CASE("a summary counts what all pairs list") {
  const CliRun run = reach({"--summary", "-o", "json"});
  CHECK(run.code == ExitCode::Success);
  const Tree json = json_of(run);
  const Tree* summary = json.find("summary");
  REQUIRE(summary != nullptr);
  const auto count = [&](std::string_view key) { return summary->find(key)->text; };
  CHECK(count("namespaces") == "6");
  CHECK(count("pods") == "10");
  CHECK(count("policies") == "1");
  CHECK(count("isolatedIngress") == "1");
  CHECK(count("isolatedEgress") == "0");
  // 10 pods reach 9 others, but only 6 of 9 reach the database.
  CHECK(count("allowedPairs") == "87");
  CHECK(count("undecidedPairs") == "0");
  CHECK(says(reach({"--summary"}), "87  ordered pairs of different pods with an open port\n"));
}

TEST_CASE("reach and paths draw what dot describes, up to a size that can be read") {
  const CliRun drawn = reach({"-o", "svg"});
  CHECK(drawn.code == ExitCode::Success);
  CHECK(drawn.out.starts_with("<?xml"));
  CHECK(says(drawn, "<title>bookinfo/Deployment/productpage&#45;v1</title>"));
  CHECK(says(drawn, ">TCP 3306</text>"));
  const CliRun ways =
      run_cli({"paths", "-f", kBookinfo, "--quiet", "-o", "svg", "outside", "databases/mysql"});
  CHECK(ways.out.starts_with("<?xml"));
  CHECK(says(ways, "<title>databases/StatefulSet/mysql</title>"));

  const TemporaryFolder folder;
  std::string pods;
  for (int i = 0; i < 50; ++i) {
    pods += "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": \"p" +
            std::to_string(i) + "\", \"namespace\": \"a\"}}\n";
  }
  const CliRun large = reach({"-o", "svg"}, folder.write("many.json", pods));
  CHECK(large.code == ExitCode::InvalidInput);
  CHECK(large.out.empty());
  CHECK(large.err ==
        "command line: error[too-many-pairs]: more than 2000 connections are no picture: ask for a "
        "slice (--from, --to), for report -o svg, or for -o dot\n");
}

TEST_CASE("a table of millions of pairs is refused, a list is not", "[slow]") {
  const TemporaryFolder folder;
  std::string pods;
  for (int i = 0; i < 1010; ++i) {
    pods += "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": \"p" +
            std::to_string(i) + "\", \"namespace\": \"a\"}, \"status\": {\"phase\": " +
            "\"Running\", \"podIP\": \"10.0." + std::to_string(i / 250) + "." +
            std::to_string(1 + i % 250) + "\"}}\n";
  }
  const std::string cluster = folder.write("many.json", pods);
  const CliRun table = reach({}, cluster);
  CHECK(table.code == ExitCode::InvalidInput);
  CHECK(table.out.empty());
  CHECK(table.err ==
        "command line: error[too-many-pairs]: more than 1000000 connections are no table: ask for "
        "--summary, for a slice (--from, --to), or for -o csv or json\n");
  const CliRun list = reach({"-o", "csv"}, cluster);
  CHECK(list.code == ExitCode::Success);
  // Ordered pairs of pods, each pod with the outside, and the header.
  CHECK(std::count(list.out.begin(), list.out.end(), '\n') == 1010 * 1009 + 2 * 1010 + 1);
  CHECK(says(reach({"--summary"}, cluster), "1019090  ordered pairs"));
}

TEST_CASE("what reach and paths cannot use is told, and exits 2") {
  struct Row {
    std::string name;
    CliRun run;
    std::string err;
  };
  const std::vector<Row> rows{
      {"a Service as a source", reach({"--from", "svc:bookinfo/details"}),
       "command line: error[bad-end]: 'svc:bookinfo/details' is a Service, which opens no "
       "connections\n"},
      {"an end that there is not", reach({"--to", "bookinfo/nobody"}),
       "command line: error[unknown-pod]: namespace 'bookinfo' has no pod 'nobody'\n"},
      {"a port that is none", reach({"--port", "0"}),
       "command line: error[bad-port]: '0' is no port; write NUMBER, NUMBER/TCP, NUMBER/UDP, "
       "NUMBER/SCTP or ICMP\n"},
      {"ends that there are not", reach({"--by", "node"}),
       "command line: error[unknown-value]: --by 'node' is not one of workload, pod\n"},
      {"a summary of a slice", reach({"--summary", "--from", "outside"}),
       "command line: error[conflicting-options]: --summary is about the whole cluster: it goes "
       "without --from, --to, --port and --by\n"},
      {"a summary as a graph", reach({"--summary", "-o", "dot"}),
       "command line: error[conflicting-options]: --summary is shown as table or json, not as "
       "dot\n"},
      {"no number of hops", paths({"a/b", "c/d", "--max-hops", "many"}),
       "command line: error[unknown-value]: --max-hops 'many' is not a number from 1 to 100\n"},
      {"no dialect to compare with", run_cli({"diff", "-f", kBookinfo, "--dialect-to", "ovn"}),
       "command line: error[unknown-value]: --dialect-to 'ovn' is not one of kubernetes, "
       "openshift-sdn, ovn-kubernetes\n"},
      {"too many hops", paths({"a/b", "c/d", "--max-hops", "101"}),
       "command line: error[unknown-value]: --max-hops '101' is not a number from 1 to 100\n"},
      {"one end", paths({"a/b"}),
       "command line: error[missing-option]: paths needs two ends: FROM TO; meshproof paths --help "
       "shows how\n"},
      {"an end that is held already", paths({"ns=bookinfo", "bookinfo/details-v1"}),
       "command line: error[same-end]: everything in 'bookinfo/details-v1' is in 'ns=bookinfo' "
       "too\n"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(row.run.err == row.err);
    CHECK(row.run.out.empty());
    CHECK(row.run.code == ExitCode::InvalidInput);
  }
}

TEST_CASE("a selection of completed pods only is told") {
  const TemporaryFolder folder;
  const std::string cluster = folder.write("done.yaml", R"(apiVersion: v1
kind: Pod
metadata: {name: job, namespace: a}
status: {phase: Succeeded, podIP: 10.128.0.5}
)");
  const CliRun run = reach({"--from", "a/job"}, cluster);
  CHECK(run.code == ExitCode::InvalidInput);
  CHECK(run.err ==
        "command line: error[empty-end]: 'a/job' selects only pods that have completed\n");
}

TEST_CASE("paths give the rule that lets each hop through") {
  const CliRun run = paths({"storefront/web", "databases/mysql"});
  CHECK(run.code == ExitCode::Success);
  CHECK(says(run, "PATHS (6 paths of 2 hops)"));
  CHECK(says(run, "ingress NetworkPolicy databases/only-bookinfo admits"));
  CHECK(says(run, kBookinfo + ":243"));
}

TEST_CASE("no path is an answer, a path that is only possible is exit 3") {
  const CliRun none = paths({"storefront/web", "databases/mysql", "--max-hops", "1"});
  CHECK(none.code == ExitCode::Success);
  CHECK(says(none, "no path from storefront/web to databases/mysql within 1 hop"));
  const TemporaryFolder folder;
  const CliRun perhaps = paths({"a/x", "a/y"}, unsure(folder));
  CHECK(perhaps.code == ExitCode::Inconclusive);
  CHECK(says(perhaps, "no path from a/x to a/y within 5 hops is certain"));
  CHECK(says(perhaps, "POSSIBLE (1 path of 1 hop)"));
}

TEST_CASE("that there is no path rests on what was collected") {
  const TemporaryFolder folder;
  const std::string cut = folder.write(
      "cut.yaml", "apiVersion: v1\nkind: PodList\nmetadata: {continue: more}\nitems: []\n");
  const CliRun none = paths({"storefront/web", "databases/mysql", "--max-hops", "1", "-f", cut});
  CHECK(none.code == ExitCode::Inconclusive);
  CHECK(says(none, "not everything was collected, and what is missing may be a way"));
  const CliRun some = paths({"storefront/web", "databases/mysql", "-f", cut});
  CHECK(some.code == ExitCode::Success);
}

TEST_CASE("a migration says which rules make the difference") {
  const std::string cluster = kLibrary + "bookinfo-joins-multitenant/cluster.yaml";
  const CliRun run =
      run_cli({"diff", "-f", cluster, "--dialect-to", "ovn-kubernetes", "--quiet", "--exit-code"});
  CHECK(run.code == ExitCode::Violated);
  CHECK(says(run,
             "26 connections: in mode multitenant projects reach each other only with the "
             "same NetID"));
  CHECK(says(run, "NetNamespaces isolate nothing after the change"));
  const Tree json = json_of(
      run_cli({"diff", "-f", cluster, "--dialect-to", "ovn-kubernetes", "--quiet", "-o", "json"}));
  const Tree* causes = json.find("causes");
  REQUIRE(causes != nullptr);
  REQUIRE(causes->items.size() == 2);
  const Tree& first = causes->items.front();
  CHECK(first.find("semanticsBefore")->text == "SDN-M1");
  CHECK(first.find("semanticsAfter")->text == "P1");
  CHECK(first.find("flows")->items.size() == 26);
  CHECK_FALSE(first.find("flows")->items.front().find("evidenceBefore")->items.empty());
}

TEST_CASE("a mode of --sdn does not stop a comparison with another dialect") {
  const CliRun run = run_cli(
      {"diff", "-f", kBookinfo, "--sdn", "subnet", "--dialect-to", "ovn-kubernetes", "--quiet"});
  CHECK(run.code == ExitCode::Success);
  CHECK(says(run, "in mode subnet everything reaches everything"));
}

TEST_CASE("a network compared with itself is told") {
  const CliRun run = run_cli({"diff", "-f", kBookinfo, "--dialect-to", "openshift-sdn"});
  CHECK(run.code == ExitCode::Success);
  CHECK(says(run, "nothing became reachable, nothing stopped"));
  CHECK(
      run.err.find("--dialect-to: warning[same-network]: the network is openshift-sdn already, so "
                   "--dialect-to compares it with itself\n") != std::string::npos);
}

TEST_CASE("a block is explained part by part, and what is left out is told") {
  const CliRun run = run_cli(
      {"explain", "-f", kBookinfo, "--quiet", "203.0.113.0/24", "storefront/web", "--port", "80"});
  CHECK(run.code == ExitCode::Success);
  const TemporaryFolder folder;
  std::string many;
  for (int i = 0; i < 300; ++i) {
    many += "apiVersion: v1\nkind: Pod\nmetadata: {name: p" + std::to_string(i) +
            ", namespace: a}\nstatus: {phase: Running, podIP: 10.0." + std::to_string(i / 250) +
            "." + std::to_string(1 + i % 250) + "}\n---\n";
  }
  const CliRun cut = run_cli({"explain", "-f", folder.write("many.yaml", many), "--quiet",
                              "10.0.0.0/16", "a/p0", "--port", "80"},
                             {.width = 200});
  CHECK(cut.code == ExitCode::Inconclusive);
  CHECK(says(cut,
             "10.0.0.0/16 has 301 parts that rules may tell apart, of which 45 are left out: "
             "ask about a smaller"));
}

TEST_CASE("tables of reach, paths and migrations keep to a narrow terminal") {
  std::filesystem::current_path(MESHPROOF_SOURCE_DIR);
  const std::size_t width = GENERATE(60u, 80u);
  const std::vector<std::vector<std::string>> commands{
      {"reach", "-f", kBookinfo, "--quiet"},
      {"reach", "-f", kBookinfo, "--quiet", "--full"},
      {"reach", "-f", kBookinfo, "--quiet", "--summary"},
      {"paths", "-f", kBookinfo, "--quiet", "outside", "databases/mysql", "--full"},
      {"diff", "-f", kLibrary + "bookinfo-joins-multitenant/cluster.yaml", "--quiet",
       "--dialect-to", "ovn-kubernetes"}};
  for (const std::vector<std::string>& args : commands) {
    const CliRun run = run_cli(args, {.width = width});
    REQUIRE_FALSE(run.out.empty());
    std::istringstream lines(run.out);
    for (std::string line; std::getline(lines, line);) {
      const std::string text = line.substr(std::min(line.find_first_not_of(' '), line.size()));
      INFO(line);
      CHECK((display_width(line) <= width || text.find(' ') == std::string::npos));
    }
  }
}
