#include "model/mesh/admission.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "model/dns_name.h"
#include "model/mesh/control_plane_admission.h"
#include "model/mesh/metadata.h"
#include "model/mesh/typed_roll.h"

namespace meshproof {
namespace {

using Refused = std::optional<Rejection>;

Refused refused(std::string message) { return Rejection{400, std::move(message)}; }

// --- ServiceMeshMemberRoll

void strip_own_project(Tree& roll, const std::string& mesh) {
  auto members = strings_at(roll, {"spec", "members"});
  if (std::erase(members, mesh) == 0) return;
  roll.mapping_at("spec").set("members", Tree::strings(members));
  // The webhook's answer is the difference to its own type, which has no empty lists.
  roll = typed_roll(std::move(roll));
}

std::set<std::string> listed_elsewhere(const World& world, const ObjectKey& key) {
  std::set<std::string> listed;
  for (const Object* other : world.objects().of_kind("ServiceMeshMemberRoll")) {
    if (other->key == key) continue;
    for (auto& name : strings_at(*other->tree, {"spec", "members"})) listed.insert(name);
  }
  return listed;
}

Refused check_name(const World& world, const std::string& name) {
  if (is_dns_label(name) || (name == "*" && world.version().wildcard)) return std::nullopt;
  return refused(".spec.members contains invalid value '" + name +
                 "'. Must be a valid namespace name.");
}

Refused check_names(const World& world, const std::vector<std::string>& members) {
  for (const auto& name : members) {
    if (auto refusal = check_name(world, name)) return refusal;
  }
  return std::nullopt;
}

Refused check_duplicates(const std::vector<std::string>& members) {
  const std::set<std::string> distinct(members.begin(), members.end());
  if (distinct.size() == members.size()) return std::nullopt;
  return refused("ServiceMeshMemberRoll may not contain duplicate namespaces in .spec.members");
}

Refused check_wildcard(const std::vector<std::string>& members) {
  const bool wildcard = std::ranges::find(members, "*") != members.end();
  if (!wildcard || members.size() == 1) return std::nullopt;
  return refused("when .spec.members contains an asterisk ('*'), it must contain no other entries");
}

Refused check_each_in_turn(const World& world, const std::vector<std::string>& members) {
  std::set<std::string> seen;
  for (const auto& name : members) {
    if (auto refusal = check_name(world, name)) return refusal;
    if (!seen.insert(name).second) {
      return refused("duplicate namespace in .spec.members: " + name);
    }
  }
  return check_wildcard(members);
}

/// Which mistake of several is told differs from version to version.
Refused check_members(const World& world, const std::vector<std::string>& members) {
  if (world.version().member_selectors) return check_each_in_turn(world, members);
  if (!world.version().wildcard) {
    if (auto refusal = check_duplicates(members)) return refusal;
    return check_names(world, members);
  }
  if (auto refusal = check_wildcard(members)) return refusal;
  if (auto refusal = check_names(world, members)) return refusal;
  return check_duplicates(members);
}

Refused check_other_rolls(const World& world, const ObjectKey& key,
                          const std::vector<std::string>& members) {
  const auto elsewhere = listed_elsewhere(world, key);
  for (const auto& name : members) {
    const bool taken =
        (name == "*" && !elsewhere.empty()) || elsewhere.contains(name) || elsewhere.contains("*");
    if (taken) {
      return refused("one or more members are already defined in another ServiceMeshMemberRoll");
    }
    if (name == key.ns) return refused("mesh project/namespace cannot be listed as a member");
  }
  return std::nullopt;
}

Refused admit_roll(const World& world, Tree& roll) {
  const ObjectKey key = key_of(roll);
  const bool completes = world.version().completes_writes;
  if (completes) strip_own_project(roll, key.ns);
  if (world.version().roll_needs_plane &&
      world.objects().of_kind("ServiceMeshControlPlane", key.ns).empty()) {
    return refused("no service mesh is configured in namespace '" + key.ns + "'");
  }
  if (key.name != "default") return refused("ServiceMeshMemberRoll must be named 'default'");
  if (completes && key.ns == world.platform().operator_namespace) {
    return refused(
        "ServiceMeshMemberRoll may not be created in the same project/namespace as the operator");
  }
  const auto members = strings_at(roll, {"spec", "members"});
  const Tree* selectors = roll.find_path({"spec", "memberSelectors"});
  const bool selects = selectors != nullptr && !selectors->items.empty();
  if (world.version().member_selectors && selects && !members.empty()) {
    return refused("combining .spec.members and .spec.memberSelectors is not allowed");
  }
  if (world.version().checks_member_names) {
    if (auto refusal = check_members(world, members)) return refusal;
  }
  return check_other_rolls(world, key, members);
}

// --- ServiceMeshMember

Refused admit_member(const World& world, const Object* existing, const Tree& member) {
  const ObjectKey key = key_of(member);
  const bool recent = world.version().wildcard;
  if (key.name != "default") {
    return refused(recent ? "the ServiceMeshMember resource must be named \"default\""
                          : "ServiceMeshMember must be named \"default\"");
  }
  if (key.ns == world.platform().operator_namespace) {
    return refused("namespace where operator is installed cannot be added to any mesh");
  }
  if (existing == nullptr) return std::nullopt;
  for (const auto field : {"name", "namespace"}) {
    if (existing->tree->string_at({"spec", "controlPlaneRef", field}) !=
        member.string_at({"spec", "controlPlaneRef", field})) {
      return refused(recent ? "mutation of .spec.controlPlaneRef isn't allowed"
                            : "Mutation of .spec.controlPlaneRef isn't allowed");
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Rejection> admit(const World& world, const Object* existing, Tree& next) {
  if (existing != nullptr && existing->is_terminating()) return std::nullopt;
  const ObjectKey key = key_of(next);
  if (existing == nullptr && !key.ns.empty()) {
    const auto ns = world.find_namespace(key.ns);
    // SEMANTICS M7: the operator runs in its own project, whether the input shows that or not.
    if (!ns && key.ns != world.platform().operator_namespace) {
      return Rejection{404, "namespaces \"" + key.ns + "\" not found"};
    }
    if (ns && ns->is_terminating()) {
      return Rejection{403, "unable to create new content in namespace " + key.ns +
                                " because it is being terminated"};
    }
  }
  if (key.group != "maistra.io") return std::nullopt;
  if (key.kind == "ServiceMeshMemberRoll") return admit_roll(world, next);
  if (key.kind == "ServiceMeshMember") return admit_member(world, existing, next);
  if (key.kind == "ServiceMeshControlPlane") return admit_control_plane(world, existing, next);
  return std::nullopt;
}

}  // namespace meshproof
