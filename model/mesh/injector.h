#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/mesh/control_plane.h"
#include "model/mesh/multus_annotation.h"
#include "model/object.h"

namespace meshproof {

/// A value of a control plane's spec that the injector follows, or its profile's.
template <typename T>
struct Setting {
  T value = {};
  Place place = {};  ///< unknown where the spec does not say
};

/// What one control plane's webhook and injector go by (operator.md 5).
struct Injector {
  std::string ns;
  std::string name;
  const ControlPlaneVersion* version = nullptr;  ///< the nearest row if it is unknown
  bool version_known = true;
  Setting<bool> injects_by_default;  ///< policy: autoInject
  std::vector<Tree> never;           ///< neverInjectSelector
  std::vector<Tree> always;          ///< alwaysInjectSelector
  Setting<bool> selects_by_label;    ///< the webhook's objectSelector by the inject label
  Setting<bool> takes_gateways;      ///< v2.4: a second webhook, gatewayAPI.controllerMode
  NetworksStyle networks = NetworksStyle::AppendOnce;
  Place networks_place;  ///< of injectPodRedirectAnnot
  Place place;
  /// What of it is not read, each a sentence: raw Helm values, custom profiles, annotations that
  /// the injector adds, a ConfigMap that says otherwise.
  std::vector<std::string> unmodelled;

  /// `mesh/basic v2.5`
  [[nodiscard]] std::string words() const;
};

/// Of either schema of the ServiceMeshControlPlane; the standard profiles' values where it says
/// nothing.
[[nodiscard]] Injector read_injector(const ObjectStore& objects, const Object& control_plane,
                                     const OperatorVersion& version);

/// Whether a metav1.LabelSelector matches a mapping of labels, which may be null. One that is empty
/// or that Kubernetes refuses matches nothing, as the injector takes it.
[[nodiscard]] bool injector_matches(const Tree& selector, const Tree* labels);

}  // namespace meshproof
