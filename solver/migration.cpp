#include "solver/migration.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "solver/comparison.h"
#include "solver/judges.h"
#include "solver/rule_facts.h"

namespace meshproof {
namespace {

using Ids = std::vector<EndId>;

/// How two ends are near, beside what their policies say.
enum class Nearness : std::uint8_t { Far, SameProject, OwnNode };

/// The ports of a connection by their causes.
using Parts = std::map<std::size_t, PortSet>;

class Migrator {
 public:
  Migrator(Comparison& comparison, Judges& judges)
      : ends_(comparison.ends()),
        judges_(judges),
        facts_(comparison.before(), comparison.after(), ends_) {
    for (std::uint32_t i = 0; i < ends_.size(); ++i) {
      const NodeId node = ends_[i].either().node;
      if (node.is_valid()) nodes_[node] = {i};
    }
    find_own_nodes(comparison.before().cluster());
  }

  void add(const ConnectionGroup& group, bool is_gain);
  /// The causes, their connections without names and examples.
  [[nodiscard]] std::vector<MigrationCause> finish();

 private:
  /// Ends that are alike to the other ends of a group.
  struct Alike {
    RuleFactsId facts;
    std::vector<bool> marks;
    Ids ends;
  };
  /// Of connections that have the same causes.
  using Sameness = std::tuple<RuleFactsId, std::vector<bool>, RuleFactsId, std::vector<bool>,
                              Nearness, bool, PortSet>;
  /// What is being divided.
  struct Whole {
    const PortSet& ports;
    bool is_gain = false;
    bool is_itself = false;  ///< a workload and itself
  };

  void find_own_nodes(const Cluster& cluster);
  [[nodiscard]] std::map<RuleFactsId, Ids> by_facts(const Ids& ends, Direction direction) const;
  [[nodiscard]] std::vector<Alike> by_marks(RuleFactsId facts, const Ids& ends, RuleFactsId others);
  void ask_each(const Ids& sources, const Ids& destinations, const Whole& whole);
  void divide(const Alike& sources, const Alike& destinations, const Whole& whole);
  [[nodiscard]] Nearness nearness(EndId src, EndId dst) const;
  /// The destinations that are near to a source, itself not among them.
  [[nodiscard]] Ids near_to(EndId src, const Ids& destinations) const;
  [[nodiscard]] std::optional<std::pair<EndId, EndId>> far_pair(const Ids& sources,
                                                                const Ids& destinations) const;
  [[nodiscard]] const Parts& parts_of(const Alike& sources, const Alike& destinations, EndId src,
                                      EndId dst, const Whole& whole);
  [[nodiscard]] Parts ask(EndId src, EndId dst, const Whole& whole);
  void add_group(const Parts& parts, Ids sources, Ids destinations);
  void add_pair(const Parts& parts, EndId src, EndId dst);

  const std::vector<ComparedEnd>& ends_;
  Judges& judges_;
  RuleFactsBook facts_;
  std::map<NodeId, EndId> nodes_;
  std::vector<Ids> own_nodes_;  ///< by end, sorted
  std::map<Sameness, Parts> known_;
  std::map<CauseKey, std::size_t> numbers_;
  std::vector<ConnectionGroups> causes_;
};

void Migrator::find_own_nodes(const Cluster& cluster) {
  own_nodes_.resize(ends_.size());
  for (std::size_t i = 0; i < ends_.size(); ++i) {
    std::set<EndId> own;
    for (const ReachMember& member : ends_[i].either().noded_members) {
      const auto node = nodes_.find(cluster.at(member.pod).node);
      if (node != nodes_.end()) own.insert(node->second);
    }
    own_nodes_[i].assign(own.begin(), own.end());
  }
}

Nearness Migrator::nearness(EndId src, EndId dst) const {
  const EndpointName& from = ends_[src.value].name;
  const EndpointName& to = ends_[dst.value].name;
  if (!from.ns.empty() && from.ns == to.ns) return Nearness::SameProject;
  const bool is_own = std::ranges::binary_search(own_nodes_[src.value], dst) ||
                      std::ranges::binary_search(own_nodes_[dst.value], src);
  return is_own ? Nearness::OwnNode : Nearness::Far;
}

/// Ends are in order of their names: those of a project are neighbours.
Ids Migrator::near_to(EndId src, const Ids& destinations) const {
  const auto ns_of = [this](EndId id) -> const std::string& { return ends_[id.value].name.ns; };
  Ids near;
  if (!ns_of(src).empty()) {
    const auto same = std::ranges::equal_range(destinations, ns_of(src), {}, ns_of);
    std::ranges::copy_if(same, std::back_inserter(near), [&](EndId id) { return id != src; });
    std::ranges::set_intersection(own_nodes_[src.value], destinations, std::back_inserter(near));
  } else {
    std::ranges::copy_if(destinations, std::back_inserter(near),
                         [&](EndId id) { return nearness(src, id) == Nearness::OwnNode; });
  }
  std::ranges::sort(near);
  return near;
}

std::optional<std::pair<EndId, EndId>> Migrator::far_pair(const Ids& sources,
                                                          const Ids& destinations) const {
  for (const EndId src : sources) {
    const auto is_far = [&](EndId dst) {
      return src != dst && nearness(src, dst) == Nearness::Far;
    };
    const auto dst = std::ranges::find_if(destinations, is_far);
    if (dst != destinations.end()) return std::pair{src, *dst};
  }
  return std::nullopt;
}

std::map<RuleFactsId, Ids> Migrator::by_facts(const Ids& ends, Direction direction) const {
  std::map<RuleFactsId, Ids> result;
  for (const EndId end : ends) result[facts_.of(end, direction)].push_back(end);
  return result;
}

std::vector<Migrator::Alike> Migrator::by_marks(RuleFactsId facts, const Ids& ends,
                                                RuleFactsId others) {
  std::map<std::vector<bool>, Ids> by_marks;
  for (const EndId end : ends) by_marks[facts_.marks(others, end, false)].push_back(end);
  std::vector<Alike> result;
  for (auto& [marks, alike] : by_marks) result.push_back({facts, marks, std::move(alike)});
  return result;
}

void Migrator::add(const ConnectionGroup& group, bool is_gain) {
  const Whole whole{group.ports, is_gain, group.is_itself()};
  const auto receivers = by_facts(group.destinations, Direction::Ingress);
  for (const auto& [sends, sources] : by_facts(group.sources, Direction::Egress)) {
    for (const auto& [receives, destinations] : receivers) {
      const bool stand_alone = facts_.stand_alone(sends) || facts_.stand_alone(receives);
      if (stand_alone || whole.is_itself) {
        ask_each(sources, destinations, whole);
        continue;
      }
      const std::vector<Alike> receiving = by_marks(receives, destinations, sends);
      for (const Alike& sending : by_marks(sends, sources, receives)) {
        for (const Alike& each : receiving) divide(sending, each, whole);
      }
    }
  }
}

void Migrator::ask_each(const Ids& sources, const Ids& destinations, const Whole& whole) {
  for (const EndId src : sources) {
    for (const EndId dst : destinations) {
      if (src != dst || whole.is_itself) add_pair(ask(src, dst, whole), src, dst);
    }
  }
}

/// One far pair speaks for all; near ones are kept apart where they have other causes.
void Migrator::divide(const Alike& sources, const Alike& destinations, const Whole& whole) {
  const auto far = far_pair(sources.ends, destinations.ends);
  const Parts parts =
      far ? parts_of(sources, destinations, far->first, far->second, whole) : Parts{};
  Ids usual;
  for (const EndId src : sources.ends) {
    Ids others;
    for (const EndId dst : near_to(src, destinations.ends)) {
      const Parts& near = parts_of(sources, destinations, src, dst, whole);
      if (near == parts) continue;
      others.push_back(dst);
      add_pair(near, src, dst);
    }
    if (others.empty()) {
      usual.push_back(src);
      continue;
    }
    Ids rest;
    std::ranges::set_difference(destinations.ends, others, std::back_inserter(rest));
    add_group(parts, {src}, std::move(rest));
  }
  add_group(parts, std::move(usual), destinations.ends);
}

const Parts& Migrator::parts_of(const Alike& sources, const Alike& destinations, EndId src,
                                EndId dst, const Whole& whole) {
  const Nearness nearness = this->nearness(src, dst);
  const bool within = nearness == Nearness::SameProject;
  Sameness key{sources.facts, sources.marks, destinations.facts, destinations.marks,
               nearness,      whole.is_gain, whole.ports};
  if (within) {
    std::get<1>(key) = facts_.marks(destinations.facts, src, true);
    std::get<3>(key) = facts_.marks(sources.facts, dst, true);
  }
  const auto [entry, is_new] = known_.try_emplace(std::move(key));
  if (is_new) entry->second = ask(src, dst, whole);
  return entry->second;
}

Parts Migrator::ask(EndId src, EndId dst, const Whole& whole) {
  Parts parts;
  const ComparedEnd& from = ends_[src.value];
  const ComparedEnd& to = ends_[dst.value];
  judges_.visit(from, to, whole.ports, whole.is_gain, [&](const Verdicts& verdicts) {
    const auto [entry, is_new] =
        numbers_.try_emplace(key_of(verdicts, whole.is_gain), causes_.size());
    PortSet& ports = parts[entry->second];
    ports = ports.unite(verdicts.ports);
    if (is_new) causes_.emplace_back();
    return true;
  });
  return parts;
}

void Migrator::add_pair(const Parts& parts, EndId src, EndId dst) {
  for (const auto& [cause, ports] : parts) causes_[cause].add(src, dst, ports, false);
}

void Migrator::add_group(const Parts& parts, Ids sources, Ids destinations) {
  const ConnectionGroup group{std::move(sources), std::move(destinations), {}, false};
  // A single end and itself would be a connection.
  if (group.count() == 0 || group.is_itself()) return;
  for (const auto& [cause, ports] : parts) {
    causes_[cause].add({group.sources, group.destinations, ports});
  }
}

std::vector<MigrationCause> Migrator::finish() {
  std::vector<MigrationCause> result;
  for (auto& [key, number] : numbers_) {
    MigrationCause cause;
    std::tie(cause.is_gain, cause.rule_before, cause.rule_after, cause.direction) = key;
    cause.connections.groups = causes_[number].take();
    if (!cause.connections.empty()) result.push_back(std::move(cause));
  }
  std::ranges::stable_sort(result, [](const MigrationCause& a, const MigrationCause& b) {
    if (a.is_gain != b.is_gain) return b.is_gain;
    return a.connections.count() > b.connections.count();
  });
  return result;
}

/// The first connection, of two ends if there is one.
Connection first_of(const ChangedConnections& connections) {
  Connection first;
  bool is_found = false;
  connections.for_each([&](const Connection& each) {
    const bool has_two_ends = each.src != each.dst;
    if (has_two_ends || !is_found) first = each;
    is_found = true;
    return !has_two_ends;
  });
  return first;
}

}  // namespace

NetworkChange compare_networks(const Cluster& before, const Cluster& after) {
  auto comparison = comparison_by_class(before, after);
  if (!comparison) comparison = std::make_shared<Comparison>(before, after, std::nullopt);
  const auto judges = std::make_shared<Judges>(*comparison);
  NetworkChange result{found_by(comparison), {}};
  Migration& migration = result.migration;
  Migrator migrator(*comparison, *judges);
  for (const ConnectionGroup& group : result.change.lost.groups) migrator.add(group, false);
  for (const ConnectionGroup& group : result.change.gained.groups) migrator.add(group, true);
  migration.causes = migrator.finish();
  migration.judge = [comparison, judges](const MigrationCause& cause,
                                         const Connection& connection) {
    return judges->judge(cause, connection);
  };
  for (MigrationCause& cause : migration.causes) {
    cause.connections.ends = result.change.gained.ends;
    cause.example = migration.judge(cause, first_of(cause.connections));
  }
  return result;
}

}  // namespace meshproof
