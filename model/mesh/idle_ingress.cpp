#include "model/mesh/idle_ingress.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "model/mesh/metadata.h"
#include "model/mesh/watch_scope.h"

namespace meshproof {
namespace {

bool is_of_istio(const ObjectStore& objects, const Object& ingress) {
  if (annotation(ingress, "kubernetes.io/ingress.class") == "istio") return true;
  const std::string name{ingress.tree->string_at({"spec", "ingressClassName"})};
  if (name.empty()) return false;
  const Object* made = objects.find(ObjectKey{"networking.k8s.io", "IngressClass", "", name});
  if (made == nullptr) return name == "istio";
  return made->tree->string_at({"spec", "controller"}) == "istio.io/ingress-controller";
}

bool is_watched(const std::vector<WatchScope>& scopes, const std::string& ns) {
  return std::ranges::any_of(scopes, [&](const WatchScope& scope) {
    return scope.everything || std::ranges::binary_search(scope.namespaces, ns);
  });
}

}  // namespace

std::vector<const Object*> idle_ingresses(const ObjectStore& objects) {
  const std::vector<WatchScope> scopes = watch_scopes(objects);
  std::vector<const Object*> idle;
  for (const Object* ingress : objects.of_kind("Ingress")) {
    if (is_watched(scopes, ingress->key.ns) && is_of_istio(objects, *ingress)) {
      idle.push_back(ingress);
    }
  }
  return idle;
}

}  // namespace meshproof
