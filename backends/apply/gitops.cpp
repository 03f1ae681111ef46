#include "backends/apply/gitops.h"

#include <array>
#include <string_view>

namespace meshproof {
namespace {

struct TrackingMark {
  std::string_view mapping;
  std::string_view key;
  std::string_view by;
};

constexpr auto kMarks = std::to_array<TrackingMark>({
    {"annotations", "argocd.argoproj.io/tracking-id", "Argo CD"},
    {"labels", "argocd.argoproj.io/instance", "Argo CD"},
    {"labels", "kustomize.toolkit.fluxcd.io/name", "Flux"},
    {"labels", "helm.toolkit.fluxcd.io/name", "Flux"},
    // Argo CD's own default; Helm writes it, too, and says that it did.
    {"labels", "app.kubernetes.io/instance", "Argo CD"},
});

}  // namespace

std::optional<std::string> tracked_by(const Tree& object) {
  const bool is_helm =
      object.string_at({"metadata", "labels", "app.kubernetes.io/managed-by"}) == "Helm";
  for (const TrackingMark& mark : kMarks) {
    if (object.string_at({"metadata", mark.mapping, mark.key}).empty()) continue;
    if (is_helm && mark.key == "app.kubernetes.io/instance") continue;
    return std::string(mark.by);
  }
  return std::nullopt;
}

}  // namespace meshproof
