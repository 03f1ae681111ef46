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
/// Both networks number ends by themselves.
constexpr std::size_t kOnlyAfter = std::size_t{1} << 41U;

/// Two networks that decide a flow differently, and on which ports they do it for the same reasons.
struct Verdicts {
  PortSet ports;
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;
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
  const bool is_gain = verdicts.after.is_allowed();
  const Decision& denied = is_gain ? verdicts.before : verdicts.after;
  const Direction direction = telling(denied.reasons).direction;
  return {is_gain, telling(verdicts.before.reasons, direction).rule_id,
          telling(verdicts.after.reasons, direction).rule_id, direction};
}

class Migrator {
 public:
  Migrator(const Cluster& before, const Cluster& after)
      : before_(before, std::nullopt, std::nullopt),
        after_(after, std::nullopt, std::nullopt),
        samples_before_(before, PortSet::all()),
        samples_after_(after, PortSet::all()) {
    // What only one network knows (IPv6) is an address to the other one.
    for (SliceEnd& end : before_.of(std::nullopt, false, false)) {
      ends_.emplace(end.name, std::move(end));
    }
    for (SliceEnd& end : after_.of(std::nullopt, false, false)) {
      for (SliceMember& member : end.members) member.id += kOnlyAfter;
      ends_.emplace(end.name, std::move(end));
    }
  }

  void add(const Connection& connection, bool is_gain);
  [[nodiscard]] Migration finish();

 private:
  using Starts = std::map<Protocol, std::set<std::uint16_t>>;

  [[nodiscard]] const std::vector<Verdicts>& verdicts_of(const SliceMember& src,
                                                         const SliceMember& dst);
  [[nodiscard]] Starts starts_between(const SliceMember& src, const SliceMember& dst);
  void attribute(const Connection& connection, const Verdicts& verdicts, const PortSet& ports);

  SliceEnds before_;
  SliceEnds after_;
  PortSamples samples_before_;
  PortSamples samples_after_;
  std::map<EndpointName, SliceEnd> ends_;
  std::map<std::pair<std::size_t, std::size_t>, std::vector<Verdicts>> verdicts_;
  std::map<CauseKey, std::map<std::pair<EndpointName, EndpointName>, MigratedFlow>> causes_;
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

/// The ports on which one network allows what the other one denies.
const std::vector<Verdicts>& Migrator::verdicts_of(const SliceMember& src, const SliceMember& dst) {
  const auto [known, is_new] = verdicts_.try_emplace({src.id, dst.id});
  std::vector<Verdicts>& result = known->second;
  if (!is_new) return result;
  std::map<CauseKey, std::size_t> seen;
  for (const auto& [protocol, starts] : starts_between(src, dst)) {
    for (auto start = starts.begin(); start != starts.end(); ++start) {
      const auto next = std::next(start);
      const auto to = protocol == Protocol::Icmp ? std::uint16_t{0}
                      : next == starts.end()     ? kLastPort
                                                 : static_cast<std::uint16_t>(*next - 1);
      Verdicts found{PortSet::of(protocol, {*start, to}), protocol, *start,
                     before_.decide(src, dst, protocol, *start),
                     after_.decide(src, dst, protocol, *start)};
      const bool is_gain = found.before.access == Access::Denied && found.after.is_allowed();
      const bool is_loss = found.before.is_allowed() && found.after.access == Access::Denied;
      if (!is_gain && !is_loss) continue;
      const auto [at, is_first] = seen.try_emplace(key_of(found), result.size());
      if (is_first) {
        result.push_back(std::move(found));
      } else {
        result[at->second].ports = result[at->second].ports.unite(found.ports);
      }
    }
  }
  return result;
}

void Migrator::attribute(const Connection& connection, const Verdicts& verdicts,
                         const PortSet& ports) {
  MigratedFlow& flow = causes_[key_of(verdicts)][{connection.src, connection.dst}];
  if (!flow.ports.is_empty()) {
    flow.ports = flow.ports.unite(ports);
    return;
  }
  flow = {connection.src,          connection.dst,        ports, verdicts.protocol, verdicts.port,
          verdicts.before.reasons, verdicts.after.reasons};
}

void Migrator::add(const Connection& connection, bool is_gain) {
  const auto src = ends_.find(connection.src);
  const auto dst = ends_.find(connection.dst);
  if (src == ends_.end() || dst == ends_.end()) return;
  PortSet rest = connection.ports;
  for (const SliceMember& from : src->second.members) {
    for (const SliceMember& to : dst->second.members) {
      const bool is_itself =
          std::holds_alternative<PodId>(from.asked.end) && from.asked.end == to.asked.end;
      if (is_itself) continue;
      for (const Verdicts& verdicts : verdicts_of(from, to)) {
        const PortSet ports = verdicts.ports.intersect(rest);
        if (verdicts.after.is_allowed() != is_gain || ports.is_empty()) continue;
        attribute(connection, verdicts, ports);
        rest = rest.subtract(ports);
      }
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
                            const ReachabilityChange& change) {
  const bool are_views =
      before.pods.size() == after.pods.size() && before.nodes.size() == after.nodes.size();
  if (!are_views) return {};
  Migrator migrator(before, after);
  for (const Connection& each : change.lost) migrator.add(each, false);
  for (const Connection& each : change.gained) migrator.add(each, true);
  return migrator.finish();
}

}  // namespace meshproof
