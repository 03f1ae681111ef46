#include "reports/fold.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

using namespace meshproof;

namespace {

EndpointName workload(const std::string& ns, const std::string& name) {
  return {ns, "Deployment", name, ""};
}

Connection open(EndpointName src, EndpointName dst, const std::string& policy = "") {
  Connection connection{std::move(src), std::move(dst), PortSet::all(), {}};
  if (!policy.empty()) {
    connection.evidence = {{Direction::Ingress, "P4", policy, 0, 0, -1, {}, "closed"}};
  }
  return connection;
}

/// What the folded lines say, connection by connection.
std::set<std::pair<std::string, std::string>> unfold(const std::vector<FoldedConnections>& rows) {
  std::set<std::pair<std::string, std::string>> pairs;
  for (const FoldedConnections& row : rows) {
    for (const EndpointName& src : row.sources) {
      for (const EndpointName& dst : row.destinations) {
        if (src != dst) pairs.emplace(to_string(src), to_string(dst));
      }
    }
  }
  return pairs;
}

}  // namespace

TEST_CASE("connections of one project with one project are one line") {
  const auto rows = fold(
      {open(workload("a", "x"), workload("b", "1")), open(workload("a", "x"), workload("b", "2")),
       open(workload("a", "y"), workload("b", "1")), open(workload("a", "y"), workload("b", "2"))});
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].count == 4);
  CHECK(describe(rows[0].sources) == "a/{x, y}");
  CHECK(describe(rows[0].destinations) == "b/{1, 2}");
}

TEST_CASE("folding says nothing that is not so") {
  const std::vector<Connection> connections{open(workload("a", "x"), workload("b", "1")),
                                            open(workload("a", "y"), workload("b", "1")),
                                            open(workload("a", "y"), workload("b", "2")),
                                            open(workload("c", "z"), workload("b", "1")),
                                            open(workload("b", "1"), workload("b", "2")),
                                            open(workload("b", "2"), workload("b", "1")),
                                            open({"", "", "", "0.0.0.0/0"}, workload("b", "1"))};
  const auto rows = fold(connections);
  std::set<std::pair<std::string, std::string>> wanted;
  for (const Connection& each : connections) {
    wanted.emplace(to_string(each.src), to_string(each.dst));
  }
  CHECK(unfold(rows) == wanted);
  std::size_t count = 0;
  for (const FoldedConnections& row : rows) count += row.count;
  CHECK(count == connections.size());
}

TEST_CASE("many projects that are alike are counted") {
  std::vector<Connection> connections;
  for (const char* ns : {"p1", "p2", "p3", "p4", "p5"}) {
    connections.push_back(open(workload(ns, "app"), workload("shop", "web")));
  }
  const auto rows = fold(connections);
  REQUIRE(rows.size() == 1);
  CHECK(describe(rows[0].sources) == "5 projects (5 workloads)");
  CHECK(describe(rows[0].destinations) == "shop/web");
}

TEST_CASE("a line names a policy only if it decided all of the line") {
  const auto line = [](const std::string& second_policy) {
    return connection_lines(
        as_groups({open(workload("a", "x"), workload("b", "1"), "NetworkPolicy b/p"),
                   open(workload("a", "y"), workload("b", "1"), second_policy)}),
        '-', {}, 100, false);
  };
  CHECK(line("NetworkPolicy b/p") == "  - a/{x, y} → b/1   all ports   by NetworkPolicy b/p\n");
  CHECK(line("NetworkPolicy b/q") == "  - a/{x, y} → b/1   all ports\n");
}

TEST_CASE("addresses outside and nodes are named as such") {
  CHECK(describe({{"", "", "", "0.0.0.0/0"}}) == "outside 0.0.0.0/0");
  CHECK(describe({{"", "Node", "node-a", ""}}) == "node node-a");
  CHECK(describe({workload("a", "1"), workload("a", "2"), workload("a", "3"),
                  workload("a", "4")}) == "4 workloads of a");
}

TEST_CASE("a long section is folded and says how much of it") {
  std::vector<Connection> connections;
  for (int i = 10; i < 40; ++i) {
    const std::string name = std::to_string(i);
    connections.push_back({workload("p" + name, "app"),
                           workload("shop", "web"),
                           PortSet::of(Protocol::Tcp, {static_cast<std::uint16_t>(i), 100}),
                           {}});
  }
  const Sources sources;
  const std::string folded = connection_lines(as_groups(connections), '-', sources, 100, false);
  CHECK(folded.find("    and 18 connections more: --full\n") != std::string::npos);
  const std::string full = connection_lines(as_groups(connections), '-', sources, 100, true);
  CHECK(full.find("--full") == std::string::npos);
  CHECK(full.find("p39/app") != std::string::npos);
}

TEST_CASE("a line names the policy that decides, folded or not") {
  Connection gained = open(workload("a", "x"), workload("b", "1"));
  gained.evidence = {{Direction::Egress, "P1", "", -1, -1, -1, {}, "nothing isolates it"},
                     {Direction::Ingress, "P4", "NetworkPolicy b/p", 0, 0, -1, {}, "admitted"}};
  const Sources sources;
  const bool full = GENERATE(false, true);
  const std::string text = connection_lines(as_groups({gained}), '+', sources, 100, full);
  CHECK(text.find("by NetworkPolicy b/p") != std::string::npos);
  CHECK(text.find("nothing isolates it") == std::string::npos);
}
