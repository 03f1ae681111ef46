#include "solver/checks/tenancy.h"

#include <optional>

#include "solver/checks/lacking.h"
#include "solver/checks/mesh_members.h"
#include "solver/checks/tenancy_netid.h"
#include "solver/checks/tenancy_proof.h"

namespace meshproof {

namespace {

constexpr std::size_t kNamesShown = 5;

std::string names_of(const Cluster& cluster, const std::vector<NamespaceId>& namespaces) {
  std::string names;
  for (std::size_t i = 0; i < namespaces.size() && i < kNamesShown; ++i) {
    names += (i == 0 ? "" : ", ") + cluster.at(namespaces[i]).name;
  }
  if (namespaces.size() > kNamesShown) {
    names += " and " + std::to_string(namespaces.size() - kNamesShown) + " more";
  }
  return names;
}

TenancyOptions proof_options(const VerifyOptions& options, std::string_view statement) {
  TenancyOptions result;
  result.statement = statement;
  result.limits.work = options.solver_work;
  result.quotient.cases = options.quotient_cases;
  result.evidence = options.evidence;
  result.second_decider = options.second_decider;
  return result;
}

bool decides_by_netid(const Network& network) {
  return network.dialect == Dialect::OpenShiftSdn && network.mode != SdnMode::NetworkPolicy;
}

/// Of what was decided last.
std::vector<Decider> deciders_of(const Network& network, const TenancyProof& proof) {
  if (!network.unknown_because.empty()) return {};
  if (decides_by_netid(network)) return {Decider::NetIds};
  return proof.deciders();
}

/// Chooses how to decide by what the network enforces (SEMANTICS T10, T11).
Finding decide(const Snapshot& snapshot, TenancyProof& proof, const std::string& mesh,
               const std::vector<NamespaceId>& members) {
  const Network& network = snapshot.cluster.network;
  if (!network.unknown_because.empty()) return Undecided{network.unknown_because};
  if (decides_by_netid(network)) {
    return tenancy_by_netid(snapshot, mesh, members);
  }
  Finding finding = proof.prove(mesh, members);
  if (auto* holds = std::get_if<Holds>(&finding); holds != nullptr && network.assumed) {
    holds->scope += "; assumes a network that enforces NetworkPolicies as Kubernetes specifies";
  }
  return finding;
}

/// SEMANTICS C8: a source whose labels nobody has seen may be a member.
Finding without_unseen(Finding finding, const Cluster& cluster) {
  const auto* violated = std::get_if<Violated>(&finding);
  if (violated == nullptr) return finding;
  const std::string source = violated->src.substr(0, violated->src.find('/'));
  const NamespaceId ns = cluster.find_namespace(source);
  if (!ns.is_valid() || !cluster.at(ns).uncollected.labels) return finding;
  return Undecided{violated->src + " reaches " + violated->dst +
                   ", and whether it is outside of the mesh is not known: the input lacks the "
                   "labels of Namespace " +
                   source};
}

Finding decide_as_collected(const Snapshot& snapshot, TenancyProof& proof, const std::string& mesh,
                            const std::vector<NamespaceId>& members) {
  Finding finding = decide(snapshot, proof, mesh, members);
  return limited(without_unseen(std::move(finding), snapshot.cluster),
                 lacking_for_tenancy(mesh, members, snapshot));
}

Verdict vacuous(const Snapshot& snapshot, std::string_view id, const std::string& mesh,
                std::string statement, std::string reason) {
  Finding finding = Vacuous{std::move(reason)};
  finding = limited(std::move(finding), mesh.empty() ? Lacking{lacking_meshes({}, snapshot), {}}
                                                     : lacking_for_tenancy(mesh, {}, snapshot));
  Verdict verdict{std::string(id), std::move(statement), Severity::Error, std::move(finding), {}};
  if (!mesh.empty()) verdict.mesh = mesh;
  return verdict;
}

/// Nothing said about the meshes that are shown speaks of one that is not.
void add_hidden_meshes(const Snapshot& snapshot, const std::vector<MeshMembers>& shown,
                       std::string_view id, std::vector<Verdict>& verdicts) {
  const Lacking lacking{lacking_meshes(shown, snapshot), {}};
  if (lacking.is_empty()) return;
  verdicts.push_back({std::string(id),
                      "there is no other mesh of which this would have to be asked",
                      Severity::Error,
                      limited(Holds{}, lacking),
                      {}});
}

}  // namespace

std::vector<Verdict> check_tenancy(const Snapshot& snapshot, const VerifyOptions& options) {
  constexpr std::string_view kId = "builtin:tenancy";
  const std::vector<MeshMembers> meshes = mesh_members(snapshot);
  if (meshes.empty()) {
    return {vacuous(snapshot, kId, "", "nobody outside a mesh reaches its members",
                    "there is no mesh: no control plane, no member roll and no project labelled "
                    "maistra.io/member-of")};
  }
  TenancyProof proof(snapshot, proof_options(options, kId));
  std::vector<Verdict> verdicts;
  for (const MeshMembers& mesh : meshes) {
    if (mesh.members.empty()) {
      verdicts.push_back(vacuous(snapshot, kId, mesh.mesh,
                                 "nobody outside mesh " + mesh.mesh + " reaches its members",
                                 "mesh " + mesh.mesh + " has no member project"));
      continue;
    }
    Verdict verdict;
    verdict.id = kId;
    verdict.mesh = mesh.mesh;
    verdict.statement = "nobody outside mesh " + mesh.mesh + " reaches its members (" +
                        names_of(snapshot.cluster, mesh.members) +
                        "), but for what is exposed on purpose";
    verdict.finding = decide_as_collected(snapshot, proof, mesh.mesh, mesh.members);
    verdict.deciders = deciders_of(snapshot.cluster.network, proof);
    verdicts.push_back(std::move(verdict));
  }
  add_hidden_meshes(snapshot, meshes, kId, verdicts);
  return verdicts;
}

std::vector<Verdict> check_control_plane(const Snapshot& snapshot, const VerifyOptions& options) {
  constexpr std::string_view kId = "builtin:control-plane";
  TenancyProof proof(snapshot, proof_options(options, kId));
  std::vector<Verdict> verdicts;
  const std::vector<MeshMembers> meshes = mesh_members(snapshot);
  for (const MeshMembers& mesh : meshes) {
    const NamespaceId ns = snapshot.cluster.find_namespace(mesh.mesh);
    const std::string statement = "nobody outside mesh " + mesh.mesh +
                                  " reaches its control plane, but for what is exposed on purpose";
    if (!ns.is_valid()) {
      verdicts.push_back(
          vacuous(snapshot, kId, mesh.mesh, statement, "there is no project " + mesh.mesh));
      continue;
    }
    Verdict verdict;
    verdict.id = kId;
    verdict.mesh = mesh.mesh;
    verdict.statement = statement;
    verdict.finding = decide_as_collected(snapshot, proof, mesh.mesh, {ns});
    verdict.deciders = deciders_of(snapshot.cluster.network, proof);
    verdicts.push_back(std::move(verdict));
  }
  if (!meshes.empty()) {
    add_hidden_meshes(snapshot, meshes, kId, verdicts);
  } else {
    verdicts.push_back(vacuous(snapshot, kId, "", "nobody outside a mesh reaches its control plane",
                               "there is no mesh"));
  }
  return verdicts;
}

}  // namespace meshproof
