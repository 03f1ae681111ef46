#include "model/mesh/copies.h"

#include <utility>

#include "model/mesh/mesh.h"
#include "model/mesh/metadata.h"

namespace meshproof {
namespace {

bool is_copied(const World& world, const Object& binding, const ControlPlane& plane) {
  const bool of_role = binding.tree->string_at({"roleRef", "kind"}) == "Role";
  if (of_role && !world.version().copies_bindings_of_roles) return false;
  // Cluster-wide, ClusterRoleBindings give istiod its rights (operator.md 1.7).
  return !(plane.cluster_wide && world.version().member_selectors &&
           binding.key.name.starts_with("istiod-"));
}

}  // namespace

WantedCopies wanted_policies(const World& world, const std::string& mesh) {
  WantedCopies wanted;
  for (const Object* policy : world.objects().of_kind("NetworkPolicy", mesh)) {
    if (policy->label(kOwnerLabel) != mesh || has_annotation(*policy, kInternalAnnotation)) {
      continue;
    }
    wanted.sources.push_back(*policy);
    wanted.permitted.insert(policy->key.name);
  }
  return wanted;
}

WantedCopies wanted_bindings(const World& world, const ControlPlane& plane) {
  WantedCopies wanted;
  for (const Object* binding : world.objects().of_kind("RoleBinding", plane.ns)) {
    if (binding->label(kOwnerLabel) != plane.ns) continue;
    wanted.permitted.insert(binding->key.name);
    if (is_copied(world, *binding, plane)) wanted.sources.push_back(*binding);
  }
  return wanted;
}

Tree member_copy(const World& world, const Object& source, const std::string& ns,
                 const std::string& mesh) {
  Tree metadata = Tree::mapping();
  if (const Tree* annotations = source.annotations()) metadata.set("annotations", *annotations);
  if (const Tree* labels = source.labels()) metadata.set("labels", *labels);
  metadata.set("name", Tree::string(source.key.name));
  metadata.set("namespace", Tree::string(ns));
  Tree copy = *source.tree;
  copy.erase("status");
  copy.set("metadata", std::move(metadata));
  set_label(copy, kMemberOfLabel, mesh);
  if (world.version().strips_prune_labels) {
    for (const auto label : {kOwnerLabel, kOwnerNameLabel, kAppVersionLabel}) {
      erase_label(copy, label);
    }
  }
  return copy;
}

std::map<std::string, ObjectKey> copies_in(const World& world, std::string_view kind,
                                           const std::string& ns, const std::string& mesh) {
  std::map<std::string, ObjectKey> copies;
  for (const Object* object : world.objects().of_kind(kind, ns)) {
    if (object->label(kMemberOfLabel) == mesh) copies.emplace(object->key.name, object->key);
  }
  return copies;
}

}  // namespace meshproof
