#include "solver/checks/unchanged.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "solver/checks/changed_flow.h"
#include "solver/checks/lacking.h"
#include "solver/reachability.h"

namespace meshproof {
namespace {

/// How much of an end the change is allowed to touch.
enum class Touched : std::uint8_t { None, Some, All };

/// What lies in one of the groups, in either state.
class Touching {
 public:
  Touching(const std::vector<Group>& groups, const Cluster& before, const Cluster& after)
      : groups_(groups) {
    for (const Cluster* cluster : {&before, &after}) {
      const GroupResolver resolver(*cluster);
      for (const Group& group : groups) {
        for (const EndClass& one : resolver.resolve(group, {}).classes) {
          if (!one.certain) continue;
          for (const PodId pod : one.pods) pods_.insert(to_string(FlowEnd{pod}, *cluster));
        }
      }
    }
  }

  [[nodiscard]] bool holds(const ChangedEnd& end) const { return pods_.contains(end.name); }

  /// A block is touched as a whole only: others of its addresses may be none of the group's.
  [[nodiscard]] bool holds_block(const std::string& cidr) const {
    const std::optional<Cidr> block = Cidr::parse(cidr);
    return block && std::ranges::any_of(groups_, [&](const Group& group) {
             const auto contains = [&](const Cidr& each) { return each.contains(*block); };
             const auto meets = [&](const Cidr& each) {
               return each.contains(block->first()) || block->contains(each.first());
             };
             return std::ranges::any_of(group.cidrs, contains) &&
                    std::ranges::none_of(group.except_cidrs, meets);
           });
  }

 private:
  const std::vector<Group>& groups_;
  std::set<std::string> pods_;
};

/// One direction of a change, connection by connection.
class Judgement {
 public:
  Judgement(const Cluster& before, const Cluster& after, const Assertion& assertion)
      : assertion_(assertion),
        touching_(assertion.touching, before, after),
        flows_(before, after, assertion.ports) {}

  void judge(const ChangedConnections& changed, bool is_gain);
  void note(const std::vector<Reachability::Undecided>& undecided);
  [[nodiscard]] Finding conclude() &&;

 private:
  struct End {
    EndpointName name;
    std::vector<ChangedEnd> untouched;
    Touched touched = Touched::None;
  };
  [[nodiscard]] End end_of(const EndpointName& name) const;
  void judge(const End& src, const End& dst, const ConnectionGroup& group, bool is_gain);

  const Assertion& assertion_;
  const Touching touching_;
  ChangedFlows flows_;
  std::optional<Violated> violated_;
  std::uint64_t gained_ = 0;
  std::uint64_t lost_ = 0;
  std::uint64_t excused_ = 0;
  std::string unknown_;
};

Judgement::End Judgement::end_of(const EndpointName& name) const {
  End end{name, flows_.members(name), Touched::None};
  const std::size_t all = end.untouched.size();
  if (!name.cidr.empty()) {
    end.touched = touching_.holds_block(name.cidr) ? Touched::All : Touched::None;
    return end;
  }
  std::erase_if(end.untouched, [&](const ChangedEnd& one) { return touching_.holds(one); });
  if (all > 0 && end.untouched.empty()) {
    end.touched = Touched::All;
  } else if (end.untouched.size() < all) {
    end.touched = Touched::Some;
  }
  return end;
}

/// Every connection of ends that are not touched is one too many; one of which some pods are, only
/// if a flow of the others changed.
void Judgement::judge(const End& src, const End& dst, const ConnectionGroup& group, bool is_gain) {
  const bool is_sure = src.touched == Touched::None && dst.touched == Touched::None;
  std::uint64_t& count = is_gain ? gained_ : lost_;
  if (is_sure && violated_) {
    ++count;
    return;
  }
  std::optional<Violated> found = flows_.find(src.untouched, dst.untouched, group.ports, is_gain);
  if (found) {
    ++count;
    if (!violated_) violated_ = std::move(found);
  } else if (!is_sure) {
    ++excused_;
  } else if (unknown_.empty()) {
    unknown_ = to_string(src.name) + " to " + to_string(dst.name) +
               " changed, and no flow of two of their pods shows it";
  }
}

void Judgement::judge(const ChangedConnections& changed, bool is_gain) {
  std::vector<std::optional<End>> ends(changed.ends.size());
  const auto end_at = [&](EndId id) -> const End& {
    if (!ends[id.value]) ends[id.value] = end_of(changed.at(id));
    return *ends[id.value];
  };
  for (const ConnectionGroup& group : changed.groups) {
    const bool is_asked = !group.ports.intersect(assertion_.ports).is_empty();
    if (!is_asked) continue;
    for (const EndId source : group.sources) {
      const End& src = end_at(source);
      if (src.touched == Touched::All) {
        excused_ += group.destinations.size();
        continue;
      }
      for (const EndId destination : group.destinations) {
        if (source == destination && !group.is_itself()) continue;
        const End& dst = end_at(destination);
        if (dst.touched == Touched::All) {
          ++excused_;
        } else {
          judge(src, dst, group, is_gain);
        }
      }
    }
  }
}

void Judgement::note(const std::vector<Reachability::Undecided>& undecided) {
  for (const Reachability::Undecided& each : undecided) {
    if (!unknown_.empty()) return;
    const bool counts = !each.ports.intersect(assertion_.ports).is_empty() &&
                        end_of(each.src).touched != Touched::All &&
                        end_of(each.dst).touched != Touched::All;
    if (counts) {
      unknown_ = to_string(each.src) + " to " + to_string(each.dst) + ": " + each.reason;
    }
  }
}

Finding Judgement::conclude() && {
  const auto counted = [](std::uint64_t count) {
    return std::to_string(count) + (count == 1 ? " connection" : " connections");
  };
  if (violated_) {
    violated_->all = counted(gained_) + " gained and " + std::to_string(lost_) +
                     " lost between workloads that the change should leave alone";
    violated_->count = gained_ + lost_;
    return std::move(*violated_);
  }
  if (!unknown_.empty()) return Undecided{std::move(unknown_)};
  return Holds{Universe::Enumerated,
               "every pair of workloads, nodes and blocks outside; " + counted(excused_) +
                   " that changed touch what may be touched; connections to Services are compared "
                   "at their pods"};
}

}  // namespace

Decided check_unchanged(const JudgedState& state, const Assertion& assertion) {
  if (state.before() == nullptr) {
    return {Undecided{"it is a statement about a change, and there is none: plan judges it"}, {}};
  }
  for (const Group& group : assertion.touching) {
    if (!group.unbounded) continue;
    return {Undecided{"universe unbounded is not decided for group " + group.name +
                      " of unchanged: the pods of the input are compared"},
            {}};
  }
  const Snapshot& before = state.before()->snapshot();
  const Snapshot& after = state.snapshot();
  const ReachabilityChange change = compare(before, after);
  Judgement judgement(before.cluster, after.cluster, assertion);
  judgement.judge(change.gained, true);
  judgement.judge(change.lost, false);
  judgement.note(change.undecided);
  const GroupResolver groups(after.cluster);
  return {limited(std::move(judgement).conclude(), lacking_for_ways(assertion, after, groups)),
          {Decider::AllPairs, Decider::Evaluation}};
}

}  // namespace meshproof
