#include "solver/lint/claims.h"

#include <algorithm>

#include "model/mesh/member_selection.h"

namespace meshproof {
namespace {

/// The first claim of a mesh counts.
void add(ProjectClaims& claims, const std::string& ns, const ProjectClaim& claim) {
  auto& held = claims[ns];
  const bool known = std::ranges::find(held, claim.mesh, &ProjectClaim::mesh) != held.end();
  if (!known) held.push_back(claim);
}

/// Where the roll lists the project; an unknown place if it does not.
Place listed_at(const Object& roll, const std::string& ns) {
  const Tree* members = roll.tree->find_path({"spec", "members"});
  if (members == nullptr) return {};
  const auto item = std::ranges::find(members->items, ns, &Tree::text);
  return item == members->items.end() ? Place{} : item->place;
}

ProjectClaim claim_by_roll(const Mesh& mesh, const Object& roll, const std::string& ns) {
  if (std::ranges::find(mesh.roll_members, ns) != mesh.roll_members.end()) {
    return {&mesh, ClaimMeans::Listed, listed_at(roll, ns)};
  }
  const Tree* selectors = roll.tree->find_path({"spec", "memberSelectors"});
  if (selectors != nullptr && mesh.roll_members.empty()) {
    return {&mesh, ClaimMeans::Selected, selectors->place};
  }
  return {&mesh, ClaimMeans::Wildcard, mesh.roll_place};
}

void add_members(ProjectClaims& claims, const World& world, const std::vector<Mesh>& meshes) {
  for (const Object* member : world.objects().of_kind("ServiceMeshMember")) {
    if (member->key.name != "default" || member->is_terminating()) continue;
    const auto target = member->tree->string_at({"spec", "controlPlaneRef", "namespace"});
    const auto mesh = std::ranges::find(meshes, target, &Mesh::ns);
    if (mesh == meshes.end()) continue;
    add(claims, member->key.ns, {&*mesh, ClaimMeans::Member, member->place()});
  }
}

}  // namespace

std::string_view to_string(ClaimMeans means) {
  switch (means) {
    case ClaimMeans::OwnProject:
      return "its control plane runs there";
    case ClaimMeans::Member:
      return "a ServiceMeshMember";
    case ClaimMeans::Listed:
      return "spec.members of its roll";
    case ClaimMeans::Wildcard:
      return "the * of its roll";
    case ClaimMeans::Selected:
      return "spec.memberSelectors of its roll";
  }
  return "";
}

ProjectClaims find_claims(const World& world, const std::vector<Mesh>& meshes) {
  ProjectClaims claims;
  for (const Mesh& mesh : meshes) {
    if (mesh.has_control_plane) {
      add(claims, mesh.ns, {&mesh, ClaimMeans::OwnProject, mesh.control_plane_place});
    }
    const Object* roll = world.find("ServiceMeshMemberRoll", mesh.ns, "default");
    if (roll == nullptr || roll->is_terminating()) continue;
    for (const std::string& ns : required_namespaces(world, *roll)) {
      add(claims, ns, claim_by_roll(mesh, *roll, ns));
    }
  }
  add_members(claims, world, meshes);
  return claims;
}

const ProjectClaim* claim_of(const ProjectClaims& claims, std::string_view mesh,
                             std::string_view ns) {
  const auto held = claims.find(ns);
  if (held == claims.end()) return nullptr;
  const auto claim = std::ranges::find(
      held->second, mesh, [](const ProjectClaim& each) { return std::string_view{each.mesh->ns}; });
  return claim == held->second.end() ? nullptr : &*claim;
}

const ProjectClaim* claim_of_another(const ProjectClaims& claims, std::string_view mesh,
                                     std::string_view ns) {
  const auto held = claims.find(ns);
  if (held == claims.end()) return nullptr;
  const auto claim = std::ranges::find_if(
      held->second, [&](const ProjectClaim& each) { return each.mesh->ns != mesh; });
  return claim == held->second.end() ? nullptr : &*claim;
}

}  // namespace meshproof
