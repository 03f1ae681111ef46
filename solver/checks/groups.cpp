#include "solver/checks/groups.h"

#include <algorithm>
#include <map>

#include "solver/checks/mesh_members.h"
#include "solver/evaluate.h"

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

bool overlap(const Cidr& a, const Cidr& b) {
  return a.contains(b.first()) || b.contains(a.first());
}

/// Addresses by which one pod is taken for another (SEMANTICS SDN-P7): of completed ones, and those
/// that several have.
std::vector<Cidr> shared_addresses(const Cluster& cluster) {
  std::map<IpAddress, std::size_t> holders;
  for (const Pod& pod : cluster.pods) {
    if (pod.host_network) continue;
    for (const IpAddress& address : pod.addresses) holders[address] += pod.is_completed() ? 2U : 1U;
  }
  std::vector<Cidr> result;
  for (const auto& [address, count] : holders) {
    if (count > 1) result.push_back(Cidr::of(address, address.width()));
  }
  return result;
}

/// By pod, the Services that have a cluster IP and lead to it.
std::map<PodId, std::vector<ServiceId>> services_by_pod(const Cluster& cluster) {
  std::map<PodId, std::vector<ServiceId>> result;
  for (std::uint32_t i = 0; i < cluster.services.size(); ++i) {
    const Service& service = cluster.services[i];
    if (service.cluster_ips.empty()) continue;
    for (const ServiceEndpoint& endpoint : service.endpoints) {
      if (endpoint.pod.is_valid()) result[endpoint.pod].push_back({i});
    }
    if (service.has_endpoints_object || !service.selector) continue;
    for (const PodId pod : cluster.at(service.ns).pods) {
      if (matches(*service.selector, cluster.at(pod).labels)) result[pod].push_back({i});
    }
  }
  return result;
}

bool has_pod_criteria(const Group& group) {
  return group.member_of || group.not_member_of || group.mesh || !group.namespace_names.empty() ||
         group.namespace_selector || group.pod_selector;
}

}  // namespace

FlowEnd EndClass::first() const {
  if (service.is_valid()) return service;
  if (pods.empty()) return addresses.front();
  return pods.front();
}

FlowEnd EndClass::second() const {
  if (service.is_valid()) return service;
  if (pods.empty()) return addresses.back();
  return pods.size() < 2 ? pods.front() : pods[1];
}

bool Ends::is_empty() const {
  return std::ranges::none_of(classes, [](const EndClass& one) { return one.certain; });
}

std::size_t Ends::pods() const {
  std::size_t count = 0;
  for (const EndClass& one : classes) count += one.pods.size();
  return count;
}

std::size_t Ends::addresses() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      classes, [](const EndClass& one) { return one.pods.empty() && !one.service.is_valid(); }));
}

bool asks_for_namespace_labels(const Group& group) {
  return group.member_of || group.not_member_of || group.mesh || group.namespace_selector;
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

GroupResolver::GroupResolver(const Cluster& cluster)
    : cluster_(cluster),
      plan_(cluster),
      blocks_(shared_addresses(cluster)),
      hosts_(special_addresses(cluster)),
      special_(special_blocks(cluster)),
      services_(services_by_pod(cluster)) {
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
  std::erase_if(special_, [&](const Cidr& block) {
    return std::ranges::any_of(cluster.network.cluster_networks,
                               [&](const Cidr& network) { return network.contains(block); });
  });
  // Not of foreign endpoints of Services: those are outside, wherever a Service leads.
  own_ = hosts_;
  for (const Pod& pod : cluster.pods) {
    if (!pod.is_completed()) own_.insert(own_.end(), pod.addresses.begin(), pod.addresses.end());
  }
  for (const Service& service : cluster.services) {
    own_.insert(own_.end(), service.cluster_ips.begin(), service.cluster_ips.end());
  }
  sort_unique(own_);
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
  if (ns.uncollected.labels && asks_for_namespace_labels(group)) return false;
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
         contains_any(cluster_.network.service_networks, address) ||
         contains_any(special_, address) || std::ranges::binary_search(own_, address);
}

bool GroupResolver::has_address(const Group& group, const IpAddress& address) const {
  if (group.except_cluster && is_of_cluster(address)) return false;
  return contains_any(group.cidrs, address) && !contains_any(group.except_cidrs, address);
}

GroupResolver::Membership GroupResolver::membership(const Group& group, const Pod& pod) const {
  if (pod.is_completed() || !has_namespace(group, pod.ns)) return Membership::No;
  if (group.pod_selector && !matches(*group.pod_selector, pod.labels, cluster_.symbols)) {
    return Membership::No;
  }
  if (group.cidrs.empty()) return Membership::Yes;
  if (pod.addresses.empty()) return membership_without_address(group, pod);
  const bool has_one = std::ranges::any_of(
      pod.addresses, [&](const IpAddress& one) { return has_address(group, one); });
  return has_one ? Membership::Yes : Membership::No;
}

/// Of a template's pod, or one that is not scheduled yet: by where its address will lie.
GroupResolver::Membership GroupResolver::membership_without_address(const Group& group,
                                                                    const Pod& pod) const {
  if (group.except_cluster) return Membership::No;
  if (pod.host_network && pod.node.is_valid() && !cluster_.at(pod.node).addresses.empty()) {
    const bool has_one = std::ranges::any_of(
        cluster_.at(pod.node).addresses, [&](const auto& one) { return has_address(group, one); });
    return has_one ? Membership::Yes : Membership::No;
  }
  std::vector<Cidr> surroundings = cluster_.network.cluster_networks;
  if (pod.host_network || surroundings.empty()) surroundings = {Cidr::of(IpAddress::v4(0), 0)};
  bool all = true;
  bool any = false;
  for (const Cidr& block : surroundings) {
    const auto holds = [&](const Cidr& cidr) { return cidr.contains(block); };
    const auto touches = [&](const Cidr& cidr) { return overlap(cidr, block); };
    all = all && std::ranges::any_of(group.cidrs, holds) &&
          std::ranges::none_of(group.except_cidrs, touches);
    any = any || (std::ranges::any_of(group.cidrs, touches) &&
                  std::ranges::none_of(group.except_cidrs, holds));
  }
  if (all) return Membership::Yes;
  return any ? Membership::Perhaps : Membership::No;
}

bool GroupResolver::contains(const Group& group, const EndClass& ends) const {
  if (ends.pods.empty()) {
    const auto is_inside = [&](const IpAddress& one) { return has_address(group, one); };
    return !has_pod_criteria(group) && std::ranges::all_of(ends.addresses, is_inside);
  }
  return membership(group, cluster_.at(ends.pods.front())) == Membership::Yes;
}

bool GroupResolver::has_hosts(const Group& group) const {
  const bool has_host_pod = std::ranges::any_of(cluster_.pods, [&](const Pod& pod) {
    return pod.host_network && membership(group, pod) != Membership::No;
  });
  return has_host_pod || (!group.cidrs.empty() && !group.except_cluster);
}

std::string GroupResolver::signature(PodId id, bool by_node) const {
  const Pod& pod = cluster_.at(id);
  std::string result;
  const auto add = [&](std::uint64_t value) { result += std::to_string(value) + '|'; };
  add(pod.ns.value);
  add(pod.host_network);
  add(pod.stand_in);
  add(static_cast<std::uint64_t>(pod.phase));
  if (by_node || pod.host_network) add(pod.node.value);
  // SEMANTICS S8: a pod reaches itself through its Services.
  if (const auto services = services_.find(id); by_node && services != services_.end()) {
    for (const ServiceId service : services->second) add(service.value);
    result += ';';
  }
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

std::vector<EndClass> GroupResolver::addresses_of(const Group& group,
                                                  const Resolution& resolution) const {
  if (group.cidrs.empty() || has_pod_criteria(group)) return {};
  std::map<IpAddress, EndClass> found;
  const auto add = [&](const IpAddress& address) {
    if (has_address(group, address)) found.try_emplace(address, EndClass{{}, {address}});
  };
  const bool receives = resolution.side == Resolution::Side::Destination;
  std::ranges::for_each(hosts_, add);
  for (const Service& service : cluster_.services) {
    if (receives) std::ranges::for_each(service.cluster_ips, add);
  }
  std::vector<Cidr> cuts = blocks_;
  cuts.insert(cuts.end(), special_.begin(), special_.end());
  const auto cut_by = [&](const Group& one) {
    cuts.insert(cuts.end(), one.cidrs.begin(), one.cidrs.end());
    cuts.insert(cuts.end(), one.except_cidrs.begin(), one.except_cidrs.end());
  };
  cut_by(group);
  for (const Group* other : resolution.apart) cut_by(*other);
  for (const AddressAtom& atom : plan_.atoms(cuts, true)) {
    if (!atom.outside || !has_address(group, *atom.outside)) continue;
    // SEMANTICS F10: nobody sends from a multicast address, and most dialects close it to all.
    const bool leaves_out_multicast = !receives || resolution.must_be_open;
    if (leaves_out_multicast && is_multicast(*atom.outside)) continue;
    EndClass& range = found.try_emplace(*atom.outside, EndClass{{}, {*atom.outside}}).first->second;
    if (atom.second_outside) range.addresses = {*atom.outside, *atom.second_outside};
  }
  std::vector<EndClass> result;
  for (auto& [address, one] : found) result.push_back(std::move(one));
  return result;
}

/// Endpoints that are no pods of the pod network, which the OpenShift SDN asks nothing about.
std::vector<EndClass> GroupResolver::services_past_policies(const Group& group) const {
  std::vector<EndClass> result;
  const bool is_sdn = cluster_.network.dialect == Dialect::OpenShiftSdn;
  if (!is_sdn || group.cidrs.empty() || has_pod_criteria(group)) return result;
  for (std::uint32_t i = 0; i < cluster_.services.size(); ++i) {
    EndClass one;
    one.service = {i};
    for (const ServiceEndpoint& endpoint : cluster_.services[i].endpoints) {
      const bool is_past = !endpoint.pod.is_valid() || cluster_.at(endpoint.pod).host_network;
      const bool is_meant = is_past && has_address(group, endpoint.address);
      if (is_meant) one.addresses.push_back(endpoint.address);
      one.certain = one.certain && is_meant;
    }
    if (!one.addresses.empty()) result.push_back(std::move(one));
  }
  return result;
}

Ends GroupResolver::resolve(const Group& group, const Resolution& resolution) const {
  std::map<std::string, EndClass> classes;
  const bool only_addresses = !group.cidrs.empty() && group.except_cluster;
  for (std::uint32_t i = 0; i < cluster_.pods.size() && !only_addresses; ++i) {
    const Pod& pod = cluster_.pods[i];
    const Membership own = membership(group, pod);
    const bool is_certain = own == Membership::Yes;
    if (own == Membership::No || (resolution.must_be_open && !is_certain)) continue;
    std::string key = signature({i}, resolution.by_node) + (is_certain ? 'y' : 'p');
    for (const Group* other : resolution.apart) {
      key += membership(*other, pod) == Membership::Yes ? 'y' : 'n';
    }
    EndClass& one = classes[std::move(key)];
    one.pods.push_back({i});
    one.certain = is_certain;
  }
  Ends result;
  for (auto& [key, one] : classes) result.classes.push_back(std::move(one));
  std::ranges::sort(result.classes, {}, [](const EndClass& one) { return one.pods.front(); });
  for (EndClass& one : addresses_of(group, resolution)) result.classes.push_back(std::move(one));
  if (resolution.side == Resolution::Side::Source || resolution.must_be_open) return result;
  for (EndClass& one : services_past_policies(group)) result.classes.push_back(std::move(one));
  return result;
}

}  // namespace meshproof
