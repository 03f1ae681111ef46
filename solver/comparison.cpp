#include "solver/comparison.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "solver/changed_rules.h"
#include "solver/class_changes.h"
#include "solver/host_changes.h"

/// Two states, side by side. Evidence is one flow of each connection, asked in the state after.
namespace meshproof {
namespace {

/// Enough to meet one of each kind of pod in any workload worth a sentence.
constexpr std::ptrdiff_t kPodsTried = 64;

ReachScope scope_of(const Cluster& before, const Cluster& after) {
  ReachScope scope;
  scope.compared = {&before, &after};
  return scope;
}

bool may_differ(const ReachEnd& end, const Touched& touched) {
  if (end.is_host() && touched.hosts) return true;
  return end.is_workload() && touched.namespaces.contains(end.name.ns);
}

EndsAnswer answer_of(Reacher& reacher, const ReachEnd* src, const ReachEnd* dst) {
  if (src == nullptr || dst == nullptr) return {};
  EndsAnswer answer = reacher.join(*src, *dst);
  if (answer.open.is_empty() && answer.unknown.is_empty()) return {};
  return answer;
}

}  // namespace

Comparison::Comparison(const Cluster& before, const Cluster& after,
                       const std::optional<Touched>& touched)
    : scope_(scope_of(before, after)),
      before_(before, scope_),
      after_(after, scope_),
      old_ends_(before_.ends()),
      new_ends_(after_.ends()) {
  find_ends();
  for (ComparedEnd& end : ends_) {
    end.may_differ = !touched || meshproof::may_differ(end.either(), *touched) ||
                     (end.after != nullptr && meshproof::may_differ(*end.after, *touched));
  }
}

Comparison::Comparison(const Cluster& before, const Cluster& after,
                       const std::vector<NamespaceId>& changed)
    : scope_(scope_of(before, after)),
      before_(before, scope_, &after),
      after_(before_, after, changed),
      old_ends_(before_.ends()),
      by_class_(true) {
  for (const ReachEnd& end : old_ends_) ends_.push_back({end.name, &end, &end});
  mark_ends(before_, after_, changed, ends_);
}

Comparison::Comparison(const Cluster& before, const Cluster& after, OtherNetwork /*tag*/)
    : scope_(scope_of(before, after)),
      before_(before, scope_, &after),
      after_(after, scope_, &before, &before_),
      old_ends_(before_.ends()),
      new_ends_(after_.ends()),
      by_class_(true) {
  find_ends();
  mark_ends(before_, after_, ends_);
}

/// Both lists are sorted by name.
void Comparison::find_ends() {
  auto old_end = old_ends_.begin();
  auto new_end = new_ends_.begin();
  while (old_end != old_ends_.end() || new_end != new_ends_.end()) {
    const bool have_old = old_end != old_ends_.end();
    const bool have_new = new_end != new_ends_.end();
    const bool take_old = have_old && (!have_new || old_end->name <= new_end->name);
    const bool take_new = have_new && (!have_old || new_end->name <= old_end->name);
    ComparedEnd end{take_old ? old_end->name : new_end->name};
    if (take_old) end.before = &*old_end++;
    if (take_new) end.after = &*new_end++;
    ends_.push_back(std::move(end));
  }
}

/// Of a pair at least one end may differ, and it is not told.
const std::vector<EndId>& Comparison::others_of(const ComparedEnd& src) const {
  if (src.is_told_host) return not_plain_;
  if (src.may_differ) return src.is_plain ? odd_ : all_;
  return src.is_plain ? differing_not_plain_ : differing_;
}

void Comparison::ask(EndId src, EndId dst) {
  const ComparedEnd& from = ends_[src.value];
  const ComparedEnd& to = ends_[dst.value];
  if (!from.either().is_workload() && !to.either().is_workload()) return;
  add(src, dst, answer_of(before_, from.before, to.before),
      answer_of(after_, from.after, to.after));
}

/// Pods are the same pod where they have one name in both states.
void Comparison::visit_pod_pairs(const ComparedEnd& src, const ComparedEnd& dst,
                                 const std::function<bool(const PodPair&)>& take) {
  const bool are_there = src.before && src.after && dst.before && dst.after;
  if (!are_there) return;
  const auto by_name = [this](const ReachEnd& end) {
    std::map<std::string_view, Asked> members;
    for (const Reacher::Member& each : after_.members(end)) members[each.name] = each.asked;
    return members;
  };
  const auto new_sources = by_name(*src.after);
  const auto new_destinations = by_name(*dst.after);
  const auto destinations = before_.members(*dst.before);
  for (const auto& [src_name, old_src] : before_.members(*src.before)) {
    const auto new_src = new_sources.find(src_name);
    if (new_src == new_sources.end()) continue;
    for (const auto& [dst_name, old_dst] : destinations) {
      const auto new_dst = new_destinations.find(dst_name);
      if (new_dst == new_destinations.end()) continue;
      if (&src == &dst && src_name == dst_name) continue;
      const PairAnswer was = before_.ask(old_src, old_dst);
      const PairAnswer is = after_.ask(new_src->second, new_dst->second);
      const bool goes_on =
          take({new_src->second, new_dst->second, was.open.subtract(is.open).subtract(is.unknown),
                is.open.subtract(was.open).subtract(was.unknown)});
      if (!goes_on) return;
    }
  }
}

Comparison::Parts Comparison::parts_of(const ComparedEnd& src, const ComparedEnd& dst) {
  Parts parts;
  visit_pod_pairs(src, dst, [&](const PodPair& pair) {
    parts.have_common_pods = true;
    parts.lost = parts.lost.unite(pair.lost);
    parts.gained = parts.gained.unite(pair.gained);
    return true;
  });
  return parts;
}

void Comparison::add(EndId src, EndId dst, const EndsAnswer& was, const EndsAnswer& is) {
  const PortSet gained = is.open.subtract(was.open).subtract(was.unknown);
  const PortSet lost = was.open.subtract(is.open).subtract(is.unknown);
  gained_.add(src, dst, gained, false);
  lost_.add(src, dst, lost, false);
  const ComparedEnd& from = ends_[src.value];
  const ComparedEnd& to = ends_[dst.value];
  const PortSet unknown = was.unknown.unite(is.unknown);
  if (!unknown.is_empty()) {
    const EndsAnswer& of = was.unknown.is_empty() ? is : was;
    undecided_.push_back({from.name, to.name, of.unknown_because, unknown});
  }
  if (!was.mixed && !is.mixed) return;
  Parts parts = parts_of(from, to);
  if (!parts.have_common_pods && was.asked && is.asked) {
    parts.lost = was.every.subtract(is.every).subtract(is.unknown);
    parts.gained = is.every.subtract(was.every).subtract(was.unknown);
  }
  lost_.add(src, dst, parts.lost.subtract(lost), true);
  gained_.add(src, dst, parts.gained.subtract(gained), true);
}

ReachabilityChange Comparison::find() {
  for (std::uint32_t i = 0; i < ends_.size(); ++i) {
    const ComparedEnd& end = ends_[i];
    all_.push_back({i});
    if (end.may_differ) differing_.push_back({i});
    if (!end.is_plain) not_plain_.push_back({i});
    if (!end.is_plain && !end.is_told_host) odd_.push_back({i});
    if (end.may_differ && !end.is_plain) differing_not_plain_.push_back({i});
  }
  for (const EndId src : all_) {
    for (const EndId dst : others_of(ends_[src.value])) ask(src, dst);
  }
  if (by_class_) {
    add_class_changes(before_, after_, ends_, gained_, lost_);
    const auto ask_pair = [this](EndId src, EndId dst) { ask(src, dst); };
    add_host_changes(before_, after_, ends_, ask_pair, gained_, lost_);
  }
  ReachabilityChange change;
  change.gained.groups = gained_.take();
  change.lost.groups = lost_.take();
  change.undecided = std::move(undecided_);
  for (const ComparedEnd& end : ends_) change.gained.ends.push_back(end.name);
  change.lost.ends = change.gained.ends;
  return change;
}

const ComparedEnd* Comparison::end_named(const EndpointName& name) const {
  const auto found = std::ranges::lower_bound(ends_, name, {}, &ComparedEnd::name);
  return found == ends_.end() || found->name != name ? nullptr : &*found;
}

/// The reasons of a flow in the state after that is decided as wanted; empty if there is none.
std::vector<Reason> Comparison::reasons(const ComparedEnd& src, const ComparedEnd& dst,
                                        const PortSet& ports, Access wanted) const {
  if (src.after == nullptr || dst.after == nullptr) return {};
  const auto [protocol, port] = first_of(ports);
  const auto destinations = after_.members(*dst.after);
  std::ptrdiff_t tried = 0;
  for (const auto& [src_name, from] : after_.members(*src.after)) {
    for (const auto& [dst_name, to] : destinations) {
      if (&src == &dst && src_name == dst_name) continue;
      if (++tried > kPodsTried * kPodsTried) return {};
      Decision decision = after_.decide(from, to, protocol, port);
      if (decision.access == wanted) return std::move(decision.reasons);
    }
  }
  return {};
}

std::vector<Reason> Comparison::explain(const Connection& connection, bool is_loss) {
  const ComparedEnd* src = end_named(connection.src);
  const ComparedEnd* dst = end_named(connection.dst);
  if (src == nullptr || dst == nullptr) return {};
  for (const ComparedEnd* end : {src, dst}) {
    if (connection.partly || !is_loss || end->after != nullptr) continue;
    Reason reason;
    reason.rule_id = "F4";
    reason.text = to_string(end->name) + " is gone";
    return {std::move(reason)};
  }
  std::vector<Reason> found;
  if (connection.partly) {
    visit_pod_pairs(*src, *dst, [&](const PodPair& pair) {
      const PortSet ports = (is_loss ? pair.lost : pair.gained).intersect(connection.ports);
      if (ports.is_empty()) return true;
      const auto [protocol, port] = first_of(ports);
      found = after_.decide(pair.src, pair.dst, protocol, port).reasons;
      return false;
    });
  }
  if (!found.empty()) return found;
  return reasons(*src, *dst, connection.ports, is_loss ? Access::Denied : Access::Allowed);
}

/// A pod that a row of its own policies refuses is refused by those that isolate (SEMANTICS P1),
/// whoever else would refuse it too.
std::vector<Reason> Comparison::refusal(const std::vector<EndpointName>& sources,
                                        const EndpointName& dst, const PortSet& ports) {
  PairTables& tables = after_.tables();
  const ComparedEnd* to = end_named(dst);
  // SEMANTICS C: what was not collected may be what decides.
  const bool is_whole = std::ranges::all_of(tables.cluster.namespaces, [](const Namespace& ns) {
    return ns.uncollected == Uncollected{};
  });
  if (to == nullptr || !to->is_plain || !is_whole) return {};
  const RowId row = tables.rows.of(after_.sender(*to->after), Direction::Ingress);
  const auto [protocol, port] = first_of(ports);
  for (const EndpointName& src : sources) {
    const ComparedEnd* from = end_named(src);
    if (from == nullptr || from == to || from->after == nullptr) return {};
    if (from->after->is_workload() && !from->is_plain) return {};
    const PortsId admitted = tables.at(row, after_.sender(*from->after)).possible;
    if (tables.ports.at(admitted).contains(protocol, port)) return {};
  }
  std::vector<Reason> reasons = explain({sources.front(), dst, ports}, true);
  std::erase_if(reasons, [](const Reason& reason) {
    return reason.direction != Direction::Ingress || reason.rule_id != "P1" ||
           reason.policy.empty();
  });
  return reasons;
}

std::shared_ptr<Comparison> comparison_by_class(const Cluster& before, const Cluster& after) {
  if (const auto changed = changed_rules(before, after)) {
    return std::make_shared<Comparison>(before, after, *changed);
  }
  if (is_under_another_network(before, after)) {
    return std::make_shared<Comparison>(before, after, OtherNetwork{});
  }
  return nullptr;
}

ReachabilityChange found_by(const std::shared_ptr<Comparison>& comparison) {
  ReachabilityChange change = comparison->find();
  change.gained.explain = [comparison](const Connection& connection) {
    return comparison->explain(connection, false);
  };
  change.lost.explain = [comparison](const Connection& connection) {
    return comparison->explain(connection, true);
  };
  change.lost.refusal = [comparison](const std::vector<EndpointName>& sources,
                                     const EndpointName& dst, const PortSet& ports) {
    return comparison->refusal(sources, dst, ports);
  };
  return change;
}

}  // namespace meshproof
