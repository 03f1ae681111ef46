#include <algorithm>
#include <set>

#include "solver/moments/stage_graph.h"

namespace meshproof {

namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);
/// Of one path, where writes wait for each other.
constexpr std::size_t kMostTries = 10'000;

bool has(std::uint8_t kinds, FlowKind kind) {
  return ((static_cast<unsigned>(kinds) >> static_cast<unsigned>(kind)) & 1U) != 0;
}

constexpr FlowKind other_of(FlowKind kind) {
  return kind == FlowKind::OnlyBefore ? FlowKind::OnlyAfter : FlowKind::OnlyBefore;
}

/// How far pods are from where a search began; kNone: it did not get there.
struct Spread {
  std::vector<std::size_t> level;
  std::vector<std::size_t> parent;

  /// From the start over the first pod to this one.
  [[nodiscard]] std::vector<std::size_t> way(std::size_t start, std::size_t pod) const {
    std::vector<std::size_t> way{pod};
    while (parent[way.back()] != kNone) way.push_back(parent[way.back()]);
    way.push_back(start);
    std::ranges::reverse(way);
    return way;
  }
};

}  // namespace

/// Paths whose first hop only one of the states has, whose last hop only the other one has, and
/// with hops between that both have: every path that neither state has holds one of them (SEMANTICS
/// W8). Hops that both states have are spread along as in a graph.
class LongerPivotSearch {
 public:
  LongerPivotSearch(MomentSearch& search, std::size_t hops, bool with_maybe)
      : search_(search), most_between_(hops - 2), with_maybe_(with_maybe) {}

  [[nodiscard]] std::optional<FoundMoment> run();
  [[nodiscard]] const std::string& unknown() const { return unknown_; }

 private:
  void look(FlowKind first);
  void look_from(std::size_t start, const std::vector<std::size_t>& heads);
  void look_beyond(const Spread& spread, std::size_t start, std::size_t only,
                   std::set<std::size_t>& on_their_ways);
  [[nodiscard]] Spread spread(const std::vector<std::size_t>& from, std::size_t without,
                              std::size_t without_too);
  [[nodiscard]] std::vector<std::size_t> heads_of(std::size_t start);
  [[nodiscard]] bool take(const std::vector<std::size_t>& path);
  [[nodiscard]] bool choose(const std::vector<std::size_t>& path, std::vector<HopMoment>& chosen,
                            std::size_t& tries);
  [[nodiscard]] bool agree(const std::vector<std::size_t>& path, std::size_t hop,
                           const HopMoment& moment, std::size_t later,
                           const HopMoment& later_moment) const;
  [[nodiscard]] bool can_both_ends_be(const std::vector<std::size_t>& path);
  [[nodiscard]] FlowKind kind_of(const std::vector<std::size_t>& path, std::size_t hop) const;

  [[nodiscard]] const FoundEnd& end(std::size_t i) const { return graph_->ends()[i]; }
  [[nodiscard]] std::uint8_t kinds(std::size_t from, std::size_t to) {
    return graph_->kinds(end(from), end(to));
  }
  /// What only one of the states has hangs on a project with steps.
  [[nodiscard]] bool can_change(std::size_t from, std::size_t to) const {
    const auto is_changed = [&](std::size_t i) {
      return !is_outside(i) && search_.scene_.project(end(i).project->of_class, 0).is_changed();
    };
    return is_changed(from) || is_changed(to);
  }
  [[nodiscard]] bool has_only(std::size_t from, std::size_t to, FlowKind kind) {
    return can_change(from, to) && has(kinds(from, to), kind);
  }
  [[nodiscard]] bool is_outside(std::size_t i) const { return !end(i).project; }
  /// Others of its class have the same paths.
  [[nodiscard]] bool stands_for_others(std::size_t i) const {
    return is_outside(i) || (end(i).project->number == 0 && !end(i).is_second);
  }

  MomentSearch& search_;
  std::size_t most_between_;
  bool with_maybe_;
  std::size_t stage_ = 0;
  StageGraph* graph_ = nullptr;
  FlowKind first_ = FlowKind::OnlyBefore;
  std::vector<bool> tails_;  ///< by pod: a last hop starts there
  std::optional<FoundMoment> best_;
  std::string unknown_;
};

std::optional<FoundMoment> LongerPivotSearch::run() {
  for (stage_ = 0; stage_ < search_.stages_.size(); ++stage_) {
    StageGraph graph(search_, stage_, with_maybe_);
    unknown_ = graph.obstacle();
    if (!unknown_.empty()) return std::nullopt;
    graph_ = &graph;
    for (const FlowKind first : {FlowKind::OnlyBefore, FlowKind::OnlyAfter}) look(first);
    if (best_) {
      unknown_.clear();
      return best_;
    }
    if (!graph.obstacle().empty()) unknown_ = graph.obstacle();
    if (!unknown_.empty()) return std::nullopt;
  }
  return best_;
}

std::vector<std::size_t> LongerPivotSearch::heads_of(std::size_t start) {
  std::vector<std::size_t> heads;
  for (std::size_t pod = 0; pod < graph_->pods().size(); ++pod) {
    if (has_only(start, pod, first_)) heads.push_back(pod);
  }
  return heads;
}

void LongerPivotSearch::look(FlowKind first) {
  first_ = first;
  const std::size_t pods = graph_->pods().size();
  std::set<std::pair<std::size_t, std::size_t>> alike;
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < graph_->ends().size(); ++i) {
    if (!stands_for_others(i)) continue;
    const std::vector<std::size_t> heads = heads_of(i);
    if (!heads.empty()) starts.push_back(i);
    for (const std::size_t head : heads) alike.emplace(end(head).project->of_class, end(head).end);
  }
  tails_.assign(pods, false);
  for (std::size_t pod = 0; pod < pods; ++pod) {
    for (std::size_t to = 0; to < graph_->ends().size() && !tails_[pod]; ++to) {
      tails_[pod] = has_only(pod, to, other_of(first_));
    }
  }
  std::vector<std::size_t> heads;
  for (std::size_t pod = 0; pod < pods; ++pod) {
    if (alike.contains({end(pod).project->of_class, end(pod).end})) heads.push_back(pod);
  }
  // Where not even all starts together get to a last hop, none of them does.
  if (heads.empty() || std::ranges::find(tails_, true) == tails_.end()) return;
  const Spread all = spread(heads, kNone, kNone);
  bool gets_there = false;
  for (std::size_t pod = 0; pod < pods; ++pod) {
    gets_there = gets_there || (all.level[pod] != kNone && tails_[pod]);
  }
  if (!gets_there) return;
  for (const std::size_t start : starts) {
    const std::vector<std::size_t> own = heads_of(start);
    if (!search_.stages_[stage_].in_order) {
      look_from(start, own);
      continue;
    }
    // Which hop comes first can rule out which comes last.
    for (const std::size_t head : own) look_from(start, {head});
  }
}

void LongerPivotSearch::look_from(std::size_t start, const std::vector<std::size_t>& heads) {
  std::set<std::size_t> on_their_ways;
  look_beyond(spread(heads, start, kNone), start, kNone, on_their_ways);
  for (const std::size_t to : on_their_ways) {
    std::set<std::size_t> none;
    look_beyond(spread(heads, start, to), start, to, none);
  }
}

/// Takes the first last hop, of all or only to one end, to where the way has not been.
void LongerPivotSearch::look_beyond(const Spread& spread, std::size_t start, std::size_t only,
                                    std::set<std::size_t>& on_their_ways) {
  for (std::size_t level = 1; level <= most_between_; ++level) {
    if (best_ && best_->hops.size() < level + 2) return;
    for (std::size_t pod = 0; pod < graph_->pods().size(); ++pod) {
      if (spread.level[pod] != level || !tails_[pod]) continue;
      const std::vector<std::size_t> way = spread.way(start, pod);
      for (std::size_t to = 0; to < graph_->ends().size(); ++to) {
        if (to == start || (only != kNone && to != only)) continue;
        if (is_outside(start) && is_outside(to)) continue;
        if (!has_only(pod, to, other_of(first_))) continue;
        if (std::ranges::find(way, to) != way.end()) {
          on_their_ways.insert(to);
          continue;
        }
        std::vector<std::size_t> path = way;
        path.push_back(to);
        if (take(path)) return;
      }
    }
  }
}

Spread LongerPivotSearch::spread(const std::vector<std::size_t>& from, std::size_t without,
                                 std::size_t without_too) {
  const std::size_t pods = graph_->pods().size();
  Spread result{std::vector(pods, kNone), std::vector(pods, kNone)};
  std::vector<std::size_t> reached;
  for (const std::size_t pod : from) {
    if (pod == without || pod == without_too) continue;
    result.level[pod] = 0;
    reached.push_back(pod);
  }
  for (std::size_t level = 1; level <= most_between_ && !reached.empty(); ++level) {
    std::vector<std::size_t> next;
    for (std::size_t pod = 0; pod < pods; ++pod) {
      if (result.level[pod] != kNone || pod == without || pod == without_too) continue;
      if (level == most_between_ && !tails_[pod]) continue;
      for (const std::size_t over : reached) {
        if (!has(kinds(over, pod), FlowKind::Both)) continue;
        result.level[pod] = level;
        result.parent[pod] = over;
        next.push_back(pod);
        break;
      }
    }
    reached = std::move(next);
  }
  return result;
}

FlowKind LongerPivotSearch::kind_of(const std::vector<std::size_t>& path, std::size_t hop) const {
  if (hop == 0) return first_;
  return hop + 2 == path.size() ? other_of(first_) : FlowKind::Both;
}

/// Whether nodes may see these moments of one stage, each hop's its own (SEMANTICS W5).
bool LongerPivotSearch::agree(const std::vector<std::size_t>& path, std::size_t hop,
                              const HopMoment& moment, std::size_t later,
                              const HopMoment& later_moment) const {
  for (const auto& [one, seen] : {std::pair{hop, moment.from}, std::pair{hop + 1, moment.to}}) {
    for (const auto& [other, other_seen] :
         {std::pair{later, later_moment.from}, std::pair{later + 1, later_moment.to}}) {
      if (seen == nullptr || other_seen == nullptr) continue;
      const std::optional<ClassMember>& project = end(path[one]).project;
      if (project != end(path[other]).project) continue;
      if (!search_.views_[project->of_class].are_compatible(stage_, *seen, *other_seen)) {
        return false;
      }
    }
  }
  return true;
}

/// Whatever hops lie between.
bool LongerPivotSearch::can_both_ends_be(const std::vector<std::size_t>& path) {
  const std::size_t last = path.size() - 2;
  const auto firsts = graph_->moments(end(path[0]), end(path[1]), first_);
  const auto lasts = graph_->moments(end(path[last]), end(path[last + 1]), other_of(first_));
  return std::ranges::any_of(firsts, [&](const HopMoment& first) {
    return std::ranges::any_of(
        lasts, [&](const HopMoment& other) { return agree(path, 0, first, last, other); });
  });
}

bool LongerPivotSearch::choose(const std::vector<std::size_t>& path, std::vector<HopMoment>& chosen,
                               std::size_t& tries) {
  const std::size_t hop = chosen.size();
  if (hop + 1 == path.size()) return true;
  for (const HopMoment& moment :
       graph_->moments(end(path[hop]), end(path[hop + 1]), kind_of(path, hop))) {
    if (++tries > kMostTries) return false;
    bool is_possible = true;
    for (std::size_t i = 0; i < hop && is_possible; ++i) {
      is_possible = agree(path, i, chosen[i], hop, moment);
    }
    if (!is_possible) continue;
    chosen.push_back(moment);
    if (choose(path, chosen, tries)) return true;
    chosen.pop_back();
  }
  return false;
}

bool LongerPivotSearch::take(const std::vector<std::size_t>& path) {
  std::vector<HopMoment> chosen;
  std::size_t tries = 0;
  if (!choose(path, chosen, tries)) {
    if (can_both_ends_be(path)) {
      unknown_ = "where writes wait for each other, not every path of more than two hops is tried";
    }
    return false;
  }
  FoundMoment found{MomentRule::NoPivot, stage_, 0, {}, {}};
  std::set<StepReference> in_effect;
  for (std::size_t hop = 0; hop < chosen.size(); ++hop) {
    found.hops.push_back(
        graph_->hop(end(path[hop]), end(path[hop + 1]), kind_of(path, hop), chosen[hop]));
    in_effect.insert(found.hops.back().in_effect.begin(), found.hops.back().in_effect.end());
  }
  for (const std::size_t each : path) {
    const std::optional<ClassMember>& project = end(each).project;
    if (project && std::ranges::find(found.projects, *project) == found.projects.end()) {
      found.projects.push_back(*project);
    }
  }
  found.count = in_effect.size();
  const auto cost = [](const FoundMoment& one) { return std::pair{one.hops.size(), one.count}; };
  if (!best_ || cost(found) < cost(*best_)) best_ = std::move(found);
  return true;
}

Searched MomentSearch::find_longer_pivot(std::size_t hops) {
  Searched found;
  if (hops <= 2) return found;
  LongerPivotSearch certain(*this, hops, false);
  found.bad = certain.run();
  found.unknown = certain.unknown();
  if (found.bad || !found.unknown.empty()) return found;
  LongerPivotSearch perhaps(*this, hops, true);
  found.maybe = perhaps.run();
  found.unknown = perhaps.unknown();
  return found;
}

bool MomentSearch::may_have_pivots() {
  static const std::vector<ProjectView> kAlone(1);
  constexpr auto kBits = [](FlowKind kind) { return 1U << static_cast<unsigned>(kind); };
  for (std::size_t stage = 0; stage < stages_.size(); ++stage) {
    unsigned kinds = 0;
    for (const Table& table : tables_) {
      for (const ProjectView& one : views_[table.one].at(stage)) {
        for (const ProjectView& other : table.of_two ? views_[table.other].at(stage) : kAlone) {
          const std::vector<PairPortsId>& moment = table.flows->at(one.config, other.config);
          for (std::size_t i = 0; i < moment.size(); ++i) {
            const Transition& each =
                transitions_.of((*table.before)[i], (*table.after)[i], moment[i]);
            kinds |= each.open | each.maybe_open;
          }
        }
      }
    }
    const unsigned both = kBits(FlowKind::OnlyBefore) | kBits(FlowKind::OnlyAfter);
    if ((kinds & both) == both) return true;
  }
  return false;
}

}  // namespace meshproof
