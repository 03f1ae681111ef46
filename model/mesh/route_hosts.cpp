#include "model/mesh/route_hosts.h"

#include <array>
#include <initializer_list>
#include <string_view>

namespace meshproof {
namespace {

std::string text_at(const Object* object, std::initializer_list<std::string_view> path) {
  return object == nullptr ? "" : std::string{object->tree->string_at(path)};
}

std::string configured_domain(const ObjectStore& objects) {
  const Object* ingress = objects.find(ObjectKey{"config.openshift.io", "Ingress", "", "cluster"});
  const Object* controller = objects.find(ObjectKey{"operator.openshift.io", "IngressController",
                                                    "openshift-ingress-operator", "default"});
  const Object* dns = objects.find(ObjectKey{"config.openshift.io", "DNS", "", "cluster"});
  const std::string base = text_at(dns, {"spec", "baseDomain"});
  const std::array<std::string, 5> domains = {
      text_at(ingress, {"spec", "appsDomain"}), text_at(ingress, {"spec", "domain"}),
      text_at(controller, {"status", "domain"}), text_at(controller, {"spec", "domain"}),
      base.empty() ? "" : "apps." + base};
  for (const std::string& domain : domains) {
    if (!domain.empty()) return domain;
  }
  return "";
}

}  // namespace

std::string domain_of_routes(const ObjectStore& objects) {
  std::string domain = configured_domain(objects);
  if (!domain.empty()) return domain;
  for (const Object* route : objects.of_kind("Route")) {
    const auto host = route->tree->string_at({"spec", "host"});
    const std::string start = default_host(route->key, "");
    if (host.starts_with(start) && host.size() > start.size()) {
      return std::string{host.substr(start.size())};
    }
  }
  return "";
}

std::string default_host(const ObjectKey& route, const std::string& domain) {
  return route.name + '-' + route.ns + '.' + domain;
}

}  // namespace meshproof
