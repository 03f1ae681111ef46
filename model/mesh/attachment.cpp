#include "model/mesh/attachment.h"

#include "model/mesh/copies.h"
#include "model/mesh/mesh.h"
#include "model/mesh/metadata.h"

namespace meshproof {

bool makes_attachments(const World& world) {
  return world.version().tolerates_missing_kinds
             ? !world.platform().is_absent(std::string{kAttachment})
             : world.platform().attachments_at_start;
}

bool fails_to_list_attachments(const World& world) {
  return world.platform().is_absent(std::string{kAttachment}) &&
         !world.version().tolerates_missing_kinds;
}

std::string attachment_kind_error(const std::string& ns) {
  return "Could not list NetworkAttachmentDefinition resources in member namespace " + ns +
         ": no matches for kind \"NetworkAttachmentDefinition\" in version "
         "\"k8s.cni.cncf.io/v1\"";
}

std::map<std::string, ObjectKey> attachments_of(const World& world, const std::string& ns,
                                                const std::string& mesh) {
  if (world.version().labels_attachments) return copies_in(world, kAttachment, ns, mesh);
  const auto name = control_plane_versions().front().network_attachment;
  const Object* found = world.find(kAttachment, ns, name);
  if (found == nullptr) return {};
  return {{std::string{name}, found->key}};
}

Tree new_attachment(const World& world, const std::string& ns, const ControlPlane& plane) {
  Tree object = Tree::mapping(
      {{"apiVersion", Tree::string("k8s.cni.cncf.io/v1")},
       {"kind", Tree::string(std::string{kAttachment})},
       {"metadata",
        Tree::mapping({{"name", Tree::string(std::string{plane.version->network_attachment})},
                       {"namespace", Tree::string(ns)}})}});
  if (world.version().labels_attachments) set_label(object, kMemberOfLabel, plane.ns);
  if (world.version().writes_attachment_spec) {
    object.set("spec", Tree::mapping({{"config", Tree::string("")}}));
  }
  return object;
}

}  // namespace meshproof
