#include "reports/graph_svg.h"

#include <array>
#include <cstdio>
#include <map>
#include <memory>
#include <stdexcept>
#include <vector>

#include <graphviz/gvc.h>
#include <graphviz/gvcext.h>

// The library has no header for its plugins, which a program may link instead of having them looked
// for. The one that measures text by the fonts of the machine is left out.
// NOLINTBEGIN(readability-identifier-naming): the names are the library's.
extern "C" {
extern gvplugin_library_t gvplugin_core_LTX_library;
extern gvplugin_library_t gvplugin_dot_layout_LTX_library;
}
// NOLINTEND(readability-identifier-naming)

namespace meshproof {
namespace {

std::array<lt_symlist_t, 3> plugins{{
    {"gvplugin_core_LTX_library", &gvplugin_core_LTX_library},
    {"gvplugin_dot_layout_LTX_library", &gvplugin_dot_layout_LTX_library},
    {nullptr, nullptr},
}};

/// The numbers of a graph's objects. The library's own are addresses of names, and it orders by
/// them: the same graph would be drawn otherwise the next time.
struct ObjectIds {
  std::map<std::string, IDTYPE> known;
  std::vector<const std::string*> names;  ///< of even numbers
  IDTYPE nameless = 0;

  IDTYPE of(const char* name) {
    const auto [at, is_new] = known.try_emplace(name, 2 * known.size() + 2);
    if (is_new) names.push_back(&at->first);
    return at->second;
  }
};

ObjectIds& ids_of(void* state) { return *static_cast<ObjectIds*>(state); }

Agiddisc_t ids{
    .open = [](Agraph_t*, Agdisc_t*) -> void* { return new ObjectIds; },
    .map = [](void* state, int, char* name, IDTYPE* id, int create) -> long {
      ObjectIds& all = ids_of(state);
      if (name == nullptr) {
        if (create != 0) *id = 2 * all.nameless++ + 1;
        return create;
      }
      if (create == 0 && !all.known.contains(name)) return 0;
      *id = all.of(name);
      return 1;
    },
    .alloc = [](void*, int, IDTYPE) -> long { return 0; },
    .free = [](void*, int, IDTYPE) {},
    .print = [](void* state, int, IDTYPE id) -> char* {
      const bool has_name = id % 2 == 0 && id / 2 - 1 < ids_of(state).names.size();
      // The library's type is older than const; it only reads.
      return has_name ? const_cast<char*>(ids_of(state).names[id / 2 - 1]->c_str()) : nullptr;
    },
    .close = [](void* state) { delete static_cast<ObjectIds*>(state); },
    .idregister = [](void*, int, void*) {},
};

using Graph = std::unique_ptr<Agraph_t, decltype(&agclose)>;

Graph read_graph(const std::string& dot) {
  const std::unique_ptr<std::FILE, decltype(&std::fclose)> file(
      fmemopen(const_cast<char*>(dot.data()), dot.size(), "r"), std::fclose);
  Agdisc_t disciplines{&AgMemDisc, &ids, &AgIoDisc};
  return {agread(file.get(), &disciplines), agclose};
}

}  // namespace

std::string graph_svg(const std::string& dot) {
  const std::unique_ptr<GVC_t, decltype(&gvFreeContext)> context(
      gvContextPlugins(plugins.data(), 0), gvFreeContext);
  const Graph graph = read_graph(dot);
  if (!graph) throw std::logic_error("a graph that Graphviz cannot read");
  gvLayout(context.get(), graph.get(), "dot");
  char* text = nullptr;
  unsigned int size = 0;
  gvRenderData(context.get(), graph.get(), "svg", &text, &size);
  const std::unique_ptr<char, decltype(&gvFreeRenderData)> owned(text, gvFreeRenderData);
  std::string svg(text, size);
  gvFreeLayout(context.get(), graph.get());
  return svg;
}

std::string inline_graph_svg(const std::string& dot) {
  const std::string svg = graph_svg(dot);
  return svg.substr(svg.find("<svg"));
}

}  // namespace meshproof
