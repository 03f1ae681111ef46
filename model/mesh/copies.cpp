#include "model/mesh/copies.h"

#include <utility>

#include "model/mesh/mesh.h"
#include "model/mesh/metadata.h"

namespace meshproof {

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
