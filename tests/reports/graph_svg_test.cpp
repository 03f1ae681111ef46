#include "reports/graph_svg.h"

#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "reports/dot.h"

using namespace meshproof;

TEST_CASE("Graphviz lays a graph out, and takes no name for anything else") {
  const std::string name = "a\"];\n<script>alert(1)</script> \\N &amp;";
  const std::string dot = "digraph { n0 [label=" + dot_string(name) + "]; n0 -> n1; }";
  const std::string svg = inline_graph_svg(dot);
  CHECK(svg.starts_with("<svg"));
  CHECK(svg.find("<script") == std::string::npos);
  CHECK(svg.find("&lt;script&gt;") != std::string::npos);
  CHECK(svg.find("<title>n1</title>") != std::string::npos);
  CHECK(graph_svg(dot).starts_with("<?xml"));
}

TEST_CASE("the same graph is drawn alike each time, whatever lies where in memory") {
  std::string dot = "digraph {\n  rankdir=LR;\n";
  for (int i = 0; i < 30; ++i) {
    const std::string node = "n" + std::to_string(i);
    dot += "  subgraph cluster_" + std::to_string(i % 4) + " { label=\"g" + std::to_string(i % 4) +
           "\"; " + node + "; }\n";
    for (int j = 0; j < 30; j += 1 + i % 5) {
      if (i != j) dot += "  " + node + " -> n" + std::to_string(j) + " [xlabel=\"TCP 80\"];\n";
    }
  }
  dot += "}\n";
  const std::string first = graph_svg(dot);
  std::vector<std::unique_ptr<std::string>> between;
  for (int i = 0; i < 5; ++i) {
    for (int j = 0; j < 1000; ++j) {
      between.push_back(std::make_unique<std::string>(static_cast<std::size_t>(20 + j % 40), 'x'));
    }
    for (std::size_t j = 0; j < between.size(); j += 3) between[j].reset();
    CHECK(graph_svg(dot) == first);
  }
}
