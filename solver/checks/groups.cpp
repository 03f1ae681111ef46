#include "solver/checks/groups.h"

#include <algorithm>
#include <map>

#include "solver/checks/mesh_members.h"

namespace meshproof {

namespace {

bool contains_any(const std::vector<Cidr>& blocks, const IpAddress& address) {
  return std::ranges::any_of(blocks, [&](const Cidr& block) { return block.contains(address); });
}

void add_block(const IpBlock& block, std::vector<Cidr>& blocks) {
  blocks.push_back(block.cidr);
  blocks.insert(blocks.end(), block.except.begin(), block.except.end());
}

void add_keys(const std::optional<LabelSelector>& selector, std::vector<Symbol>& keys) {
  if (!selector) return;
  for (const LabelRequirement& requirement : selector->requirements) {
    keys.push_back(requirement.key);
  }
}

template <typename T>
void sort_unique(std::vector<T>& values) {
  std::ranges::sort(values);
  const auto repeated = std::ranges::unique(values);
  values.erase(repeated.begin(), repeated.end());
}

bool has_pod_criteria(const Group& group) {
  return group.member_of || group.not_member_of || group.mesh || !group.namespace_names.empty() ||
         group.namespace_selector || group.pod_selector;
}

}  // namespace

FlowEnd EndClass::first() const {
  if (pods.empty()) return address.front();
  return pods.front();
}

FlowEnd EndClass::second() const {
  if (pods.size() < 2) return first();
  return pods[1];
}

std::size_t Ends::pods() const {
  std::size_t count = 0;
  for (const EndClass& one : classes) count += one.pods.size();
  return count;
}

std::size_t Ends::addresses() const {
  std::size_t count = 0;
  for (const EndClass& one : classes) count += one.address.size();
  return count;
}

bool matches(const SelectorText& selector, const Labels& labels, const SymbolTable& symbols) {
  return std::ranges::all_of(selector.terms, [&](const SelectorText::Term& term) {
    const Symbol value = labels.find(symbols.find(term.key));
    const bool is_there = value.is_valid();
    const auto is_listed = [&] {
      return is_there && std::ranges::find(term.values, symbols.text(value)) != term.values.end();
    };
    if (term.op == "In") return is_listed();
    if (term.op == "NotIn") return !is_listed();
    if (term.op == "Exists") return is_there;
    return term.op == "DoesNotExist" && !is_there;
  });
}

GroupResolver::GroupResolver(const Cluster& cluster) : cluster_(cluster), plan_(cluster) {
  for (const NetworkPolicy& policy : cluster.policies) {
    add_keys(policy.pods, keys_);
    for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
      for (const PolicyRule& rule : policy.rules(direction)) {
        for (const PolicyPeer& peer : rule.peers) {
          add_keys(peer.pods, keys_);
          if (peer.block) add_block(*peer.block, blocks_);
        }
      }
    }
  }
  for (const EgressNetworkPolicy& firewall : cluster.egress_policies) {
    for (const EgressRule& rule : firewall.rules) {
      if (rule.cidr) blocks_.push_back(*rule.cidr);
    }
  }
  for (const Pod& pod : cluster.pods) {
    if (!pod.is_completed()) continue;
    for (const IpAddress& address : pod.addresses) {
      blocks_.push_back(Cidr::of(address, address.width()));
    }
  }
  sort_unique(keys_);
  sort_unique(blocks_);
  for (const Cidr& block : blocks_) {
    borders_.push_back(block.first());
    if (block.last().plus(1) > block.last()) borders_.push_back(block.last().plus(1));
  }
  sort_unique(borders_);
}

bool GroupResolver::has_namespace(const Group& group, NamespaceId id) const {
  const Namespace& ns = cluster_.at(id);
  const std::string_view mesh = member_of(cluster_, id);
  const auto is_member = [&](const std::string& of) { return mesh == of && ns.name != of; };
  if (group.member_of && !is_member(*group.member_of)) return false;
  if (group.not_member_of && (is_member(*group.not_member_of) || ns.name == *group.not_member_of)) {
    return false;
  }
  if (group.mesh && !is_member(*group.mesh) && ns.name != *group.mesh) return false;
  if (!group.namespace_names.empty() &&
      std::ranges::find(group.namespace_names, ns.name) == group.namespace_names.end()) {
    return false;
  }
  return !group.namespace_selector ||
         matches(*group.namespace_selector, ns.labels, cluster_.symbols);
}

bool GroupResolver::is_of_cluster(const IpAddress& address) const {
  return contains_any(cluster_.network.cluster_networks, address) ||
         contains_any(cluster_.network.service_networks, address) || plan_.is_used(address);
}

bool GroupResolver::has_address(const Group& group, const IpAddress& address) const {
  if (group.except_cluster && is_of_cluster(address)) return false;
  return contains_any(group.cidrs, address) && !contains_any(group.except_cidrs, address);
}

bool GroupResolver::has_pod(const Group& group, const Pod& pod) const {
  if (pod.is_completed() || !has_namespace(group, pod.ns)) return false;
  if (group.pod_selector && !matches(*group.pod_selector, pod.labels, cluster_.symbols)) {
    return false;
  }
  if (group.cidrs.empty()) return true;
  return std::ranges::any_of(pod.addresses,
                             [&](const IpAddress& one) { return has_address(group, one); });
}

bool GroupResolver::contains(const Group& group, const EndClass& ends) const {
  if (!ends.pods.empty()) return has_pod(group, cluster_.at(ends.pods.front()));
  return !has_pod_criteria(group) && has_address(group, ends.address.front());
}

bool GroupResolver::has_hosts(const Group& group) const {
  const bool has_host_pod = std::ranges::any_of(
      cluster_.pods, [&](const Pod& pod) { return pod.host_network && has_pod(group, pod); });
  return has_host_pod || (!group.cidrs.empty() && !group.except_cluster);
}

/// What evaluate() can see of a pod, beside its name.
std::string GroupResolver::signature(const Pod& pod, bool by_node) const {
  std::string result;
  const auto add = [&](std::uint64_t value) { result += std::to_string(value) + '|'; };
  add(pod.ns.value);
  add(pod.host_network);
  add(pod.stand_in);
  add(static_cast<std::uint64_t>(pod.phase));
  if (by_node || pod.host_network) add(pod.node.value);
  for (const Symbol key : keys_) add(pod.labels.find(key).value);
  for (const ContainerPort& port : pod.ports) {
    if (port.name.empty()) continue;
    result += port.name + '/' + std::string(to_string(port.protocol)) + '/';
    add(port.port);
  }
  for (const IpAddress& address : pod.addresses) {
    result += address.is_v4() ? '4' : '6';
    const auto border = std::ranges::upper_bound(borders_, address);
    add(static_cast<std::uint64_t>(border - borders_.begin()));
  }
  return result;
}

std::vector<IpAddress> GroupResolver::addresses_of(const Group& group,
                                                   const std::vector<const Group*>& apart) const {
  std::vector<IpAddress> result;
  if (group.cidrs.empty() || has_pod_criteria(group)) return result;
  for (const Node& node : cluster_.nodes) {
    for (const IpAddress& address : node.addresses) {
      if (has_address(group, address)) result.push_back(address);
    }
  }
  std::vector<Cidr> cuts = blocks_;
  const auto add = [&](const Group& one) {
    cuts.insert(cuts.end(), one.cidrs.begin(), one.cidrs.end());
    cuts.insert(cuts.end(), one.except_cidrs.begin(), one.except_cidrs.end());
  };
  add(group);
  for (const Group* other : apart) add(*other);
  for (const AddressAtom& atom : plan_.atoms(cuts, true)) {
    if (atom.outside && has_address(group, *atom.outside)) result.push_back(*atom.outside);
  }
  sort_unique(result);
  return result;
}

Ends GroupResolver::resolve(const Group& group, const std::vector<const Group*>& apart,
                            bool by_node) const {
  std::map<std::string, EndClass> classes;
  const bool only_addresses = !group.cidrs.empty() && group.except_cluster;
  for (std::uint32_t i = 0; i < cluster_.pods.size() && !only_addresses; ++i) {
    const Pod& pod = cluster_.pods[i];
    if (!has_pod(group, pod)) continue;
    std::string key = signature(pod, by_node);
    for (const Group* other : apart) key += has_pod(*other, pod) ? 'y' : 'n';
    classes[std::move(key)].pods.push_back({i});
  }
  Ends result;
  for (auto& [key, one] : classes) result.classes.push_back(std::move(one));
  std::ranges::sort(result.classes, {}, [](const EndClass& one) { return one.pods.front(); });
  for (const IpAddress& address : addresses_of(group, apart)) {
    result.classes.push_back({{}, {address}});
  }
  return result;
}

}  // namespace meshproof
