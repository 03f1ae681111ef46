#include "reports/reach_report.h"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "reports/csv.h"
#include "reports/dot.h"
#include "reports/path_report.h"
#include "reports/text.h"

using namespace meshproof;

namespace {

EndpointName workload(const std::string& ns, const std::string& name) {
  return {ns, "Deployment", name, {}};
}

ReachReport sample() {
  ReachReport report;
  report.header.network.dialect = Dialect::OpenShiftSdn;
  PortSet some = PortSet::of(Protocol::Tcp, {80, 80}).unite(PortSet::of(Protocol::Udp, {53, 54}));
  report.reachability.connections = {
      {{{}, {}, {}, "203.0.113.0/24"}, workload("shop", "web"), some},
      {workload("shop", "web"), {{}, "Node", "node-a", {}}, PortSet::all()},
      {workload("shop", "web"), workload("pay", "api"), PortSet::of(Protocol::Tcp, {8080, 8080})}};
  report.reachability.undecided = {{workload("shop", "new"), workload("pay", "api"),
                                    "the address of new is not known, \"perhaps\" in it",
                                    PortSet::of(Protocol::Tcp, {1, 65535})}};
  report.reachability.always_dropped = PortSet::of(Protocol::Udp, {4789, 4789});
  return report;
}

ReachPairs pairs_of(const ReachReport& report) {
  return [&report](const auto& open, const auto& undecided) {
    const Reachability& found = report.reachability;
    if (std::all_of(found.connections.begin(), found.connections.end(), open)) {
      static_cast<void>(std::all_of(found.undecided.begin(), found.undecided.end(), undecided));
    }
    return found.always_dropped;
  };
}

void write_json(const ReachReport& report, const TextSink& sink) {
  write_reach_json(report.header, pairs_of(report), sink);
}
void write_csv(const ReachReport& report, const TextSink& sink) {
  write_reach_csv(pairs_of(report), sink);
}
void write_dot(const ReachReport& report, const TextSink& sink) {
  write_reach_dot(report.header, pairs_of(report), sink);
}

template <typename Write>
std::string text_of(Write write, const ReachReport& report) {
  std::string text;
  write(report, [&](std::string_view piece) {
    text += piece;
    return true;
  });
  return text;
}

}  // namespace

TEST_CASE("CSV has a row for each range, what is unknown and what is dropped for everybody") {
  CHECK(text_of(write_csv, sample()) ==
        "access,srcNamespace,srcKind,srcWorkload,srcCidr,dstNamespace,dstKind,dstWorkload,dstCidr,"
        "protocol,fromPort,toPort,reason\n"
        "allowed,,,,203.0.113.0/24,shop,Deployment,web,,TCP,80,80,\n"
        "allowed,,,,203.0.113.0/24,shop,Deployment,web,,UDP,53,54,\n"
        "allowed,shop,Deployment,web,,,Node,node-a,,all,,,\n"
        "allowed,shop,Deployment,web,,pay,Deployment,api,,TCP,8080,8080,\n"
        "unknown,shop,Deployment,new,,pay,Deployment,api,,TCP,1,65535,\"the address of new is not "
        "known, \"\"perhaps\"\" in it\"\n"
        "never,,,,,,,,,UDP,4789,4789,dropped for everybody\n");
}

TEST_CASE("no field of CSV ends its row, its quotes or begins a formula") {
  CHECK(csv_line({"a,b", "c\"d", "e\nf"}) == "\"a,b\",\"c\"\"d\",e\\nf\n");
  CHECK(csv_line({"=1+1", "+1", "-1", "@a", "a=1"}) == "'=1+1,'+1,'-1,'@a,a=1\n");
  CHECK(csv_line({"\t=1", "\r=1"}) == "\\t=1,\\r=1\n");
  CHECK(csv_line({"", "", "x"}) == ",,x\n");
}

TEST_CASE("no text ends a string of DOT or is an escape in it") {
  CHECK(dot_string("a") == "\"a\"");
  CHECK(dot_string("a\"b") == "\"a\\\"b\"");
  CHECK(dot_string("\\") == "\"\\\\\"");
  CHECK(dot_string("a\\N\n") == "\"a\\\\N\\\\n\"");
}

TEST_CASE("a graph groups workloads by project and dashes what is unknown") {
  const std::string text = text_of(write_dot, sample());
  CHECK(text ==
        "digraph reach {\n"
        "  graph [rankdir=LR, label=\"meshproof reach · openshift-sdn/networkpolicy\"];\n"
        "  node [shape=box];\n"
        "  \"203.0.113.0/24\" -> \"shop/Deployment/web\" [xlabel=\"TCP 80 · UDP 53-54\"];\n"
        "  \"shop/Deployment/web\" -> \"Node/node-a\" [xlabel=\"all ports\"];\n"
        "  \"shop/Deployment/web\" -> \"pay/Deployment/api\" [xlabel=\"TCP 8080\"];\n"
        "  \"shop/Deployment/new\" -> \"pay/Deployment/api\" [xlabel=\"unknown: TCP\", "
        "style=dashed];\n"
        "    \"203.0.113.0/24\" [label=\"outside 203.0.113.0/24\", shape=ellipse];\n"
        "    \"Node/node-a\" [label=\"Node node-a\", shape=ellipse];\n"
        "  subgraph cluster_0 {\n"
        "    label=\"pay\";\n"
        "    \"pay/Deployment/api\" [label=\"Deployment api\"];\n"
        "  }\n"
        "  subgraph cluster_1 {\n"
        "    label=\"shop\";\n"
        "    \"shop/Deployment/new\" [label=\"Deployment new\"];\n"
        "    \"shop/Deployment/web\" [label=\"Deployment web\"];\n"
        "  }\n"
        "}\n");
}

TEST_CASE("columns are as wide as the longest name") {
  CHECK(text_of(write_reach_wide, sample()) ==
        "FROM                  TO                    PORTS\n"
        "203.0.113.0/24        shop/Deployment/web   TCP 80 · UDP 53-54\n"
        "shop/Deployment/web   Node/node-a           all ports\n"
        "shop/Deployment/web   pay/Deployment/api    TCP 8080\n"
        "shop/Deployment/new   pay/Deployment/api    unknown TCP: the address of new is not known, "
        "\"perhaps\" in it\n"
        "anybody               anybody               never UDP 4789\n");
}

TEST_CASE("a table says what is open, unknown and never open") {
  const std::string text = reach_table(sample(), 80, false);
  CHECK(text.find("ALLOWED (3 connections)\n") != std::string::npos);
  CHECK(text.find("  outside 203.0.113.0/24 → shop/web   TCP 80 · UDP 53-54\n") !=
        std::string::npos);
  CHECK(text.find("UNKNOWN (1 pair)\n") != std::string::npos);
  CHECK(text.find("never UDP 4789: this network drops it for everybody\n") != std::string::npos);
}

TEST_CASE("a table of nothing says so, and differently where something is unknown") {
  ReachReport report = sample();
  report.reachability.connections.clear();
  CHECK(reach_table(report, 80, false)
            .find("nothing of what was asked about is known to be reachable\n") !=
        std::string::npos);
  report.reachability.undecided.clear();
  CHECK(reach_table(report, 80, false).find("nothing of what was asked about is reachable\n") !=
        std::string::npos);
}

TEST_CASE("more folded lines than a person reads are counted unless all are asked for") {
  ReachReport report;
  for (std::uint16_t i = 1; i <= 150; ++i) {
    report.reachability.connections.push_back({workload("a", "w" + std::to_string(i)),
                                               workload("b", "x"),
                                               PortSet::of(Protocol::Tcp, {i, i})});
  }
  CHECK(reach_table(report, 80, false).find("  and 50 connections more: --full\n") !=
        std::string::npos);
  const std::string full = reach_table(report, 80, true);
  CHECK(std::count(full.begin(), full.end(), '\n') == 153);
}

TEST_CASE("a result that cannot be written is not made to its end") {
  ReachReport report;
  for (std::uint16_t i = 1; i <= 60000; ++i) {
    report.reachability.connections.push_back(
        {workload("a", "w" + std::to_string(i)), workload("b", "x"), PortSet::all()});
  }
  for (const auto write : {write_csv, write_json, write_dot, write_reach_wide}) {
    int pieces = 0;
    write(report, [&](std::string_view) {
      ++pieces;
      return false;
    });
    CHECK(pieces == 1);
  }
}

namespace {

PathReport way() {
  PathHop first{
      workload("a", "start"), workload("b", "mid"), PortSet::all(), true, Protocol::Tcp, 8080, {}};
  first.reasons = {{Direction::Ingress, "P1", "", -1, -1, -1, {}, "nothing isolates b/mid"}};
  PathHop last{workload("b", "mid"),
               workload("c", "end"),
               PortSet::of(Protocol::Tcp, {443, 443}),
               true,
               Protocol::Tcp,
               443,
               {}};
  PathReport report;
  report.from = "a/start";
  report.to = "c/end";
  report.max_hops = 5;
  report.found.paths = {{{first, last}, true}};
  report.found.certain_count = 3;
  report.found.workloads = 9;
  report.found.reached = 4;
  return report;
}

}  // namespace

TEST_CASE("a path is told hop by hop, and how many more there are") {
  const std::string text = paths_table(way(), {}, 80, false);
  CHECK(text.substr(text.find("\n\n") + 2) ==
        "PATHS (3 paths of 2 hops)\n"
        "  a/Deployment/start\n"
        "   1 → b/Deployment/mid   all ports, for example TCP 8080\n"
        "       ingress nothing isolates b/mid\n"
        "   2 → c/Deployment/end   TCP 443\n"
        "  and 2 more of this length\n"
        "\n"
        "of 9 workloads as stepping stones 4 can be taken over on the way; nodes and\n"
        "  addresses outside are no stepping stones\n");
}

TEST_CASE("that there is no path is told with how far it was looked") {
  PathReport report = way();
  report.found.paths.clear();
  report.found.certain_count = 0;
  CHECK(paths_table(report, {}, 80, false).find("no path from a/start to c/end within 5 hops\n") !=
        std::string::npos);
  report.found.is_exhausted = true;
  CHECK(paths_table(report, {}, 80, false)
            .find("no path from a/start to c/end with any number of hops\n") != std::string::npos);
}

TEST_CASE("a possible path is none that is certain") {
  PathReport report = way();
  report.found.paths[0].certain = false;
  report.found.paths[0].hops[1].certain = false;
  report.found.certain_count = 0;
  report.found.possible_count = 1;
  const std::string text = paths_table(report, {}, 80, false);
  CHECK(text.find("no path from a/start to c/end within 5 hops is certain\n") != std::string::npos);
  CHECK(text.find("POSSIBLE (1 path of 2 hops)\n  a hop could not be decided\n") !=
        std::string::npos);
  CHECK(text.find("   2 → c/Deployment/end   perhaps TCP 443\n") != std::string::npos);
  CHECK(paths_dot(report).find("[xlabel=\"TCP 443\", style=dashed];") != std::string::npos);
}
