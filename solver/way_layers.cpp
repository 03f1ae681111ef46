#include "solver/way_layers.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <tuple>
#include <utility>

namespace meshproof {
namespace {

std::vector<const AlikeEnds*> pointers_to(const std::vector<AlikeEnds>& lists) {
  std::vector<const AlikeEnds*> result;
  for (const AlikeEnds& list : lists) result.push_back(&list);
  return result;
}

std::size_t capped(std::size_t count) { return std::min(count, LayeredWays::kMany); }

}  // namespace

WayLayer::WayLayer(std::vector<const AlikeEnds*> lists) : all_(std::move(lists)) {
  for (const AlikeEnds* list : all_) {
    (list->by_node ? by_node_ : plain_[list->plain]).push_back(list);
  }
}

WayLayers::Link WayLayers::link(const AlikeEnds& src, const AlikeEnds& dst, bool arrives) {
  const EndsAnswer answer = ends_.between(*src.ends.front(), *dst.ends.front());
  const auto has_some = [&](const PortSet& ports) {
    return !(arrives ? ports.intersect(limits_.arriving) : ports).is_empty();
  };
  if (has_some(answer.open)) return Link::Open;
  return has_some(answer.unknown) ? Link::Unknown : Link::None;
}

/// `known`: of ends that are alike but for their nodes, from those of the frontier whose nodes do
/// not count.
WayLayers::Link WayLayers::link_from(const WayLayer& frontier, const AlikeEnds& dst, bool arrives,
                                     std::map<std::size_t, Link>& known) {
  Link best = Link::None;
  const auto look = [&](const AlikeEnds* src) {
    if (best != Link::Open) best = std::max(best, link(*src, dst, arrives));
  };
  if (dst.by_node) {
    std::ranges::for_each(frontier.all(), look);
    return best;
  }
  const auto [at, is_new] = known.try_emplace(dst.plain, Link::None);
  if (is_new) {
    for (const auto& [number, lists] : frontier.plain()) look(lists.front());
    at->second = best;
  }
  best = at->second;
  std::ranges::for_each(frontier.by_node(), look);
  return best;
}

Layers WayLayers::search(Hops hops) {
  Layers layers;
  layers.layers.emplace_back(pointers_to(sources_));
  std::vector<const AlikeEnds*> rest = pointers_to(stones_);
  for (std::size_t length = 1; length <= limits_.max_hops; ++length) {
    std::map<std::size_t, Link> known_targets;
    std::map<std::size_t, Link> known_stones;
    const auto is_reached = [&](const AlikeEnds& dst, bool arrives) {
      const Link found =
          link_from(layers.layers.back(), dst, arrives, arrives ? known_targets : known_stones);
      layers.met_unknown = layers.met_unknown || found == Link::Unknown;
      return counts(found, hops);
    };
    // All of them are asked, for what is not known about each.
    const auto arrived = std::ranges::count_if(
        targets_, [&](const AlikeEnds& target) { return is_reached(target, true); });
    if (arrived > 0) {
      layers.length = length;
      return layers;
    }
    const auto beyond = std::ranges::stable_partition(
        rest, [&](const AlikeEnds* stone) { return is_reached(*stone, false); });
    std::vector<const AlikeEnds*> found(rest.begin(), beyond.begin());
    rest.assign(beyond.begin(), beyond.end());
    if (found.empty()) {
      layers.is_exhausted = true;
      return layers;
    }
    for (const AlikeEnds* alike : found) layers.reached += alike->ends.size();
    layers.layers.emplace_back(std::move(found));
  }
  return layers;
}

/// The shortest ways from the targets backwards, layer by layer, then forwards for those shown.
class WaysBack {
 public:
  WaysBack(WayLayers& search, const Layers& layers, Hops hops)
      : search_(search), most_(search.limits_.max_paths) {
    std::vector<const AlikeEnds*> beyond = pointers_to(search.targets_);
    for (const AlikeEnds* target : beyond) ways_on_[target] = 1;
    for (std::size_t i = layers.layers.size(); i-- > 0;) {
      beyond = add_layer(layers.layers[i], beyond, hops, i + 1 == layers.layers.size());
    }
    start_.own = std::move(beyond);
  }

  [[nodiscard]] LayeredWays run() {
    LayeredWays result;
    result.count = count(start_.own);
    Way way;
    extend(start_, way, result.ways);
    return result;
  }

 private:
  /// Ends of a layer that are alike but for their nodes, and from which a target is reached.
  struct Group {
    std::vector<const AlikeEnds*> lists;
    std::size_t ways_on = 0;
  };
  /// What comes next after an end: groups where nodes do not count, single lists where they do.
  struct Steps {
    std::shared_ptr<const std::vector<const Group*>> groups;
    std::vector<const AlikeEnds*> own;
  };
  struct Stop {
    bool is_outside = false;
    std::string name;
    const SliceEnd* end = nullptr;
    const AlikeEnds* alike = nullptr;

    [[nodiscard]] auto order() const { return std::tie(is_outside, name); }
  };

  [[nodiscard]] std::size_t count(const std::vector<const AlikeEnds*>& lists) const {
    std::size_t sum = 0;
    for (const AlikeEnds* list : lists) sum = capped(sum + list->ends.size() * ways_on_.at(list));
    return sum;
  }

  /// Those of the layer that are on a way.
  std::vector<const AlikeEnds*> add_layer(const WayLayer& layer,
                                          const std::vector<const AlikeEnds*>& lists_beyond,
                                          Hops hops, bool arrives) {
    const WayLayer beyond(lists_beyond);
    std::vector<const Group*> groups;
    for (const auto& [number, lists] : beyond.plain()) {
      groups_.push_back(std::make_unique<const Group>(Group{lists, count(lists)}));
      groups.push_back(groups_.back().get());
    }
    const auto leads_to = [&](const AlikeEnds* src, const AlikeEnds* dst) {
      return WayLayers::counts(search_.link(*src, *dst, arrives), hops);
    };
    std::map<std::size_t, std::shared_ptr<const std::vector<const Group*>>> known;
    std::vector<const AlikeEnds*> useful;
    for (const AlikeEnds* src : layer.all()) {
      Steps steps;
      const auto& singles = src->by_node ? beyond.all() : beyond.by_node();
      std::ranges::copy_if(singles, std::back_inserter(steps.own),
                           [&](const AlikeEnds* dst) { return leads_to(src, dst); });
      if (!src->by_node) {
        auto& shared = known[src->plain];
        if (shared == nullptr) {
          std::vector<const Group*> next;
          std::ranges::copy_if(groups, std::back_inserter(next), [&](const Group* group) {
            return leads_to(src, group->lists.front());
          });
          shared = std::make_shared<const std::vector<const Group*>>(std::move(next));
        }
        steps.groups = shared;
      }
      std::size_t ways = count(steps.own);
      for (const Group* group : groups_of(steps)) ways = capped(ways + group->ways_on);
      if (ways == 0) continue;
      ways_on_[src] = ways;
      next_[src] = std::move(steps);
      useful.push_back(src);
    }
    return useful;
  }

  [[nodiscard]] static std::vector<const Group*> groups_of(const Steps& steps) {
    return steps.groups == nullptr ? std::vector<const Group*>{} : *steps.groups;
  }

  /// The first of these ends: of the first ways none needs a later one.
  void add_stops(const std::vector<const AlikeEnds*>& lists, std::vector<Stop>& stops) const {
    std::vector<Stop> own;
    for (const AlikeEnds* alike : lists) {
      for (const SliceEnd* end : alike->ends) {
        const std::string& cidr = end->name.cidr;
        own.push_back({!cidr.empty(), cidr.empty() ? to_string(end->name) : cidr, end, alike});
      }
    }
    const std::size_t shown = std::min(own.size(), most_);
    std::ranges::partial_sort(own, own.begin() + static_cast<std::ptrdiff_t>(shown), {},
                              &Stop::order);
    own.resize(shown);
    std::ranges::move(own, std::back_inserter(stops));
  }

  void extend(const Steps& steps, Way& way, std::vector<Way>& ways) const {
    std::vector<Stop> stops;
    add_stops(steps.own, stops);
    for (const Group* group : groups_of(steps)) add_stops(group->lists, stops);
    std::ranges::sort(stops, {}, &Stop::order);
    for (const Stop& stop : stops) {
      if (ways.size() == most_) return;
      way.push_back(stop.end);
      const auto next = next_.find(stop.alike);
      if (next == next_.end()) {
        ways.push_back(way);
      } else {
        extend(next->second, way, ways);
      }
      way.pop_back();
    }
  }

  WayLayers& search_;
  const std::size_t most_;
  std::vector<std::unique_ptr<const Group>> groups_;
  std::map<const AlikeEnds*, std::size_t> ways_on_;
  std::map<const AlikeEnds*, Steps> next_;
  Steps start_;
};

LayeredWays WayLayers::ways(const Layers& layers, Hops hops) {
  return WaysBack(*this, layers, hops).run();
}

}  // namespace meshproof
