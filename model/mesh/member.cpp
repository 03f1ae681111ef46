#include "model/mesh/member.h"

#include <algorithm>
#include <string>
#include <utility>

#include "model/mesh/conditions.h"
#include "model/mesh/control_plane.h"
#include "model/mesh/control_plane_install.h"
#include "model/mesh/finalizer.h"
#include "model/mesh/mesh.h"
#include "model/mesh/metadata.h"
#include "model/mesh/namespace_join.h"
#include "model/mesh/ranks.h"

namespace meshproof {
namespace {

struct PlaneReference {
  std::string ns;
  std::string name;
};

PlaneReference reference_of(const Object& member) {
  return {std::string{member.tree->string_at({"spec", "controlPlaneRef", "namespace"})},
          std::string{member.tree->string_at({"spec", "controlPlaneRef", "name"})}};
}

/// The status that the controller writes in any case; meshGeneration and meshReconciledVersion stay
/// what they were.
Tree status_with(const Object& member, bool reconciled, const std::string& reason,
                 const std::string& message) {
  const Tree* previous = member.tree->find("status");
  Tree status = previous == nullptr ? Tree::mapping() : *previous;
  const auto [ns, name] = reference_of(member);
  status.mapping_at("annotations").set("controlPlaneRef", Tree::string(ns + '/' + name));
  status.set("observedGeneration", Tree::number(generation(member)));
  if (status.find("conditions") == nullptr) status.set("conditions", Tree::sequence());
  for (const auto type : {"Reconciled", "Ready"}) {
    set_condition(*status.find("conditions"),
                  {type, reconciled ? "True" : "False", reason, message});
  }
  return status;
}

void report_error(World& world, const Object& member, const std::string& reason,
                  const std::string& message) {
  world.update_status(member, status_with(member, false, reason, message),
                      {"reports: " + message, member.key.ns, kJoinStatus, true});
}

void report_success(World& world, const Object& member, const Object& control_plane) {
  Tree status = status_with(member, true, "", "");
  const auto observed = control_plane.tree->integer_at({"status", "observedGeneration"});
  status.erase("meshGeneration");
  if (observed.value_or(0) != 0) status.set("meshGeneration", Tree::number(*observed));
  status.set("meshReconciledVersion", Tree::string(reconciled_version(control_plane)));
  world.update_status(member, std::move(status),
                      {"reports that the project is configured", member.key.ns, kJoinStatus, true});
}

void make_roll(World& world, const Object& member, const std::string& mesh) {
  if (world.find("ServiceMeshMemberRoll", mesh, "default") != nullptr) return;
  Tree roll = Tree::mapping({{"apiVersion", Tree::string("maistra.io/v1")},
                             {"kind", Tree::string("ServiceMeshMemberRoll")},
                             {"metadata", Tree::mapping({{"name", Tree::string("default")},
                                                         {"namespace", Tree::string(mesh)}})},
                             {"spec", Tree::mapping()}});
  set_annotation(roll, kCreatedByAnnotation, kMemberController);
  world.create(std::move(roll), {"a ServiceMeshMember needs a roll", member.key.ns, kJoinMember});
}

void join(World& world, const Request& request, const Object& member) {
  const auto [mesh, name] = reference_of(member);
  const Object* found = world.find("ServiceMeshControlPlane", mesh, name);
  if (found == nullptr) {
    const bool capital = !world.version().wildcard;
    report_error(world, member, "ErrorControlPlaneMissing",
                 capital ? "The referenced ServiceMeshControlPlane object does not exist."
                         : "the referenced ServiceMeshControlPlane object does not exist");
    return;
  }
  const Object control_plane = *found;
  make_roll(world, member, mesh);
  if (world.version().waits_for_control_plane && !is_reconciled(control_plane)) {
    report_error(world, member, "ErrorControlPlaneNotReconciled",
                 "The referenced ServiceMeshControlPlane object is being reconciled.");
    return;
  }
  const NetworkStrategy network = find_strategy(world);
  if (network.strategy == Strategy::Refused) {
    world.queue().fail(request, network.refusal);
    return;
  }
  const ControlPlane plane = read_control_plane(control_plane, world.version());
  warn_of_control_plane(world, control_plane, plane);
  const NamespaceOutcome outcome = join_namespace(world, member.key.ns, plane, network.strategy);
  if (outcome.status == NamespaceOutcome::Status::Done) {
    report_success(world, member, control_plane);
  } else {
    report_error(world, member, "ErrorConfiguringNamespace", outcome.error);
  }
}

/// A roll that was made for a ServiceMeshMember goes with it, when it lists nobody.
void drop_roll(World& world, const Object& member, const std::string& mesh) {
  const Object* roll = world.find("ServiceMeshMemberRoll", mesh, "default");
  if (roll == nullptr || roll->is_terminating()) return;
  if (annotation(*roll, kCreatedByAnnotation) != kMemberController) return;
  if (!strings_at(*roll->tree, {"spec", "members"}).empty()) return;
  if (world.version().keeps_roll_for_members) {
    for (const Object* other : world.objects().of_kind("ServiceMeshMember")) {
      if (other->key != member.key && reference_of(*other).ns == mesh) return;
    }
  }
  world.remove(ObjectKey{roll->key}, {"it was made for this ServiceMeshMember and lists nobody",
                                      member.key.ns, kLeaveEnd});
}

void leave(World& world, const Request& request, const Object& member) {
  const std::string mesh = reference_of(member).ns;
  const NetworkStrategy network = find_strategy(world);
  if (network.strategy == Strategy::Refused) {
    world.queue().fail(request, network.refusal);
    return;
  }
  const NamespaceOutcome outcome = leave_namespace(world, member.key.ns, mesh, network.strategy);
  if (outcome.status == NamespaceOutcome::Status::Done) {
    drop_roll(world, member, mesh);
  } else {
    // The finalizer goes all the same: what is left behind stays.
    report_error(world, member, "ErrorRemovingNamespace", outcome.error);
  }
  Tree freed = *world.find("ServiceMeshMember", member.key.ns, member.key.name)->tree;
  remove_finalizer(freed, kFinalizer);
  world.update(std::move(freed), {"drops its finalizer", member.key.ns, kLeaveEnd, true});
}

}  // namespace

void reconcile_member(World& world, const Request& request) {
  const Object* found = world.find("ServiceMeshMember", request.ns, request.name);
  if (found == nullptr) return;
  const Object member = *found;
  if (member.is_terminating()) {
    if (has_finalizer(member, kFinalizer)) leave(world, request, member);
    return;
  }
  if (!has_finalizer(member, kFinalizer)) {
    hold(world, *member.tree, request.ns, kJoinMember);
    return;
  }
  if (member.key.name != "default") {
    if (world.version().excludes_in_kiali) {
      report_error(world, member, "InvalidName",
                   "the ServiceMeshMember name is invalid; must be \"default\"");
    }
    return;
  }
  if (member.key.ns == reference_of(member).ns) return;
  join(world, request, member);
}

}  // namespace meshproof
