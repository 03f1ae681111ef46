#include "model/mesh/chart_metadata.h"

#include <utility>

#include "model/mesh/chart_texts.h"
#include "model/mesh/mesh.h"

namespace meshproof {

Tree owner_reference(const ControlPlane& plane, std::string_view api_version) {
  return Tree::sequence({Tree::mapping({{"apiVersion", Tree::string(std::string{api_version})},
                                        {"blockOwnerDeletion", Tree::boolean(true)},
                                        {"controller", Tree::boolean(true)},
                                        {"kind", Tree::string("ServiceMeshControlPlane")},
                                        {"name", Tree::string(plane.name)}})});
}

void put_into(Tree& metadata, const ControlPlane& plane, const std::string& project) {
  metadata.set("namespace", Tree::string(project));
  if (project == plane.ns) {
    metadata.set("ownerReferences", owner_reference(plane, "maistra.io/v2"));
  }
}

Tree stamped_metadata(const ControlPlane& plane, std::string name, std::string_view component,
                      std::string_view chart_labels, bool internal, const std::string& generation) {
  Tree labels = Tree::mapping();
  const auto label = [&](std::string_view key, std::string_view value) {
    labels.set(key, Tree::string(std::string{value}));
  };
  for (const Requirement& each : requirements(chart_labels, plane)) {
    label(each.key, each.values.front());
  }
  if (plane.version->number < 200) {
    label("chart", component);
    label("heritage", "Tiller");
  }
  label("app.kubernetes.io/component", component);
  label("app.kubernetes.io/instance", plane.ns);
  label("app.kubernetes.io/managed-by", "maistra-istio-operator");
  label("app.kubernetes.io/name", component);
  label("app.kubernetes.io/part-of", "istio");
  label("app.kubernetes.io/version", generation);
  label("maistra-version", plane.version->maistra_version);
  label(kOwnerLabel, plane.ns);
  if (plane.names_owner) label(kOwnerNameLabel, plane.name);
  label("release", "istio");
  Tree annotations = Tree::mapping();
  if (internal) annotations.set(kInternalAnnotation, Tree::string("true"));
  annotations.set(kGenerationAnnotation, Tree::string(generation));
  return Tree::mapping({{"annotations", std::move(annotations)},
                        {"labels", std::move(labels)},
                        {"name", Tree::string(std::move(name))}});
}

}  // namespace meshproof
