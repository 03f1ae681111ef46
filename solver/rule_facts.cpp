#include "solver/rule_facts.h"

#include <algorithm>
#include <utility>

namespace meshproof {
namespace {

constexpr std::array kDirections{Direction::Ingress, Direction::Egress};

FlowLimit limit_of(Reacher& state) {
  PairTables& tables = state.tables();
  return {tables.cluster, tables.columns, tables.peers.selectors()};
}

std::size_t index_of(Direction direction) { return static_cast<std::size_t>(direction); }

}  // namespace

RuleFactsBook::RuleFactsBook(Reacher& before, Reacher& after, const std::vector<ComparedEnd>& ends)
    : states_{&before, &after},
      ends_(ends),
      limits_{limit_of(before), limit_of(after)},
      looks_names_up_(is_any_of_dialect(Dialect::Kubernetes, before.tables().cluster,
                                        &after.tables().cluster)) {
  find_columns();
  for (const Direction direction : kDirections) {
    std::vector<RuleFactsId>& numbers = facts_.at(index_of(direction));
    for (std::uint32_t i = 0; i < ends.size(); ++i) {
      const RuleFactsId next{static_cast<std::uint32_t>(by_number_.size())};
      const auto [entry, is_new] = numbers_.try_emplace(facts_of({i}, direction), next);
      if (is_new) by_number_.push_back(&entry->first);
      numbers.push_back(entry->second);
    }
  }
}

void RuleFactsBook::find_columns() {
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const Reacher& state = *states_.at(i);
    for (const ComparedEnd& end : ends_) {
      Column sender = kNoColumn;
      Column receiver = kNoColumn;
      if (!stands_alone(end)) {
        sender = state.sender(*end.before);
        const NodeId node = end.before->node;
        receiver = node.is_valid() ? state.columns().receiver(node) : sender;
      }
      columns_.at(index_of(Direction::Ingress)).at(i).push_back(sender);
      columns_.at(index_of(Direction::Egress)).at(i).push_back(receiver);
    }
  }
}

bool RuleFactsBook::stands_alone(const ComparedEnd& end) const {
  if (!end.is_plain) return !end.is_told_host;
  const Reacher& state = *states_.front();
  const auto is_somewhere = [&](const ReachMember& member) {
    return end.before->is_workload() && state.cluster().at(member.pod).node.is_valid();
  };
  return state.columns().sharers().contains(state.sender(*end.before)) ||
         !std::ranges::all_of(end.before->noded_members, is_somewhere);
}

RuleFacts RuleFactsBook::facts_of(EndId id, Direction direction) {
  const ComparedEnd& end = ends_[id.value];
  if (stands_alone(end)) return {.kind = RuleFacts::Kind::Alone, .alone = id};
  RuleFacts facts{.kind = RuleFacts::Kind::Pods, .direction = direction};
  if (end.is_told_host) {
    const bool is_node = end.before->node.is_valid();
    facts.kind = is_node ? RuleFacts::Kind::Node : RuleFacts::Kind::Block;
  }
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const PairTables& tables = states_.at(i)->tables();
    const ColumnEnd& column = tables.columns.at(states_.at(i)->sender(*end.before));
    RuleFacts::State& state = facts.states.at(i);
    state.has_ipv4 = column.has_ipv4;
    state.has_ipv6 = column.has_ipv6;
    if (end.is_told_host) continue;
    const bool has_own_id = tables.vnids.is_ordinary(column.ns);
    if (!has_own_id && tables.vnids.is_known(column.ns)) {
      state.vnid = tables.vnids.at(column.ns) + 1;
    }
    if (tables.has_rules_for_hosts(column.ns)) state.ns = column.ns;
  }
  if (facts.kind == RuleFacts::Kind::Pods) add_policies(end.before->members.front().pod, facts);
  return facts;
}

void RuleFactsBook::add_policies(PodId pod, RuleFacts& facts) {
  const Cluster& cluster = states_.front()->cluster();
  for (const PolicyId id : cluster.at(cluster.at(pod).ns).policies) {
    const NetworkPolicy& policy = cluster.at(id);
    const bool bears = policy.isolates(facts.direction) || !policy.rules(facts.direction).empty();
    if (!bears || !matches(policy.pods, cluster.at(pod).labels)) continue;
    facts.forms.push_back(forms_.intern(policy));
    for (FlowLimit& limit : limits_) {
      facts.exceeded.push_back(limit.is_exceeded(policy, facts.forms.back()));
    }
  }
  // SEMANTICS P11: it is the receiver who gives names.
  if (looks_names_up_ && facts.direction == Direction::Ingress) {
    facts.port_names = number_of_ports(pod);
  }
}

std::uint32_t RuleFactsBook::number_of_ports(PodId pod) {
  std::vector<std::tuple<std::string, Protocol, std::uint16_t>> named;
  for (const ContainerPort& port : states_.front()->cluster().at(pod).ports) {
    if (!port.name.empty()) named.emplace_back(port.name, port.protocol, port.port);
  }
  const auto next = static_cast<std::uint32_t>(ports_.size());
  return ports_.try_emplace(std::move(named), next).first->second;
}

const RuleFactsBook::Peers& RuleFactsBook::peers_of(RuleFactsId id) {
  const auto [entry, is_new] = peers_.try_emplace(id);
  Peers& peers = entry->second;
  if (!is_new) return peers;
  const RuleFacts& facts = *by_number_[id.value];
  for (const PolicyFormId form : facts.forms) {
    for (const PolicyRule& rule : forms_.at(form).rules(facts.direction)) {
      for (const PolicyPeer& peer : rule.peers) {
        if (!peer.namespaces && peer.pods) peers.own.push_back(&*peer.pods);
        for (std::size_t i = 0; i < states_.size(); ++i) {
          PeerSets& known = states_.at(i)->tables().peers;
          const PeerKey key = known.key_of(peer, facts.direction);
          if (!key.is_of_namespace()) peers.everywhere.at(i).push_back(known.intern(key));
        }
      }
    }
  }
  return peers;
}

std::vector<bool> RuleFactsBook::marks(RuleFactsId facts, EndId other, bool within) {
  const Peers& peers = peers_of(facts);
  const auto& columns = columns_.at(index_of(by_number_[facts.value]->direction));
  std::vector<bool> marks;
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const PairTables& tables = states_.at(i)->tables();
    const Column column = columns.at(i)[other.value];
    for (const PeerId peer : peers.everywhere.at(i)) {
      marks.push_back(tables.sets.contains(tables.peers.at(peer).yes, column));
      marks.push_back(tables.sets.contains(tables.peers.at(peer).possible, column));
    }
  }
  if (!within) return marks;
  const PodId pod = ends_[other.value].before->members.front().pod;
  const Labels& labels = states_.front()->cluster().at(pod).labels;
  for (const LabelSelector* selector : peers.own) marks.push_back(matches(*selector, labels));
  return marks;
}

}  // namespace meshproof
