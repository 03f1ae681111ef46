#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "model/object.h"
#include "model/snapshot.h"

namespace meshproof {

/// The first 8 bytes of the SHA-256 of a text, as 16 lower-case hexadecimal digits.
using HostDigest = std::function<std::string(std::string_view)>;

/// What a control plane makes of one host of a server of a Gateway (IOR, operator.md 6.4).
struct GatewayRoute {
  std::string mesh;     ///< control-plane namespace
  std::string gateway;  ///< `NAMESPACE/NAME`
  std::string host;     ///< as the Gateway writes it
  Tree route;           ///< the whole Route; null if there is none, see `because`
  /// Why there is no Route, in words: no pod or Service for the Gateway's selector, a host that the
  /// API server refuses, a name that is taken by an earlier server.
  std::string because;
  /// Another Route or Gateway that claims the same host first, so that the router does not admit
  /// this one: `Route shop/web`, `Gateway pay/edge`.
  std::string claimed_by;
  Place place;  ///< of the host, else of the Gateway
};

/// The Routes of every networking.istio.io Gateway in the namespaces that the control planes of the
/// state watch, by the rules of their versions: by control plane, Gateway, server and host. A
/// control plane that makes no Routes (`gateways.openshiftRoute`, v1.1 `ior_enabled`) has none, a
/// Gateway that opts out neither. Which of several Services of a gateway's pods it is is not fixed
/// from v2.4 on: the first by name is taken. A v1.1 Route has no name but `metadata.generateName`,
/// unless the state has it. O(objects + Gateways × hosts + distinct selectors × pods).
[[nodiscard]] std::vector<GatewayRoute> gateway_routes(const Snapshot& state,
                                                       const HostDigest& digest);

/// The control-plane namespaces whose istiod makes Routes of Gateways, sorted: it also takes away
/// those whose Gateway it does not see any more. What others have made stays behind.
[[nodiscard]] std::vector<std::string> meshes_that_make_routes(const ObjectStore& objects);

/// Whether the Gateway `NAMESPACE/NAME` is there and asks for no Routes (`maistra.io/manageRoute`):
/// nobody takes away those that it has.
[[nodiscard]] bool is_opted_out(const ObjectStore& objects, const std::string& gateway);

/// Whether the Route was made of a Gateway (label `maistra.io/generated-by: ior`).
[[nodiscard]] bool is_gateway_route(const Object& route);

}  // namespace meshproof
