#include "model/mesh/roll_direct.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/mesh/admission.h"
#include "model/mesh/conditions.h"
#include "model/mesh/control_plane.h"
#include "model/mesh/control_plane_install.h"
#include "model/mesh/kiali.h"
#include "model/mesh/member.h"
#include "model/mesh/mesh.h"
#include "model/mesh/metadata.h"
#include "model/mesh/namespace_join.h"
#include "model/mesh/roll_status.h"
#include "model/mesh/typed_roll.h"

namespace meshproof {
namespace {

using Names = std::set<std::string>;

Names names_of(const std::vector<std::string>& texts) { return {texts.begin(), texts.end()}; }

WriteNote status_note() { return {"reports on the members", "", 0, true}; }

Tree status_of(const Object& object) {
  const Tree* status = object.tree->find("status");
  return status == nullptr ? Tree::mapping() : *status;
}

/// What came of the projects of one turn.
struct Batch {
  Names configured;
  Names pending;
  std::vector<std::string> errors;  ///< that make the turn be tried again
};

void take(Batch& batch, const std::string& ns, const NamespaceOutcome& outcome, bool joining) {
  if (outcome.status == NamespaceOutcome::Status::Done) {
    if (joining) batch.configured.insert(ns);
    return;
  }
  batch.pending.insert(ns);
  if (outcome.status != NamespaceOutcome::Status::Terminating) {
    batch.errors.push_back(outcome.error);
  }
}

Batch work_on(World& world, const ControlPlane& plane, const Names& joining, const Names& leaving,
              Strategy strategy) {
  Batch batch;
  for (const auto& ns : leaving) {
    if (ns == plane.ns || joining.contains(ns)) continue;
    world.begin_sequence(ns);
    take(batch, ns, leave_namespace(world, ns, plane.ns, strategy), false);
  }
  for (const auto& ns : joining) {
    if (ns == plane.ns) continue;
    world.begin_sequence(ns);
    take(batch, ns, join_namespace(world, ns, plane, strategy), true);
  }
  return batch;
}

Names labelled_for(const World& world, const std::string& mesh) {
  Names labelled;
  for (const Object& ns : world.namespaces()) {
    if (ns.label(kMemberOfLabel) == mesh) labelled.insert(ns.key.name);
  }
  return labelled;
}

void write_status(World& world, const Object& roll, Tree status, const Condition& ready) {
  const auto configured = strings_at(status, {"configuredMembers"}).size();
  const auto all = strings_at(*roll.tree, {"spec", "members"}).size();
  finish_roll_status(status, roll, ready, configured, all);
  world.update_status(*world.find("ServiceMeshMemberRoll", roll.key.ns, roll.key.name),
                      std::move(status), status_note());
}

/// The control plane to work for; without one, the roll's status says why.
std::optional<Object> active_plane(World& world, const Object& roll) {
  const auto planes = world.objects().of_kind("ServiceMeshControlPlane", roll.key.ns);
  Tree status = status_of(roll);
  if (planes.size() > 1) {
    write_status(world, roll, std::move(status),
                 {"Ready", "False", "ErrMultipleSMCPs",
                  "Multiple ServiceMeshControlPlane resources exist in the namespace"});
    return std::nullopt;
  }
  if (planes.empty()) {
    status.set("configuredMembers", Tree::sequence());
    status.set("pendingMembers", Tree::strings(strings_at(*roll.tree, {"spec", "members"})));
    write_status(
        world, roll, std::move(status),
        {"Ready", "False", "ErrSMCPMissing", "No ServiceMeshControlPlane exists in the namespace"});
    return std::nullopt;
  }
  if (!is_reconciled(*planes.front())) {
    write_status(world, roll, std::move(status),
                 {"Ready", "False", "SMCPReconciling",
                  "Service mesh installation is not in a known good state"});
    return std::nullopt;
  }
  return *planes.front();
}

void tell_kiali(World& world, const Object& control_plane, const ControlPlane& plane,
                const Names& configured) {
  if (!has_applied(control_plane, "kiali", plane.kiali)) return;
  const Names shown = configured.empty() ? Names{plane.ns} : configured;
  show_in_kiali(world, plane.ns, plane.kiali_name, shown, false);
}

/// What moved since the roll's status was written, in the order in which the operator asks.
enum class Cause : std::uint8_t { Mesh, Roll, NewProject, GoneProject, Nothing };

Cause cause_of(const World& world, const Object& roll, const Object& control_plane) {
  const auto& tree = *roll.tree;
  if (tree.string_at({"status", "meshReconciledVersion"}) != reconciled_version(control_plane)) {
    return Cause::Mesh;
  }
  if (tree.integer_at({"status", "observedGeneration"}).value_or(0) != generation(roll)) {
    return Cause::Roll;
  }
  const Names configured = names_of(strings_at(tree, {"status", "configuredMembers"}));
  for (const auto& ns : strings_at(tree, {"spec", "members"})) {
    if (ns == roll.key.ns || configured.contains(ns)) continue;
    if (world.find_namespace(ns)) return Cause::NewProject;
  }
  const bool gone = std::ranges::any_of(
      configured, [&](const std::string& ns) { return !world.find_namespace(ns); });
  return gone ? Cause::GoneProject : Cause::Nothing;
}

Batch recount(const World& world, const Object& roll) {
  Batch batch;
  for (const auto& ns : strings_at(*roll.tree, {"spec", "members"})) {
    if (ns == roll.key.ns) continue;
    (world.find_namespace(ns) ? batch.configured : batch.pending).insert(ns);
  }
  return batch;
}

void reconcile_existing(World& world, const Request& request, const Object& roll) {
  const auto control_plane = active_plane(world, roll);
  if (!control_plane) return;
  const Cause cause = cause_of(world, roll, *control_plane);
  if (cause == Cause::Nothing) return;
  const ControlPlane plane = read_control_plane(*control_plane, world.version());
  warn_of_control_plane(world, *control_plane, plane);
  const Names required = names_of(strings_at(*roll.tree, {"spec", "members"}));
  Batch batch;
  if (cause == Cause::GoneProject) {
    batch = recount(world, roll);
  } else {
    const NetworkStrategy network = find_strategy(world);
    if (network.strategy == Strategy::Refused) {
      world.queue().fail(request, network.refusal);
      return;
    }
    Names leaving;
    if (cause == Cause::Roll) leaving = labelled_for(world, plane.ns);
    batch = work_on(world, plane, required, leaving, network.strategy);
  }
  Tree status = status_of(roll);
  status.set("configuredMembers", as_sequence(batch.configured));
  status.set("pendingMembers", as_sequence(batch.pending));
  if (cause == Cause::Mesh || cause == Cause::Roll) {
    const auto observed =
        control_plane->tree->integer_at({"status", "observedGeneration"}).value_or(0);
    status.set("meshGeneration", Tree::number(observed));
    status.set("meshReconciledVersion", Tree::string(reconciled_version(*control_plane)));
  }
  tell_kiali(world, *control_plane, plane, batch.configured);
  Condition ready{"Ready", "True", "Configured",
                  "All namespaces have been configured successfully"};
  if (!batch.pending.empty()) {
    ready = {"Ready", "False", "ReconcileError",
             "The following namespace(s) could not be configured: " + as_go_list(batch.pending)};
  }
  write_status(world, roll, std::move(status), ready);
  if (const auto error = aggregate(batch.errors)) world.queue().fail(request, *error);
}

void finalize(World& world, const Request& request, const Object& roll) {
  const NetworkStrategy network = find_strategy(world);
  if (network.strategy == Strategy::Refused) {
    world.queue().fail(request, network.refusal);
    return;
  }
  ControlPlane plane;
  plane.ns = roll.key.ns;
  const Batch batch = work_on(world, plane, {}, labelled_for(world, roll.key.ns), network.strategy);
  if (const auto error = aggregate(batch.errors)) {
    world.queue().fail(request, *error);
    return;
  }
  const auto planes = world.objects().of_kind("ServiceMeshControlPlane", roll.key.ns);
  if (planes.size() == 1) {
    const Object control_plane = *planes.front();
    tell_kiali(world, control_plane, read_control_plane(control_plane, world.version()), {});
  }
  Tree freed = typed_roll(*world.find("ServiceMeshMemberRoll", roll.key.ns, roll.key.name)->tree);
  remove_finalizer(freed, kFinalizer);
  world.update(std::move(freed), {"drops its finalizer", "", 0, true});
}

void hold(World& world, Tree held) {
  add_finalizer(held, kFinalizer);
  world.update(std::move(held), {"adds its finalizer", "", 0, true});
}

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
  const Names configured = roll == nullptr
                               ? Names{}
                               : names_of(strings_at(*roll->tree, {"status", "configuredMembers"}));
  const bool ready = !refusal && configured.contains(member.key.ns);
  Tree status = status_of(member);
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

void reconcile_roll_directly(World& world, const Request& request) {
  const Object* found = world.find("ServiceMeshMemberRoll", request.ns, request.name);
  if (found == nullptr) return;
  const Object roll = *found;
  if (roll.is_terminating()) {
    if (has_finalizer(roll, kFinalizer)) finalize(world, request, roll);
  } else if (!has_finalizer(roll, kFinalizer)) {
    hold(world, typed_roll(*roll.tree));
  } else {
    reconcile_existing(world, request, roll);
  }
}

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
