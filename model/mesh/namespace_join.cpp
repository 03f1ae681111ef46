#include "model/mesh/namespace_join.h"

#include <string_view>
#include <utility>
#include <vector>

#include "model/mesh/attachment.h"
#include "model/mesh/copies.h"
#include "model/mesh/mesh.h"
#include "model/mesh/metadata.h"
#include "model/mesh/ranks.h"

namespace meshproof {
namespace {

using Errors = std::vector<std::string>;

constexpr std::string_view kTerminating = "namespace is terminating";

void join_bindings(World& world, const std::string& ns, const ControlPlane& plane, Errors& errors) {
  const WantedCopies wanted = wanted_bindings(world, plane);
  const auto existing = copies_in(world, "RoleBinding", ns, plane.ns);
  for (const Object& source : wanted.sources) {
    if (existing.contains(source.key.name)) continue;
    const WriteNote note{"gives a service account of " + plane.ns + " its rights here", ns,
                         kJoinBindings};
    if (!world.create(member_copy(world, source, ns, plane.ns), note)) {
      errors.push_back("rolebindings.rbac.authorization.k8s.io \"" + source.key.name +
                       "\" already exists");
    }
  }
  for (const auto& [name, key] : existing) {
    if (wanted.permitted.contains(name)) continue;
    world.remove(key, {plane.ns + " has no such binding any more", ns, kJoinObsoleteBindings});
  }
}

void leave_attachments(World& world, const std::string& ns, const std::string& mesh,
                       const std::string& reason, int rank) {
  for (const auto& [name, key] : attachments_of(world, ns, mesh)) {
    world.remove(key, {reason, ns, rank});
  }
}

void join_attachment(World& world, const std::string& ns, const ControlPlane& plane,
                     Errors& errors) {
  if (fails_to_list_attachments(world)) {
    errors.push_back(attachment_kind_error(ns));
    return;
  }
  if (!makes_attachments(world)) {
    leave_attachments(world, ns, plane.ns, "the CNI plugin was off when the operator started",
                      kJoinObsoleteAttachment);
    return;
  }
  const std::string wanted{plane.version->network_attachment};
  bool found = false;
  for (const auto& [name, key] : attachments_of(world, ns, plane.ns)) {
    if (name == wanted) {
      found = true;
    } else {
      world.remove(
          key, {"belongs to another version of the control plane", ns, kJoinObsoleteAttachment});
    }
  }
  if (found) return;
  const WriteNote note{"lets Multus call the mesh's CNI plugin", ns, kJoinAttachment};
  if (!world.create(new_attachment(world, ns, plane), note)) {
    const bool capital = !world.version().wildcard;
    errors.push_back(std::string{capital ? "Could" : "could"} +
                     " not create NetworkAttachmentDefinition " + ns + '/' + wanted +
                     ": network-attachment-definitions.k8s.cni.cncf.io \"" + wanted +
                     "\" already exists");
  }
}

void leave_bindings(World& world, const std::string& ns, const std::string& mesh) {
  const auto label = world.version().finds_bindings_by_owner ? kOwnerLabel : kMemberOfLabel;
  std::vector<ObjectKey> copies;
  for (const Object* binding : world.objects().of_kind("RoleBinding", ns)) {
    if (binding->label(label) == mesh) copies.push_back(binding->key);
  }
  for (const ObjectKey& key : copies) {
    world.remove(key, {"the project leaves " + mesh, ns, kLeaveBindings});
  }
}

NamespaceOutcome outcome_of(const Errors& errors) {
  const auto error = aggregate(errors);
  if (!error) return {};
  return {NamespaceOutcome::Status::Failed, *error};
}

NamespaceOutcome missing(const std::string& ns) {
  return {NamespaceOutcome::Status::Missing, "Namespace \"" + ns + "\" not found"};
}

NamespaceOutcome terminating() {
  return {NamespaceOutcome::Status::Terminating, std::string{kTerminating}};
}

}  // namespace

NamespaceOutcome join_namespace(World& world, const std::string& ns, const ControlPlane& plane,
                                Strategy strategy) {
  const auto project = world.find_namespace(ns);
  if (!project) return missing(ns);
  if (project->is_terminating() && !world.version().works_on_terminating) return terminating();
  const std::string member_of{project->label(kMemberOfLabel)};
  if (!member_of.empty() && member_of != plane.ns) {
    const bool capital = !world.version().wildcard;
    return {NamespaceOutcome::Status::Failed,
            std::string{capital ? "Cannot" : "cannot"} + " reconcile namespace " + ns +
                " in mesh " + plane.ns + ", as it is already a member of " + member_of};
  }
  if (const auto error = join_network(world, strategy, ns, plane.ns)) {
    if (world.version().always_asks_sdn && is_missing_net_namespace(*error)) return missing(ns);
    return {NamespaceOutcome::Status::Failed, *error};
  }
  Errors errors;
  join_bindings(world, ns, plane, errors);
  join_attachment(world, ns, plane, errors);
  // The key counts, not its value: an empty one stays (operator-recorded.md, "Name clash").
  if (!project->has_label(kMemberOfLabel)) {
    Tree labelled = *project->tree;
    set_label(labelled, kMemberOfLabel, plane.ns);
    world.update(std::move(labelled),
                 {"from here on the mesh's policies admit its pods", ns, kJoinLabel});
  }
  return outcome_of(errors);
}

NamespaceOutcome leave_namespace(World& world, const std::string& ns, const std::string& mesh,
                                 Strategy strategy) {
  const auto project = world.find_namespace(ns);
  if (!project) return {};
  if (project->is_terminating() && !world.version().works_on_terminating) return terminating();
  Errors errors;
  leave_bindings(world, ns, mesh);
  if (fails_to_list_attachments(world)) {
    errors.push_back(attachment_kind_error(ns));
  } else {
    leave_attachments(world, ns, mesh, "the project leaves " + mesh, kLeaveAttachment);
  }
  if (const auto error = leave_network(world, strategy, ns, mesh)) errors.push_back(*error);
  if (project->has_label(kMemberOfLabel)) {
    Tree bare = *project->tree;
    erase_label(bare, kMemberOfLabel);
    world.update(std::move(bare), {"the project leaves " + mesh, ns, kLeaveLabel});
  }
  return outcome_of(errors);
}

}  // namespace meshproof
