#include "solver/checks/internal_policies.h"

#include "model/mesh/mesh.h"

namespace meshproof {
namespace {

bool is_internal(const Snapshot& snapshot, const NetworkPolicy& policy, const std::string& mesh) {
  const std::string& ns = snapshot.cluster.at(policy.ns).name;
  const Object* object = snapshot.objects.find("NetworkPolicy", ns, policy.name);
  if (object == nullptr) return false;
  const Tree* annotations = object->annotations();
  if (annotations == nullptr || annotations->find(kInternalAnnotation) == nullptr) return false;
  return ns == mesh || object->label(kOwnerLabel) == mesh;
}

}  // namespace

std::vector<PolicyId> internal_policies(const Snapshot& snapshot, const std::string& mesh,
                                        NamespaceId member) {
  std::vector<PolicyId> internal;
  for (const PolicyId id : snapshot.cluster.at(member).policies) {
    if (is_internal(snapshot, snapshot.cluster.at(id), mesh)) internal.push_back(id);
  }
  return internal;
}

}  // namespace meshproof
