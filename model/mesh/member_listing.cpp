#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "model/mesh/admission.h"
#include "model/mesh/conditions.h"
#include "model/mesh/finalizer.h"
#include "model/mesh/member.h"
#include "model/mesh/mesh.h"
#include "model/mesh/metadata.h"
#include "model/mesh/roll_direct.h"
#include "model/mesh/roll_status.h"
#include "model/mesh/typed_roll.h"

namespace meshproof {
namespace {

std::string mesh_of(const Object& member) {
  return std::string{member.tree->string_at({"spec", "controlPlaneRef", "namespace"})};
}

/// The roll as it lists the project too; a new one if there is none.
Tree longer_roll(const Object* roll, const std::string& ns, const std::string& mesh) {
  if (roll == nullptr) {
    Tree made = Tree::mapping({{"apiVersion", Tree::string("maistra.io/v1")},
                               {"kind", Tree::string("ServiceMeshMemberRoll")},
                               {"metadata", Tree::mapping({{"name", Tree::string("default")},
                                                           {"namespace", Tree::string(mesh)}})},
                               {"spec", Tree::mapping({{"members", Tree::strings({ns})}})}});
    set_annotation(made, kCreatedByAnnotation, kMemberController);
    return made;
  }
  auto members = strings_at(*roll->tree, {"spec", "members"});
  members.push_back(ns);
  Tree longer = *roll->tree;
  longer.mapping_at("spec").set("members", Tree::strings(members));
  return longer;
}

/// How the operator reports that its own write was refused.
Condition refused_roll(const Rejection& rejection, bool creating, const std::string& mesh) {
  const std::string reason = creating ? "CreateMemberRollFailed" : "UpdateMemberRollFailed";
  if (rejection.code == 404) {
    return {"Reconciled", "False", reason,
            "Could not create ServiceMeshMemberRoll, because the referenced namespace doesn't "
            "exist: " +
                rejection.message};
  }
  const std::string webhook =
      rejection.code == 400
          ? "admission webhook \"smmr.validation.maistra.io\" denied the request: "
          : "";
  return {"Reconciled", "False", reason,
          std::string{"Could not "} + (creating ? "create" : "update") + " ServiceMeshMemberRoll " +
              mesh + "/default: " + webhook + rejection.message};
}

/// Puts the project on the roll. What refuses that is the member's condition.
std::optional<Condition> list_in_roll(World& world, const Request& request, const Object& member,
                                      const std::string& mesh) {
  const std::string& ns = member.key.ns;
  const Object* roll = world.find("ServiceMeshMemberRoll", mesh, "default");
  if (roll != nullptr) {
    const auto members = strings_at(*roll->tree, {"spec", "members"});
    if (std::ranges::find(members, ns) != members.end()) return std::nullopt;
  }
  Tree longer = longer_roll(roll, ns, mesh);
  if (const auto rejection = admit(world, roll, longer)) {
    auto condition = refused_roll(*rejection, roll == nullptr, mesh);
    if (rejection->code == 400) world.queue().fail(request, condition.message);
    return condition;
  }
  if (roll == nullptr) {
    world.create(std::move(longer), {"a ServiceMeshMember needs a roll", ns});
  } else {
    world.update(std::move(longer), {"lists the project of a ServiceMeshMember", ns});
  }
  return std::nullopt;
}

void unlist(World& world, const Object& member, const std::string& mesh) {
  const Object* roll = world.find("ServiceMeshMemberRoll", mesh, "default");
  if (roll == nullptr || roll->is_terminating()) return;
  auto members = strings_at(*roll->tree, {"spec", "members"});
  std::erase(members, member.key.ns);
  if (members.empty() && annotation(*roll, kCreatedByAnnotation) == kMemberController) {
    world.remove(ObjectKey{roll->key},
                 {"it was made for a ServiceMeshMember and lists nobody", member.key.ns});
    return;
  }
  Tree shorter = *roll->tree;
  shorter.mapping_at("spec").set("members", Tree::strings(members));
  world.update(typed_roll(std::move(shorter)), {"its ServiceMeshMember is deleted", member.key.ns});
}

void report_member(World& world, const Object& member, const std::string& mesh,
                   const std::optional<Condition>& refusal) {
  const Object* roll = world.find("ServiceMeshMemberRoll", mesh, "default");
  std::vector<std::string> configured;
  if (roll != nullptr) configured = strings_at(*roll->tree, {"status", "configuredMembers"});
  const bool listed = std::ranges::find(configured, member.key.ns) != configured.end();
  const bool ready = !refusal && listed;
  const Tree* previous = member.tree->find("status");
  Tree status = previous == nullptr ? Tree::mapping() : *previous;
  const std::string plane{member.tree->string_at({"spec", "controlPlaneRef", "name"})};
  if (!refusal) set_status_annotation(status, "controlPlaneRef", mesh + '/' + plane);
  status.set("observedGeneration", Tree::number(generation(member)));
  if (status.find("conditions") == nullptr) status.set("conditions", Tree::sequence());
  Tree& conditions = *status.find("conditions");
  Condition reconciled = refusal.value_or(Condition{"Reconciled", "True", "", ""});
  set_condition(conditions, reconciled);
  reconciled.type = "Ready";
  reconciled.status = ready ? "True" : "False";
  set_condition(conditions, reconciled);
  world.update_status(*world.find("ServiceMeshMember", member.key.ns, member.key.name),
                      std::move(status), {"reports on the member", member.key.ns, 0, true});
}

}  // namespace

void reconcile_member_of_list(World& world, const Request& request) {
  const Object* found = world.find("ServiceMeshMember", request.ns, request.name);
  if (found == nullptr) return;
  const Object member = *found;
  const std::string mesh = mesh_of(member);
  if (member.is_terminating()) {
    if (!has_finalizer(member, kFinalizer)) return;
    unlist(world, member, mesh);
    Tree freed = *world.find("ServiceMeshMember", member.key.ns, member.key.name)->tree;
    remove_finalizer(freed, kFinalizer);
    world.update(std::move(freed), {"drops its finalizer", member.key.ns, 0, true});
  } else if (!has_finalizer(member, kFinalizer)) {
    hold(world, *member.tree);
  } else {
    const auto refusal = list_in_roll(world, request, member, mesh);
    report_member(world, member, mesh, refusal);
  }
}

}  // namespace meshproof
