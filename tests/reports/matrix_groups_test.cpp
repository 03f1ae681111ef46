#include "reports/matrix_groups.h"

#include <catch2/catch.hpp>

#include "reports/isolation_formats.h"

using namespace meshproof;

namespace {

const PortSet kWeb = PortSet::of(Protocol::Tcp, {80, 80});

/// Three projects: a and b reach c by one port, c reaches a perhaps, b has no pods.
ReportedMatrix matrix() {
  ReportedMatrix reported;
  NamespaceMatrix& matrix = reported.matrix;
  matrix.ends = {{"a", false, 2}, {"b", false, 0}, {"c", false, 1}};
  matrix.cells = {{}, {kWeb, kWeb, {}, 0}, {{}, {}, kWeb, 0}};
  matrix.causes = {{}};
  matrix.rows = {{{0, 0}}, {{0, 1}, {2, 0}}, {{0, 0}, {2, 2}}};
  matrix.cells_of = {2, 0, 1};
  matrix.ingress_of = {0, 0, 0};
  matrix.egress_of = {0, 0, 0};
  reported.groups = {"members of m", "in no mesh"};
  reported.group_of = {0, 0, 1};
  return reported;
}

}  // namespace

TEST_CASE("a row of a matrix is read run by run") {
  const MatrixRow row{{0, 7}, {3, 8}, {4, 7}};
  CHECK(value_at(row, 0) == 7);
  CHECK(value_at(row, 2) == 7);
  CHECK(value_at(row, 3) == 8);
  CHECK(value_at(row, 9) == 7);
}

TEST_CASE("groups count pairs of different ends that have pods") {
  const auto cells = group_cells(matrix());
  CHECK(cells[0][0].pairs == 0);
  CHECK(group_cell_words(cells[0][0]) == "no pair");
  CHECK(cells[0][1].pairs == 1);
  CHECK(cells[0][1].open == 1);
  CHECK(group_cell_words(cells[0][1]) == "open");
  CHECK(cells[1][0].unknown == 1);
  CHECK(cells[1][0].closed() == 0);
  CHECK(group_cell_words(cells[1][0]) == "closed, 1 not known");
}

TEST_CASE("a cell says whether its ports are open between all pods") {
  CHECK(matrix_cell_words({}) == "closed");
  CHECK(matrix_cell_words({kWeb, kWeb, {}, 0}) == "TCP 80");
  CHECK(matrix_cell_words({kWeb, {}, {}, 0}) == "between some pods: TCP 80");
  CHECK(matrix_cell_words({{}, {}, kWeb, 0}) == "not known: TCP 80");
}

TEST_CASE("the graph draws projects, and groups where there are too many") {
  const auto [level, dot] = isolation_graph(matrix());
  CHECK(level == GraphLevel::Projects);
  CHECK(dot.find("n0 -> n2 [xlabel=\"TCP 80\"]") != std::string::npos);
  CHECK(dot.find("n2 -> n0 [xlabel=\"TCP 80\", style=dashed]") != std::string::npos);
  ReportedMatrix many = matrix();
  for (int i = 0; i < 40; ++i) {
    many.matrix.ends.push_back({"x" + std::to_string(i), false, 1});
    many.matrix.cells_of.push_back(0);
    many.group_of.push_back(1);
  }
  CHECK(isolation_graph(many).level == GraphLevel::Groups);
  CHECK(isolation_graph(many).dot.find("in no mesh (41)") != std::string::npos);
}

TEST_CASE("the graph of a small cluster draws workloads in frames of their projects") {
  ReportedMatrix small = matrix();
  const EndpointName web{"a", "Deployment", "web", {}};
  const EndpointName api{"b", "Deployment", "api", {}};
  small.workloads.emplace();
  small.workloads->connections = {{web, api, kWeb}, {web, web, kWeb}};
  small.workloads->undecided = {{{{}, {}, {}, "0.0.0.0/0"}, web, "why", kWeb}};
  const auto [level, dot] = isolation_graph(small);
  CHECK(level == GraphLevel::Workloads);
  CHECK(dot.find("subgraph cluster_0 {\n    label=\"a\";\n    n0 [label=\"web\"];") !=
        std::string::npos);
  CHECK(dot.find("n0 -> n1 [xlabel=\"TCP 80\"]") != std::string::npos);
  CHECK(dot.find("n2 -> n0 [xlabel=\"TCP 80\", style=dashed]") != std::string::npos);
  CHECK(dot.find("n0 -> n0") == std::string::npos);
}

TEST_CASE("a graph of a change says what opened and what closed") {
  ReportedMatrix before = matrix();
  ReportedMatrix after = matrix();
  SECTION("between projects") {
    after.matrix.cells[1] = {};                   // nobody reaches c any more
    after.matrix.cells[2] = {kWeb, kWeb, {}, 0};  // c reaches a for certain
    after.matrix.rows[0] = {{0, 0}, {2, 2}};      // and b
    const std::string dot = isolation_graph(after, &before).dot;
    CHECK(dot.find("n0 -> n2 [xlabel=\"− TCP 80\", class=lost") != std::string::npos);
    CHECK(dot.find("n2 -> n0 [xlabel=\"TCP 80 (before: perhaps TCP 80)\", class=changed") !=
          std::string::npos);
    CHECK(dot.find("n2 -> n1 [xlabel=\"+ TCP 80\", class=gained") != std::string::npos);
  }
  SECTION("an end that was in another group is in that of the judged state") {
    after.group_of = {1, 0, 1};
    const std::string dot = isolation_graph(after, &before).dot;
    CHECK(dot.find("label=\"in no mesh\";\n    n0 [label=\"a\"]") != std::string::npos);
    CHECK(dot.find("class=") == std::string::npos);
  }
  SECTION("between groups pairs are compared in the groups of the judged state") {
    for (int i = 0; i < 40; ++i) {
      for (ReportedMatrix* each : {&after, &before}) {
        each->matrix.ends.push_back({"x" + std::to_string(i), false, 1});
        each->matrix.cells_of.push_back(0);
        each->group_of.push_back(1);
      }
    }
    after.group_of[0] = 1;
    const auto [level, dot] = isolation_graph(after, &before);
    CHECK(level == GraphLevel::Groups);
    CHECK(dot.find("class=") == std::string::npos);
  }
}
