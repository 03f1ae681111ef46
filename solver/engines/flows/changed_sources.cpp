#include "solver/engines/flows/changed_sources.h"

#include <algorithm>

namespace meshproof {

ChangedSources::ChangedSources(const UnitedStates& states, const Cluster& cluster)
    : versions_(states.versions), cluster_(cluster) {
  for (const FlowView* view : {&states.first, &states.second}) {
    for (const auto& [id, formula] : view->policies) {
      egress_changes_ = egress_changes_ || cluster_.at(id).isolates_egress;
    }
  }
  for (const auto& [ns, old] : versions_.old_labels) {
    const auto add = [&](const Labels& labels, const Labels& others) {
      for (const Label& label : labels.all()) {
        if (others.find(label.key) != label.value) changed_keys_.insert(label.key);
      }
    };
    add(old, cluster_.at(ns).labels);
    add(cluster_.at(ns).labels, old);
  }
  find_wide();
  for (std::uint32_t i = 0; !changed_keys_.empty() && i < cluster_.namespaces.size(); ++i) {
    egress_tells_apart_ = egress_tells_apart_ || are_told_apart({i}, Direction::Egress);
  }
}

void ChangedSources::find_wide() {
  if (cluster_.network.dialect != Dialect::OpenShiftSdn) return;
  for (const auto& [id, old] : versions_.old_labels) {
    const Namespace& ns = cluster_.at(id);
    if (has_vnid_0(cluster_, ns) || ns.name == kHostNetworkNamespace) wide_.insert(id);
  }
  for (const Pod& pod : cluster_.pods) {
    const bool leaves_address = pod.is_completed() && !pod.addresses.empty();
    if (leaves_address && versions_.old_labels.contains(pod.ns)) wide_.insert(pod.ns);
  }
}

/// Whether it selects some namespace by its old labels and not by its new ones, or the reverse.
bool ChangedSources::is_told_apart(const LabelSelector& namespaces) const {
  const bool asks = std::ranges::any_of(namespaces.requirements, [&](const LabelRequirement& one) {
    return changed_keys_.contains(one.key);
  });
  return asks && std::ranges::any_of(versions_.old_labels, [&](const auto& relabelled) {
           return matches(namespaces, relabelled.second) !=
                  matches(namespaces, cluster_.at(relabelled.first).labels);
         });
}

bool ChangedSources::are_told_apart(NamespaceId ns, Direction direction) const {
  return std::ranges::any_of(cluster_.at(ns).policies, [&](PolicyId id) {
    return std::ranges::any_of(cluster_.at(id).rules(direction), [&](const PolicyRule& rule) {
      return std::ranges::any_of(rule.peers, [&](const PolicyPeer& peer) {
        return peer.namespaces && is_told_apart(*peer.namespaces);
      });
    });
  });
}

std::optional<ChangedSources::Sources> ChangedSources::to(NamespaceId destination) const {
  const bool is_known = destination.is_valid();
  const bool by_labels = is_known && are_told_apart(destination, Direction::Ingress);
  if ((is_known && versions_.changing.contains(destination)) ||
      (!wide_.empty() && (by_labels || egress_tells_apart_))) {
    return Sources{{}, {}, egress_tells_apart_ ? "all" : "all that matter", !egress_tells_apart_};
  }
  if (!by_labels && !egress_changes_) return std::nullopt;
  return Sources{versions_.changing, {}, "changing", false};
}

}  // namespace meshproof
