#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "model/mesh/chart_metadata.h"
#include "model/mesh/charts.h"

namespace meshproof {
namespace {

/// The Kiali that the charts of a version ask for (operator resources/helm, kiali-cr.yaml).
struct KialiVersion {
  int charts;
  std::string_view version;
};

constexpr std::array kVersions = std::to_array<KialiVersion>({
    {200, "v1.24"},
    {201, "v1.36"},
    {202, "v1.48"},
    {203, "v1.57"},
    {204, "v1.65"},
    {205, "v1.73"},
});

std::string_view version_for(int charts) {
  const auto row = std::ranges::find(kVersions, charts, &KialiVersion::charts);
  return row == kVersions.end() ? "" : row->version;
}

Tree deployment_of(const ControlPlane& plane) {
  const int charts = plane.version->number;
  Tree deployment = Tree::mapping({{"accessible_namespaces", Tree::sequence()},
                                   {"image_pull_policy", Tree::string("")},
                                   {"namespace", Tree::string(plane.ns)}});
  if (charts <= 200) deployment.set("accessible_namespaces", Tree::strings({plane.ns}));
  if (plane.kiali_route.enabled && charts >= 203) {
    deployment.set("ingress", Tree::mapping({{"enabled", Tree::boolean(true)}}));
  } else if (plane.kiali_route.enabled) {
    deployment.set("ingress_enabled", Tree::boolean(true));
  }
  if (charts >= 204) {
    deployment.set("pod_labels",
                   Tree::mapping({{"sidecar.istio.io/inject", Tree::string("false")}}));
  }
  return deployment;
}

}  // namespace

Tree kiali_object(const ControlPlane& plane, const std::string& generation) {
  Tree metadata = stamped_metadata(plane, plane.kiali_name, "kiali", "", false, generation);
  metadata.mapping_at("labels").erase("release");
  metadata.set("namespace", Tree::string(plane.ns));
  metadata.set("ownerReferences", owner_reference(plane, "maistra.io/v2"));
  Tree spec = Tree::mapping({{"auth", Tree::mapping({{"strategy", Tree::string("openshift")}})},
                             {"deployment", deployment_of(plane)},
                             {"installation_tag", Tree::string("Kiali [" + plane.ns + ']')},
                             {"istio_namespace", Tree::string(plane.ns)}});
  const auto version = version_for(plane.version->number);
  if (!version.empty()) spec.set("version", Tree::string(std::string{version}));
  return Tree::mapping({{"apiVersion", Tree::string("kiali.io/v1alpha1")},
                        {"kind", Tree::string("Kiali")},
                        {"metadata", std::move(metadata)},
                        {"spec", std::move(spec)}});
}

}  // namespace meshproof
