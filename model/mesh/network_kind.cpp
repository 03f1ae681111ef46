#include "model/mesh/network_kind.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "model/mesh/conditions.h"
#include "model/mesh/control_plane.h"
#include "model/mesh/mesh.h"
#include "model/mesh/metadata.h"

namespace meshproof {
namespace {

constexpr const char* kNetwork = "Network";

bool is_openshift(const World& world) {
  constexpr auto kKinds =
      std::to_array<std::string_view>({kNetwork, "ClusterNetwork", "NetNamespace", "HostSubnet"});
  return world.platform().serves_network_kind ||
         std::ranges::any_of(
             kKinds, [&](std::string_view kind) { return !world.objects().of_kind(kind).empty(); });
}

/// The operator has seen the member and reported nothing: its turns fail before any status.
bool is_silent_member(const World& world, const Object& member) {
  const std::string mesh{member.tree->string_at({"spec", "controlPlaneRef", "namespace"})};
  const std::string name{member.tree->string_at({"spec", "controlPlaneRef", "name"})};
  return member.key.name == "default" && member.key.ns != mesh &&
         has_finalizer(member, kFinalizer) &&
         world.find("ServiceMeshControlPlane", mesh, name) != nullptr &&
         find_condition(member.tree->find_path({"status", "conditions"}), "Reconciled") == nullptr;
}

/// The same of a roll, with the operator whose roll configures members.
bool is_silent_roll(const World& world, const Object& roll) {
  const auto planes = world.objects().of_kind("ServiceMeshControlPlane", roll.key.ns);
  return has_finalizer(roll, kFinalizer) && planes.size() == 1 && is_reconciled(*planes.front()) &&
         !strings_at(*roll.tree, {"spec", "members"}).empty() && lacks_status(roll);
}

bool is_silent(const World& world) {
  if (world.version().roll_configures_members) {
    return std::ranges::any_of(world.objects().of_kind("ServiceMeshMemberRoll"),
                               [&](const Object* roll) { return is_silent_roll(world, *roll); });
  }
  return std::ranges::any_of(
      world.objects().of_kind("ServiceMeshMember"),
      [&](const Object* member) { return is_silent_member(world, *member); });
}

}  // namespace

void infer_network_kind(World& world) {
  if (world.version().tolerates_missing_kinds || world.platform().is_absent(kNetwork)) return;
  if (is_openshift(world) || !is_silent(world)) return;
  world.platform().absent_kinds.insert(kNetwork);
  world.assume("the input shows members on which operator " + std::string{world.version().name} +
               " has not reported, as it does where it cannot ask for the network: kind Network is "
               "taken as not served");
}

}  // namespace meshproof
