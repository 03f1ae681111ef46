#include "model/mesh/failure_rows.h"

#include <array>
#include <utility>

#include "model/mesh/attachment.h"
#include "model/mesh/copies.h"
#include "model/mesh/mesh.h"
#include "model/mesh/metadata.h"
#include "model/mesh/network_join.h"
#include "model/sdn/net_id.h"

namespace meshproof {
namespace {

using Phases = std::vector<ChangePhase>;

ObjectReference reference(std::string kind, std::string ns, std::string name) {
  return {"", std::move(kind), std::move(ns), std::move(name), false};
}

ChangeStep apply(Tree object) { return {ApplyObject{std::move(object)}, {}}; }
ChangeStep erase(ObjectReference target) { return {DeleteObject{std::move(target)}, {}}; }
ChangeStep event(std::string text) { return {ChangeNote{std::move(text)}, {}}; }
ChangeStep patch(ObjectReference target, Tree merge) {
  return {PatchObject{std::move(target), std::move(merge)}, {}};
}

Tree object(std::string_view api_version, std::string_view kind, const std::string& ns,
            const std::string& name) {
  Tree metadata = Tree::mapping({{"name", Tree::string(name)}});
  if (!ns.empty()) metadata.set("namespace", Tree::string(ns));
  return Tree::mapping({{"apiVersion", Tree::string(std::string{api_version})},
                        {"kind", Tree::string(std::string{kind})},
                        {"metadata", std::move(metadata)}});
}

Tree labels_of_namespace(std::string_view label, Tree value) {
  Tree labels = Tree::mapping();
  labels.set(label, std::move(value));
  return Tree::mapping({{"metadata", Tree::mapping({{"labels", std::move(labels)}})}});
}

// --- Somebody else's object of a name that the mesh needs

std::vector<Tree> wanted_objects(const World& world, const Passage& passage,
                                 std::string_view kind) {
  std::vector<Tree> wanted;
  if (kind == kAttachment) {
    if (makes_attachments(world))
      wanted.push_back(new_attachment(world, passage.ns, passage.plane));
    return wanted;
  }
  const WantedCopies copies = kind == "NetworkPolicy" ? wanted_policies(world, passage.plane.ns)
                                                      : wanted_bindings(world, passage.plane);
  for (const Object& source : copies.sources) {
    wanted.push_back(member_copy(world, source, passage.ns, passage.plane.ns));
  }
  return wanted;
}

bool can_clash(const World& world, const Passage& passage, std::string_view kind) {
  return passage.joining && !wanted_objects(world, passage, kind).empty();
}

/// The object as somebody else has it: without the mesh's label.
Phases clash(const World& world, const Passage& passage, std::string_view kind) {
  Tree foreign = wanted_objects(world, passage, kind).front();
  foreign.mapping_at("metadata").erase("labels");
  foreign.mapping_at("metadata").erase("annotations");
  return {{{apply(std::move(foreign))}}};
}

Phases end_clash(const World& before, const World& after, const Passage& passage,
                 std::string_view kind) {
  ChangePhase phase;
  for (const Tree& wanted : wanted_objects(before, passage, kind)) {
    const ObjectKey key = key_of(wanted);
    const Object* found = after.objects().find(key);
    if (found == nullptr || found->label(kMemberOfLabel) == passage.plane.ns) continue;
    phase.steps.push_back(erase(reference(key.kind, key.ns, key.name)));
  }
  return {phase};
}

bool policy_can_clash(const World& world, const Passage& passage) {
  return passage.strategy == Strategy::NetworkPolicy && can_clash(world, passage, "NetworkPolicy");
}
Phases clash_of_policy(const World& world, const Passage& passage) {
  return clash(world, passage, "NetworkPolicy");
}
Phases end_clash_of_policy(const World& before, const World& after, const Passage& passage) {
  return end_clash(before, after, passage, "NetworkPolicy");
}
bool binding_can_clash(const World& world, const Passage& passage) {
  return can_clash(world, passage, "RoleBinding");
}
Phases clash_of_binding(const World& world, const Passage& passage) {
  return clash(world, passage, "RoleBinding");
}
Phases end_clash_of_binding(const World& before, const World& after, const Passage& passage) {
  return end_clash(before, after, passage, "RoleBinding");
}
bool attachment_can_clash(const World& world, const Passage& passage) {
  return world.version().labels_attachments && can_clash(world, passage, kAttachment);
}
Phases clash_of_attachment(const World& world, const Passage& passage) {
  return clash(world, passage, kAttachment);
}
Phases end_clash_of_attachment(const World& before, const World& after, const Passage& passage) {
  return end_clash(before, after, passage, kAttachment);
}

// --- The SDN master

bool is_multitenant(const World& world, const Passage& passage) {
  return passage.strategy == Strategy::Multitenant &&
         world.find("NetNamespace", "", passage.ns) != nullptr;
}
bool has_multitenant_strategy(const World&, const Passage& passage) {
  return passage.strategy == Strategy::Multitenant;
}
Phases stop_master(const World&, const Passage&) { return {{{event("SDN master stopped")}}}; }
Phases start_master(const World&, const World&, const Passage&) {
  return {{{event("SDN master started")}}};
}
Phases lose_net_namespace(const World&, const Passage& passage) {
  return {{{event("SDN master stopped"), erase(reference("NetNamespace", "", passage.ns))}}};
}
Phases find_net_namespace(const World& before, const World& after, const Passage& passage) {
  ChangePhase phase{{event("SDN master started")}};
  if (after.find("NetNamespace", "", passage.ns) != nullptr) return {phase};
  const Object* old = before.find("NetNamespace", "", passage.ns);
  Tree made = object("network.openshift.io/v1", "NetNamespace", "", passage.ns);
  made.set("netname", Tree::string(passage.ns));
  made.set("netid", Tree::number(old == nullptr ? fresh_netid(after.objects()) : netid_of(*old)));
  phase.steps.push_back(apply(std::move(made)));
  return {phase};
}

// --- The project

bool is_joining(const World&, const Passage& passage) { return passage.joining; }
bool can_be_taken(const World& world, const Passage& passage) {
  const auto project = world.find_namespace(passage.ns);
  return passage.joining && project && !project->has_label(kMemberOfLabel);
}
Phases take_project(const World&, const Passage& passage) {
  return {{{patch(reference("Namespace", "", passage.ns),
                  labels_of_namespace(kMemberOfLabel, Tree::string(passage.other_mesh)))}}};
}
Phases free_project(const World&, const World&, const Passage& passage) {
  return {{{patch(reference("Namespace", "", passage.ns),
                  labels_of_namespace(kMemberOfLabel, Tree::null()))}}};
}

constexpr const char* kHolder = "meshproof-holds-the-project";

Phases end_project(const World&, const Passage& passage) {
  Tree holder = object("v1", "ConfigMap", passage.ns, kHolder);
  holder.mapping_at("metadata").set("finalizers", Tree::strings({"example.com/held"}));
  return {{{apply(std::move(holder))}}, {{erase(reference("Namespace", "", passage.ns))}}};
}
Phases make_project_again(const World& before, const World& after, const Passage& passage) {
  Phases phases;
  if (after.find("ConfigMap", passage.ns, kHolder) != nullptr) {
    Tree none = Tree::mapping();
    none.mapping_at("metadata").set("finalizers", Tree::null());
    phases.push_back({{patch(reference("ConfigMap", passage.ns, kHolder), std::move(none))}});
  }
  phases.push_back({{apply(object("v1", "Namespace", "", passage.ns))}});
  const Object* ids = before.find("NetNamespace", "", passage.ns);
  if (ids != nullptr) phases.push_back({{apply(*ids->tree)}});
  return phases;
}
Phases lose_project(const World&, const Passage& passage) {
  return {{{erase(reference("Namespace", "", passage.ns))}}};
}

bool can_be_claimed(const World& world, const Passage& passage) {
  return passage.joining && !world.version().roll_configures_members &&
         world.find("ServiceMeshMember", passage.ns, "default") == nullptr;
}
Phases claim_project(const World&, const Passage& passage) {
  Tree member = object("maistra.io/v1", "ServiceMeshMember", passage.ns, "default");
  Tree to = Tree::mapping(
      {{"name", Tree::string("elsewhere")}, {"namespace", Tree::string(passage.other_mesh)}});
  member.set("spec", Tree::mapping({{"controlPlaneRef", std::move(to)}}));
  return {{{apply(std::move(member))}}};
}
Phases end_claim(const World&, const World&, const Passage& passage) {
  return {{{erase(reference("ServiceMeshMember", passage.ns, "default"))}}};
}

// --- The control plane

Phases lose_plane(const World&, const Passage& passage) {
  return {{{erase(reference("ServiceMeshControlPlane", passage.plane.ns, passage.plane.name))}}};
}
Phases make_plane(const World& before, const World&, const Passage& passage) {
  const Object* plane =
      before.find("ServiceMeshControlPlane", passage.plane.ns, passage.plane.name);
  Tree made =
      object(plane->api_version(), "ServiceMeshControlPlane", passage.plane.ns, passage.plane.name);
  if (const Tree* spec = plane->tree->find("spec")) made.set("spec", *spec);
  return {{{apply(std::move(made))}}};
}

// --- What the operator finds out about the cluster

bool has_plugin(const World& world, const Passage&) {
  return world.find("ClusterNetwork", "", "default") != nullptr &&
         world.find("Network", "", "cluster") != nullptr && !world.platform().network.sdn;
}
Tree plugin_named(Tree name) { return Tree::mapping({{"pluginName", std::move(name)}}); }
Phases change_plugin(const World&, const Passage&) {
  return {{{patch(reference("ClusterNetwork", "", "default"),
                  plugin_named(Tree::string("example.com/unknown")))}}};
}
/// The plugin that the cluster had, or where that is the unknown one, one that every operator
/// knows.
Phases restore_plugin(const World& before, const World&, const Passage&) {
  const Object* network = before.find("ClusterNetwork", "", "default");
  if (network == nullptr) {
    Tree known = Tree::mapping({{"networkType", Tree::string("Calico")}});
    return {{{patch(reference("Network", "", "cluster"),
                    Tree::mapping({{"spec", std::move(known)}}))}}};
  }
  const Tree* name = network->tree->find("pluginName");
  Tree restored = name == nullptr ? Tree::null() : *name;
  if (find_strategy(before).strategy == Strategy::Refused) {
    restored = Tree::string("redhat/openshift-ovs-networkpolicy");
  }
  return {{{patch(reference("ClusterNetwork", "", "default"), plugin_named(std::move(restored)))}}};
}

bool makes_attachment(const World& world, const Passage& passage) {
  return passage.joining && makes_attachments(world);
}
Phases drop_attachment_kind(const World&, const Passage&) {
  return {{{event("kind not served: NetworkAttachmentDefinition")}}};
}
Phases serve_attachment_kind(const World&, const World&, const Passage&) {
  return {{{event("CRD installed: NetworkAttachmentDefinition")}}};
}
bool finds_no_network(const World& world, const Passage&) {
  return world.find("Network", "", "cluster") == nullptr && !world.platform().network.sdn;
}
Phases drop_network_kind(const World&, const Passage&) {
  return {{{event("kind not served: Network")}}};
}
Phases serve_network_kind(const World&, const World&, const Passage&) {
  return {{{event("CRD installed: Network")}}};
}

// --- Admission

constexpr const char* kNewMesh = "meshproof-another-mesh";

Phases list_elsewhere(const World&, const Passage& passage) {
  Tree roll = object("maistra.io/v1", "ServiceMeshMemberRoll", kNewMesh, "default");
  roll.set("spec", Tree::mapping({{"members", Tree::strings({passage.ns})}}));
  return {{{apply(object("v1", "Namespace", "", kNewMesh)), apply(std::move(roll))}}};
}
Phases unlist_elsewhere(const World&, const World& after, const Passage& passage) {
  ChangePhase phase;
  for (const Object* roll : after.objects().of_kind("ServiceMeshMemberRoll")) {
    if (roll->key.ns == passage.plane.ns) continue;
    auto members = strings_at(*roll->tree, {"spec", "members"});
    if (std::erase(members, passage.ns) == 0) continue;
    phase.steps.push_back(
        patch(reference("ServiceMeshMemberRoll", roll->key.ns, roll->key.name),
              Tree::mapping({{"spec", Tree::mapping({{"members", Tree::strings(members)}})}})));
  }
  return {phase};
}

constexpr std::array kRows = std::to_array<FailureRow>({
    {"name-clash-policy", "a NetworkPolicy of the mesh's name is in {ns} and is not the mesh's",
     "delete or rename it", "networkpolicies.networking.k8s.io", false, policy_can_clash,
     clash_of_policy, end_clash_of_policy},
    {"name-clash-binding", "a RoleBinding of the mesh's name is in {ns} and is not the mesh's",
     "delete or rename it", "rolebindings.rbac.authorization.k8s.io", false, binding_can_clash,
     clash_of_binding, end_clash_of_binding},
    {"name-clash-attachment",
     "a NetworkAttachmentDefinition of the mesh's name is in {ns} and is not the mesh's",
     "delete or rename it", "network-attachment-definitions.k8s.cni.cncf.io", false,
     attachment_can_clash, clash_of_attachment, end_clash_of_attachment},
    {"missing-net-namespace", "{ns} has no NetNamespace", "the SDN master has to make it",
     "NetNamespace.network.openshift.io", false, has_multitenant_strategy, lose_net_namespace,
     find_net_namespace},
    {"sdn-timeout", "the SDN master does not answer within 14 s", "the SDN master has to run",
     "timed out waiting for the condition", false, is_multitenant, stop_master, start_master},
    {"foreign-project", "{ns} carries the label of another mesh",
     "take the label off, or {ns} off the other mesh", "already a member of", false, can_be_taken,
     take_project, free_project},
    {"claimed-project", "the ServiceMeshMember in {ns} refers to another control plane",
     "delete it", "exists, but references ServiceMeshControlPlane", false, can_be_claimed,
     claim_project, end_claim},
    {"missing-control-plane", "the control plane in {mesh} does not exist", "make it again",
     "ServiceMeshControlPlane object does not exist", false, is_joining, lose_plane, make_plane},
    {"terminating-project", "{ns} is being deleted", "{ns} has to be made again",
     "namespace is terminating", false, is_joining, end_project, make_project_again},
    {"missing-project", "{ns} does not exist", "make the project", "", false, is_joining,
     lose_project, make_project_again},
    {"unknown-plugin", "the operator does not know the network's plugin",
     "the network has to be one that it knows", "unsupported", false, has_plugin, change_plugin,
     restore_plugin},
    {"attachment-kind-missing", "the kind NetworkAttachmentDefinition is not served",
     "install its CRD", "NetworkAttachmentDefinition resources", false, makes_attachment,
     drop_attachment_kind, serve_attachment_kind},
    {"network-kind-missing", "the kind Network of config.openshift.io is not served",
     "install its CRD", "no matches for kind \"Network\"", false, finds_no_network,
     drop_network_kind, serve_network_kind},
    {"webhook-refusal", "another roll lists {ns}, so that admission refuses the edit",
     "take {ns} off the other roll, and make the edit again",
     "already defined in another ServiceMeshMemberRoll", true, is_joining, list_elsewhere,
     unlist_elsewhere},
});

}  // namespace

std::span<const FailureRow> failure_rows() { return kRows; }

}  // namespace meshproof
