#include "model/mesh/roll.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/mesh/control_plane.h"
#include "model/mesh/finalizer.h"
#include "model/mesh/kiali.h"
#include "model/mesh/member.h"
#include "model/mesh/member_selection.h"
#include "model/mesh/membership.h"
#include "model/mesh/mesh.h"
#include "model/mesh/metadata.h"
#include "model/mesh/ranks.h"
#include "model/mesh/roll_status.h"
#include "model/mesh/typed_roll.h"

namespace meshproof {
namespace {

using Names = std::set<std::string>;

constexpr const char* kScrapedAnnotation = "PrometheusScrapingMemebers";  // the operator's spelling
constexpr const char* kKialiAnnotation = "kialiName";

std::vector<Object> members_of(const World& world, const std::string& mesh) {
  std::vector<Object> members;
  for (const Object* member : world.objects().of_kind("ServiceMeshMember")) {
    if (member->tree->string_at({"spec", "controlPlaneRef", "namespace"}) == mesh) {
      members.push_back(*member);
    }
  }
  return members;
}

bool is_made_by_roll(const Object& member) {
  return annotation(member, kCreatedByAnnotation) == kRollController;
}

Condition reconciled_condition_of(const Object& member) {
  const Tree* found =
      find_condition(member.tree->find_path({"status", "conditions"}), "Reconciled");
  if (found == nullptr) return {"Reconciled", "Unknown", "", ""};
  return {"Reconciled", std::string{found->string_at({"status"})},
          std::string{found->string_at({"reason"})}, std::string{found->string_at({"message"})}};
}

WriteNote status_note() { return {"reports on the members", "", 0, true}; }

/// Everything that one turn of the controller has found out.
struct RollTurn {
  Object roll;
  std::optional<Object> control_plane = {};
  Names required = {};
  MemberConditions conditions = {};
  Names known = {};
  Names configured = {};
  Names up_to_date = {};
  Names terminating = {};
};

/// Makes the ServiceMeshMember of a required namespace if it can be made.
void ensure_member(World& world, RollTurn& turn, const Object& plane, const std::string& ns) {
  const Object* member = world.find("ServiceMeshMember", ns, "default");
  if (member == nullptr) {
    const auto project = world.find_namespace(ns);
    if (!project || project->is_terminating()) {
      set_member_condition(
          turn.conditions, ns,
          {"Reconciled", "False", "NamespaceNotExists", "Namespace " + ns + " does not exist"});
      return;
    }
    world.create(new_member(ns, plane.key),
                 {"the roll " + plane.key.ns + "/default selects the project", ns, kJoinMember});
    return;
  }
  const std::string ref_ns{member->tree->string_at({"spec", "controlPlaneRef", "namespace"})};
  const std::string ref_name{member->tree->string_at({"spec", "controlPlaneRef", "name"})};
  if (ref_ns == plane.key.ns && ref_name == plane.key.name) return;
  set_member_condition(
      turn.conditions, ns,
      {"Reconciled", "False", "ReferencesDifferentControlPlane",
       "ServiceMeshMember " + ns + "/default exists, but references ServiceMeshControlPlane " +
           ref_ns + '/' + ref_name});
}

void delete_obsolete_members(World& world, const RollTurn& turn) {
  for (const Object& member : members_of(world, turn.roll.key.ns)) {
    if (member.is_terminating() || !is_made_by_roll(member)) continue;
    if (turn.control_plane && turn.required.contains(member.key.ns)) continue;
    world.remove(member.key, {turn.control_plane ? "the roll selects the project no more"
                                                 : "the mesh has no control plane any more",
                              member.key.ns, kLeaveMember});
  }
}

void judge_member(RollTurn& turn, const Object& member, bool counts_stale) {
  const Condition condition = reconciled_condition_of(member);
  set_member_condition(turn.conditions, member.key.ns, condition);
  if (member.is_terminating()) {
    turn.terminating.insert(member.key.ns);
    return;
  }
  if (!turn.control_plane || condition.status != "True") return;
  const Object& plane = *turn.control_plane;
  if (member.tree->string_at({"spec", "controlPlaneRef", "name"}) != plane.key.name) return;
  const bool fresh =
      member.tree->string_at({"status", "meshReconciledVersion"}) == reconciled_version(plane);
  if (fresh || counts_stale) turn.configured.insert(member.key.ns);
  if (fresh) turn.up_to_date.insert(member.key.ns);
}

Names without(Names names, const Names& other) {
  for (const auto& name : other) names.erase(name);
  return names;
}

Tree member_statuses(const RollTurn& turn) {
  Tree entries = Tree::sequence();
  for (const auto& ns : turn.known) {
    const auto found = turn.conditions.find(ns);
    entries.items.push_back(Tree::mapping(
        {{"conditions", found == turn.conditions.end() ? Tree::sequence() : found->second},
         {"namespace", Tree::string(ns)}}));
  }
  return entries;
}

Condition readiness(const RollTurn& turn, const Names& pending) {
  if (!turn.control_plane) {
    return {"Ready", "False", "ErrSMCPMissing",
            "No ServiceMeshControlPlane exists in the namespace"};
  }
  if (!pending.empty()) {
    return {"Ready", "False", "ReconcileError",
            "The following namespaces are not yet configured: " + as_go_list(pending)};
  }
  return {"Ready", "True", "Configured", "All namespaces have been configured successfully"};
}

void tell_addons(World& world, RollTurn& turn, Tree& status) {
  if (!turn.control_plane) return;
  const ControlPlane plane = read_control_plane(*turn.control_plane, world.version());
  if (has_applied(*turn.control_plane, "kiali", plane.kiali)) {
    set_status_annotation(status, kKialiAnnotation, plane.kiali_name);
    show_in_kiali(world, plane.ns, plane.kiali_name, turn.known,
                  shows_everything(world, turn.roll, plane));
  }
  if (world.version().lists_scraped_members && plane.version->number >= 204 &&
      has_applied(*turn.control_plane, "prometheus", plane.prometheus)) {
    set_status_annotation(status, kScrapedAnnotation, joined(turn.configured));
    if (world.find("ConfigMap", plane.ns, "prometheus") != nullptr) {
      world.assume("the list of scraped namespaces in ConfigMap " + plane.ns +
                   "/prometheus follows the configured members; its text is not predicted");
    }
  }
}

void write_status(World& world, RollTurn& turn) {
  const Tree* previous = turn.roll.tree->find("status");
  Tree status = previous == nullptr ? Tree::mapping() : *previous;
  tell_addons(world, turn, status);
  const Names pending = without(without(turn.known, turn.up_to_date), turn.terminating);
  status.set("members", as_sequence(turn.known));
  status.set("configuredMembers", as_sequence(turn.configured));
  status.set("pendingMembers", as_sequence(pending));
  status.set("terminatingMembers", as_sequence(turn.terminating));
  status.set("memberStatuses", member_statuses(turn));
  status.erase("meshGeneration");
  status.erase("meshReconciledVersion");
  if (turn.control_plane) {
    const auto observed =
        turn.control_plane->tree->integer_at({"status", "observedGeneration"}).value_or(0);
    if (observed != 0) status.set("meshGeneration", Tree::number(observed));
    status.set("meshReconciledVersion", Tree::string(reconciled_version(*turn.control_plane)));
  }
  finish_roll_status(status, turn.roll, readiness(turn, pending), turn.configured.size(),
                     turn.known.size());
  world.update_status(*world.find("ServiceMeshMemberRoll", turn.roll.key.ns, turn.roll.key.name),
                      std::move(status), status_note());
}

/// A roll that is not looked at further: only its Ready condition tells.
void write_refusal(World& world, const Object& roll, const Condition& ready, bool mesh_missing) {
  const Tree* previous = roll.tree->find("status");
  Tree status = previous == nullptr ? Tree::mapping() : *previous;
  if (mesh_missing) {
    Names members;
    for (const auto& ns : strings_at(status, {"members"})) members.insert(ns);
    for (const auto& ns : strings_at(status, {"terminatingMembers"})) members.erase(ns);
    status.set("pendingMembers", as_sequence(members));
    status.set("configuredMembers", Tree::sequence());
  }
  const auto configured = strings_at(status, {"configuredMembers"}).size();
  const auto all = strings_at(status, {"members"}).size();
  finish_roll_status(status, roll, ready, configured, all);
  world.update_status(roll, std::move(status), status_note());
}

/// True if the roll could not be worked on and says so in its status.
bool is_refused(World& world, const Object& roll, const std::vector<const Object*>& planes) {
  if (world.version().excludes_in_kiali && roll.key.name != "default") {
    write_refusal(world, roll,
                  {"Ready", "False", "ErrInvalidName",
                   "the ServiceMeshMemberRoll name is invalid; must be \"default\""},
                  false);
    return true;
  }
  if (planes.size() > 1) {
    write_refusal(world, roll,
                  {"Ready", "False", "ErrMultipleSMCPs",
                   "Multiple ServiceMeshControlPlane resources exist in the namespace"},
                  false);
    return true;
  }
  if (planes.empty()) {
    if (world.version().leaves_without_control_plane) return false;
    write_refusal(
        world, roll,
        {"Ready", "False", "ErrSMCPMissing", "No ServiceMeshControlPlane exists in the namespace"},
        true);
    return true;
  }
  if (world.version().waits_for_control_plane && !is_reconciled(*planes.front())) {
    write_refusal(world, roll,
                  {"Ready", "False", "SMCPReconciling",
                   "Service mesh installation is not in a known good state"},
                  false);
    return true;
  }
  return false;
}

void reconcile_existing(World& world, const Object& roll) {
  const auto planes = world.objects().of_kind("ServiceMeshControlPlane", roll.key.ns);
  if (is_refused(world, roll, planes)) return;
  RollTurn turn{roll};
  if (!planes.empty()) turn.control_plane = *planes.front();
  turn.required = required_namespaces(world, roll);
  turn.conditions = read_member_conditions(roll);
  if (turn.control_plane) {
    for (const auto& ns : turn.required) ensure_member(world, turn, *turn.control_plane, ns);
  }
  turn.known = known_members(world, roll);
  const auto members = members_of(world, roll.key.ns);
  delete_obsolete_members(world, turn);
  for (const Object& member : members) {
    const Object* now = world.find("ServiceMeshMember", member.key.ns, member.key.name);
    judge_member(turn, now == nullptr ? member : *now, world.version().counts_stale_members);
  }
  write_status(world, turn);
}

void delete_members(World& world, const Object& roll) {
  std::vector<ObjectKey> doomed;
  if (world.version().roll_deletes_any_member) {
    for (const auto& ns : strings_at(*roll.tree, {"spec", "members"})) {
      const Object* member = world.find("ServiceMeshMember", ns, "default");
      if (member != nullptr) doomed.push_back(member->key);
    }
  } else {
    for (const Object& member : members_of(world, roll.key.ns)) {
      if (is_made_by_roll(member)) doomed.push_back(member.key);
    }
  }
  for (const ObjectKey& key : doomed) {
    world.remove(key, {"its roll is deleted", key.ns, kLeaveMember});
  }
}

void finalize(World& world, const Object& roll) {
  delete_members(world, roll);
  const std::string kiali{roll.tree->string_at({"status", "annotations", kKialiAnnotation})};
  if (!kiali.empty()) show_in_kiali(world, roll.key.ns, kiali, {}, false);
  Tree freed = typed_roll(*world.find("ServiceMeshMemberRoll", roll.key.ns, roll.key.name)->tree);
  remove_finalizer(freed, kFinalizer);
  world.update(std::move(freed), {"drops its finalizer", "", 0, true});
}

}  // namespace

Tree new_member(const std::string& ns, const ObjectKey& control_plane) {
  Tree member = Tree::mapping(
      {{"apiVersion", Tree::string("maistra.io/v1")},
       {"kind", Tree::string("ServiceMeshMember")},
       {"metadata",
        Tree::mapping({{"name", Tree::string("default")}, {"namespace", Tree::string(ns)}})},
       {"spec",
        Tree::mapping({{"controlPlaneRef",
                        Tree::mapping({{"name", Tree::string(control_plane.name)},
                                       {"namespace", Tree::string(control_plane.ns)}})}})}});
  set_annotation(member, kCreatedByAnnotation, kRollController);
  return member;
}

void reconcile_roll(World& world, const Request& request) {
  const Object* found = world.find("ServiceMeshMemberRoll", request.ns, request.name);
  if (found == nullptr) return;
  const Object roll = *found;
  if (roll.is_terminating()) {
    if (has_finalizer(roll, kFinalizer)) finalize(world, roll);
    return;
  }
  if (!has_finalizer(roll, kFinalizer)) {
    hold(world, typed_roll(*roll.tree));
    return;
  }
  reconcile_existing(world, roll);
}

}  // namespace meshproof
