#include "model/mesh/gateway_services.h"

#include <algorithm>

namespace meshproof {
namespace {

bool picks(const Tree* selector, const Pod& pod, const SymbolTable& symbols) {
  if (selector == nullptr) return true;
  return std::ranges::all_of(selector->fields, [&](const TreeField& field) {
    const Symbol value = pod.labels.find(symbols.find(field.key));
    return value.is_valid() && symbols.text(value) == field.value.text;
  });
}

std::string text_of(const WatchScope& scope, const Tree* selector) {
  std::string text = scope.mesh + '/' + scope.control_plane;
  if (selector == nullptr) return text;
  for (const TreeField& field : selector->fields) text += '\n' + field.key + '=' + field.value.text;
  return text;
}

}  // namespace

GatewayService GatewayServices::find(const Object& gateway, const WatchScope& scope) {
  const std::string key = text_of(scope, gateway.tree->find_path({"spec", "selector"}));
  const auto known = found_.find(key);
  if (known != found_.end()) return known->second;
  return found_[key] = search(gateway, scope);
}

GatewayService GatewayServices::search(const Object& gateway, const WatchScope& scope) const {
  const Tree* selector = gateway.tree->find_path({"spec", "selector"});
  for (const Namespace& ns : cluster_.namespaces) {
    if (!scope.everything && !std::ranges::binary_search(scope.namespaces, ns.name)) continue;
    for (const PodId id : ns.pods) {
      const Pod& pod = cluster_.at(id);
      if (!picks(selector, pod, cluster_.symbols)) continue;
      if (const Service* service = service_of(pod)) return {ns.name, service->name};
    }
  }
  return {};
}

const Service* GatewayServices::service_of(const Pod& pod) const {
  const auto first = std::ranges::lower_bound(cluster_.services, pod.ns, {}, &Service::ns);
  for (auto service = first; service != cluster_.services.end() && service->ns == pod.ns;
       ++service) {
    if (!service->selector || matches(*service->selector, pod.labels)) return &*service;
  }
  return nullptr;
}

}  // namespace meshproof
