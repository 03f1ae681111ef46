#include "solver/moments/search.h"

#include <algorithm>

namespace meshproof {
namespace {

/// All views of all pairs of projects together.
constexpr std::size_t kMostMoments = 400'000;

bool is_better(std::size_t stage, std::size_t count, const std::optional<FoundMoment>& than) {
  return !than || std::pair{stage, count} < std::pair{than->stage, than->count};
}

}  // namespace

MomentSearch::MomentSearch(const Scene& scene, const std::vector<Stage>& stages,
                           std::size_t most_parts)
    : scene_(scene), stages_(stages), transitions_(book_) {
  const auto& classes = scene.classes();
  for (std::size_t i = 0; i < classes.size(); ++i) {
    auto views = ProjectViews::of(scene.project(i, 0), stages, most_parts);
    if (!views) {
      obstacle_ = "project " + scene.project(i, 0).name + " has more parts of its steps than " +
                  std::to_string(most_parts);
      return;
    }
    views_.push_back(std::move(*views));
  }
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (!scene.project(i, 0).is_changed()) break;
    tables_.push_back(make_table(i, i, false));
    for (std::size_t j = i; j < classes.size(); ++j) {
      if (j > i || classes[i].count > 1) tables_.push_back(make_table(i, j, true));
    }
  }
  std::size_t moments = 0;
  for (const Table& table : tables_) {
    const std::size_t own = views_[table.one].configs().size();
    const std::size_t both = table.of_two ? own * views_[table.other].configs().size() : own;
    if (both > most_parts && obstacle_.empty()) {
      obstacle_ = "projects " + scene.project(table.one, 0).name + " and " +
                  scene.project(table.other, 0).name + " have more parts of their steps than " +
                  std::to_string(most_parts);
    }
    moments += both;
  }
  if (obstacle_.empty() && moments > kMostMoments) {
    obstacle_ = "projects of " + std::to_string(classes.size()) + " classes have more than " +
                std::to_string(kMostMoments) + " moments";
  }
  if (!obstacle_.empty()) return;
  for (Table& table : tables_) {
    table.before = &table.flows->at(0, 0);
    table.after =
        &table.flows->at(views_[table.one].last(), table.of_two ? views_[table.other].last() : 0);
  }
}

MomentSearch::Table MomentSearch::make_table(std::size_t one, std::size_t other, bool of_two) {
  Table table{one, other, of_two, nullptr, nullptr, nullptr};
  const SceneProject& first = scene_.project(one, 0);
  if (of_two) {
    const SceneProject& second = scene_.project(other, one == other ? 1 : 0);
    table.flows =
        std::make_unique<FlowTable>(scene_, book_, first, views_[one], second, views_[other]);
  } else {
    table.flows = std::make_unique<FlowTable>(scene_, book_, first, views_[one]);
  }
  return table;
}

ClassMember MomentSearch::member(const Table& table, TableEnd::Of of) const {
  if (of == TableEnd::Of::First) return {table.one, 0};
  return {table.other, table.one == table.other ? std::size_t{1} : std::size_t{0}};
}

FoundHop MomentSearch::hop_of(const Table& table, std::size_t index) const {
  const TablePair& pair = table.flows->pairs()[index];
  const auto end_of = [&](const TableEnd& end) {
    FoundEnd found;
    found.end = end.end;
    if (end.of != TableEnd::Of::Outside) found.project = member(table, end.of);
    return found;
  };
  FoundHop hop;
  hop.from = end_of(pair.from);
  hop.to = end_of(pair.to);
  hop.to.is_second = pair.from == pair.to;
  return hop;
}

std::vector<StepReference> MomentSearch::steps(const ClassMember& member, std::size_t stage,
                                               const ProjectView& view) const {
  std::vector<StepReference> result;
  const std::vector<StepReference> all =
      steps_of(scene_.project(member.of_class, member.number), stage);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (((view.steps >> i) & 1U) != 0) result.push_back(all[i]);
  }
  return result;
}

void MomentSearch::look_at(const Table& table, MomentRule rule, Searched& found) {
  const bool is_blackhole = rule == MomentRule::NoBlackhole;
  static const std::vector<ProjectView> kAlone(1);
  const auto judge = [&](std::size_t stage, const ProjectView& one, const ProjectView& other) {
    const std::size_t count = one.count + other.count;
    if (!is_better(stage, count, found.bad)) return;
    const std::vector<PairPortsId>& moment = table.flows->at(one.config, other.config);
    for (std::size_t i = 0; i < moment.size(); ++i) {
      const PairPortsId before = (*table.before)[i];
      const PairPortsId after = (*table.after)[i];
      const Transition& transition = transitions_.of(before, after, moment[i]);
      const bool is_bad = is_blackhole ? transition.blackhole : transition.breach;
      const bool may_be = is_blackhole ? transition.maybe_blackhole : transition.maybe_breach;
      if (!is_bad && (!may_be || found.maybe)) continue;
      FoundHop hop = hop_of(table, i);
      const FlowKind kind = is_blackhole ? FlowKind::Both : FlowKind::Neither;
      hop.ports = transitions_.ports(before, after, moment[i], kind, !is_blackhole);
      hop.is_open = !is_blackhole;
      const ClassMember first = member(table, TableEnd::Of::First);
      const ClassMember second = member(table, TableEnd::Of::Second);
      hop.in_effect = steps(first, stage, one);
      FoundMoment bad{rule, stage, count, {first}, {}};
      if (table.of_two) {
        const std::vector<StepReference> more = steps(second, stage, other);
        hop.in_effect.insert(hop.in_effect.end(), more.begin(), more.end());
        bad.projects.push_back(second);
      }
      bad.hops.push_back(std::move(hop));
      (is_bad ? found.bad : found.maybe) = std::move(bad);
      if (is_bad) return;
    }
  };
  for (std::size_t stage = 0; stage < stages_.size(); ++stage) {
    const auto& others = table.of_two ? views_[table.other].at(stage) : kAlone;
    for (const ProjectView& one : views_[table.one].at(stage)) {
      for (const ProjectView& other : others) judge(stage, one, other);
    }
  }
}

Searched MomentSearch::find_pairs(MomentRule rule) {
  Searched found;
  for (const Table& table : tables_) look_at(table, rule, found);
  if (found.bad) found.maybe.reset();
  return found;
}

}  // namespace meshproof
