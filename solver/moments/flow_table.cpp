#include "solver/moments/flow_table.h"

#include <utility>

namespace meshproof {

PairPortsId PairPortsBook::intern(PairPorts ports) {
  const auto [at, is_new] =
      ids_.try_emplace({ports.open, ports.unknown}, static_cast<PairPortsId>(ports_.size()));
  if (is_new) ports_.push_back(std::make_unique<const PairPorts>(std::move(ports)));
  return at->second;
}

FlowTable::FlowTable(const Scene& scene, PairPortsBook& book, const SceneProject& one,
                     const ProjectViews& views)
    : scene_(scene), book_(book), views_(views), slice_(scene, {&one}, true) {
  add_pairs(TableEnd::Of::First, TableEnd::Of::First, one, one);
  for (std::size_t end = 0; end < one.ends.size(); ++end) {
    const TableEnd inside{TableEnd::Of::First, end};
    for (std::size_t i = 0; i < scene.outside().size(); ++i) {
      pairs_.push_back({{TableEnd::Of::Outside, i}, inside});
      pairs_.push_back({inside, {TableEnd::Of::Outside, i}});
    }
  }
}

FlowTable::FlowTable(const Scene& scene, PairPortsBook& book, const SceneProject& one,
                     const ProjectViews& views, const SceneProject& other,
                     const ProjectViews& other_views)
    : scene_(scene),
      book_(book),
      views_(views),
      other_views_(&other_views),
      slice_(scene, {&one, &other}, false) {
  add_pairs(TableEnd::Of::First, TableEnd::Of::Second, one, other);
  add_pairs(TableEnd::Of::Second, TableEnd::Of::First, other, one);
}

void FlowTable::add_pairs(TableEnd::Of from, TableEnd::Of to, const SceneProject& one,
                          const SceneProject& other) {
  for (std::size_t i = 0; i < one.ends.size(); ++i) {
    for (std::size_t j = 0; j < other.ends.size(); ++j) {
      if (from == to && i == j && one.ends[i].second.empty()) continue;
      pairs_.push_back({{from, i}, {to, j}});
    }
  }
}

PairEnd FlowTable::pair_end(const TableEnd& end, bool is_second) const {
  if (end.of == TableEnd::Of::Outside) return PairEnd::of_outside(end.end);
  const std::size_t project = end.of == TableEnd::Of::First ? 0 : 1;
  return PairEnd::of(is_second ? slice_.second(project, end.end) : slice_.pod(project, end.end));
}

const std::vector<PairPortsId>& FlowTable::at(std::size_t config, std::size_t other_config) {
  const auto [at, is_new] = answers_.try_emplace({config, other_config});
  if (!is_new) return at->second;
  std::vector<const VersionVector*> versions{&views_.configs()[config]};
  if (other_views_ != nullptr) versions.push_back(&other_views_->configs()[other_config]);
  slice_.set(versions);
  const AllPairs engine(slice_.cluster(),
                        is_of_two() ? std::vector<IpAddress>{} : scene_.outside());
  for (const TablePair& pair : pairs_) {
    const PairEnd from = pair_end(pair.from, false);
    const PairEnd to = pair_end(pair.to, pair.from == pair.to);
    at->second.push_back(book_.intern(engine.between(from, to)));
  }
  return at->second;
}

}  // namespace meshproof
