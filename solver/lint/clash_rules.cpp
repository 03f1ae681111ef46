#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "model/mesh/attachment.h"
#include "model/mesh/charts.h"
#include "model/mesh/copies.h"
#include "model/mesh/network_join.h"
#include "solver/lint/rule_row.h"

namespace meshproof {
namespace {

/// What one mesh writes into each of its members.
struct MemberWrites {
  const Mesh* mesh = nullptr;
  ControlPlane plane;
  WantedCopies policies;
  WantedCopies bindings;
  std::string attachment;  ///< empty: none
};

/// The state with the policies and bindings that the charts of a merely declared control plane will
/// make, which members get copies of.
World with_charts(World world) {
  for (const Object* object : world.objects().of_kind("ServiceMeshControlPlane")) {
    if (!lacks_status(*object)) continue;
    const ControlPlane plane = read_control_plane(*object, world.version());
    for (Tree& made : chart_objects(plane, world.platform().chart_ports, "")) {
      world.create(std::move(made), {"charts", "", 0, false, Step::Writer::Operator});
    }
  }
  return world;
}

std::vector<MemberWrites> member_writes(const LintedState& state, const World& world) {
  std::vector<MemberWrites> all;
  for (const Mesh& mesh : state.meshes()) {
    const Object* plane = world.find("ServiceMeshControlPlane", mesh.ns, mesh.name);
    if (!mesh.has_control_plane || plane == nullptr) continue;
    MemberWrites writes{&mesh, read_control_plane(*plane, world.version()), {}, {}, ""};
    if (find_strategy(world).strategy == Strategy::NetworkPolicy) {
      writes.policies = wanted_policies(world, mesh.ns);
    }
    writes.bindings = wanted_bindings(world, writes.plane);
    if (makes_attachments(world) && world.version().labels_attachments) {
      writes.attachment = writes.plane.version->network_attachment;
    }
    all.push_back(std::move(writes));
  }
  return all;
}

/// The objects in a project that have the name of what the mesh writes there and are not its own.
std::vector<const Object*> clashing_objects(const World& world, const MemberWrites& writes,
                                            const std::string& ns) {
  std::vector<const Object*> clashing;
  const auto look = [&](std::string_view kind, const std::string& name) {
    const Object* object = world.find(kind, ns, name);
    if (object == nullptr || object->is_terminating()) return;
    if (object->label(kMemberOfLabel) != writes.mesh->ns) clashing.push_back(object);
  };
  for (const Object& source : writes.policies.sources) look("NetworkPolicy", source.key.name);
  for (const Object& source : writes.bindings.sources) look("RoleBinding", source.key.name);
  if (!writes.attachment.empty()) look(kAttachment, writes.attachment);
  return clashing;
}

std::string consequence(const Object& object, const std::string& mesh) {
  if (object.key.kind == "NetworkPolicy") {
    return fmt::format("has the name of a policy of {}, whose join of the project stops there",
                       mesh);
  }
  return fmt::format(
      "has the name of an object of {}, so that the project never counts as configured", mesh);
}

std::vector<LintFinding> clashes(const LintedState& state) {
  const World world = with_charts(state.world());
  std::vector<LintFinding> findings;
  for (const MemberWrites& writes : member_writes(state, world)) {
    const std::string& mesh = writes.mesh->ns;
    for (const auto& [ns, claims] : state.claims()) {
      if (ns == mesh || claim_of(state.claims(), mesh, ns) == nullptr) continue;
      for (const Object* object : clashing_objects(world, writes, ns)) {
        findings.push_back(finding_about(*object, consequence(*object, mesh)));
      }
    }
  }
  return findings;
}

/// Of projects that no mesh claims, those where an object waits that a join would run into.
std::vector<LintFinding> future_clashes(const LintedState& state) {
  const World world = with_charts(state.world());
  std::vector<LintFinding> findings;
  for (const MemberWrites& writes : member_writes(state, world)) {
    for (const Namespace& project : state.cluster().namespaces) {
      if (state.claims().contains(project.name)) continue;
      for (const Object* object : clashing_objects(world, writes, project.name)) {
        if (object->has_label(kMemberOfLabel)) continue;
        findings.push_back(finding_about(
            *object,
            fmt::format("has the name of what {} writes into each member", writes.mesh->ns)));
      }
    }
  }
  return findings;
}

std::vector<LintFinding> spreading_objects(const LintedState& state) {
  const World& world = state.world();
  std::vector<LintFinding> findings;
  for (const MemberWrites& writes : member_writes(state, world)) {
    for (const WantedCopies* copies : {&writes.policies, &writes.bindings}) {
      for (const Object& source : copies->sources) {
        if (chart_fate(writes.plane, source.key) != ChartFate::Unknown) continue;
        findings.push_back(finding_about(
            source, fmt::format("carries the label {}={}, and no chart known here makes it",
                                kOwnerLabel, writes.mesh->ns)));
      }
    }
  }
  return findings;
}

/// Whether the input can lack the objects in the control plane's project that copies are made of.
bool may_lack_sources(const LintedState& state, const MemberWrites& writes, std::string_view kind) {
  const Part part{group_and_kind(default_group(kind), kind), writes.mesh->ns};
  if (state.snapshot().coverage.find(part).collected == Collected::Listed) return false;
  return kind != "NetworkPolicy" || writes.plane.manages_policies;
}

/// The objects in a claimed project that carry the mesh's mark and are none of its copies.
void find_marked(const LintedState& state, const World& world, const MemberWrites& writes,
                 const std::string& ns, std::vector<LintFinding>& findings) {
  const auto look = [&](std::string_view kind, const std::set<std::string>& permitted) {
    if (permitted.empty() && may_lack_sources(state, writes, kind)) return;
    for (const auto& [name, key] : copies_in(world, kind, ns, writes.mesh->ns)) {
      const Object* object = world.objects().find(key);
      if (permitted.contains(name) || object->is_terminating()) continue;
      findings.push_back(finding_about(
          *object, fmt::format("carries the label {}={}, and {} has no {} of that name",
                               kMemberOfLabel, writes.mesh->ns, writes.mesh->ns, kind)));
    }
  };
  if (find_strategy(world).strategy == Strategy::NetworkPolicy) {
    look("NetworkPolicy", writes.policies.permitted);
  }
  look("RoleBinding", writes.bindings.permitted);
  if (!writes.attachment.empty()) look(kAttachment, {writes.attachment});
}

std::vector<LintFinding> doomed_objects(const LintedState& state) {
  const World world = with_charts(state.world());
  std::vector<LintFinding> findings;
  for (const MemberWrites& writes : member_writes(state, world)) {
    for (const auto& [ns, claims] : state.claims()) {
      const bool member =
          ns != writes.mesh->ns && claim_of(state.claims(), writes.mesh->ns, ns) != nullptr;
      if (member) find_marked(state, world, writes, ns, findings);
    }
  }
  return findings;
}

constexpr auto kPlanes = std::to_array<std::string_view>({"maistra.io/ServiceMeshControlPlane",
                                                          "networking.k8s.io/NetworkPolicy",
                                                          "rbac.authorization.k8s.io/RoleBinding"});

constexpr auto kRows = std::to_array<RuleRow>({
    {{.code = "MP0109",
      .name = "name-clash",
      .group = RuleGroup::Membership,
      .severity = Severity::Error,
      .meaning =
          "A project of a mesh holds somebody else's object of a name that the mesh writes there. "
          "A "
          "NetworkPolicy stops the join after the other policies are written: no RoleBindings, no "
          "NetworkAttachmentDefinition, no label. With a RoleBinding or an attachment the project "
          "is labelled and closed, but never counts as configured, so that istiod does not watch "
          "it.",
      .source = "mission B1; operator.md 2, 3.3; recorded 07, 08",
      .fix = "Rename or delete the object, then write to the Namespace (with operators before 2.4 "
             "to the ServiceMeshMember): the operator does not try again by itself."},
     clashes},
    {{.code = "MP0110",
      .name = "spreading-object",
      .group = RuleGroup::Membership,
      .severity = Severity::Warning,
      .meaning =
          "A NetworkPolicy or RoleBinding that no chart makes carries the owner label in the "
          "control plane's project. The operator takes it for its own: every member gets a copy, "
          "and an allow-all or a deny-all then holds in the whole mesh.",
      .source = "mission M5; operator.md 2, 3.3; recorded 17",
      .fix = "Take the label off (oc label KIND NAME maistra.io/owner-). To keep a policy in the "
             "project, the annotation maistra.io/internal does it too."},
     spreading_objects},
    {{.code = "MP0115",
      .name = "marked-as-copy",
      .group = RuleGroup::Membership,
      .severity = Severity::Warning,
      .meaning =
          "An object in a project of a mesh carries the mesh's member-of label and is none of its "
          "copies. The operator deletes it as obsolete the next time it configures the project, "
          "and on a leave whatever its name is.",
      .source = "mission M5; operator.md 2, 3.3, 4, 9",
      .fix = "Take the label maistra.io/member-of off if somebody needs the object, else delete "
             "it.",
      .needs = kPlanes},
     doomed_objects},
    {{.code = "MP0122",
      .name = "name-kept-for-mesh",
      .group = RuleGroup::Membership,
      .severity = Severity::Note,
      .meaning =
          "A project that no mesh claims holds an object of a name that a mesh of this cluster "
          "writes into each of its members. Nothing is wrong until the project joins that mesh: "
          "then MP0109 comes true.",
      .source = "mission B1; operator.md 3.3; recorded 07, 08",
      .fix = "Rename it before the project joins."},
     future_clashes},
});

}  // namespace

std::span<const RuleRow> clash_rules() { return kRows; }

}  // namespace meshproof
