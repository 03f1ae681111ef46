#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/mesh/injector.h"
#include "model/tree.h"

namespace meshproof {

inline constexpr std::string_view kInjectKey = "sidecar.istio.io/inject";

/// The rules by which a pod is injected or not, in the order in which they are asked; the first
/// that applies decides (SEMANTICS I1 to I14; operator.md 5.1, 5.2).
enum class InjectionRule : std::uint8_t {
  NotAMember,         ///< the project has no member-of label
  NoControlPlane,     ///< it names a project without one
  IgnoredNamespace,   ///< maistra.io/ignore-namespace
  DisabledNamespace,  ///< istio-injection=disabled, since v2.0
  IstioEnv,           ///< a label istio-env, since v2.0
  IstiodPod,          ///< app=istiod, since v2.4
  ObjectSelector,     ///< the webhook asks for a label, if the control plane says so
  HostNetwork,
  SystemNamespace,
  InjectLabel,  ///< since v2.2, also where an annotation says otherwise
  InjectAnnotation,
  NeverSelector,
  AlwaysSelector,
  Policy,  ///< autoInject
};
/// `not-a-member`, `no-control-plane`, `ignored-namespace`, …
[[nodiscard]] std::string_view to_string(InjectionRule rule);
/// All of them, in order.
[[nodiscard]] std::vector<InjectionRule> injection_rules();

/// Whether a pod that is made now gets a sidecar.
struct InjectionDecision {
  bool injected = false;
  InjectionRule rule = InjectionRule::NotAMember;
  std::string reason;  ///< one clause
  Place where;         ///< of the label, annotation or field that decides; else of the namespace
};

/// A pod template, or a pod, in its namespace.
struct PodToInject {
  std::string ns;
  const Tree* ns_labels = nullptr;  ///< null if it has none
  Place ns_place;
  const Tree* pod = nullptr;  ///< with `metadata` and `spec`

  [[nodiscard]] const Tree* labels() const;
  [[nodiscard]] const Tree* annotations() const;
  [[nodiscard]] bool host_network() const;
};

/// The decision of the control plane that the namespace's member-of label names; null if there is
/// no such one. The label counts, not the roll.
[[nodiscard]] InjectionDecision decide_injection(const PodToInject& pod, const Injector* injector);

/// What an upstream Istio with its standard webhooks does with the same pod: it asks for labels of
/// the namespace and of the pod alone (mission M9).
struct UpstreamInjection {
  bool injected = false;
  std::string reason;  ///< one clause
  Place where = {};
};
[[nodiscard]] UpstreamInjection decide_upstream(const PodToInject& pod);

/// Whether the pod asks for a sidecar, wherever it stands.
struct InjectionWish {
  enum class By : std::uint8_t { Nothing, Annotation, Label, Both };

  By by = By::Nothing;
  Place where = {};
};
[[nodiscard]] InjectionWish injection_wish(const PodToInject& pod);

/// The values that the injector takes for yes: y, yes, true, on, in any case.
[[nodiscard]] bool means_yes(std::string_view value);

}  // namespace meshproof
