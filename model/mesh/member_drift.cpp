#include <string>
#include <utility>

#include "model/mesh/attachment.h"
#include "model/mesh/copies.h"
#include "model/mesh/mesh.h"
#include "model/mesh/mesh_comparison.h"
#include "model/mesh/metadata.h"
#include "model/mesh/network_join.h"
#include "model/sdn/net_id.h"

namespace meshproof {
namespace {

constexpr const char* kRemakeCopy = "delete it, and the operator makes it again when it looks";

/// One member while it is compared.
struct Member {
  MeshComparison& comparison;
  const World& world;
  std::string ns;
  ControlPlane plane;
  Place place;  ///< of the control plane

  [[nodiscard]] Departure about(ObjectKey key, Severity severity, std::string reason,
                                std::string remedy = "") const {
    return meshproof::about(plane.ns, std::move(key), severity, std::move(reason),
                            std::move(remedy), place);
  }
};

/// Whether the stored object is the mesh's; somebody else's of that name is told.
bool is_of_mesh(const Member& member, const Object& object) {
  if (object.key.kind == kAttachment && !member.world.version().labels_attachments) return true;
  if (object.label(kMemberOfLabel) == member.plane.ns) return true;
  member.comparison.foreign(
      member.about(object.key, Severity::Error,
                   "has the name of the mesh's own object, which the operator cannot make here",
                   "rename or delete it, then touch the project"),
      object);
  return false;
}

void compare_object(const Member& member, const Tree& expected, const std::string& reason) {
  const ObjectKey key = key_of(expected);
  const Object* actual = member.world.objects().find(key);
  if (actual == nullptr) {
    member.comparison.missing(member.about(key, Severity::Error, reason), expected);
  } else if (is_of_mesh(member, *actual)) {
    member.comparison.compare(
        member.about(key, Severity::Error, "is not like its source; copies are never updated",
                     kRemakeCopy),
        expected, *actual);
  }
}

void tell_leftover(const Member& member, const ObjectKey& key, std::string reason,
                   std::string remedy) {
  const Object* object = member.world.objects().find(key);
  member.comparison.orphaned(
      member.about(key, Severity::Warning, std::move(reason), std::move(remedy)), *object);
}

void compare_copies(const Member& member, std::string_view kind, const WantedCopies& wanted,
                    const std::string& reason) {
  const World& world = member.world;
  if (!member.comparison.covers(kind, member.ns)) return;
  std::set<std::string> made;
  for (const Object& source : wanted.sources) {
    made.insert(source.key.name);
    compare_object(member, member_copy(world, source, member.ns, member.plane.ns), reason);
  }
  for (const auto& [name, key] : copies_in(world, kind, member.ns, member.plane.ns)) {
    if (made.contains(name)) continue;
    const bool stays = wanted.permitted.contains(name);
    tell_leftover(member, key,
                  stays ? "was copied by an older operator, which copied more"
                        : member.plane.ns + " has no such object to copy",
                  stays ? "delete it: this operator does not" : "");
  }
}

void compare_network(const Member& member, Strategy strategy) {
  const World& world = member.world;
  if (strategy == Strategy::NetworkPolicy) {
    if (!member.comparison.covers("NetworkPolicy", member.plane.ns)) return;
    compare_copies(member, "NetworkPolicy", wanted_policies(world, member.plane.ns),
                   "every member has its own copy, which admits the mesh and nobody else");
    return;
  }
  for (const auto& [name, key] : copies_in(world, "NetworkPolicy", member.ns, member.plane.ns)) {
    tell_leftover(member, key,
                  "was copied when the network was another; the operator does not look at it now",
                  "delete it");
  }
  if (strategy != Strategy::Multitenant) return;
  if (!member.comparison.covers("NetNamespace", "")) return;
  const Object* own = world.find("NetNamespace", "", member.ns);
  const Object* target = world.find("NetNamespace", "", member.plane.ns);
  if (target == nullptr || (own != nullptr && netid_of(*own) == netid_of(*target))) return;
  const ObjectKey key{"network.openshift.io", "NetNamespace", "", member.ns};
  if (own == nullptr) {
    member.comparison.missing(
        member.about(key, Severity::Error, "without it the operator cannot join the network"),
        Tree::mapping());
    return;
  }
  Departure departure =
      member.about(key, Severity::Error, "its network is not joined to that of " + member.plane.ns,
                   "oc adm pod-network join-projects --to=" + member.plane.ns + ' ' + member.ns);
  departure.place = own->place();
  Tree actual = Tree::mapping({{"netid", Tree::number(netid_of(*own))}});
  if (has_annotation(*own, kChangeNetwork)) {
    actual.set("pending", Tree::string(std::string{annotation(*own, kChangeNetwork)}));
  }
  member.comparison.differing(std::move(departure),
                              Tree::mapping({{"netid", Tree::number(netid_of(*target))}}),
                              std::move(actual));
}

void compare_attachment(const Member& member) {
  if (!makes_attachments(member.world) || fails_to_list_attachments(member.world)) return;
  if (!member.comparison.covers(kAttachment, member.ns)) return;
  compare_object(member, new_attachment(member.world, member.ns, member.plane),
                 "without it Multus cannot call the CNI plugin of " + member.plane.version_text);
  for (const auto& [name, key] : attachments_of(member.world, member.ns, member.plane.ns)) {
    if (name == member.plane.version->network_attachment) continue;
    tell_leftover(member, key, "belongs to another version of the control plane", "");
  }
}

void compare_label(const Member& member, const Object& project) {
  const std::string_view value = project.label(kMemberOfLabel);
  if (value == member.plane.ns) return;
  Departure departure =
      member.about(project.key, Severity::Error, "without the label its peers do not admit it",
                   "oc label namespace " + member.ns + ' ' + std::string{kMemberOfLabel} + '=' +
                       member.plane.ns + " --overwrite");
  if (project.has_label(kMemberOfLabel)) {
    departure.reason = value.empty()
                           ? "the operator takes an empty value for joined and never fills it"
                           : "it carries the label of another mesh";
  }
  const auto labelled = [](std::string_view text) {
    Tree labels = Tree::mapping();
    labels.set(kMemberOfLabel, Tree::string(std::string{text}));
    return Tree::mapping({{"metadata", Tree::mapping({{"labels", std::move(labels)}})}});
  };
  departure.place = project.place();
  member.comparison.differing(
      std::move(departure), labelled(member.plane.ns),
      project.has_label(kMemberOfLabel) ? labelled(value) : Tree::mapping());
}

}  // namespace

void compare_member(MeshComparison& comparison, const Membership& membership) {
  const World& world = comparison.world;
  const Object* plane = world.objects().find(membership.plane);
  const auto project = world.find_namespace(membership.ns);
  if (!project || project->is_terminating()) return;
  const Member member{comparison, world, membership.ns, read_control_plane(*plane, world.version()),
                      plane->place()};
  const bool known = world.find("Namespace", "", membership.ns) != nullptr ||
                     world.find("Project", "", membership.ns) != nullptr;
  if (known) {
    compare_label(member, *project);
    const auto value = project->label(kMemberOfLabel);
    // The operator refuses a project of another mesh, and writes nothing there.
    if (!value.empty() && value != member.plane.ns) return;
  } else {
    comparison.uncovered.insert("Namespace");
  }
  const NetworkStrategy network = find_strategy(world);
  if (network.strategy != Strategy::Refused) compare_network(member, network.strategy);
  if (comparison.covers("RoleBinding", member.plane.ns)) {
    compare_copies(member, "RoleBinding", wanted_bindings(world, member.plane),
                   "without it a service account of " + member.plane.ns + " has no rights here");
  }
  compare_attachment(member);
}

}  // namespace meshproof
