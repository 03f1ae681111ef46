#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "model/mesh/attachment.h"
#include "model/mesh/member_selection.h"
#include "model/mesh/mesh.h"
#include "model/mesh/mesh_comparison.h"
#include "model/mesh/outside_rights.h"

namespace meshproof {
namespace {

using Pairs = std::set<std::pair<std::string, std::string>>;

bool has_plane(const World& world, const std::string& ns) {
  return !world.objects().of_kind("ServiceMeshControlPlane", ns).empty();
}

std::string why_unclaimed(const World& world, const std::string& mesh, const std::string& ns) {
  if (!has_plane(world, mesh)) return "there is no control plane in " + mesh;
  return ns + " is no member of " + mesh;
}

/// Projects with the member-of label of a mesh that they do not belong to.
void find_stale_labels(MeshComparison& comparison, const Pairs& members) {
  const World& world = comparison.world;
  for (const Object& project : world.namespaces()) {
    const std::string& ns = project.key.name;
    const std::string mesh{project.label(kMemberOfLabel)};
    if (mesh.empty() || project.is_terminating() || members.contains({ns, mesh})) continue;
    if (ns == mesh && has_plane(world, mesh)) continue;
    comparison.orphaned(about(mesh, project.key, Severity::Warning,
                              "it carries the mesh's label, but " + why_unclaimed(world, mesh, ns),
                              "oc label namespace " + ns + ' ' + std::string{kMemberOfLabel} + '-'),
                        project);
  }
}

/// Objects with that label in a project that does not belong to the mesh.
void find_stale_objects(MeshComparison& comparison, const Pairs& members) {
  const World& world = comparison.world;
  for (const auto kind :
       {std::string_view{"NetworkPolicy"}, std::string_view{"RoleBinding"}, kAttachment}) {
    for (const Object* object : world.objects().of_kind(kind)) {
      const std::string& ns = object->key.ns;
      const std::string mesh{object->label(kMemberOfLabel)};
      if (mesh.empty() || object->is_terminating() || members.contains({ns, mesh})) continue;
      comparison.orphaned(about(mesh, object->key, Severity::Warning,
                                "it is the mesh's, but " + why_unclaimed(world, mesh, ns),
                                "delete it: no mesh will"),
                          *object);
    }
  }
}

/// What the charts made for a control plane that is gone. The CNI plugin belongs to none.
void find_owned(MeshComparison& comparison) {
  const World& world = comparison.world;
  for (const auto kind : {"NetworkPolicy", "RoleBinding", "ClusterRoleBinding"}) {
    for (const Object* object : world.objects().of_kind(kind)) {
      const std::string owner{object->label(kOwnerLabel)};
      if (owner.empty() || object->has_label(kMemberOfLabel) || has_plane(world, owner)) continue;
      if (object->label("app.kubernetes.io/component") == "istio_cni") continue;
      comparison.orphaned(about(owner, object->key, Severity::Warning,
                                "it was made for a control plane, but there is none in " + owner,
                                "delete it: no mesh will"),
                          *object);
    }
  }
}

void find_dangling_members(MeshComparison& comparison) {
  const World& world = comparison.world;
  for (const Object* member : world.objects().of_kind("ServiceMeshMember")) {
    const std::string mesh{member->tree->string_at({"spec", "controlPlaneRef", "namespace"})};
    const std::string name{member->tree->string_at({"spec", "controlPlaneRef", "name"})};
    if (world.find("ServiceMeshControlPlane", mesh, name) != nullptr) continue;
    const ObjectKey plane{"maistra.io", "ServiceMeshControlPlane", mesh, name};
    comparison.orphaned(about(mesh, member->key, Severity::Warning,
                              "it refers to " + to_string(plane) + ", which does not exist",
                              "delete it, or make the control plane"),
                        *member);
  }
}

void find_rights_outside(MeshComparison& comparison, const Pairs& members) {
  for (const OutsideRights& rights : rights_outside(comparison.world, members)) {
    const Object& binding = *rights.binding;
    comparison.foreign(
        about(rights.mesh, binding.key, Severity::Warning,
              binding.key.ns.empty()
                  ? "it gives a service account of " + rights.mesh + " rights in every project"
                  : "it gives a service account of " + rights.mesh +
                        " rights in a project that is none of its members",
              "no mesh made it: delete it if nobody needs it"),
        binding);
  }
}

}  // namespace

void find_orphans(MeshComparison& comparison, const std::vector<Membership>& members) {
  const World& world = comparison.world;
  Pairs pairs;
  for (const Membership& member : members) pairs.emplace(member.ns, member.plane.ns);
  // What a roll lists is claimed, whether it has its ServiceMeshMember yet or not.
  for (const Object* roll : world.objects().of_kind("ServiceMeshMemberRoll")) {
    if (!has_plane(world, roll->key.ns)) continue;
    for (const std::string& ns : required_namespaces(world, *roll)) {
      pairs.emplace(ns, roll->key.ns);
    }
  }
  find_stale_labels(comparison, pairs);
  find_stale_objects(comparison, pairs);
  find_owned(comparison);
  find_dangling_members(comparison);
  find_rights_outside(comparison, pairs);
}

}  // namespace meshproof
