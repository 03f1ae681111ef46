#include "solver/suggest/lost_flow.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "solver/service_targets.h"

namespace meshproof {
namespace {

constexpr std::uint16_t kLastPort = 65535;

const std::string& first_text(const Decision& decision) {
  static const std::string kNothing;
  return decision.reasons.empty() ? kNothing : decision.reasons.front().text;
}

/// Why a flow is open, by a policy rather than by there being none.
const std::string& open_text(const Decision& decision) {
  const auto by_policy = std::ranges::find_if(
      decision.reasons, [](const Reason& reason) { return !reason.policy.empty(); });
  return by_policy == decision.reasons.end() ? first_text(decision) : by_policy->text;
}

void keep_first(std::string& kept, const std::string& text) {
  if (kept.empty()) kept = text;
}

/// SEMANTICS P1 in this direction: what another NetworkPolicy can open.
bool refuses_by_policies(const Decision& decision, Direction direction) {
  return std::ranges::any_of(decision.reasons, [&](const Reason& reason) {
    return reason.direction == direction && reason.rule_id == "P1";
  });
}

/// A reason to refuse of a direction in which no NetworkPolicy refuses.
std::string other_refusal(const Decision& decision) {
  for (const Reason& reason : decision.reasons) {
    if (reason.rule_id == "S1") continue;
    if (!refuses_by_policies(decision, reason.direction)) return reason.text;
  }
  return {};
}

}  // namespace

std::optional<FlowEnd> same_end(const FlowEnd& end, const Cluster& of, const Cluster& in) {
  if (const auto* pod = std::get_if<PodId>(&end)) {
    const NamespaceId ns = in.find_namespace(of.at(of.at(*pod).ns).name);
    const PodId same = ns.is_valid() ? in.find_pod(ns, of.at(*pod).name) : PodId{};
    if (!same.is_valid()) return std::nullopt;
    return FlowEnd{same};
  }
  if (const auto* service = std::get_if<ServiceId>(&end)) {
    const NamespaceId ns = in.find_namespace(of.at(of.at(*service).ns).name);
    const ServiceId same = ns.is_valid() ? in.find_service(ns, of.at(*service).name) : ServiceId{};
    if (!same.is_valid()) return std::nullopt;
    return FlowEnd{same};
  }
  return end;
}

LostFlows::LostFlows(const Cluster& before, const Cluster& after)
    : before_(before),
      after_(after),
      evaluator_before_(before, PendingPods::WillRun),
      evaluator_after_(after, PendingPods::WillRun),
      samples_before_(before, PortSet::all()),
      samples_after_(after, PortSet::all()) {}

void LostFlows::add_targets(ServiceId id, const KeptFlow& flow,
                            std::vector<Target>& targets) const {
  const Service& service = after_.at(id);
  const auto add = [&](Protocol protocol, const WantedPort& wanted) {
    for (const ServiceTarget& each :
         service_targets(after_, service, wanted, PendingPods::WillRun)) {
      targets.push_back({each.end, PortSet::of(protocol, {each.port, each.port})});
    }
  };
  // SEMANTICS S6: a headless Service translates nothing.
  if (flow.port && service.headless) return add(flow.port->first, {nullptr, flow.port->second});
  for (const ServicePort& offered : service.ports) {
    const bool is_wanted =
        !flow.port || (flow.port->first == offered.protocol && flow.port->second == offered.port);
    if (is_wanted) add(offered.protocol, {&offered, offered.port});
  }
}

std::vector<LostFlows::Target> LostFlows::targets_of(const KeptFlow& flow) const {
  std::vector<Target> targets;
  for (const FlowEnd& end : flow.destinations) {
    if (const auto* service = std::get_if<ServiceId>(&end)) {
      add_targets(*service, flow, targets);
      continue;
    }
    const PortSet ports =
        flow.port ? PortSet::of(flow.port->first, {flow.port->second, flow.port->second})
                  : PortSet::all();
    targets.push_back({end, ports});
  }
  std::map<FlowEnd, PortSet> merged;
  for (const Target& target : targets) {
    merged[target.end] = merged[target.end].unite(target.ports);
  }
  targets.clear();
  for (const auto& [end, ports] : merged) targets.push_back({end, ports});
  return targets;
}

/// Ranges of the target's ports that nothing can tell apart in either state.
std::vector<std::pair<Protocol, PortRange>> LostFlows::parts_of(const FlowEnd& src,
                                                                const Target& target) {
  std::vector<std::pair<Protocol, PortRange>> parts;
  if (!target.ports.is_all()) {
    for (const Protocol protocol : kProtocols) {
      for (const PortRange range : target.ports.ranges(protocol)) {
        for (std::uint32_t port = range.from; port <= range.to; ++port) {
          const auto number = static_cast<std::uint16_t>(port);
          parts.push_back({protocol, {number, number}});
        }
      }
    }
    return parts;
  }
  std::map<Protocol, std::set<std::uint32_t>> starts;
  const auto add = [&](PortSamples& samples, const FlowEnd& from, const FlowEnd& to) {
    for (const PortSample sample : samples.between(from, to, false)) {
      starts[sample.protocol].insert(sample.port);
    }
  };
  add(samples_after_, src, target.end);
  const auto old_src = same_end(src, after_, before_);
  const auto old_dst = same_end(target.end, after_, before_);
  if (old_src && old_dst) add(samples_before_, *old_src, *old_dst);
  for (const auto& [protocol, numbers] : starts) {
    for (auto start = numbers.begin(); start != numbers.end(); ++start) {
      const auto next = std::next(start);
      const auto from = static_cast<std::uint16_t>(*start);
      const auto last = static_cast<std::uint16_t>(next == numbers.end() ? kLastPort : *next - 1);
      parts.push_back({protocol, {from, protocol == Protocol::Icmp ? from : last}});
    }
  }
  return parts;
}

void LostFlows::judge(const FlowEnd& src, const Target& target, LostFlow& lost) {
  const auto old_src = same_end(src, after_, before_);
  const auto old_dst = same_end(target.end, after_, before_);
  if (!old_src || !old_dst) {
    ++lost.closed_before;
    keep_first(lost.closed_because,
               to_string(old_src ? target.end : src, after_) + " is not there before the change");
    return;
  }
  LostPair pair{src, target.end, {}, false, false};
  bool was_open = false;
  bool is_open = false;
  for (const auto& [protocol, range] : parts_of(src, target)) {
    const Decision was = evaluator_before_.evaluate({*old_src, *old_dst, protocol, range.from});
    const Decision is = evaluator_after_.evaluate({src, target.end, protocol, range.from});
    if (was.access == Access::Unknown) keep_first(lost.undecided, first_text(was));
    if (was.access == Access::Denied) keep_first(lost.closed_because, first_text(was));
    if (was.access != Access::Allowed) continue;
    was_open = true;
    if (is.access == Access::Unknown) keep_first(lost.undecided, first_text(is));
    if (is.access == Access::Allowed) keep_first(lost.open_because, open_text(is));
    is_open = is_open || is.access == Access::Allowed;
    if (is.access != Access::Denied) continue;
    pair.ports.add(protocol, range);
    pair.by_ingress = pair.by_ingress || refuses_by_policies(is, Direction::Ingress);
    pair.by_egress = pair.by_egress || refuses_by_policies(is, Direction::Egress);
    keep_first(lost.impossible, other_refusal(is));
    if (lost.evidence.empty()) lost.evidence = is.reasons;
  }
  if (is_open) ++lost.still_open;
  if (!was_open) ++lost.closed_before;
  if (pair.ports.is_empty()) return;
  // What a network drops for everybody must not make a rule of "all ports" a list of the others.
  const PortSet with_special = pair.ports.unite(special_ports(after_));
  if (target.ports.is_all() && with_special.is_all()) pair.ports = with_special;
  lost.ports = lost.ports.unite(pair.ports);
  lost.pairs.push_back(std::move(pair));
}

LostFlow LostFlows::find(const KeptFlow& flow) {
  LostFlow lost;
  const std::vector<Target> targets = targets_of(flow);
  for (const FlowEnd& src : flow.sources) {
    for (const Target& target : targets) {
      if (src != target.end) judge(src, target, lost);
    }
  }
  if (targets.empty()) {
    lost.closed_because = flow.to + " has no endpoint for this port";
    lost.closed_before = 1;
  }
  return lost;
}

}  // namespace meshproof
