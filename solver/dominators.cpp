#include "solver/dominators.h"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/dominator_tree.hpp>

namespace meshproof {
namespace {

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS>;

/// By vertex, whether a way leads there.
std::vector<bool> reached_from(std::uint32_t root, const Links& links) {
  Graph graph(links.vertices);
  for (const auto& [from, to] : links.edges) boost::add_edge(from, to, graph);
  std::vector<boost::default_color_type> colours(links.vertices, boost::white_color);
  boost::breadth_first_visit(graph, boost::vertex(root, graph),
                             boost::color_map(boost::make_iterator_property_map(
                                 colours.begin(), boost::get(boost::vertex_index, graph))));
  std::vector<bool> reached;
  for (const auto colour : colours) reached.push_back(colour != boost::white_color);
  return reached;
}

}  // namespace

std::vector<std::uint32_t> not_dominated(const Links& links, std::uint32_t root, std::uint32_t gate,
                                         const std::vector<std::uint32_t>& targets) {
  // Boost 1.74 takes a vertex that nothing reaches for the root where an edge leads from there.
  const std::vector<bool> reached = reached_from(root, links);
  Graph graph(links.vertices);
  for (const auto& [from, to] : links.edges) {
    if (reached[from]) boost::add_edge(from, to, graph);
  }
  const auto nobody = boost::graph_traits<Graph>::null_vertex();
  std::vector<Graph::vertex_descriptor> dominators(links.vertices, nobody);
  boost::lengauer_tarjan_dominator_tree(graph, boost::vertex(root, graph), dominators.data());
  std::vector<std::uint32_t> result;
  for (const std::uint32_t target : targets) {
    bool passes_gate = target == gate;
    for (auto at = dominators[target]; at != nobody; at = dominators[at]) {
      passes_gate = passes_gate || at == gate;
    }
    if (reached[target] && !passes_gate) result.push_back(target);
  }
  return result;
}

}  // namespace meshproof
