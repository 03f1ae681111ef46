#include "model/mesh/roll_direct.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/mesh/conditions.h"
#include "model/mesh/control_plane.h"
#include "model/mesh/control_plane_install.h"
#include "model/mesh/finalizer.h"
#include "model/mesh/kiali.h"
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

void take(const World& world, Batch& batch, const std::string& ns, const NamespaceOutcome& outcome,
          bool joining) {
  using Status = NamespaceOutcome::Status;
  if (outcome.status == Status::Done) {
    if (joining) batch.configured.insert(ns);
    return;
  }
  batch.pending.insert(ns);
  const bool no_error = outcome.status == Status::Terminating ||
                        (outcome.status == Status::Missing && !world.version().reports_pending);
  if (!no_error) batch.errors.push_back(outcome.error);
}

Batch work_on(World& world, const ControlPlane& plane, const Names& joining, const Names& leaving,
              Strategy strategy) {
  Batch batch;
  for (const auto& ns : leaving) {
    if (ns == plane.ns || joining.contains(ns)) continue;
    world.begin_sequence(ns);
    take(world, batch, ns, leave_namespace(world, ns, plane.ns, strategy), false);
  }
  for (const auto& ns : joining) {
    if (ns == plane.ns) continue;
    world.begin_sequence(ns);
    take(world, batch, ns, join_namespace(world, ns, plane, strategy), true);
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
  if (world.version().reports_conditions) {
    finish_roll_status(status, roll, ready, configured, all);
  } else {
    status.set("observedGeneration", Tree::number(generation(roll)));
  }
  world.update_status(*world.find("ServiceMeshMemberRoll", roll.key.ns, roll.key.name),
                      std::move(status), status_note());
}

/// The control plane to work for; without one, the roll's status says why.
std::optional<Object> active_plane(World& world, const Object& roll) {
  const auto planes = world.objects().of_kind("ServiceMeshControlPlane", roll.key.ns);
  if (world.version().plane_owns_roll) {
    const bool ready = planes.size() == 1 && is_reconciled(*planes.front());
    return ready ? std::optional{*planes.front()} : std::nullopt;
  }
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

/// The projects on the roll that exist and are not configured.
Names new_projects(const World& world, const Object& roll) {
  const Names configured = names_of(strings_at(*roll.tree, {"status", "configuredMembers"}));
  Names found;
  for (const auto& ns : strings_at(*roll.tree, {"spec", "members"})) {
    if (ns == roll.key.ns || configured.contains(ns)) continue;
    if (world.find_namespace(ns)) found.insert(ns);
  }
  return found;
}

Cause cause_of(const World& world, const Object& roll, const Object& control_plane) {
  const auto& tree = *roll.tree;
  const bool edited =
      tree.integer_at({"status", "observedGeneration"}).value_or(0) != generation(roll);
  const bool renewed =
      tree.string_at({"status", "meshReconciledVersion"}) != reconciled_version(control_plane);
  if (edited && world.version().roll_before_plane) return Cause::Roll;
  if (renewed) return Cause::Mesh;
  if (edited) return Cause::Roll;
  if (!new_projects(world, roll).empty()) return Cause::NewProject;
  const Names configured = names_of(strings_at(tree, {"status", "configuredMembers"}));
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

Condition readiness(const World& world, const Names& pending) {
  if (pending.empty()) {
    return {"Ready", "True", "Configured", "All namespaces have been configured successfully"};
  }
  if (!world.version().reports_pending) {
    return {"Ready", "False", "ErrNamespaceMissing",
            "A namespace listed in .spec.members does not exist"};
  }
  return {"Ready", "False", "ReconcileError",
          "The following namespace(s) could not be configured: " + as_go_list(pending)};
}

/// Operators before 2.0 write no status after a failure; 1.0 does not even try again.
bool hides_status(World& world, const Request& request, const Batch& batch) {
  const auto error = aggregate(batch.errors);
  if (!error || !world.version().failure_hides_status) return false;
  if (world.version().retries_failures) world.queue().fail(request, *error);
  return true;
}

/// The roll belongs to its control plane and goes with it.
bool takes_owner(World& world, const Object& roll) {
  const auto planes = world.objects().of_kind("ServiceMeshControlPlane", roll.key.ns);
  if (!world.version().plane_owns_roll || planes.size() != 1) return false;
  Tree owned = *roll.tree;
  owned.mapping_at("metadata")
      .set("ownerReferences",
           Tree::sequence({Tree::mapping({{"apiVersion", Tree::string("maistra.io/v1")},
                                          {"kind", Tree::string("ServiceMeshControlPlane")},
                                          {"name", Tree::string(planes.front()->key.name)}})}));
  const Tree* before = roll.tree->find_path({"metadata", "ownerReferences"});
  if (before != nullptr && before->items.size() == 1 &&
      before->items.front().string_at({"name"}) == planes.front()->key.name) {
    return false;
  }
  world.update(std::move(owned), {"belongs to its control plane", "", 0, true});
  return true;
}

void reconcile_existing(World& world, const Request& request, const Object& roll) {
  if (takes_owner(world, roll)) return;
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
    const bool only_new = cause == Cause::NewProject && world.version().roll_before_plane;
    batch = work_on(world, plane, only_new ? new_projects(world, roll) : required, leaving,
                    network.strategy);
    if (only_new)
      batch.configured.merge(names_of(strings_at(*roll.tree, {"status", "configuredMembers"})));
  }
  if (hides_status(world, request, batch)) {
    if (!world.version().retries_failures)
      tell_kiali(world, *control_plane, plane, batch.configured);
    return;
  }
  Tree status = status_of(roll);
  status.set("configuredMembers", as_sequence(batch.configured));
  if (world.version().reports_pending) status.set("pendingMembers", as_sequence(batch.pending));
  if (cause == Cause::Mesh || cause == Cause::Roll) {
    const auto observed =
        control_plane->tree->integer_at({"status", "observedGeneration"}).value_or(0);
    status.set("meshGeneration", Tree::number(observed));
    status.set("meshReconciledVersion", Tree::string(reconciled_version(*control_plane)));
  }
  tell_kiali(world, *control_plane, plane, batch.configured);
  write_status(world, roll, std::move(status), readiness(world, batch.pending));
  const auto error = aggregate(batch.errors);
  if (error && world.version().retries_failures) world.queue().fail(request, *error);
}

void finalize(World& world, const Request& request, const Object& roll) {
  const NetworkStrategy network = find_strategy(world);
  if (network.strategy == Strategy::Refused) {
    world.queue().fail(request, network.refusal);
    return;
  }
  ControlPlane plane;
  plane.ns = roll.key.ns;
  const Names leaving = world.version().roll_leaves_by_list
                            ? names_of(strings_at(*roll.tree, {"spec", "members"}))
                            : labelled_for(world, roll.key.ns);
  const Batch batch = work_on(world, plane, {}, leaving, network.strategy);
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

}  // namespace meshproof
