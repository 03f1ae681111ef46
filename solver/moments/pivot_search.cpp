#include <algorithm>
#include <array>
#include <bit>

#include "solver/moments/search.h"

namespace meshproof {

namespace {

/// So many projects of one class, and none of them need be at both ends of a path.
constexpr std::size_t kEnoughForAnyPath = 3;

}  // namespace

/// Paths of two hops over one end, each hop with a view of its own: the end's project is seen by
/// both, so what both see of it must be possible at once (SEMANTICS W5).
class PivotSearch {
 public:
  PivotSearch(MomentSearch& search, bool with_maybe) : search_(search), with_maybe_(with_maybe) {}

  [[nodiscard]] std::optional<FoundMoment> run();

 private:
  /// A hop that comes in at an end, or goes out, as far as the other end is concerned.
  struct Hop {
    std::size_t table = 0;
    std::size_t pair = 0;
    std::optional<std::size_t> of_class;  ///< of the other end; none: outside
    bool is_same_project = false;         ///< as the end over which the path goes
    std::size_t end = 0;                  ///< the other end
    const ProjectView* view = nullptr;    ///< of the other end's project; null: the same or none
    PairPortsId moment = 0;
    std::size_t count = 0;
  };
  /// By kind of flow; fewest steps first.
  using Hops = std::array<std::vector<Hop>, kFlowKinds>;
  struct Passing {
    Hops in;
    Hops out;
  };

  void pass(std::size_t of_class, std::size_t end, std::size_t stage);
  void collect(std::size_t of_class, std::size_t end, std::size_t stage,
               std::vector<Passing>& passing) const;
  void collect(std::size_t table, std::size_t stage, bool is_second, std::size_t end,
               std::vector<Passing>& passing) const;
  void add(const Hop& hop, std::uint8_t kinds, Hops& hops) const;
  void join(const ClassMember& middle, std::size_t end, std::size_t stage, const ProjectView& one,
            const ProjectView& other, const Hops& in, const Hops& out);
  [[nodiscard]] bool join(const ClassMember& middle, std::size_t end, std::size_t stage,
                          const ProjectView& one, const ProjectView& other, const Hop& in,
                          FlowKind in_kind, const Hop& out, FlowKind out_kind);
  [[nodiscard]] bool is_one_project(const ClassMember& middle, const Hop& in, const Hop& out) const;
  [[nodiscard]] FoundEnd found_end(const ClassMember& middle, const Hop& hop,
                                   std::size_t number) const;

  MomentSearch& search_;
  bool with_maybe_;
  std::optional<FoundMoment> best_;
};

std::optional<FoundMoment> PivotSearch::run() {
  const auto& classes = search_.scene_.classes();
  for (std::size_t stage = 0; stage < search_.stages_.size(); ++stage) {
    for (std::size_t i = 0; i < classes.size(); ++i) {
      for (std::size_t end = 0; end < search_.scene_.project(i, 0).ends.size(); ++end) {
        pass(i, end, stage);
      }
    }
    if (best_) return best_;
  }
  return best_;
}

void PivotSearch::pass(std::size_t of_class, std::size_t end, std::size_t stage) {
  const ProjectViews& views = search_.views_[of_class];
  std::vector<Passing> passing(views.at(stage).size());
  collect(of_class, end, stage, passing);
  for (Passing& one : passing) {
    for (Hops* hops : {&one.in, &one.out}) {
      // Of equally short ones those between pods are told before those from outside.
      const auto order = [](const Hop& hop) { return std::pair{hop.count, !hop.of_class}; };
      for (std::vector<Hop>& of_kind : *hops) std::ranges::stable_sort(of_kind, {}, order);
    }
  }
  for (std::size_t i = 0; i < passing.size(); ++i) {
    for (std::size_t j = 0; j < passing.size(); ++j) {
      const ProjectView& one = views.at(stage)[i];
      const ProjectView& other = views.at(stage)[j];
      if (!views.are_compatible(stage, one, other)) continue;
      join({of_class, 0}, end, stage, one, other, passing[i].in, passing[j].out);
    }
  }
}

void PivotSearch::collect(std::size_t of_class, std::size_t end, std::size_t stage,
                          std::vector<Passing>& passing) const {
  for (std::size_t i = 0; i < search_.tables_.size(); ++i) {
    const auto& table = search_.tables_[i];
    if (table.one == of_class) collect(i, stage, false, end, passing);
    if (table.of_two && table.other == of_class && table.one != of_class) {
      collect(i, stage, true, end, passing);
    }
  }
}

/// The hops of a table at an end of its first or second project.
void PivotSearch::collect(std::size_t index, std::size_t stage, bool is_second, std::size_t end,
                          std::vector<Passing>& passing) const {
  const auto& table = search_.tables_[index];
  const TableEnd here{is_second ? TableEnd::Of::Second : TableEnd::Of::First, end};
  const std::size_t other_class = is_second ? table.one : table.other;
  const std::size_t own_class = is_second ? table.other : table.one;
  const auto& own_views = search_.views_[own_class].at(stage);
  const auto& pairs = table.flows->pairs();
  const auto look = [&](std::size_t i, const ProjectView* other) {
    const std::size_t own = own_views[i].config;
    const std::size_t away = other == nullptr ? 0 : other->config;
    const auto& moment = is_second ? table.flows->at(away, own) : table.flows->at(own, away);
    for (std::size_t k = 0; k < pairs.size(); ++k) {
      const bool comes_in = pairs[k].to == here;
      if (!comes_in && !(pairs[k].from == here)) continue;
      const TableEnd& there = comes_in ? pairs[k].from : pairs[k].to;
      const Transition& transition =
          search_.transitions_.of((*table.before)[k], (*table.after)[k], moment[k]);
      std::uint8_t kinds = transition.open;
      if (with_maybe_) kinds |= transition.maybe_open;
      Hop hop{index,     k,     {},        !table.of_two,
              there.end, other, moment[k], other == nullptr ? 0 : other->count};
      if (there.of == TableEnd::Of::Outside) {
        hop.is_same_project = false;
      } else {
        hop.of_class = other_class;
      }
      add(hop, kinds, comes_in ? passing[i].in : passing[i].out);
      // A pod and another one of its end: the pair stands for both directions.
      if (pairs[k].from == pairs[k].to) add(hop, kinds, passing[i].out);
    }
  };
  for (std::size_t i = 0; i < own_views.size(); ++i) {
    if (!table.of_two) {
      look(i, nullptr);
      continue;
    }
    for (const ProjectView& other : search_.views_[other_class].at(stage)) look(i, &other);
  }
}

/// Of a class that has several projects one hop of each kind will do, because others of it can be
/// at the other end of the path.
void PivotSearch::add(const Hop& hop, std::uint8_t kinds, Hops& hops) const {
  const bool is_alone =
      hop.is_same_project ||
      (hop.of_class && search_.scene_.classes()[*hop.of_class].count < kEnoughForAnyPath);
  for (std::size_t kind = 0; kind < kFlowKinds; ++kind) {
    if (((static_cast<unsigned>(kinds) >> kind) & 1U) == 0) continue;
    const auto stands_for = [&](const Hop& known) {
      return known.of_class == hop.of_class && (known.view == hop.view || !is_alone) &&
             (known.end == hop.end || !is_alone);
    };
    // Table after table is collected, so those of this one are the last.
    const auto first = std::find_if(hops[kind].rbegin(), hops[kind].rend(), [&](const Hop& known) {
                         return known.table != hop.table;
                       }).base();
    const auto known = std::find_if(first, hops[kind].end(), stands_for);
    if (known == hops[kind].end()) {
      hops[kind].push_back(hop);
    } else if (hop.count < known->count) {
      *known = hop;
    }
  }
}

void PivotSearch::join(const ClassMember& middle, std::size_t end, std::size_t stage,
                       const ProjectView& one, const ProjectView& other, const Hops& in,
                       const Hops& out) {
  const auto own = static_cast<std::size_t>(std::popcount(one.steps | other.steps));
  const auto is_worse = [&](std::size_t count) {
    return best_ && std::pair{stage, own + count} >= std::pair{best_->stage, best_->count};
  };
  for (std::size_t i = 0; i < kFlowKinds; ++i) {
    for (std::size_t j = 0; j < kFlowKinds; ++j) {
      if (!is_new_path(static_cast<FlowKind>(i), static_cast<FlowKind>(j))) continue;
      for (const Hop& first : in[i]) {
        if (is_worse(first.count)) break;
        for (const Hop& second : out[j]) {
          if (is_worse(first.count + second.count)) break;
          if (join(middle, end, stage, one, other, first, static_cast<FlowKind>(i), second,
                   static_cast<FlowKind>(j))) {
            break;
          }
        }
      }
    }
  }
}

/// Whether both other ends must be of one project, which is not that of the middle.
bool PivotSearch::is_one_project(const ClassMember& middle, const Hop& in, const Hop& out) const {
  if (!in.of_class || in.of_class != out.of_class) return false;
  if (in.is_same_project || out.is_same_project) return false;
  const std::size_t needed = kEnoughForAnyPath - (*in.of_class == middle.of_class ? 0U : 1U);
  return search_.scene_.classes()[*in.of_class].count < needed;
}

FoundEnd PivotSearch::found_end(const ClassMember& middle, const Hop& hop,
                                std::size_t number) const {
  FoundEnd found;
  found.end = hop.end;
  if (!hop.of_class) return found;
  if (hop.is_same_project) {
    found.project = middle;
  } else {
    found.project = {*hop.of_class, number + (*hop.of_class == middle.of_class ? 1U : 0U)};
  }
  return found;
}

bool PivotSearch::join(const ClassMember& middle, std::size_t end, std::size_t stage,
                       const ProjectView& one, const ProjectView& other, const Hop& in,
                       FlowKind in_kind, const Hop& out, FlowKind out_kind) {
  const bool is_shared = is_one_project(middle, in, out);
  const bool are_both_inside = in.is_same_project && out.is_same_project;
  const bool are_neighbours =
      in.of_class == out.of_class && !in.is_same_project && !out.is_same_project && !is_shared;
  FoundEnd src = found_end(middle, in, 0);
  FoundEnd dst = found_end(middle, out, are_neighbours ? 1 : 0);
  if (!in.of_class && !out.of_class) return false;
  std::size_t count = static_cast<std::size_t>(std::popcount(one.steps | other.steps));
  if (is_shared && in.view != nullptr && out.view != nullptr) {
    if (!search_.views_[*in.of_class].are_compatible(stage, *in.view, *out.view)) return false;
    count += static_cast<std::size_t>(std::popcount(in.view->steps | out.view->steps));
  } else {
    count += in.count + out.count;
  }
  if (best_ && std::pair{stage, count} >= std::pair{best_->stage, best_->count}) return false;
  src.is_second = in.is_same_project && in.end == end;
  dst.is_second = out.is_same_project && out.end == end;
  if ((is_shared || are_both_inside) && in.end == out.end) {
    const SceneProject& project =
        search_.scene_.project(src.project->of_class, src.project->number);
    // Three pods of one end are not looked for.
    if (src.is_second || project.ends[in.end].second.empty()) return false;
    dst.is_second = true;
  }
  const FoundEnd over{middle, end, false};
  const auto hop_between = [&](const FoundEnd& from, const FoundEnd& to, const Hop& hop,
                               FlowKind kind, const ProjectView& own, const FoundEnd& away) {
    const auto& table = search_.tables_[hop.table];
    FoundHop result{from, to, {}, true, search_.steps(middle, stage, own)};
    result.ports = search_.transitions_.ports((*table.before)[hop.pair], (*table.after)[hop.pair],
                                              hop.moment, kind, true);
    if (hop.view != nullptr && away.project) {
      const auto more = search_.steps(*away.project, stage, *hop.view);
      result.in_effect.insert(result.in_effect.end(), more.begin(), more.end());
    }
    return result;
  };
  FoundMoment found{MomentRule::NoPivot, stage, count, {middle}, {}};
  for (const FoundEnd* each : {&src, &dst}) {
    if (each->project &&
        std::ranges::find(found.projects, *each->project) == found.projects.end()) {
      found.projects.push_back(*each->project);
    }
  }
  found.hops = {hop_between(src, over, in, in_kind, one, src),
                hop_between(over, dst, out, out_kind, other, dst)};
  best_ = std::move(found);
  return true;
}

Searched MomentSearch::find_pivot() {
  Searched found;
  found.bad = PivotSearch(*this, false).run();
  if (!found.bad) found.maybe = PivotSearch(*this, true).run();
  return found;
}

}  // namespace meshproof
