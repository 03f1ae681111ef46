#include "solver/migration.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "solver/slice_ends.h"

namespace meshproof {
namespace {

constexpr std::uint16_t kLastPort = 65535;

/// Two networks that decide a flow differently.
struct Verdicts {
  bool is_gain = false;
  Decision before;
  Decision after;
};

using CauseKey = std::tuple<bool, std::string, std::string, Direction>;  // gain, rules

bool is_of_dialect(const Reason& reason) {
  const std::string_view id = reason.rule_id;
  return id.starts_with("SDN-") || id.starts_with("OVN-") || id.starts_with("K-");
}

/// The reason that tells one network from another, as far as there is one.
const Reason& telling(const std::vector<Reason>& reasons) {
  const auto found = std::ranges::find_if(reasons, is_of_dialect);
  return found == reasons.end() ? reasons.front() : *found;
}

/// The same among those of a direction, if it has any.
const Reason& telling(const std::vector<Reason>& reasons, Direction direction) {
  const Reason* found = nullptr;
  for (const Reason& reason : reasons) {
    if (reason.direction != direction) continue;
    if (found == nullptr || (!is_of_dialect(*found) && is_of_dialect(reason))) found = &reason;
  }
  return found == nullptr ? telling(reasons) : *found;
}

CauseKey key_of(const Verdicts& verdicts) {
  const Decision& denied = verdicts.is_gain ? verdicts.before : verdicts.after;
  const Direction direction = telling(denied.reasons).direction;
  return {verdicts.is_gain, telling(verdicts.before.reasons, direction).rule_id,
          telling(verdicts.after.reasons, direction).rule_id, direction};
}

class Migrator {
 public:
  Migrator(const Cluster& before, const Cluster& after, FlowEvidence evidence)
      : evidence_(evidence),
        before_(before, std::nullopt, std::nullopt),
        after_(after, std::nullopt, std::nullopt),
        samples_before_(before, PortSet::all()),
        samples_after_(after, PortSet::all()) {
    // What only one network knows (IPv6) is an address to the other one.
    for (SliceEnds* ends : {&before_, &after_}) {
      for (SliceEnd& end : ends->of(std::nullopt, false, false)) {
        ends_.emplace(end.name, std::move(end));
      }
    }
  }

  void add(const Connection& connection, bool is_gain);
  [[nodiscard]] Migration finish();

 private:
  using Starts = std::map<Protocol, std::set<std::uint16_t>>;
  using Ends = std::pair<EndpointName, EndpointName>;

  [[nodiscard]] Starts starts_between(const SliceMember& src, const SliceMember& dst);
  [[nodiscard]] PortSet add_pair(const Connection& connection, bool is_gain, const PortSet& ports,
                                 const SliceMember& src, const SliceMember& dst);
  void attribute(const Connection& connection, Verdicts verdicts, Protocol protocol,
                 const PortSet& ports);

  const FlowEvidence evidence_;
  SliceEnds before_;
  SliceEnds after_;
  PortSamples samples_before_;
  PortSamples samples_after_;
  std::map<EndpointName, SliceEnd> ends_;
  std::map<CauseKey, std::map<Ends, MigratedFlow>> causes_;
};

Migrator::Starts Migrator::starts_between(const SliceMember& src, const SliceMember& dst) {
  Starts starts;
  for (PortSamples* samples : {&samples_before_, &samples_after_}) {
    for (const PortSample& sample : samples->between(src.asked.end, dst.asked.end, true)) {
      starts[sample.protocol].insert(sample.port);
    }
  }
  return starts;
}

void Migrator::attribute(const Connection& connection, Verdicts verdicts, Protocol protocol,
                         const PortSet& ports) {
  std::map<Ends, MigratedFlow>& flows = causes_[key_of(verdicts)];
  const bool is_first = flows.empty();
  const auto [at, is_new] = flows.try_emplace({connection.src, connection.dst});
  MigratedFlow& flow = at->second;
  flow.ports = flow.ports.unite(ports);
  if (!is_new) return;
  flow.src = connection.src;
  flow.dst = connection.dst;
  flow.protocol = protocol;
  flow.port = ports.ranges(protocol).front().from;
  if (!is_first && evidence_ == FlowEvidence::OneOfEachCause) return;
  flow.before = std::move(verdicts.before.reasons);
  flow.after = std::move(verdicts.after.reasons);
}

/// Attributes those of the ports that differ between two pods; gives them back.
PortSet Migrator::add_pair(const Connection& connection, bool is_gain, const PortSet& ports,
                           const SliceMember& src, const SliceMember& dst) {
  PortSet found;
  for (const auto& [protocol, starts] : starts_between(src, dst)) {
    for (auto start = starts.begin(); start != starts.end(); ++start) {
      const auto next = std::next(start);
      const auto to = protocol == Protocol::Icmp ? std::uint16_t{0}
                      : next == starts.end()     ? kLastPort
                                                 : static_cast<std::uint16_t>(*next - 1);
      const PortSet range = PortSet::of(protocol, {*start, to}).intersect(ports);
      if (range.is_empty()) continue;
      const std::uint16_t port = range.ranges(protocol).front().from;
      Verdicts verdicts{is_gain, before_.decide(src, dst, protocol, port),
                        after_.decide(src, dst, protocol, port)};
      const Access denied = is_gain ? verdicts.before.access : verdicts.after.access;
      const Access allowed = is_gain ? verdicts.after.access : verdicts.before.access;
      if (denied != Access::Denied || allowed != Access::Allowed) continue;
      attribute(connection, std::move(verdicts), protocol, range);
      found = found.unite(range);
    }
  }
  return found;
}

void Migrator::add(const Connection& connection, bool is_gain) {
  const auto src = ends_.find(connection.src);
  const auto dst = ends_.find(connection.dst);
  if (src == ends_.end() || dst == ends_.end()) return;
  PortSet rest = connection.ports;
  for (const SliceMember& from : SliceEnds::members_beside(src->second, dst->second)) {
    for (const SliceMember& to : SliceEnds::members_beside(dst->second, src->second)) {
      const bool is_itself =
          std::holds_alternative<PodId>(from.asked.end) && from.asked.end == to.asked.end;
      if (is_itself) continue;
      rest = rest.subtract(add_pair(connection, is_gain, rest, from, to));
      if (rest.is_empty()) return;
    }
  }
}

Migration Migrator::finish() {
  Migration result;
  for (auto& [key, flows] : causes_) {
    MigrationCause cause;
    std::tie(cause.is_gain, cause.rule_before, cause.rule_after, cause.direction) = key;
    for (auto& [ends, flow] : flows) cause.flows.push_back(std::move(flow));
    result.causes.push_back(std::move(cause));
  }
  std::ranges::stable_sort(result.causes, [](const MigrationCause& a, const MigrationCause& b) {
    if (a.is_gain != b.is_gain) return b.is_gain;
    return a.flows.size() > b.flows.size();
  });
  return result;
}

}  // namespace

Migration explain_migration(const Cluster& before, const Cluster& after,
                            const ReachabilityChange& change, FlowEvidence evidence) {
  const bool are_views =
      before.pods.size() == after.pods.size() && before.nodes.size() == after.nodes.size();
  if (!are_views) return {};
  Migrator migrator(before, after, evidence);
  change.lost.for_each([&](const Connection& each) {
    migrator.add(each, false);
    return true;
  });
  change.gained.for_each([&](const Connection& each) {
    migrator.add(each, true);
    return true;
  });
  return migrator.finish();
}

}  // namespace meshproof
