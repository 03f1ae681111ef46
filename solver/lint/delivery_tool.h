#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/object.h"

namespace meshproof {

/// A tool that brings objects from a repository to the cluster, and keeps them so.
enum class DeliveryTool : std::uint8_t { ArgoCd, Flux };
/// `Argo CD`, `Flux`.
[[nodiscard]] std::string_view to_string(DeliveryTool tool);

/// What the tool has written on an object that it takes for its own.
struct DeliveryMark {
  DeliveryTool tool = DeliveryTool::ArgoCd;
  std::string name;  ///< of the Application, Kustomization or HelmRelease
};

/// The mark of Argo CD's tracking annotation that names this very object. One that names another,
/// as copies of objects carry it, is none: Argo CD does not take such an object for its own.
[[nodiscard]] std::optional<DeliveryMark> argo_annotation(const Object& object);

/// The mark of Argo CD's tracking label, `app.kubernetes.io/instance`, on an object that neither
/// Helm nor the operator has labelled so.
[[nodiscard]] std::optional<DeliveryMark> argo_label(const Object& object);

/// The mark of Flux's labels. Copies of objects carry it too.
[[nodiscard]] std::optional<DeliveryMark> flux_label(const Object& object);

/// Argo CD's mark of either form, else Flux's.
[[nodiscard]] std::optional<DeliveryMark> delivery_mark(const Object& object);

/// Argo CD's `sync-wave`: objects of a lower one are applied, and healthy, before. 0 without one.
[[nodiscard]] int sync_wave(const Object& object);

}  // namespace meshproof
