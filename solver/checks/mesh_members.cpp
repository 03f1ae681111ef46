#include "solver/checks/mesh_members.h"

#include <map>
#include <set>

#include "model/mesh/mesh.h"

namespace meshproof {

std::string_view member_of(const Cluster& cluster, NamespaceId ns) {
  const Symbol value = cluster.at(ns).labels.find(cluster.symbols.find(kMemberOfLabel));
  return value.is_valid() ? cluster.symbols.text(value) : std::string_view();
}

std::vector<MeshMembers> mesh_members(const Snapshot& snapshot) {
  const Cluster& cluster = snapshot.cluster;
  std::map<std::string, std::set<NamespaceId>, std::less<>> meshes;
  for (const Mesh& mesh : find_meshes(snapshot.objects)) {
    std::set<NamespaceId>& members = meshes[mesh.ns];
    for (const std::string& name : mesh.roll_members) {
      const NamespaceId ns = cluster.find_namespace(name);
      const bool is_listed = ns.is_valid() && name != mesh.ns && member_of(cluster, ns).empty();
      if (is_listed) members.insert(ns);
    }
  }
  for (std::uint32_t i = 0; i < cluster.namespaces.size(); ++i) {
    const std::string_view mesh = member_of(cluster, {i});
    if (mesh.empty()) continue;
    std::set<NamespaceId>& members = meshes[std::string(mesh)];
    if (cluster.namespaces[i].name != mesh) members.insert({i});
  }
  std::vector<MeshMembers> result;
  for (const auto& [mesh, members] : meshes) {
    result.push_back({mesh, {members.begin(), members.end()}});
  }
  return result;
}

}  // namespace meshproof
