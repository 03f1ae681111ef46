#include "solver/engines/all_pairs/flow_limit.h"

#include <algorithm>
#include <bit>

namespace meshproof {
namespace {

constexpr std::uint64_t kLimit = 10000;

/// The blocks that are left of a block without its exceptions.
std::uint64_t blocks_left(const Cidr& cidr, const std::vector<Cidr>& exceptions) {
  const auto swallows = [&](const Cidr& except) { return except.contains(cidr); };
  const auto cuts = [&](const Cidr& except) { return cidr.contains(except); };
  if (std::ranges::any_of(exceptions, swallows)) return 0;
  if (std::ranges::none_of(exceptions, cuts)) return 1;
  return blocks_left(Cidr::of(cidr.first(), cidr.prefix() + 1), exceptions) +
         blocks_left(Cidr::of(cidr.last(), cidr.prefix() + 1), exceptions);
}

/// The masks that make up a range: the largest aligned power of two that fits, again and again.
std::uint64_t masks_of(PortRange range) {
  std::uint64_t count = 0;
  for (std::uint32_t from = range.from; from <= range.to; ++count) {
    const std::uint32_t aligned = from == 0 ? 65536U : from & (~from + 1);
    from += std::min(aligned, std::bit_floor(range.to - from + 1U));
  }
  return count;
}

std::uint64_t flows_of_ports(const std::vector<PolicyPort>& ports) {
  if (ports.empty()) return 1;
  std::uint64_t count = 0;
  for (const PolicyPort& port : ports) {
    const bool is_real_range = port.range && port.range->from < port.range->to;
    // SEMANTICS SDN-P10: a range has a flow for port 0 too.
    if (is_real_range) count += masks_of(*port.range) + 1;
    // SEMANTICS SDN-P1: named ports make none.
    if (!is_real_range && (port.range || port.name.empty())) ++count;
  }
  return count;
}

}  // namespace

FlowLimit::FlowLimit(const Cluster& cluster, const Columns& columns, SelectorSets& selectors)
    : cluster_(cluster), columns_(columns), selectors_(selectors) {
  std::vector<std::uint64_t> sums{0};
  for (Column column = 0; column < columns.size(); ++column) {
    const ColumnEnd& end = columns.at(column);
    const bool counts = end.view == ColumnEnd::View::Whole;
    sums.push_back(sums.back() + (counts ? end.listed : 0));
  }
  listed_before_ = std::make_shared<const std::vector<std::uint64_t>>(std::move(sums));
}

FlowLimit::FlowLimit(const FlowLimit& base, const Cluster& after, SelectorSets& selectors)
    : cluster_(after),
      columns_(base.columns_),
      selectors_(selectors),
      listed_before_(base.listed_before_) {}

std::uint64_t FlowLimit::listed(const ColumnRuns& runs) const {
  std::uint64_t count = 0;
  for (const ColumnRun& run : runs) {
    count += (*listed_before_)[run.end] - (*listed_before_)[run.begin];
  }
  return count;
}

std::uint64_t FlowLimit::listed(NamespaceId ns, const LabelSelector& selector) const {
  std::uint64_t count = 0;
  const ColumnRun own = columns_.of(ns);
  for (Column column = own.begin; column < own.end; ++column) {
    const bool is_selected = matches(selector, cluster_.at(columns_.at(column).pod).labels);
    if (is_selected) count += listed({{column, column + 1}});
  }
  return count;
}

/// Of a peer that is the same in every namespace.
std::uint64_t FlowLimit::peers_of(const PolicyPeer& peer, bool inwards) {
  if (peer.block) {
    return peer.block->cidr.first().is_v4() ? blocks_left(peer.block->cidr, peer.block->except) : 0;
  }
  if (!peer.namespaces) return 0;
  if (!peer.pods && peer.namespaces->matches_everything()) return 1;
  const ColumnRuns& positions = selectors_.namespaces(selectors_.intern(*peer.namespaces));
  if (inwards && !peer.pods) {
    std::uint64_t count = 0;
    for (const ColumnRun& run : positions) count += run.end - run.begin;
    return count;
  }
  ColumnRuns classes = selectors_.classes_of(positions);
  if (peer.pods && !peer.pods->matches_everything()) {
    classes = intersect(classes, selectors_.pods(selectors_.intern(*peer.pods)));
  }
  return listed(classes);
}

const FlowLimit::Flows& FlowLimit::flows_of(const NetworkPolicy& policy, PolicyFormId form) {
  if (form.value >= by_form_.size()) by_form_.resize(form.value + std::size_t{1});
  Flows& flows = by_form_[form.value];
  if (flows.is_known) return flows;
  flows.is_known = true;
  for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
    if (!policy.isolates(direction)) continue;
    const bool inwards = direction == Direction::Ingress;
    for (const PolicyRule& rule : policy.rules(direction)) {
      const std::uint64_t each = flows_of_ports(rule.ports);
      if (rule.peers.empty()) flows.everywhere += each;
      for (const PolicyPeer& peer : rule.peers) {
        const bool is_own = peer.pods && !peer.namespaces && !peer.block;
        if (is_own && !(inwards && peer.pods->matches_everything())) {
          flows.own.emplace_back(&*peer.pods, each);
        } else {
          flows.everywhere += (is_own ? 1 : peers_of(peer, inwards)) * each;
        }
      }
    }
  }
  return flows;
}

bool FlowLimit::is_exceeded(const NetworkPolicy& policy, PolicyFormId form) {
  if (cluster_.network.dialect != Dialect::OpenShiftSdn) return false;
  const Flows& flows = flows_of(policy, form);
  const ColumnRun own = columns_.of(policy.ns);
  // Few policies come near the limit even if every pod of their namespace counted.
  const std::uint64_t pods = own.begin == own.end ? 0 : listed({own});
  std::uint64_t most = flows.everywhere;
  for (const auto& [selector, each] : flows.own) most += pods * each;
  if (most * std::max<std::uint64_t>(pods, 1) < kLimit) return false;

  std::uint64_t count = flows.everywhere;
  for (const auto& [selector, each] : flows.own) count += listed(policy.ns, *selector) * each;
  if (count == 0) return false;
  const std::uint64_t targets =
      policy.pods.matches_everything() ? 1 : listed(policy.ns, policy.pods);
  return count * targets >= kLimit;
}

std::set<std::pair<std::string, std::string>> oversized_policies(const Cluster& cluster) {
  std::set<std::pair<std::string, std::string>> result;
  if (cluster.network.dialect != Dialect::OpenShiftSdn) return result;
  const Columns columns(cluster, {});
  SelectorSets selectors(cluster, columns);
  FlowLimit limit(cluster, columns, selectors);
  PolicyForms forms;
  for (const NetworkPolicy& policy : cluster.policies) {
    if (limit.is_exceeded(policy, forms.intern(policy)))
      result.emplace(cluster.at(policy.ns).name, policy.name);
  }
  return result;
}

}  // namespace meshproof
