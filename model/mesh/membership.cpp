#include "model/mesh/membership.h"

#include <algorithm>

#include "model/mesh/conditions.h"
#include "model/mesh/member_selection.h"
#include "model/mesh/metadata.h"

namespace meshproof {
namespace {

bool is_reconciled_member(const Object& member) {
  const Tree* condition =
      find_condition(member.tree->find_path({"status", "conditions"}), "Reconciled");
  return condition != nullptr && condition->string_at({"status"}) == "True";
}

std::vector<Membership> memberships_by_object(const World& world) {
  std::vector<Membership> found;
  for (const Object* member : world.objects().of_kind("ServiceMeshMember")) {
    if (member->key.name != "default" || member->is_terminating()) continue;
    const std::string mesh{member->tree->string_at({"spec", "controlPlaneRef", "namespace"})};
    const std::string name{member->tree->string_at({"spec", "controlPlaneRef", "name"})};
    const Object* plane = world.find("ServiceMeshControlPlane", mesh, name);
    if (plane == nullptr || member->key.ns == mesh) continue;
    found.push_back({member->key.ns, plane->key, is_reconciled_member(*member)});
  }
  return found;
}

std::vector<Membership> memberships_by_roll(const World& world) {
  std::vector<Membership> found;
  for (const Object* roll : world.objects().of_kind("ServiceMeshMemberRoll")) {
    const auto planes = world.objects().of_kind("ServiceMeshControlPlane", roll->key.ns);
    if (planes.empty() || roll->key.name != "default" || roll->is_terminating()) continue;
    const auto configured = strings_at(*roll->tree, {"status", "configuredMembers"});
    for (const std::string& ns : required_namespaces(world, *roll)) {
      const bool done = std::ranges::find(configured, ns) != configured.end();
      found.push_back({ns, planes.front()->key, done});
    }
  }
  std::ranges::stable_sort(found, {}, &Membership::ns);
  return found;
}

}  // namespace

std::vector<Membership> memberships(const World& world) {
  return world.version().roll_configures_members ? memberships_by_roll(world)
                                                 : memberships_by_object(world);
}

std::set<std::string> known_members(const World& world, const Object& roll) {
  std::set<std::string> known = required_namespaces(world, roll);
  if (!world.version().roll_configures_members) {
    for (const Object* member : world.objects().of_kind("ServiceMeshMember")) {
      if (member->tree->string_at({"spec", "controlPlaneRef", "namespace"}) == roll.key.ns) {
        known.insert(member->key.ns);
      }
    }
  }
  known.erase(roll.key.ns);
  return known;
}

}  // namespace meshproof
