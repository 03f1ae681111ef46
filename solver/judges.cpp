#include "solver/judges.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>
#include <variant>

namespace meshproof {
namespace {

constexpr std::uint16_t kLastPort = 65535;

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

}  // namespace

CauseKey key_of(const Verdicts& verdicts, bool is_gain) {
  const Decision& denied = is_gain ? verdicts.before : verdicts.after;
  const Direction direction = telling(denied.reasons).direction;
  return {is_gain, telling(verdicts.before.reasons, direction).rule_id,
          telling(verdicts.after.reasons, direction).rule_id, direction};
}

Judges::Judges(Comparison& comparison)
    : comparison_(comparison),
      before_(comparison.before()),
      after_(comparison.after()),
      samples_before_(before_.cluster(), PortSet::all()),
      samples_after_(after_.cluster(), PortSet::all()) {}

Judges::Starts Judges::starts_between(const Asked& src, const Asked& dst) {
  Starts starts;
  for (PortSamples* samples : {&samples_before_, &samples_after_}) {
    for (const PortSample& sample : samples->between(src.end, dst.end, true)) {
      starts[sample.protocol].insert(sample.port);
    }
  }
  return starts;
}

/// Takes from `ports` what it gives; false if that was enough.
bool Judges::visit_pair(const Asked& src, const Asked& dst, PortSet& ports, bool is_gain,
                        const std::function<bool(Verdicts)>& take) {
  for (const auto& [protocol, starts] : starts_between(src, dst)) {
    for (auto start = starts.begin(); start != starts.end(); ++start) {
      const auto next = std::next(start);
      const auto to = protocol == Protocol::Icmp ? std::uint16_t{0}
                      : next == starts.end()     ? kLastPort
                                                 : static_cast<std::uint16_t>(*next - 1);
      const PortSet range = PortSet::of(protocol, {*start, to}).intersect(ports);
      if (range.is_empty()) continue;
      const std::uint16_t port = range.ranges(protocol).front().from;
      Verdicts verdicts{range, protocol, port, before_.decide(src, dst, protocol, port),
                        after_.decide(src, dst, protocol, port)};
      const Access denied = is_gain ? verdicts.before.access : verdicts.after.access;
      const Access allowed = is_gain ? verdicts.after.access : verdicts.before.access;
      if (denied != Access::Denied || allowed != Access::Allowed) continue;
      ports = ports.subtract(range);
      if (!take(std::move(verdicts))) return false;
    }
  }
  return true;
}

void Judges::visit(const ComparedEnd& src, const ComparedEnd& dst, PortSet ports, bool is_gain,
                   const std::function<bool(Verdicts)>& take) {
  // What only one network knows (IPv6) is an address to the other one.
  for (const Asked& from : before_.asked_beside(src.either(), dst.either())) {
    for (const Asked& to : before_.asked_beside(dst.either(), src.either())) {
      const bool is_itself = std::holds_alternative<PodId>(from.end) && from.end == to.end;
      if (is_itself) continue;
      if (!visit_pair(from, to, ports, is_gain, take) || ports.is_empty()) return;
    }
  }
}

MigratedFlow Judges::judge(const MigrationCause& cause, const Connection& connection) {
  MigratedFlow flow;
  flow.src = connection.src;
  flow.dst = connection.dst;
  flow.ports = connection.ports;
  const ComparedEnd* src = comparison_.end_named(flow.src);
  const ComparedEnd* dst = comparison_.end_named(flow.dst);
  if (src == nullptr || dst == nullptr) return flow;
  const CauseKey wanted{cause.is_gain, cause.rule_before, cause.rule_after, cause.direction};
  visit(*src, *dst, flow.ports, cause.is_gain, [&](Verdicts verdicts) {
    if (key_of(verdicts, cause.is_gain) != wanted) return true;
    flow.protocol = verdicts.protocol;
    flow.port = verdicts.port;
    flow.before = std::move(verdicts.before.reasons);
    flow.after = std::move(verdicts.after.reasons);
    return false;
  });
  return flow;
}

}  // namespace meshproof
