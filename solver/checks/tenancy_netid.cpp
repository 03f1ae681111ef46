#include "solver/checks/tenancy_netid.h"

#include <optional>
#include <string>

#include "solver/checks/mesh_members.h"
#include "solver/checks/replay.h"

namespace meshproof {

namespace {

/// Projects that the platform itself makes global (sdn.md 3).
bool is_platforms(std::string_view ns) {
  return ns == "default" || ns == "openshift" || ns == "kube" || ns.starts_with("openshift-") ||
         ns.starts_with("kube-");
}

std::optional<std::uint32_t> netid_of(const Cluster& cluster, NamespaceId ns) {
  const NetNamespaceId net = cluster.at(ns).net_namespace;
  if (net.is_valid()) return cluster.at(net).netid;
  if (cluster.at(ns).name == "default") return 0;
  return std::nullopt;
}

bool is_outsider(const Cluster& cluster, NamespaceId ns, const std::string& mesh,
                 NamespaceId member) {
  return ns != member && cluster.at(ns).name != mesh && member_of(cluster, ns) != mesh;
}

/// The first namespace whose pods reach the member although they are outside.
std::optional<NamespaceId> find_intruder(const Cluster& cluster, const std::string& mesh,
                                         NamespaceId member) {
  const std::optional<std::uint32_t> own = netid_of(cluster, member);
  for (std::uint32_t i = 0; i < cluster.namespaces.size(); ++i) {
    if (!is_outsider(cluster, {i}, mesh, member)) continue;
    const std::optional<std::uint32_t> netid = netid_of(cluster, {i});
    if (!netid || !own) continue;
    const bool is_exempt = *netid == 0 && *own != 0 && is_platforms(cluster.namespaces[i].name);
    const bool is_joined = *netid == *own || *netid == 0 || *own == 0;
    if (is_joined && !is_exempt) return NamespaceId{i};
  }
  return std::nullopt;
}

Counterexample intrusion(const Cluster& cluster, std::optional<NamespaceId> from) {
  Counterexample result;
  result.port = 8080;
  if (from) {
    result.source = Counterexample::Source::ExistingNamespace;
    result.source_namespace = cluster.at(*from).name;
    return result;
  }
  result.source = Counterexample::Source::FutureNamespace;
  result.source_namespace = "outsider";
  for (unsigned i = 2; cluster.find_namespace(result.source_namespace).is_valid(); ++i) {
    result.source_namespace = "outsider-" + std::to_string(i);
  }
  return result;
}

std::string undecided_because(const Cluster& cluster, NamespaceId member) {
  if (!netid_of(cluster, member)) {
    return "the NetID of " + cluster.at(member).name +
           " is not known: the input has no NetNamespace of that name";
  }
  for (const NetNamespace& net : cluster.net_namespaces) {
    if (net.pending_change.empty()) continue;
    return "NetNamespace " + net.name +
           " has a change request that the SDN has not acted on: " + net.pending_change;
  }
  return {};
}

}  // namespace

Finding tenancy_by_netid(const Snapshot& snapshot, const std::string& mesh,
                         const std::vector<NamespaceId>& members) {
  const Cluster& cluster = snapshot.cluster;
  const bool is_subnet = cluster.network.mode == SdnMode::Subnet;
  std::optional<Violated> violated;
  std::string undecided;
  for (const NamespaceId member : members) {
    const std::optional<NamespaceId> intruder = find_intruder(cluster, mesh, member);
    const bool is_open = is_subnet || netid_of(cluster, member) == 0u;
    if (!intruder && !is_open) {
      if (undecided.empty()) undecided = undecided_because(cluster, member);
      continue;
    }
    if (violated) {
      ++violated->count;
      continue;
    }
    Counterexample intruding = intrusion(cluster, intruder);
    intruding.destination_namespace = cluster.at(member).name;
    Replay shown = replay(snapshot, intruding);
    if (shown.decision.access != Access::Allowed) {
      undecided = "the engines disagree about " + shown.src + " reaching " + shown.dst;
      continue;
    }
    violated = Violated{shown.src,
                        shown.dst,
                        Protocol::Tcp,
                        8080,
                        std::move(shown.decision.reasons),
                        std::move(shown.manifests),
                        1};
  }
  if (violated) return *violated;
  if (!undecided.empty()) return Undecided{undecided};
  return Holds{Universe::Unbounded,
               "any pod of any project outside the mesh, present or future, against any pod of " +
                   std::to_string(members.size()) +
                   (members.size() == 1 ? " project" : " projects") +
                   "; decided from the NetIDs, without the solver; not spoken of: the projects "
                   "that the platform makes global, nodes, and what enters through them, which "
                   "mode multitenant lets reach every pod"};
}

}  // namespace meshproof
