#include "solver/moments/scene.h"

namespace meshproof {
namespace {

/// The keys of a selector; of a symbol that was looked at before the text is not read again.
class KeyTexts {
 public:
  KeyTexts(const SymbolTable& symbols, std::set<std::string>& into)
      : symbols_(symbols), into_(into) {}

  void add(const LabelSelector& selector) {
    for (const LabelRequirement& requirement : selector.requirements) {
      if (seen_.insert(requirement.key).second) into_.emplace(symbols_.text(requirement.key));
    }
  }

 private:
  const SymbolTable& symbols_;
  std::set<std::string>& into_;
  std::set<Symbol> seen_;
};

}  // namespace

void RuleAtoms::add(const Cluster& cluster) {
  KeyTexts of_namespaces(cluster.symbols, namespace_keys);
  KeyTexts of_pods(cluster.symbols, pod_keys);
  const auto add_peer = [&](const PolicyPeer& peer) {
    if (peer.namespaces) of_namespaces.add(*peer.namespaces);
    if (peer.pods) of_pods.add(*peer.pods);
    if (!peer.block) return;
    blocks.insert(peer.block->cidr);
    blocks.insert(peer.block->except.begin(), peer.block->except.end());
  };
  for (const NetworkPolicy& policy : cluster.policies) {
    of_pods.add(policy.pods);
    for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
      for (const PolicyRule& rule : policy.rules(direction)) {
        for (const PolicyPeer& peer : rule.peers) add_peer(peer);
        for (const PolicyPort& port : rule.ports) {
          asks_for_port_names = asks_for_port_names || !port.name.empty();
        }
      }
    }
  }
  for (const EgressNetworkPolicy& firewall : cluster.egress_policies) {
    for (const EgressRule& rule : firewall.rules) {
      if (rule.cidr) blocks.insert(*rule.cidr);
    }
  }
}

}  // namespace meshproof
