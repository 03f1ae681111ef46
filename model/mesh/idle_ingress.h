#pragma once

#include <vector>

#include "model/object.h"

namespace meshproof {

/// The Ingresses of class `istio` in projects that a control plane watches: nobody serves them,
/// because the mesh's ingress controller is off in every version (operator.md 6.5). Their class is
/// that of the annotation `kubernetes.io/ingress.class`, or of `spec.ingressClassName`, which is
/// istio's if its IngressClass has the controller `istio.io/ingress-controller` or, where there is
/// no such IngressClass, if it is called `istio`. In key order; empty without control planes.
/// O(Ingresses × control planes).
[[nodiscard]] std::vector<const Object*> idle_ingresses(const ObjectStore& objects);

}  // namespace meshproof
