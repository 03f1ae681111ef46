#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/outline.h"
#include "model/tree.h"

namespace meshproof {

/// The sidecar that a pod was made with.
struct Sidecar {
  bool native = false;  ///< an init container that goes on running
  std::string mesh;     ///< the namespace of the istiod that it talks to; empty if it does not show
  std::string maistra_version;  ///< label `maistra-version` of the pod: `2.4.7`; may be empty
  Place place;                  ///< of the container
};

/// Of a pod as it runs: a container `istio-proxy`, or a native sidecar of that name. The pods of
/// gateways have a container of that name too and no others: they have no sidecar. O(pod).
[[nodiscard]] std::optional<Sidecar> find_sidecar(const Tree& pod);

/// What find_sidecar() and injections() read of a pod.
extern const Outline kSidecarOutline;

/// How a running pod departs from what one that is made now would be.
enum class PodMisfit : std::uint8_t {
  LacksSidecar,   ///< it is older than the membership, the annotation, …
  KeepsSidecar,   ///< it would get none
  OtherMesh,      ///< its sidecar talks to another control plane
  OtherNetwork,   ///< its annotation names the network of another control-plane version
  NotRedirected,  ///< a sidecar, and no network of the mesh in the annotation
  OtherVersion,   ///< its sidecar is of another control-plane version
};
/// `lacks-sidecar`, `keeps-sidecar`, `other-mesh`, `other-network`, `not-redirected`,
/// `other-version`.
[[nodiscard]] std::string_view to_string(PodMisfit misfit);

/// What a pod that is made now would be.
struct ExpectedSidecar {
  bool injected = false;
  std::string mesh;
  std::string version;  ///< of the control plane: `v2.5`
  std::string network;  ///< that its annotation names; empty if it needs none
};

/// The first that applies, in the order above; none if the pod fits, or is a gateway.
[[nodiscard]] std::optional<PodMisfit> find_misfit(const Tree& pod,
                                                   const ExpectedSidecar& expected);

}  // namespace meshproof
