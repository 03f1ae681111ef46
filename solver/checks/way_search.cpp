#include "solver/checks/way_search.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "solver/paths.h"

namespace meshproof {
namespace {

std::vector<EndClass> all_of(const WayEnds& ends) {
  std::vector<EndClass> all = ends.certain;
  all.insert(all.end(), ends.possible.begin(), ends.possible.end());
  return all;
}

std::vector<PodId> pods_of(const std::vector<EndClass>& classes) {
  std::vector<PodId> pods;
  for (const EndClass& one : classes) pods.insert(pods.end(), one.pods.begin(), one.pods.end());
  std::ranges::sort(pods);
  return pods;
}

SliceSide side_of_classes(const Cluster& cluster, const std::vector<EndClass>& classes) {
  SliceSide side = side_of(cluster, pods_of(classes));
  for (const EndClass& one : classes) {
    if (one.service.is_valid()) {
      side.services.push_back(one.service);
    } else if (one.pods.empty()) {
      side.addresses.push_back(one.addresses.front());
    }
  }
  return side;
}

template <typename Keep>
WayEnds with_pods(const WayEnds& ends, bool keeps_addresses, const Keep& keep) {
  WayEnds result;
  const auto add = [&](const EndClass& one, std::vector<EndClass>& to) {
    if (one.pods.empty()) {
      if (keeps_addresses) to.push_back(one);
      return;
    }
    EndClass kept = one;
    std::erase_if(kept.pods, [&](PodId pod) { return !keep(pod); });
    if (!kept.pods.empty()) to.push_back(std::move(kept));
  };
  for (const EndClass& one : ends.certain) add(one, result.certain);
  for (const EndClass& one : ends.possible) add(one, result.possible);
  return result;
}

/// The ends that are in the group, or that are not.
WayEnds by_group(const WayEnds& ends, const GroupResolver& groups, const Group& group,
                 bool inside) {
  WayEnds result = ends;
  const auto is_other = [&](const EndClass& one) { return groups.contains(group, one) != inside; };
  std::erase_if(result.certain, is_other);
  std::erase_if(result.possible, is_other);
  return result;
}

/// Nothing if evaluate() confirms every hop; else what it says of one.
std::optional<std::string> refuted(const AttackPath& path, const Cluster& cluster,
                                   const Evaluator& evaluator, std::vector<WitnessHop>& hops) {
  for (const PathHop& hop : path.hops) {
    const Flow flow{hop.from, hop.to, hop.protocol, hop.port};
    Decision decision = evaluator.evaluate(flow);
    const std::string src = to_string(hop.from, cluster);
    const std::string dst = to_string(hop.to, cluster);
    if (!decision.is_allowed()) {
      const bool disagrees = hop.certain && decision.access == Access::Denied;
      return (disagrees ? "engines disagree: " : "") + src + " to " + dst + ": " +
             decision.reasons.front().text;
    }
    hops.push_back({src, dst, hop.protocol, hop.port, std::move(decision.reasons)});
  }
  return std::nullopt;
}

Violated witness_of(std::vector<WitnessHop> hops) {
  Violated violated;
  WitnessHop& first = hops.front();
  violated.src = std::move(first.src);
  violated.dst = std::move(first.dst);
  violated.protocol = first.protocol;
  violated.port = first.port;
  violated.reasons = std::move(first.reasons);
  violated.further.assign(std::make_move_iterator(hops.begin() + 1),
                          std::make_move_iterator(hops.end()));
  return violated;
}

std::string words(const AttackPath& path, const Cluster& cluster) {
  std::string text = to_string(path.hops.front().from, cluster);
  for (const PathHop& hop : path.hops) text += " → " + to_string(hop.to, cluster);
  return text;
}

/// True: a violation. `strict`: all ends are certain, and none that may be avoided is used.
bool look(const Cluster& cluster, const Evaluator& evaluator, const std::vector<EndClass>& from,
          const std::vector<EndClass>& to, const PathLimits& limits, bool strict, WayTally& tally) {
  const SliceSide sources = side_of_classes(cluster, from);
  const SliceSide targets = side_of_classes(cluster, to);
  const auto tell = [&](const std::string& why) {
    if (tally.unknown.empty()) tally.unknown = why;
  };
  if (sources.is_empty() || targets.is_empty()) return false;
  const std::vector<PodId> from_pods = pods_of(from);
  for (const PodId pod : pods_of(to)) {
    if (!std::ranges::binary_search(from_pods, pod)) continue;
    tell("it is not known on which side " + to_string(FlowEnd{pod}, cluster) +
         " is: its address is not known");
    return false;
  }
  const AttackPaths found = find_paths(cluster, sources, targets, limits);
  for (const AttackPath& path : found.paths) {
    std::vector<WitnessHop> hops;
    const std::optional<std::string> why = refuted(path, cluster, evaluator, hops);
    if (why) {
      tell(*why);
    } else if (!strict) {
      tell("there is a way " + words(path, cluster) +
           ", and whether all of its ends count is not known: an address that is not known may or "
           "may not be in a cidr of the assertion");
    } else {
      tally.violated = witness_of(std::move(hops));
      return true;
    }
  }
  if (!found.is_decided()) tell("whether some way is open could not be decided");
  return false;
}

}  // namespace

std::vector<PodId> WayEnds::pods() const { return pods_of(all_of(*this)); }

WayEnds ends_without(const WayEnds& ends, const std::vector<PodId>& others) {
  return with_pods(ends, true, [&](PodId pod) { return !std::ranges::binary_search(others, pod); });
}

WayEnds ends_within(const WayEnds& ends, const std::vector<PodId>& others) {
  return with_pods(ends, false, [&](PodId pod) { return std::ranges::binary_search(others, pod); });
}

WayEnds resolve_ends(const GroupResolver& groups, const Group& group, Resolution::Side side,
                     const std::vector<const Group*>& apart) {
  Resolution resolution;
  resolution.side = side;
  resolution.apart = apart;
  WayEnds ends;
  for (EndClass& one : groups.resolve(group, resolution).classes) {
    (one.certain ? ends.certain : ends.possible).push_back(std::move(one));
  }
  return ends;
}

std::vector<WayQuestion> questions_without_exceptions(const WayQuestion& question,
                                                      const Assertion& assertion,
                                                      const GroupResolver& groups) {
  if (!assertion.except_from && !assertion.except_to) return {question};
  std::vector<WayQuestion> result;
  if (assertion.except_from) {
    result.push_back(question);
    result.back().from = by_group(question.from, groups, *assertion.except_from, false);
  }
  if (assertion.except_to) {
    result.push_back(question);
    result.back().to = by_group(question.to, groups, *assertion.except_to, false);
  }
  return result;
}

void look_for_way(const Cluster& cluster, const Evaluator& evaluator, const WayQuestion& question,
                  WayTally& tally) {
  if (tally.violated) return;
  PathLimits limits;
  limits.max_hops = question.max_hops;
  limits.arriving = question.arriving;
  limits.avoided = question.avoided.pods();
  const WayEnds from = ends_without(question.from, limits.avoided);
  const WayEnds to = ends_without(question.to, limits.avoided);
  if (look(cluster, evaluator, from.certain, to.certain, limits, true, tally)) return;
  const bool all_are_certain = question.from.possible.empty() && question.to.possible.empty() &&
                               question.avoided.possible.empty();
  if (all_are_certain || !tally.unknown.empty()) return;
  limits.avoided = pods_of(question.avoided.certain);
  look(cluster, evaluator, all_of(question.from), all_of(question.to), limits, false, tally);
}

std::string describe(const WayEnds& ends) {
  const auto counted = [](std::size_t count, std::string_view noun) {
    return std::to_string(count) + ' ' + std::string(noun) + (count == 1 ? "" : "s");
  };
  const std::size_t pods = ends.pods().size();
  std::size_t addresses = 0;
  for (const EndClass& one : all_of(ends)) addresses += one.pods.empty() ? 1U : 0U;
  if (addresses == 0) return counted(pods, "pod");
  const std::string others =
      std::to_string(addresses) + (addresses == 1 ? " sample address" : " sample addresses");
  return pods == 0 ? others : counted(pods, "pod") + " and " + others;
}

}  // namespace meshproof
