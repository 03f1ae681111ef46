#include "solver/checks/lacking.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "model/unmodelled.h"

namespace meshproof {

namespace {

constexpr std::string_view kNamespace = "Namespace";
constexpr std::string_view kPod = "Pod";
constexpr std::string_view kNetworkPolicy = "networking.k8s.io/NetworkPolicy";
constexpr std::string_view kEgressNetworkPolicy = "network.openshift.io/EgressNetworkPolicy";
constexpr std::string_view kNetNamespace = "network.openshift.io/NetNamespace";
constexpr std::string_view kHostSubnet = "network.openshift.io/HostSubnet";
constexpr std::string_view kNetwork = "config.openshift.io/Network";
constexpr std::string_view kControlPlane = "maistra.io/ServiceMeshControlPlane";
constexpr std::string_view kMemberRoll = "maistra.io/ServiceMeshMemberRoll";

/// Their templates stand for pods where the input has none of these.
constexpr auto kWorkloads = std::to_array<std::string_view>({
    "ReplicationController",
    "apps.openshift.io/DeploymentConfig",
    "apps/DaemonSet",
    "apps/Deployment",
    "apps/ReplicaSet",
    "apps/StatefulSet",
    "batch/CronJob",
    "batch/Job",
});

Part part_of(std::string_view kind, std::string ns = {}) {
  return {std::string{kind}, std::move(ns)};
}

bool is_sdn(const Network& network) { return network.dialect == Dialect::OpenShiftSdn; }

bool is_told(const Coverage& coverage, std::string_view kind) {
  return coverage.listings.contains(part_of(kind));
}

/// SEMANTICS C2: only referred to, although the input shows that it should stand there.
bool lacks_labels(const Coverage& coverage, const Namespace& ns) {
  return ns.assumed && !coverage.created.contains(ns.name) &&
         (is_told(coverage, kNamespace) || coverage.lacks(part_of(kNamespace)));
}

Uncollected uncollected_of(const Snapshot& snapshot, const Namespace& ns) {
  const Coverage& coverage = snapshot.coverage;
  return {.labels = lacks_labels(coverage, ns),
          .policies = coverage.lacks(part_of(kNetworkPolicy, ns.name)),
          .egress_policies = is_sdn(snapshot.cluster.network) &&
                             coverage.lacks(part_of(kEgressNetworkPolicy, ns.name))};
}

/// Namespaces that other objects lie in and that do not stand in the list of Namespaces.
void add_unlabelled(const Cluster& cluster, std::vector<std::string>& sentences) {
  constexpr std::size_t kNamesTold = 5;
  std::string names;
  std::size_t count = 0;
  for (const Namespace& ns : cluster.namespaces) {
    if (!ns.uncollected.labels) continue;
    if (++count <= kNamesTold) names += (names.empty() ? "" : ", ") + ns.name;
  }
  if (count == 0) return;
  if (count > kNamesTold) names += " and " + std::to_string(count - kNamesTold) + " more";
  sentences.push_back("labels of Namespace " + names + ": objects lie there, the list lacks it");
}

/// SEMANTICS C7: what decides about every flow.
std::vector<std::string> lacking_network(const Snapshot& snapshot) {
  const Coverage& coverage = snapshot.coverage;
  const Network& network = snapshot.cluster.network;
  std::vector<Part> parts;
  if (network.assumed) parts.push_back(part_of(kNetwork));
  // A kind that no cluster need serve counts only where a request for it failed.
  for (const auto& [part, listing] : coverage.listings) {
    if (is_unmodelled_kind(part.kind, network.dialect)) parts.push_back(part);
  }
  return missing_parts(coverage, parts);
}

/// Whether ids of networks decide something that only Holds rests on: who shares one.
bool has_net_ids(const Network& network) {
  return is_sdn(network) && network.mode != SdnMode::Subnet;
}

/// SEMANTICS C6: the parts that may hold further ends of a group.
class EndParts {
 public:
  EndParts(const Snapshot& snapshot, const GroupResolver& groups)
      : snapshot_(&snapshot), groups_(&groups) {
    const auto& listings = snapshot.coverage.listings;
    for (const std::string_view kind : kWorkloads) {
      const auto first = listings.lower_bound(part_of(kind));
      const bool is_told_of = first != listings.end() && first->first.kind == kind;
      if (is_told_of || snapshot.coverage.required) workloads_.push_back(kind);
    }
  }

  void add(Part part) { parts_.push_back(std::move(part)); }

  void add(const Group& group, bool receives) {
    const Cluster& cluster = snapshot_->cluster;
    const bool only_outside = !group.cidrs.empty() && group.except_cluster;
    if (!only_outside) add_pods(group);
    const bool has_hosts = groups_->has_hosts(group);
    // What is selected as a host hangs on the labels of `default` and its like.
    if (group.namespace_names.empty() || asks_for_namespace_labels(group) || has_hosts) {
      parts_.push_back(part_of(kNamespace));
      asks_labels_ = true;
    }
    if (has_hosts) {
      parts_.push_back(part_of("Node"));
      if (is_sdn(cluster.network)) parts_.push_back(part_of(kHostSubnet));
    }
    // SEMANTICS SDN-C2: there a Service may lead outside past the policies.
    const bool has_services = !only_outside || is_sdn(cluster.network);
    if (receives && !group.cidrs.empty() && has_services) add_services();
  }

  [[nodiscard]] std::vector<std::string> sentences() const {
    std::vector<std::string> result = missing_parts(snapshot_->coverage, parts_);
    if (asks_labels_) add_unlabelled(snapshot_->cluster, result);
    return result;
  }

 private:
  void add_pods(const Group& group) {
    const Cluster& cluster = snapshot_->cluster;
    for (std::uint32_t i = 0; i < cluster.namespaces.size(); ++i) {
      if (groups_->has_namespace(group, {i})) add_pods_of(cluster.namespaces[i].name);
    }
    const bool knows_all =
        snapshot_->coverage.find(part_of(kNamespace)).collected == Collected::Listed;
    for (const std::string& name : group.namespace_names) {
      const bool exists = cluster.find_namespace(name).is_valid();
      if (!exists && !knows_all) add_pods_of(name);
    }
  }

  void add_pods_of(const std::string& ns) {
    const Coverage& coverage = snapshot_->coverage;
    parts_.push_back(part_of(kPod, ns));
    const bool stand_in = coverage.find(part_of(kPod, ns)).collected == Collected::Assumed;
    if (!stand_in || coverage.has_ledger()) return;
    for (const std::string_view kind : workloads_) parts_.push_back(part_of(kind, ns));
  }

  void add_services() {
    const Coverage& coverage = snapshot_->coverage;
    for (const Namespace& ns : snapshot_->cluster.namespaces) {
      parts_.push_back(part_of("Service", ns.name));
      // Endpoints and EndpointSlices say the same; one of them is enough.
      const Part slices = part_of("discovery.k8s.io/EndpointSlice", ns.name);
      if (coverage.lacks(slices)) parts_.push_back(part_of("Endpoints", ns.name));
    }
  }

  const Snapshot* snapshot_;
  const GroupResolver* groups_;
  std::vector<std::string_view> workloads_;  ///< those of which something is told
  std::vector<Part> parts_;
  bool asks_labels_ = false;
};

/// SEMANTICS C8: an outsider that some policy keeps in, but perhaps not all of its policies are
/// known. One without known egress policies is taken for free anyhow.
bool may_get_out(const Cluster& cluster, const Namespace& ns) {
  return ns.uncollected.policies && std::ranges::any_of(ns.policies, [&](PolicyId id) {
           return cluster.at(id).isolates_egress;
         });
}

std::string joined(const Lacking& lacking) {
  std::string text;
  for (const auto* sentences : {&lacking.network, &lacking.ends}) {
    for (const std::string& sentence : *sentences) text += (text.empty() ? "" : "; ") + sentence;
  }
  return text;
}

}  // namespace

Snapshot mark_uncollected(const Snapshot& snapshot) {
  Snapshot marked = snapshot;
  for (Namespace& ns : marked.cluster.namespaces) ns.uncollected = uncollected_of(snapshot, ns);
  return marked;
}

Lacking lacking_for(const Assertion& assertion, const Snapshot& snapshot,
                    const GroupResolver& groups) {
  if (snapshot.coverage.is_silent()) return {};
  EndParts parts{snapshot, groups};
  if (has_net_ids(snapshot.cluster.network)) parts.add(part_of(kNetNamespace));
  const bool is_mutual = assertion.kind == AssertionKind::Isolate;
  for (const Group& group : assertion.between) parts.add(group, true);
  if (!is_mutual) {
    parts.add(assertion.from, false);
    parts.add(assertion.to, true);
  }
  Lacking lacking{parts.sentences(), lacking_network(snapshot)};
  // Whether a witness is excepted hangs on labels that nobody has seen.
  const std::vector<ExceptedFlows> excepted = excepted_flows(assertion);
  const auto asks_labels = [](const std::optional<Group>& group) {
    return group && asks_for_namespace_labels(*group);
  };
  const bool is_excepted_by_labels = std::ranges::any_of(excepted, [&](const ExceptedFlows& flows) {
    return asks_labels(flows.from) || asks_labels(flows.to);
  });
  if (is_excepted_by_labels) add_unlabelled(snapshot.cluster, lacking.network);
  return lacking;
}

Lacking lacking_for_ways(const Assertion& assertion, const Snapshot& snapshot,
                         const GroupResolver& groups) {
  if (snapshot.coverage.is_silent()) return {};
  Lacking lacking = lacking_for(assertion, snapshot, groups);
  EndParts parts{snapshot, groups};
  parts.add(assertion.via, true);
  const Group everybody;
  parts.add(everybody, true);
  for (const Namespace& ns : snapshot.cluster.namespaces) {
    parts.add(part_of(kNetworkPolicy, ns.name));
    if (is_sdn(snapshot.cluster.network)) parts.add(part_of(kEgressNetworkPolicy, ns.name));
  }
  if (asks_for_namespace_labels(assertion.via)) {
    add_unlabelled(snapshot.cluster, lacking.network);
  }
  for (std::string& sentence : parts.sentences()) {
    const bool is_told = std::ranges::find(lacking.ends, sentence) != lacking.ends.end();
    if (!is_told) lacking.ends.push_back(std::move(sentence));
  }
  return lacking;
}

Lacking lacking_objects(const std::vector<std::string>& kinds, const std::optional<Group>& group,
                        const Snapshot& snapshot, const GroupResolver& groups) {
  const Coverage& coverage = snapshot.coverage;
  if (coverage.is_silent()) return {};
  const Group everywhere;
  const Group& meant = group ? *group : everywhere;
  std::vector<Part> parts;
  if (meant.namespace_names.empty() || asks_for_namespace_labels(meant)) {
    parts.push_back(part_of(kNamespace));
  }
  for (std::uint32_t i = 0; i < snapshot.cluster.namespaces.size(); ++i) {
    if (!groups.has_namespace(meant, {i})) continue;
    for (const std::string& kind : kinds) {
      parts.push_back(part_of(kind, snapshot.cluster.namespaces[i].name));
    }
  }
  Lacking lacking{missing_parts(coverage, parts), {}};
  if (asks_for_namespace_labels(meant)) add_unlabelled(snapshot.cluster, lacking.ends);
  return lacking;
}

Lacking lacking_for_uses(const Snapshot& snapshot) {
  const Coverage& coverage = snapshot.coverage;
  if (coverage.is_silent()) return {};
  Lacking lacking{{}, lacking_network(snapshot)};
  // What was found is all that a verdict speaks of, unless the user wants to be shown all.
  if (coverage.required) {
    lacking.ends = missing_parts(coverage, {part_of(kPod), part_of("Service")});
  }
  return lacking;
}

Lacking lacking_for_tenancy(const std::string& mesh, const std::vector<NamespaceId>& members,
                            const Snapshot& snapshot) {
  const Coverage& coverage = snapshot.coverage;
  if (coverage.is_silent()) return {};
  const Cluster& cluster = snapshot.cluster;
  std::vector<Part> parts{part_of(kNamespace), part_of(kMemberRoll, mesh)};
  if (has_net_ids(cluster.network)) parts.push_back(part_of(kNetNamespace));
  const bool by_policies = cluster.network.mode == SdnMode::NetworkPolicy;
  if (by_policies) {
    for (const NamespaceId id : members) {
      parts.push_back(part_of(kNetworkPolicy, cluster.at(id).name));
    }
    for (const Namespace& ns : cluster.namespaces) {
      if (may_get_out(cluster, ns)) parts.push_back(part_of(kNetworkPolicy, ns.name));
      // SEMANTICS SDN-P7: the addresses of completed pods count.
      if (is_sdn(cluster.network)) parts.push_back(part_of(kPod, ns.name));
    }
  }
  Lacking lacking{missing_parts(coverage, parts), lacking_network(snapshot)};
  add_unlabelled(cluster, lacking.ends);
  return lacking;
}

std::vector<std::string> lacking_meshes(const std::vector<MeshMembers>& shown,
                                        const Snapshot& snapshot) {
  const Coverage& coverage = snapshot.coverage;
  if (coverage.is_silent()) return {};
  std::vector<Part> parts;
  if (shown.empty()) parts.push_back(part_of(kNamespace));
  for (const Namespace& ns : snapshot.cluster.namespaces) {
    const auto found = std::ranges::find(shown, ns.name, &MeshMembers::mesh);
    if (found != shown.end()) continue;
    parts.push_back(part_of(kMemberRoll, ns.name));
    parts.push_back(part_of(kControlPlane, ns.name));
  }
  return missing_parts(coverage, parts);
}

Finding limited(Finding finding, const Lacking& lacking) {
  const bool stays = std::holds_alternative<Violated>(finding) && lacking.network.empty();
  if (lacking.is_empty() || stays) return finding;
  std::string reason = "the input lacks what this rests on: " + joined(lacking);
  const auto* undecided = std::get_if<Undecided>(&finding);
  if (undecided != nullptr) reason += "; " + undecided->reason;
  return Undecided{std::move(reason)};
}

}  // namespace meshproof
