#include "solver/moments/bridge_rules.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace meshproof {
namespace {

using LabelMap = std::map<std::string, std::string>;

LabelMap labels_in(const Tree* tree) {
  LabelMap result;
  const Tree* labels = tree == nullptr ? nullptr : tree->find_path({"metadata", "labels"});
  if (labels == nullptr) return result;
  for (const TreeField& field : labels->fields) result.emplace(field.key, field.value.text);
  // It is there, written or not (SEMANTICS L3).
  result.erase("kubernetes.io/metadata.name");
  return result;
}

void add_differing_keys(const LabelMap& a, const LabelMap& b, std::set<std::string>& keys) {
  for (const auto& [key, value] : a) {
    const auto other = b.find(key);
    if (other == b.end() || other->second != value) keys.insert(key);
  }
}

/// The ports of both; nothing if there are none, or none that can be said.
std::optional<BridgePort> common_port(const BridgePort& a, const BridgePort& b, bool& is_exact) {
  if (a.protocol != b.protocol) return std::nullopt;
  if (!a.range && a.name.empty()) return b;
  if (!b.range && b.name.empty()) return a;
  if (a.name == b.name && !a.name.empty()) return a;
  if (!a.name.empty() || !b.name.empty()) {
    is_exact = false;
    return std::nullopt;
  }
  const PortRange range{std::max(a.range->from, b.range->from), std::min(a.range->to, b.range->to)};
  if (range.from > range.to) return std::nullopt;
  return BridgePort{a.protocol, range, {}};
}

std::optional<std::vector<BridgePort>> common_ports(const std::vector<BridgePort>& a,
                                                    const std::vector<BridgePort>& b,
                                                    bool& is_exact) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  std::set<BridgePort> common;
  for (const BridgePort& one : a) {
    for (const BridgePort& other : b) {
      if (const auto port = common_port(one, other, is_exact)) common.insert(*port);
    }
  }
  if (common.empty()) return std::nullopt;
  return std::vector<BridgePort>(common.begin(), common.end());
}

std::optional<IpBlock> common_block(const IpBlock& a, const IpBlock& b) {
  if (!a.cidr.contains(b.cidr) && !b.cidr.contains(a.cidr)) return std::nullopt;
  IpBlock result{a.cidr.contains(b.cidr) ? b.cidr : a.cidr, {}};
  for (const IpBlock* each : {&a, &b}) {
    for (const Cidr& except : each->except) {
      if (except.contains(result.cidr)) return std::nullopt;
      const bool is_said = std::ranges::find(result.except, except) != result.except.end();
      if (!is_said && result.cidr.contains(except)) result.except.push_back(except);
    }
  }
  return result;
}

/// Pods that both selectors mean; nothing if there can be none.
struct CommonPods {
  bool is_possible = true;
  std::optional<LabelWords> pods;
};
CommonPods common_pods(const ReadPeer& a, const ReadPeer& b) {
  if (!a.pods && !b.pods) return {};
  auto pods = both_of(a.pods.value_or(LabelWords{}), b.pods.value_or(LabelWords{}));
  if (!pods) return {false, {}};
  return {true, std::move(pods)};
}

/// A peer of one state where the other one admits everybody.
BridgePeer peer_of(const ReadPeer& peer, const WrittenRules& written) {
  BridgePeer result;
  result.everybody = peer.everybody;
  result.block = peer.block;
  result.by_names = written.writes(peer.projects);
  result.projects = peer.projects;
  result.names = peer.names;
  result.pods = peer.pods;
  return result;
}

/// Whether a policy that is kept admits all that the peer says in every moment.
bool is_always_admitted(const ReadPeer& peer, const WrittenRules& written) {
  if (!peer.is_kept) return false;
  return peer.everybody || peer.block || !written.writes(peer.projects);
}

void drop_always_admitted(const ReadPeer& peer, const WrittenRules& written,
                          std::set<std::string>& names) {
  if (!peer.is_kept) return;
  std::erase_if(names,
                [&](const std::string& name) { return written.leaves(peer.projects, name); });
}

}  // namespace

bool WrittenRules::writes(const LabelWords& words) const {
  return std::ranges::any_of(words,
                             [this](const LabelWord& word) { return all_keys.contains(word.key); });
}

bool WrittenRules::leaves(const LabelWords& words, const std::string& project) const {
  const auto found = label_keys.find(project);
  if (found == label_keys.end()) return true;
  return std::ranges::none_of(
      words, [&](const LabelWord& word) { return found->second.contains(word.key); });
}

WrittenRules written_rules(const ObjectStore& before, const std::vector<Step>& steps) {
  WrittenRules written;
  std::map<std::string, LabelMap> labels;
  for (const Step& step : steps) {
    if (step.key.kind == "NetworkPolicy") written.policies.insert(step.key);
    if (step.key.kind != "Namespace") continue;
    const auto [at, is_first] = labels.try_emplace(step.key.name);
    if (is_first) {
      const Object* old = before.find(step.key);
      at->second = labels_in(old == nullptr ? nullptr : &*old->tree);
    }
    LabelMap now = labels_in(step.verb == Verb::Delete ? nullptr : &step.object);
    std::set<std::string>& keys = written.label_keys[step.key.name];
    add_differing_keys(at->second, now, keys);
    add_differing_keys(now, at->second, keys);
    at->second = std::move(now);
  }
  std::erase_if(written.label_keys, [](const auto& each) { return each.second.empty(); });
  for (const auto& [project, keys] : written.label_keys) {
    written.all_keys.insert(keys.begin(), keys.end());
  }
  return written;
}

std::vector<ReadPeer> read_peers(const Cluster& state, const NetworkPolicy& policy,
                                 Direction direction) {
  std::vector<ReadPeer> result;
  for (const PolicyRule& rule : policy.rules(direction)) {
    std::vector<BridgePort> ports;
    for (const PolicyPort& port : rule.ports)
      ports.push_back({port.protocol, port.range, port.name});
    if (rule.peers.empty()) {
      ReadPeer everybody;
      everybody.everybody = true;
      everybody.ports = ports;
      result.push_back(std::move(everybody));
    }
    for (const PolicyPeer& peer : rule.peers) {
      ReadPeer read;
      read.ports = ports;
      read.block = peer.block;
      if (peer.pods) read.pods = words_of(*peer.pods, state.symbols);
      if (peer.namespaces) {
        read.projects = words_of(*peer.namespaces, state.symbols);
        for (const Namespace& each : state.namespaces) {
          if (matches(*peer.namespaces, each.labels)) read.names.insert(each.name);
        }
      } else if (!peer.block) {
        const std::string& own = state.at(policy.ns).name;
        read.projects = {{"kubernetes.io/metadata.name", LabelOperator::In, {own}}};
        read.names = {own};
        // Alone and empty it is a match of network ids, as a namespaceSelector is (SDN-P6).
        if (read.pods && read.pods->empty()) read.pods.reset();
      }
      result.push_back(std::move(read));
    }
  }
  return result;
}

CommonRule common_rule(const ReadPeer& before, const ReadPeer& after, const WrittenRules& written) {
  CommonRule result;
  // What they have in common is a part of either, so that one of them alone is enough.
  if (is_always_admitted(before, written) || is_always_admitted(after, written)) return result;
  const auto ports = common_ports(before.ports, after.ports, result.is_exact);
  if (!ports) return result;
  BridgeRule rule{*ports, {}};
  if (before.everybody || after.everybody) {
    rule.peer = peer_of(before.everybody ? after : before, written);
  } else if (before.block || after.block) {
    result.is_exact = result.is_exact && before.block && after.block;
    if (!before.block || !after.block) return result;
    rule.peer.block = common_block(*before.block, *after.block);
    if (!rule.peer.block) return result;
  } else {
    CommonPods pods = common_pods(before, after);
    if (!pods.is_possible) return result;
    rule.peer.pods = std::move(pods.pods);
    rule.peer.projects = before.projects;
    rule.peer.by_names = before.projects != after.projects || written.writes(before.projects);
    std::ranges::set_intersection(before.names, after.names,
                                  std::inserter(rule.peer.names, rule.peer.names.end()));
  }
  const bool is_pods = !rule.peer.everybody && !rule.peer.block;
  if (is_pods && rule.peer.by_names) {
    drop_always_admitted(before, written, rule.peer.names);
    drop_always_admitted(after, written, rule.peer.names);
    if (rule.peer.names.empty()) return result;
  }
  result.rule = std::move(rule);
  return result;
}

}  // namespace meshproof
