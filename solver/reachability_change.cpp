#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "solver/reacher.h"
#include "solver/touched.h"

/// Two states, side by side. Evidence is one flow of each connection, asked in the state after.
namespace meshproof {
namespace {

using Pair = std::pair<EndpointName, EndpointName>;

/// Enough to meet one of each kind of pod in any workload worth a sentence.
constexpr std::ptrdiff_t kPodsTried = 64;

/// What changed between some of the pods, and two of them, in the state after, that show it.
struct Part {
  PortSet ports;
  std::optional<std::pair<Asked, Asked>> example;
  PortSet example_ports;

  void add(const PortSet& more, const Asked& src, const Asked& dst) {
    if (more.is_empty()) return;
    if (!example) {
      example = {src, dst};
      example_ports = more;
    }
    ports = ports.unite(more);
  }
};

struct Parts {
  Part lost;
  Part gained;
  bool have_common_pods = false;
};

class Comparison {
 public:
  Comparison(const Cluster& before, const Cluster& after, const ReachScope& scope)
      : before_(before, scope), after_(after, scope) {}

  [[nodiscard]] ReachabilityChange run();

 private:
  void add(const Pair& pair, const EndsAnswer& was, const EndsAnswer& is);
  void add_part(const Pair& pair, const Part& part, bool is_loss);
  [[nodiscard]] Parts parts_of(const Pair& pair, const PortSet& lost, const PortSet& gained);
  [[nodiscard]] std::vector<Reason> reasons(const Connection& connection, Access wanted) const;
  [[nodiscard]] std::vector<Reason> reasons_of_loss(const Connection& lost) const;

  Reacher before_;
  Reacher after_;
  ReachabilityChange change_;
};

/// The reasons of a flow in the state after that is decided as wanted; empty if there is none.
std::vector<Reason> Comparison::reasons(const Connection& connection, Access wanted) const {
  const auto [protocol, port] = first_of(connection.ports);
  const auto sources = after_.members(connection.src);
  const auto destinations = after_.members(connection.dst);
  std::ptrdiff_t tried = 0;
  for (const auto& [src_name, src] : sources) {
    for (const auto& [dst_name, dst] : destinations) {
      if (connection.src == connection.dst && src_name == dst_name) continue;
      if (++tried > kPodsTried * kPodsTried) return {};
      Decision decision = after_.decide(src, dst, protocol, port);
      if (decision.access == wanted) return std::move(decision.reasons);
    }
  }
  return {};
}

std::vector<Reason> Comparison::reasons_of_loss(const Connection& lost) const {
  for (const EndpointName& end : {lost.src, lost.dst}) {
    if (!after_.members(end).empty()) continue;
    Reason reason;
    reason.rule_id = "F4";
    reason.text = to_string(end) + " is gone";
    return {std::move(reason)};
  }
  return reasons(lost, Access::Denied);
}

/// Beside the ports that all pods lost or gained. Pods are the same pod where they have one name in
/// both states.
Parts Comparison::parts_of(const Pair& pair, const PortSet& lost, const PortSet& gained) {
  Parts parts;
  const auto sources = before_.members(pair.first);
  const auto destinations = before_.members(pair.second);
  const auto new_sources = after_.members(pair.first);
  const auto new_destinations = after_.members(pair.second);
  for (const auto& [src_name, src] : sources) {
    const auto new_src = new_sources.find(src_name);
    if (new_src == new_sources.end()) continue;
    for (const auto& [dst_name, dst] : destinations) {
      const auto new_dst = new_destinations.find(dst_name);
      if (new_dst == new_destinations.end()) continue;
      if (pair.first == pair.second && src_name == dst_name) continue;
      parts.have_common_pods = true;
      const PairAnswer was = before_.ask(src, dst);
      const PairAnswer is = after_.ask(new_src->second, new_dst->second);
      parts.lost.add(was.open.subtract(is.open).subtract(is.unknown).subtract(lost),
                     new_src->second, new_dst->second);
      parts.gained.add(is.open.subtract(was.open).subtract(was.unknown).subtract(gained),
                       new_src->second, new_dst->second);
    }
  }
  return parts;
}

void Comparison::add_part(const Pair& pair, const Part& part, bool is_loss) {
  if (part.ports.is_empty()) return;
  Connection connection{pair.first, pair.second, part.ports};
  connection.partly = true;
  if (part.example) {
    const auto [protocol, port] = first_of(part.example_ports);
    const auto& [src, dst] = *part.example;
    connection.evidence = after_.decide(src, dst, protocol, port).reasons;
  } else {
    connection.evidence = reasons(connection, is_loss ? Access::Denied : Access::Allowed);
  }
  (is_loss ? change_.lost : change_.gained).push_back(std::move(connection));
}

void Comparison::add(const Pair& pair, const EndsAnswer& was, const EndsAnswer& is) {
  Connection gained{pair.first, pair.second, is.open.subtract(was.open).subtract(was.unknown)};
  Connection lost{pair.first, pair.second, was.open.subtract(is.open).subtract(is.unknown)};
  const PortSet wholly_gained = gained.ports;
  const PortSet wholly_lost = lost.ports;
  if (!gained.ports.is_empty()) {
    gained.evidence = reasons(gained, Access::Allowed);
    change_.gained.push_back(std::move(gained));
  }
  if (!lost.ports.is_empty()) {
    lost.evidence = reasons_of_loss(lost);
    change_.lost.push_back(std::move(lost));
  }
  const PortSet unknown = was.unknown.unite(is.unknown);
  if (!unknown.is_empty()) {
    const EndsAnswer& of = was.unknown.is_empty() ? is : was;
    change_.undecided.push_back({pair.first, pair.second, of.unknown_because, unknown});
  }
  if (!was.mixed && !is.mixed) return;
  Parts parts = parts_of(pair, wholly_lost, wholly_gained);
  if (!parts.have_common_pods && was.asked && is.asked) {
    parts.lost.ports = was.every.subtract(is.every).subtract(is.unknown).subtract(wholly_lost);
    parts.gained.ports = is.every.subtract(was.every).subtract(was.unknown).subtract(wholly_gained);
  }
  add_part(pair, parts.lost, true);
  add_part(pair, parts.gained, false);
}

ReachabilityChange Comparison::run() {
  const std::vector<Reacher::Answer> old_answers = before_.run();
  const std::vector<Reacher::Answer> new_answers = after_.run();
  auto was = old_answers.begin();
  auto is = new_answers.begin();
  const auto pair_of = [](const Reacher::Answer& answer) {
    return std::tie(answer.src, answer.dst);
  };
  while (was != old_answers.end() || is != new_answers.end()) {
    const bool have_old = was != old_answers.end();
    const bool have_new = is != new_answers.end();
    const bool take_old = have_old && (!have_new || pair_of(*was) <= pair_of(*is));
    const bool take_new = have_new && (!have_old || pair_of(*is) <= pair_of(*was));
    const Reacher::Answer& either = take_old ? *was : *is;
    add({either.src, either.dst}, take_old ? was->ports : EndsAnswer{},
        take_new ? is->ports : EndsAnswer{});
    if (take_old) ++was;
    if (take_new) ++is;
  }
  return std::move(change_);
}

ReachabilityChange compare_within(const Cluster& before, const Cluster& after, ReachScope scope) {
  scope.blocks = blocks_of(before);
  const std::vector<Cidr> more = blocks_of(after);
  scope.blocks.insert(scope.blocks.end(), more.begin(), more.end());
  return Comparison(before, after, scope).run();
}

}  // namespace

ReachabilityChange compare(const Cluster& before, const Cluster& after) {
  return compare_within(before, after, {});
}

ReachabilityChange compare(const Snapshot& before, const Snapshot& after) {
  ReachScope scope;
  scope.touching = touched_namespaces(before, after);
  if (scope.touching) {
    scope.touching_hosts = touches_hosts(before.cluster, *scope.touching) ||
                           touches_hosts(after.cluster, *scope.touching);
  }
  return compare_within(before.cluster, after.cluster, std::move(scope));
}

}  // namespace meshproof
