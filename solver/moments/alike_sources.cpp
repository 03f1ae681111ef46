#include "solver/moments/alike_sources.h"

#include <algorithm>
#include <string>
#include <utility>

namespace meshproof {

namespace {

/// One for others, and one for the first itself.
constexpr std::size_t kEnough = 2;

LabelDomains words_of(const Cluster& cluster) {
  LabelDomains words;
  for (const NetworkPolicy& policy : cluster.policies) {
    for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
      for (const PolicyRule& rule : policy.rules(direction)) {
        for (const PolicyPeer& peer : rule.peers) {
          if (peer.namespaces) words.add(*peer.namespaces);
        }
      }
    }
  }
  return words;
}

}  // namespace

AlikeSources::AlikeSources(const Cluster& cluster, const FlowVersions& versions,
                           const std::map<NamespaceId, std::size_t>& relabelled,
                           std::set<NamespaceId> anchors)
    : anchors_(std::move(anchors)) {
  const bool is_sdn = cluster.network.dialect == Dialect::OpenShiftSdn;
  const LabelDomains words = words_of(cluster);
  using Look = std::vector<std::uint32_t>;
  std::map<std::pair<Look, Look>, std::size_t> known;
  for (const NamespaceId id : versions.changing) {
    const Namespace& ns = cluster.at(id);
    const auto old = versions.old_labels.find(id);
    if (anchors_.contains(id)) continue;
    const bool is_alone = (is_sdn && has_vnid_0(cluster, ns)) ||
                          std::ranges::any_of(ns.policies, [&](PolicyId policy) {
                            return cluster.at(policy).isolates_egress;
                          });
    const auto stage = relabelled.find(id);
    Look now = words.project(ns.labels);
    now.push_back(is_alone ? id.value : NamespaceId::kNone);
    now.push_back(stage == relabelled.end() ? NamespaceId::kNone
                                            : static_cast<std::uint32_t>(stage->second));
    Look once = old == versions.old_labels.end() ? now : words.project(old->second);
    const auto [at, is_new] =
        known.try_emplace(std::pair{std::move(now), std::move(once)}, classes_.size());
    if (is_new) classes_.emplace_back();
    if (classes_[at->second].size() < kEnough) classes_[at->second].push_back(id);
  }
}

std::set<NamespaceId> AlikeSources::beside(NamespaceId destination) const {
  std::set<NamespaceId> found = anchors_;
  for (const std::vector<NamespaceId>& members : classes_) {
    const auto one =
        std::ranges::find_if(members, [&](NamespaceId member) { return member != destination; });
    if (one != members.end()) found.insert(*one);
  }
  found.erase(destination);
  return found;
}

}  // namespace meshproof
