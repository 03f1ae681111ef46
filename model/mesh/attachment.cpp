#include "model/mesh/attachment.h"

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

Tree new_attachment(const World& world, const std::string& ns, const ControlPlane& plane) {
  Tree object =
      Tree::mapping({{"apiVersion", Tree::string("k8s.cni.cncf.io/v1")},
                     {"kind", Tree::string(std::string{kAttachment})},
                     {"metadata", Tree::mapping({{"name", Tree::string(plane.network_attachment)},
                                                 {"namespace", Tree::string(ns)}})}});
  set_label(object, kMemberOfLabel, plane.ns);
  // Operator 2.0 writes the object without a spec; later ones write the type's empty one.
  if (!world.version().roll_configures_members) {
    object.set("spec", Tree::mapping({{"config", Tree::string("")}}));
  }
  return object;
}

}  // namespace meshproof
