#pragma once

#include <map>
#include <string>

#include "model/cluster.h"
#include "model/mesh/watch_scope.h"
#include "model/object.h"

namespace meshproof {

/// A Service; without a name if there is none.
struct GatewayService {
  std::string ns;
  std::string name;
};

/// Finds the Services in front of the pods that Gateways select.
class GatewayServices {
 public:
  /// Refers to the cluster.
  explicit GatewayServices(const Cluster& cluster) : cluster_(cluster) {}

  /// The first Service, by name, whose selector picks the first pod that the Gateway's selector
  /// picks and that has such a Service, in the order of the watched namespaces and of names. As for
  /// the API server a selector without labels picks everything. Remembered for each control plane
  /// and selector: O(watched pods × their namespace's Services) for the first Gateway of its kind.
  [[nodiscard]] GatewayService find(const Object& gateway, const WatchScope& scope);

 private:
  [[nodiscard]] GatewayService search(const Object& gateway, const WatchScope& scope) const;
  [[nodiscard]] const Service* service_of(const Pod& pod) const;

  const Cluster& cluster_;
  std::map<std::string, GatewayService> found_;  ///< by control plane and selector, as text
};

}  // namespace meshproof
