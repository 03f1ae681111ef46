#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "model/mesh/mesh.h"
#include "solver/engines/address_atoms.h"
#include "solver/uses/search.h"

/// NetworkPolicies that a project has of its own and that name outsiders (SEMANTICS E7).
namespace meshproof {
namespace {

constexpr std::string_view kInternal = "maistra.io/internal";

/// Peers that many policies have in common, looked up once.
class Peers {
 public:
  explicit Peers(const UseSearch& search) : search_(search) {}

  /// The pods that the peer names, those of the policy's project among them; null if it names
  /// pods of that project alone, or everybody.
  [[nodiscard]] SharedPods named_by(const PolicyPeer& peer);

 private:
  using Terms = std::vector<LabelRequirement>;
  using Blocks = std::vector<Cidr>;
  [[nodiscard]] std::vector<PodId> named(const PolicyPeer& peer) const;
  [[nodiscard]] SharedPods in_block(const IpBlock& block);

  const UseSearch& search_;
  std::map<std::pair<Terms, Terms>, SharedPods> pods_;
  std::map<std::pair<Cidr, Blocks>, SharedPods> pods_in_blocks_;
};

std::vector<PodId> Peers::named(const PolicyPeer& peer) const {
  const Cluster& cluster = search_.cluster;
  std::vector<PodId> pods;
  for (const Namespace& ns : cluster.namespaces) {
    if (!matches(*peer.namespaces, ns.labels)) continue;
    std::ranges::copy_if(ns.pods, std::back_inserter(pods), [&](PodId id) {
      return !peer.pods || matches(*peer.pods, cluster.at(id).labels);
    });
  }
  return pods;
}

/// Those with an address in the block. One that holds all of the pod network names none of them.
SharedPods Peers::in_block(const IpBlock& block) {
  const Cluster& cluster = search_.cluster;
  const std::vector<Cidr>& networks = cluster.network.cluster_networks;
  const bool is_part = std::ranges::any_of(networks, [&](const Cidr& network) {
    return network.contains(block.cidr) && network.prefix() < block.cidr.prefix();
  });
  if (!is_part) return nullptr;
  SharedPods& all = pods_in_blocks_[{block.cidr, block.except}];
  if (all != nullptr) return all;
  std::vector<PodId> pods;
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    const Pod& pod = cluster.pods[i];
    const bool is_in =
        !pod.host_network && std::ranges::any_of(pod.addresses, [&](const IpAddress& address) {
          return covers(block, address);
        });
    if (is_in) pods.push_back({i});
  }
  all = search_.live(std::move(pods));
  return all;
}

SharedPods Peers::named_by(const PolicyPeer& peer) {
  if (peer.block) return in_block(*peer.block);
  const bool names_pods = peer.pods && !peer.pods->matches_everything();
  if (!peer.namespaces || (peer.namespaces->matches_everything() && !names_pods)) return nullptr;
  SharedPods& all =
      pods_[{peer.namespaces->requirements, peer.pods ? peer.pods->requirements : Terms{}}];
  if (all == nullptr) all = search_.live(named(peer));
  return all;
}

/// The ports of a rule at one pod. A rule without ports speaks of those that the pod declares, if
/// it declares any.
PortSet ports_at(const PolicyRule& rule, const Pod& pod) {
  PortSet ports;
  for (const PolicyPort& port : rule.ports) {
    if (port.range) ports.add(port.protocol, *port.range);
    const bool is_whole = !port.range && port.name.empty();
    if (is_whole) ports.add(port.protocol, PortRange{1, 65535});
    for (const ContainerPort& own : pod.ports) {
      const bool is_named = !port.name.empty() && own.name == port.name;
      if (is_named && own.protocol == port.protocol) ports.add(own.protocol, {own.port, own.port});
    }
  }
  if (!rule.ports.empty()) return ports;
  for (const ContainerPort& own : pod.ports) ports.add(own.protocol, {own.port, own.port});
  return ports.is_empty() ? PortSet::all() : ports;
}

std::vector<UseTarget> targets_of(const NetworkPolicy& policy, const PolicyRule& rule,
                                  const Cluster& cluster) {
  std::vector<UseTarget> targets;
  for (const PodId id : cluster.at(policy.ns).pods) {
    const Pod& pod = cluster.at(id);
    if (!pod.host_network && matches(policy.pods, pod.labels)) {
      targets.push_back({id, ports_at(rule, pod)});
    }
  }
  return targets;
}

/// Not what the mesh has written there, itself or as a copy.
bool is_own(const Object* object) {
  if (object == nullptr) return false;
  if (object->has_label(kOwnerLabel) || object->has_label(kMemberOfLabel)) return false;
  const Tree* annotations = object->annotations();
  return annotations == nullptr || annotations->find(kInternal) == nullptr;
}

void add_rule(const NetworkPolicy& policy, const PolicyRule& rule, const UseSign& sign,
              Peers& peers, UseSearch& search) {
  std::optional<std::vector<UseTarget>> targets;
  for (const PolicyPeer& peer : rule.peers) {
    Use use;
    use.pods = peers.named_by(peer);
    use.apart = policy.ns;
    const bool names_block = peer.block && peer.block->cidr.prefix() > 0;
    if (names_block) use.blocks = {*peer.block};
    if (!search.is_used(use)) continue;
    if (!targets) targets = targets_of(policy, rule, search.cluster);
    use.signs = {sign};
    use.targets = *targets;
    search.add(std::move(use));
  }
}

}  // namespace

void find_in_own_policies(UseSearch& search) {
  Peers peers(search);
  for (const NetworkPolicy& policy : search.cluster.policies) {
    if (!policy.isolates_ingress || policy.ingress.empty()) continue;
    const std::string& ns = search.cluster.at(policy.ns).name;
    const Object* object = search.snapshot.objects.find("NetworkPolicy", ns, policy.name);
    if (!is_own(object)) continue;
    const UseSign sign{UseEvidence::OwnPolicy, object->key, to_string(object->key), policy.place};
    for (const PolicyRule& rule : policy.ingress) add_rule(policy, rule, sign, peers, search);
  }
}

}  // namespace meshproof
