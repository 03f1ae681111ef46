#include "model/mesh/watches.h"

#include <string>
#include <string_view>

#include "model/mesh/conditions.h"
#include "model/mesh/control_plane_install.h"
#include "model/mesh/member_selection.h"
#include "model/mesh/mesh.h"
#include "model/mesh/metadata.h"
#include "model/sdn/net_id.h"

namespace meshproof {
namespace {

using Requests = std::vector<Request>;

std::string mesh_namespace_of(const Object& member) {
  return std::string{member.tree->string_at({"spec", "controlPlaneRef", "namespace"})};
}

void add_members_of(const World& world, const std::string& mesh, Requests& requests) {
  for (const Object* member : world.objects().of_kind("ServiceMeshMember")) {
    if (mesh_namespace_of(*member) == mesh) {
      requests.push_back({Controller::Member, member->key.ns, member->key.name});
    }
  }
}

void add_rolls_selecting(const World& world, const Object& ns, Requests& requests) {
  for (const Object* roll : world.objects().of_kind("ServiceMeshMemberRoll")) {
    if (selects(world, *roll, ns)) {
      requests.push_back({Controller::Roll, roll->key.ns, roll->key.name});
    }
  }
}

void after_control_plane(const World& world, const Object& object, Requests& requests) {
  if (!world.version().roll_configures_members) {
    add_members_of(world, object.key.ns, requests);
  }
  if (world.find("ServiceMeshMemberRoll", object.key.ns, "default") != nullptr) {
    requests.push_back({Controller::Roll, object.key.ns, "default"});
  }
  requests.push_back({Controller::ControlPlane, object.key.ns, object.key.name});
}

bool wakes_member(const Object* before, const Object* after) {
  if (before == nullptr || after == nullptr || after->is_terminating()) return true;
  const auto differs = [&](std::string_view field) {
    const Tree* old_value = before->tree->find_path({"metadata", field});
    const Tree* new_value = after->tree->find_path({"metadata", field});
    if (old_value == nullptr || new_value == nullptr) return old_value != new_value;
    return !(*old_value == *new_value);
  };
  const Tree* old_spec = before->tree->find("spec");
  const Tree* new_spec = after->tree->find("spec");
  const bool new_generation =
      old_spec != nullptr && new_spec != nullptr && !(*old_spec == *new_spec);
  return new_generation || differs("generation") || differs("annotations") || differs("finalizers");
}

void after_member(const World& world, const Object* before, const Object* after,
                  Requests& requests) {
  const Object& object = after == nullptr ? *before : *after;
  if (wakes_member(before, after)) {
    requests.push_back({Controller::Member, object.key.ns, object.key.name});
  }
  if (world.version().roll_configures_members) return;
  requests.push_back({Controller::Roll, mesh_namespace_of(object), "default"});
  if (const auto ns = world.find_namespace(object.key.ns)) {
    add_rolls_selecting(world, *ns, requests);
  }
}

void after_namespace(const World& world, const Object* before, const Object* after,
                     Requests& requests) {
  const Object& object = after == nullptr ? *before : *after;
  const std::string& name = object.key.name;
  if (before != nullptr && after != nullptr && world.version().watches_member_projects &&
      world.find("ServiceMeshMember", name, "default") != nullptr) {
    requests.push_back({Controller::Member, name, "default"});
  }
  if (before != nullptr) add_rolls_selecting(world, *before, requests);
  if (after != nullptr) add_rolls_selecting(world, *after, requests);
  if (before == nullptr && world.version().roll_configures_members) {
    add_members_of(world, name, requests);
  }
  if (after != nullptr && after->is_terminating()) {
    requests.push_back({Controller::Namespaces, "", name});
  }
  if (before == nullptr || after == nullptr) requests.push_back({Controller::SdnMaster, "", name});
}

const Tree* reconciled_condition(const Object& object) {
  return find_condition(object.tree->find_path({"status", "conditions"}), "Reconciled");
}

/// The finalizer shows that the operator has seen it.
bool awaits_network(const Object& member) {
  if (!has_finalizer(member, kFinalizer)) return false;
  return member.is_terminating() || reconciled_condition(member) == nullptr;
}

bool awaits_members(const World& world, const Object& roll) {
  if (!has_finalizer(roll, kFinalizer)) return false;
  // Operator 1.1 shows a failure by a status that does not know the newest spec.
  const auto observed = roll.tree->integer_at({"status", "observedGeneration"}).value_or(0);
  const bool unseen = world.version().failure_hides_status && world.version().retries_failures &&
                      observed != generation(roll);
  return unseen || roll.is_terminating() ||
         !strings_at(*roll.tree, {"status", "pendingMembers"}).empty();
}

/// Operator 2.0 goes on asking for a place on the roll.
bool awaits_roll(const Object& member) {
  const Tree* condition = reconciled_condition(member);
  return condition != nullptr && condition->string_at({"status"}) == "False";
}

}  // namespace

std::vector<Request> requests_after_write(const World& world, const Object* before,
                                          const Object* after) {
  Requests requests;
  const Object& object = after == nullptr ? *before : *after;
  const std::string_view kind = object.key.kind;
  if (kind == "ServiceMeshControlPlane") {
    after_control_plane(world, object, requests);
  } else if (kind == "ServiceMeshMember") {
    after_member(world, before, after, requests);
  } else if (kind == "ServiceMeshMemberRoll") {
    requests.push_back({Controller::Roll, object.key.ns, object.key.name});
    if (world.version().roll_configures_members) add_members_of(world, object.key.ns, requests);
  } else if (kind == "Namespace") {
    after_namespace(world, before, after, requests);
  } else if (kind == "NetNamespace" && after != nullptr && has_annotation(*after, kChangeNetwork)) {
    requests.push_back({Controller::SdnMaster, "", object.key.name});
  }
  // What is still in a terminating project may have been the last thing that held it.
  if (after == nullptr && !object.key.ns.empty()) {
    const Object* ns = world.find("Namespace", "", object.key.ns);
    if (ns != nullptr && ns->is_terminating()) {
      requests.push_back({Controller::Namespaces, "", object.key.ns});
    }
  }
  return requests;
}

std::vector<Request> requests_after_start(const World& world) {
  Requests requests;
  for (const Object* roll : world.objects().of_kind("ServiceMeshMemberRoll")) {
    requests.push_back({Controller::Roll, roll->key.ns, roll->key.name});
  }
  for (const Object* member : world.objects().of_kind("ServiceMeshMember")) {
    requests.push_back({Controller::Member, member->key.ns, member->key.name});
  }
  for (const Object* plane : world.objects().of_kind("ServiceMeshControlPlane")) {
    requests.push_back({Controller::ControlPlane, plane->key.ns, plane->key.name});
  }
  return requests;
}

std::vector<Request> requests_in_backoff(const World& world) {
  Requests requests;
  const bool direct = world.version().roll_configures_members;
  for (const Object* roll : world.objects().of_kind("ServiceMeshMemberRoll")) {
    if (direct && awaits_members(world, *roll)) {
      requests.push_back({Controller::Roll, roll->key.ns, roll->key.name});
    }
  }
  for (const Object* member : world.objects().of_kind("ServiceMeshMember")) {
    if (direct ? awaits_roll(*member) : awaits_network(*member)) {
      requests.push_back({Controller::Member, member->key.ns, member->key.name});
    }
  }
  for (const Object* plane : world.objects().of_kind("ServiceMeshControlPlane")) {
    if (is_held_up(world, *plane)) {
      requests.push_back({Controller::ControlPlane, plane->key.ns, plane->key.name});
    }
  }
  return requests;
}

std::vector<Request> requests_of_sdn_master(const World& world) {
  Requests requests;
  for (const Object* object : world.objects().of_kind("NetNamespace")) {
    if (has_annotation(*object, kChangeNetwork)) {
      requests.push_back({Controller::SdnMaster, "", object->key.name});
    }
  }
  return requests;
}

}  // namespace meshproof
