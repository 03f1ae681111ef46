#include "solver/lint/delivery_tool.h"

#include <array>
#include <charconv>
#include <string_view>

#include "model/mesh/mesh.h"
#include "model/mesh/metadata.h"

namespace meshproof {
namespace {

constexpr std::string_view kTrackingId = "argocd.argoproj.io/tracking-id";
constexpr std::string_view kSyncWave = "argocd.argoproj.io/sync-wave";
constexpr std::string_view kInstance = "app.kubernetes.io/instance";
constexpr std::string_view kManagedBy = "app.kubernetes.io/managed-by";
constexpr std::array<std::string_view, 2> kFlux = {"kustomize.toolkit.fluxcd.io/name",
                                                   "helm.toolkit.fluxcd.io/name"};

/// `group/Kind:namespace/name`; an object of the whole cluster stands with or without a namespace.
bool names(std::string_view id, const ObjectKey& key) {
  const std::string kind = key.group + '/' + key.kind + ':';
  if (!id.starts_with(kind)) return false;
  id.remove_prefix(kind.size());
  const auto slash = id.find('/');
  if (slash == std::string_view::npos || id.substr(slash + 1) != key.name) return false;
  return key.ns.empty() || id.substr(0, slash) == key.ns;
}

}  // namespace

std::string_view to_string(DeliveryTool tool) {
  return tool == DeliveryTool::ArgoCd ? "Argo CD" : "Flux";
}

std::optional<DeliveryMark> argo_annotation(const Object& object) {
  const std::string_view id = annotation(object, kTrackingId);
  const auto colon = id.find(':');
  if (colon == std::string_view::npos || !names(id.substr(colon + 1), object.key)) {
    return std::nullopt;
  }
  return DeliveryMark{DeliveryTool::ArgoCd, std::string{id.substr(0, colon)}};
}

std::optional<DeliveryMark> argo_label(const Object& object) {
  const std::string_view name = object.label(kInstance);
  if (name.empty() || object.label(kManagedBy) == "Helm" || object.has_label(kOwnerLabel) ||
      object.has_label(kMemberOfLabel)) {
    return std::nullopt;
  }
  return DeliveryMark{DeliveryTool::ArgoCd, std::string{name}};
}

std::optional<DeliveryMark> flux_label(const Object& object) {
  for (const auto label : kFlux) {
    const std::string_view name = object.label(label);
    if (!name.empty()) return DeliveryMark{DeliveryTool::Flux, std::string{name}};
  }
  return std::nullopt;
}

std::optional<DeliveryMark> delivery_mark(const Object& object) {
  if (auto mark = argo_annotation(object)) return mark;
  if (auto mark = argo_label(object)) return mark;
  return flux_label(object);
}

int sync_wave(const Object& object) {
  const std::string_view text = annotation(object, kSyncWave);
  int wave = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), wave);
  return error == std::errc{} && end == text.data() + text.size() ? wave : 0;
}

}  // namespace meshproof
