#include "solver/engines/all_pairs/pod_signatures.h"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace meshproof {
namespace {

void mark(std::vector<bool>& keys, const LabelSelector& selector) {
  for (const LabelRequirement& requirement : selector.requirements) {
    const std::size_t key = requirement.key.value;
    if (key >= keys.size()) keys.resize(key + 1);
    keys[key] = true;
  }
}

bool is_marked(const std::vector<bool>& keys, Symbol key) {
  return key.value < keys.size() && keys[key.value];
}

bool are_marked(const std::vector<bool>& keys, const LabelSelector& selector) {
  return std::ranges::all_of(selector.requirements, [&](const LabelRequirement& requirement) {
    return is_marked(keys, requirement.key);
  });
}

}  // namespace

bool is_any_of_dialect(Dialect dialect, const Cluster& cluster, const Cluster* also) {
  return cluster.network.dialect == dialect ||
         (also != nullptr && also->network.dialect == dialect);
}

PodSignatures::PodSignatures(const Cluster& cluster, const Cluster* also)
    : cluster_(cluster), looks_names_up_(is_any_of_dialect(Dialect::Kubernetes, cluster, also)) {
  look_at(cluster);
  if (also != nullptr) look_at(*also);
  std::ranges::sort(borders_);
  const auto repeated = std::ranges::unique(borders_);
  borders_.erase(repeated.begin(), repeated.end());
}

void PodSignatures::look_at(const Cluster& cluster) {
  for (const NetworkPolicy& policy : cluster.policies) look_at(policy);
  for (const EgressNetworkPolicy& policy : cluster.egress_policies) {
    for (const EgressRule& rule : policy.rules) {
      if (rule.cidr) add_block(*rule.cidr);
    }
  }
  for (const Cidr& block : cluster.network.cluster_networks) add_block(block);
}

bool PodSignatures::cover(const NetworkPolicy& policy) const {
  if (!are_marked(pod_keys_, policy.pods)) return false;
  for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
    const auto& rules = policy.rules(direction);
    const auto is_covered = [&](const PolicyRule& rule) { return covers(rule); };
    if (!std::ranges::all_of(rules, is_covered)) return false;
  }
  return true;
}

bool PodSignatures::covers(const PolicyRule& rule) const {
  for (const PolicyPeer& peer : rule.peers) {
    if (peer.pods && !are_marked(pod_keys_, *peer.pods)) return false;
    if (!peer.block) continue;
    const auto is_covered = [&](const Cidr& block) { return covers(block); };
    if (!covers(peer.block->cidr) || !std::ranges::all_of(peer.block->except, is_covered)) {
      return false;
    }
  }
  if (!looks_names_up_) return true;
  return std::ranges::all_of(rule.ports, [&](const PolicyPort& port) {
    return port.name.empty() || port_names_.contains(port.name);
  });
}

bool PodSignatures::covers(const Cidr& block) const {
  const IpAddress after = block.last().plus(1);
  return std::ranges::binary_search(borders_, block.first()) &&
         (after < block.last() || std::ranges::binary_search(borders_, after));
}

void PodSignatures::look_at(const NetworkPolicy& policy) {
  mark(pod_keys_, policy.pods);
  for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
    for (const PolicyRule& rule : policy.rules(direction)) look_at(rule);
  }
}

void PodSignatures::look_at(const PolicyRule& rule) {
  for (const PolicyPeer& peer : rule.peers) {
    if (peer.pods) mark(pod_keys_, *peer.pods);
    if (peer.namespaces) mark(namespace_keys_, *peer.namespaces);
    if (!peer.block) continue;
    add_block(peer.block->cidr);
    for (const Cidr& except : peer.block->except) add_block(except);
  }
  // SEMANTICS SDN-P1, OVN-4: the other dialects never look a name up.
  if (!looks_names_up_) return;
  for (const PolicyPort& port : rule.ports) {
    if (port.name.empty()) continue;
    port_names_.try_emplace(port.name, static_cast<std::uint32_t>(port_names_.size()));
  }
}

void PodSignatures::add_block(const Cidr& block) {
  borders_.push_back(block.first());
  const IpAddress after = block.last().plus(1);
  if (block.last() < after) borders_.push_back(after);
}

void PodSignatures::sign(PodId id, bool is_alone, Signature& signature) const {
  const Pod& pod = cluster_.at(id);
  signature.clear();
  signature.push_back(pod.is_completed() ? 1 : 0);
  for (const Label& label : pod.labels.all()) {
    if (!is_marked(pod_keys_, label.key)) continue;
    signature.push_back(label.key.value);
    signature.push_back(label.value.value);
  }
  constexpr std::uint32_t kSeparator = 0xffffffff;
  signature.push_back(kSeparator);
  for (const IpAddress& address : pod.addresses) {
    const auto atom = std::ranges::upper_bound(borders_, address) - borders_.begin();
    signature.push_back((static_cast<std::uint32_t>(atom) << 1U) | (address.is_v4() ? 1U : 0U));
  }
  signature.push_back(kSeparator);
  for (const ContainerPort& port : pod.ports) {
    if (port.name.empty() || port_names_.empty()) continue;
    const auto name = port_names_.find(port.name);
    if (name == port_names_.end()) continue;
    signature.push_back(name->second);
    signature.push_back((static_cast<std::uint32_t>(port.protocol) << 16U) | port.port);
  }
  if (!is_alone) return;
  signature.push_back(kSeparator);
  signature.push_back(id.value);
}

std::vector<NamespaceId> PodSignatures::namespaces_in_order() const {
  // How many values each key has decides how many runs a selector of it would cut.
  std::unordered_map<std::uint64_t, std::uint32_t> values;
  std::map<Symbol, std::uint32_t> spread;
  for (const Namespace& ns : cluster_.namespaces) {
    for (const Label& label : ns.labels.all()) {
      if (!is_marked(namespace_keys_, label.key)) continue;
      const std::uint64_t pair = (std::uint64_t{label.key.value} << 32U) | label.value.value;
      if (values[pair]++ == 0) ++spread[label.key];
    }
  }
  std::vector<std::pair<std::uint32_t, Symbol>> keys;
  for (const auto& [key, count] : spread) keys.emplace_back(count, key);
  std::ranges::sort(keys);
  std::vector<Signature> signatures;
  for (const Namespace& ns : cluster_.namespaces) {
    Signature& signature = signatures.emplace_back();
    for (const auto& [count, key] : keys) signature.push_back(ns.labels.find(key).value);
  }
  std::vector<NamespaceId> order(cluster_.namespaces.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = {i};
  std::ranges::stable_sort(order, [&](NamespaceId a, NamespaceId b) {
    return signatures[a.value] < signatures[b.value];
  });
  return order;
}

std::vector<SharedAddress> shared_addresses(const Cluster& cluster) {
  // By a number first: addresses themselves are slow to sort.
  std::vector<std::pair<std::uint64_t, PodId>> holders;
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    if (cluster.pods[i].host_network) continue;
    for (const IpAddress& address : cluster.pods[i].addresses) {
      std::uint64_t hash = address.is_v4() ? 1 : 0;
      for (const std::uint8_t byte : address.bytes()) hash = hash * 257 + byte;
      holders.emplace_back(hash, PodId{i});
    }
  }
  std::ranges::sort(holders);
  std::map<IpAddress, std::set<PodId>> shared;
  for (std::size_t i = 1; i < holders.size(); ++i) {
    if (holders[i].first != holders[i - 1].first) continue;
    for (const PodId pod : {holders[i - 1].second, holders[i].second}) {
      for (const IpAddress& address : cluster.at(pod).addresses) shared[address].insert(pod);
    }
  }
  std::vector<SharedAddress> result;
  for (const auto& [address, pods] : shared) {
    if (pods.size() > 1) result.push_back({address, {pods.begin(), pods.end()}});
  }
  return result;
}

}  // namespace meshproof
