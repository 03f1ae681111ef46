#include <map>
#include <set>
#include <string>

#include "solver/reach_ends.h"

/// The signature of a pod is everything that a rule of the evaluator can see of it; pods with equal
/// signatures are one class. Labels count only under keys that some selector of pods uses.
namespace meshproof {
namespace {

std::set<Symbol> used_keys(const Cluster& cluster) {
  std::set<Symbol> keys;
  const auto add = [&](const LabelSelector& selector) {
    for (const LabelRequirement& requirement : selector.requirements) keys.insert(requirement.key);
  };
  for (const NetworkPolicy& policy : cluster.policies) {
    add(policy.pods);
    for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
      for (const PolicyRule& rule : policy.rules(direction)) {
        for (const PolicyPeer& peer : rule.peers) {
          if (peer.pods) add(*peer.pods);
        }
      }
    }
  }
  return keys;
}

/// Addresses that more than one pod of the pod network has: completed pods leave theirs behind.
std::set<IpAddress> shared_addresses(const Cluster& cluster) {
  std::set<IpAddress> seen;
  std::set<IpAddress> shared;
  for (const Pod& pod : cluster.pods) {
    if (pod.host_network) continue;
    for (const IpAddress& address : pod.addresses) {
      if (!seen.insert(address).second) shared.insert(address);
    }
  }
  return shared;
}

class Signatures {
 public:
  Signatures(const Cluster& cluster, const std::vector<Cidr>& blocks)
      : blocks_(blocks), keys_(used_keys(cluster)), shared_(shared_addresses(cluster)) {}

  [[nodiscard]] std::string of(const Pod& pod) const {
    std::string text;
    const auto add = [&](std::size_t number) { text += std::to_string(number) + ','; };
    add(pod.ns.value);
    add(pod.host_network ? 1 : 0);
    // Where a hostNetwork pod runs decides whom it reaches.
    if (pod.host_network) add(pod.node.value);
    for (const Label& label : pod.labels.all()) {
      if (!keys_.contains(label.key)) continue;
      add(label.key.value);
      add(label.value.value);
    }
    for (const ContainerPort& port : pod.ports) {
      if (port.name.empty()) continue;
      text += port.name + '=';
      add(static_cast<std::size_t>(port.protocol));
      add(port.port);
    }
    add_addresses(pod, text);
    return text;
  }

 private:
  void add_addresses(const Pod& pod, std::string& text) const {
    for (const IpAddress& address : pod.addresses) {
      text += shared_.contains(address) || pod.host_network ? address.to_string() : "@";
      for (const Cidr& block : blocks_) text += block.contains(address) ? '1' : '0';
      text += address.is_v4() ? '4' : '6';
    }
  }

  const std::vector<Cidr>& blocks_;
  std::set<Symbol> keys_;
  std::set<IpAddress> shared_;
};

}  // namespace

PodClasses::PodClasses(const Cluster& cluster, const std::vector<Cidr>& blocks) {
  const Signatures signatures(cluster, blocks);
  std::map<std::string, PodClassId> ids;
  const auto id_of = [&](const std::string& signature) {
    return ids.try_emplace(signature, ids.size()).first->second;
  };
  for (const Pod& pod : cluster.pods) {
    const std::string signature = signatures.of(pod);
    plain_.push_back(id_of(signature));
    noded_.push_back(id_of(signature + '/' + std::to_string(pod.node.value)));
  }
}

}  // namespace meshproof
