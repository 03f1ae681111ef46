#include "solver/moments/stage_graph.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace meshproof {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);
/// Pairs of classes without steps that are looked at for all stages.
constexpr std::size_t kMostUnchanged = 20'000;
constexpr std::size_t kMostPods = 6'000;

bool is_one_pod(const FoundEnd& a, const FoundEnd& b) {
  return a.project && a.project == b.project && a.end == b.end && a.is_second == b.is_second;
}

}  // namespace

StageGraph::StageGraph(MomentSearch& search, std::size_t stage, bool with_maybe)
    : search_(search), stage_(stage), with_maybe_(with_maybe) {
  const Scene& scene = search.scene_;
  const auto& classes = scene.classes();
  for (std::size_t i = 0; i < classes.size(); ++i) {
    for (std::size_t number = 0; number < classes[i].projects.size(); ++number) {
      const SceneProject& project = scene.project(i, number);
      for (std::size_t end = 0; end < project.ends.size(); ++end) {
        pods_.push_back({ClassMember{i, number}, end, false});
        if (!project.ends[end].second.empty()) pods_.push_back({ClassMember{i, number}, end, true});
      }
    }
  }
  ends_ = pods_;
  for (std::size_t i = 0; i < scene.outside().size(); ++i) ends_.push_back({{}, i, false});
  own_.resize(classes.size());
  pairs_.resize(classes.size() * classes.size());
  if (pods_.size() > kMostPods) {
    obstacle_ = "paths of more than two hops over more than " + std::to_string(kMostPods) +
                " different pods are not looked for";
    return;
  }
  for (MomentSearch::Table& table : search.tables_) {
    place_of(table.one, table.other, table.of_two) = filled(table);
  }
}

std::size_t StageGraph::Row::pair(const TableEnd& from, const TableEnd& to) const {
  const auto place = [&](const TableEnd& end) {
    if (end.of == TableEnd::Of::First) return end.end;
    return (end.of == TableEnd::Of::Second ? second : outside) + end.end;
  };
  return place(from) * width + place(to);
}

MomentSearch::Table* StageGraph::unchanged(std::size_t one, std::size_t other, bool of_two) {
  const auto known = search_.unchanged_.find({one, other, of_two});
  if (known != search_.unchanged_.end()) return &known->second;
  if (search_.unchanged_.size() >= kMostUnchanged) {
    obstacle_ = "paths of more than two hops over projects of more than " +
                std::to_string(kMostUnchanged) +
                " pairs of classes that the change does not touch are not looked for";
    return nullptr;
  }
  MomentSearch::Table made = search_.make_table(one, other, of_two);
  made.before = &made.flows->at(0, 0);
  made.after = made.before;
  return &search_.unchanged_.emplace(std::tuple{one, other, of_two}, std::move(made)).first->second;
}

std::unique_ptr<StageGraph::Row>& StageGraph::place_of(std::size_t one, std::size_t other,
                                                       bool of_two) {
  return of_two ? pairs_[one * own_.size() + other] : own_[one];
}

StageGraph::Row* StageGraph::row(std::size_t one, std::size_t other, bool of_two) {
  std::unique_ptr<Row>& row = place_of(one, other, of_two);
  if (row) return row.get();
  MomentSearch::Table* table = unchanged(one, other, of_two);
  if (table != nullptr) row = filled(*table);
  return row.get();
}

std::uint8_t StageGraph::kinds_of(const MomentSearch::Table& table, std::size_t pair,
                                  PairPortsId moment) {
  const Transition& transition =
      search_.transitions_.of((*table.before)[pair], (*table.after)[pair], moment);
  return with_maybe_ ? static_cast<std::uint8_t>(transition.open | transition.maybe_open)
                     : transition.open;
}

std::unique_ptr<StageGraph::Row> StageGraph::filled(MomentSearch::Table& table) {
  auto result = std::make_unique<Row>();
  Row& row = *result;
  const Scene& scene = search_.scene_;
  row.table = &table;
  row.second = scene.project(table.one, 0).ends.size();
  row.outside = row.second + (table.of_two ? scene.project(table.other, 0).ends.size() : 0);
  row.width = row.outside + (table.of_two ? 0 : scene.outside().size());
  const auto& pairs = table.flows->pairs();
  row.pairs.assign(row.width * row.width, kNone);
  row.kinds.assign(pairs.size(), 0);
  for (std::size_t i = 0; i < pairs.size(); ++i)
    row.pairs[row.pair(pairs[i].from, pairs[i].to)] = i;
  const auto look = [&](std::size_t config, std::size_t other_config) {
    const std::vector<PairPortsId>& moment = table.flows->at(config, other_config);
    for (std::size_t i = 0; i < pairs.size(); ++i) row.kinds[i] |= kinds_of(table, i, moment[i]);
  };
  for (const ProjectView& view : search_.views_[table.one].at(stage_)) {
    if (!table.of_two) {
      look(view.config, 0);
      continue;
    }
    for (const ProjectView& other : search_.views_[table.other].at(stage_)) {
      look(view.config, other.config);
    }
  }
  return result;
}

StageGraph::Link StageGraph::link(const FoundEnd& from, const FoundEnd& to) {
  if ((!from.project && !to.project) || is_one_pod(from, to)) return {};
  Link link;
  TableEnd first{TableEnd::Of::First, from.end};
  TableEnd second{TableEnd::Of::First, to.end};
  if (!from.project || !to.project) {
    link.row = row((from.project ? from : to).project->of_class, 0, false);
    (from.project ? second : first).of = TableEnd::Of::Outside;
  } else if (from.project == to.project) {
    link.row = row(from.project->of_class, 0, false);
  } else {
    const auto [lower, upper] = std::minmax(from.project->of_class, to.project->of_class);
    link.is_backwards = from.project->of_class > to.project->of_class;
    link.row = row(lower, upper, true);
    (link.is_backwards ? first : second).of = TableEnd::Of::Second;
  }
  if (link.row == nullptr) return {};
  link.pair = link.row->pairs[link.row->pair(first, second)];
  return link.pair == kNone ? Link{} : link;
}

std::uint8_t StageGraph::kinds(const FoundEnd& from, const FoundEnd& to) {
  const Link found = link(from, to);
  return found.row == nullptr ? std::uint8_t{0} : found.row->kinds[found.pair];
}

std::vector<HopMoment> StageGraph::moments(const FoundEnd& from, const FoundEnd& to,
                                           FlowKind kind) {
  std::vector<HopMoment> found;
  const Link between = link(from, to);
  if (between.row == nullptr) return found;
  const MomentSearch::Table& table = *between.row->table;
  const auto look = [&](const ProjectView& one, const ProjectView* other) {
    const std::size_t other_config = other == nullptr ? 0 : other->config;
    const PairPortsId open = table.flows->at(one.config, other_config)[between.pair];
    if (((static_cast<unsigned>(kinds_of(table, between.pair, open)) >>
          static_cast<unsigned>(kind)) &
         1U) == 0)
      return;
    HopMoment moment{&one, other, open, one.count + (other == nullptr ? 0 : other->count)};
    if (!table.of_two) {
      moment.to = to.project ? &one : nullptr;
      moment.from = from.project ? &one : nullptr;
    } else if (between.is_backwards) {
      std::swap(moment.from, moment.to);
    }
    found.push_back(moment);
  };
  for (const ProjectView& one : search_.views_[table.one].at(stage_)) {
    if (!table.of_two) {
      look(one, nullptr);
      continue;
    }
    for (const ProjectView& other : search_.views_[table.other].at(stage_)) look(one, &other);
  }
  std::ranges::stable_sort(found, {}, &HopMoment::count);
  return found;
}

FoundHop StageGraph::hop(const FoundEnd& from, const FoundEnd& to, FlowKind kind,
                         const HopMoment& moment) {
  const Link between = link(from, to);
  const MomentSearch::Table& table = *between.row->table;
  FoundHop hop{from, to, {}, true, {}};
  hop.ports = search_.transitions_.ports((*table.before)[between.pair],
                                         (*table.after)[between.pair], moment.open, kind, true);
  const auto see = [&](const FoundEnd& end, const ProjectView* view) {
    if (view == nullptr) return;
    const std::vector<StepReference> steps = search_.steps(*end.project, stage_, *view);
    hop.in_effect.insert(hop.in_effect.end(), steps.begin(), steps.end());
  };
  see(from, moment.from);
  if (from.project != to.project) see(to, moment.to);
  return hop;
}

}  // namespace meshproof
