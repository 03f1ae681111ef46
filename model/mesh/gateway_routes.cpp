#include "model/mesh/gateway_routes.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "model/mesh/control_plane.h"
#include "model/mesh/gateway_services.h"
#include "model/mesh/metadata.h"
#include "model/mesh/route_hosts.h"
#include "model/mesh/watch_scope.h"

namespace meshproof {
namespace {

constexpr std::string_view kGeneratedBy = "maistra.io/generated-by";
constexpr std::string_view kManageRoute = "maistra.io/manageRoute";
constexpr std::string_view kOriginalHost = "maistra.io/original-host";

/// What differs from version to version (operator.md 6.4; maistra/istio
/// `pilot/pkg/config/kube/ior`, github.com/maistra/ior).
struct Rules {
  bool into_control_plane = false;  ///< the Route lies in its project, without a name of its own
  bool opts_out = false;            ///< manageRoute counts, and gateways for egress have none
  bool hashes_original = false;     ///< the name is of the host as written
  bool drops_namespace = false;     ///< of `ns/host`
  bool copies_annotations = false;
  bool copies_labels = false;
  bool hides_argocd = false;
  bool tells_version = false;  ///< label gateway-resourceVersion
};

Rules rules_of(int version) {
  Rules rules;
  rules.into_control_plane = version < 200;
  rules.copies_annotations = version >= 200;
  rules.tells_version = version >= 200;
  rules.opts_out = version >= 201;
  rules.drops_namespace = version >= 202;
  rules.copies_labels = version >= 202;
  rules.hashes_original = version >= 204;
  rules.hides_argocd = version >= 204;
  return rules;
}

/// One control plane that makes Routes.
struct Maker {
  ControlPlane plane;
  Rules rules;
  WatchScope scope;

  [[nodiscard]] bool watches(const std::string& ns) const {
    return scope.everything || std::ranges::binary_search(scope.namespaces, ns);
  }
};

std::vector<Maker> makers_of(const ObjectStore& objects) {
  std::vector<Maker> makers;
  for (WatchScope& scope : watch_scopes(objects)) {
    const Object* object = objects.find("ServiceMeshControlPlane", scope.mesh, scope.control_plane);
    if (object == nullptr || object->is_terminating()) continue;
    ControlPlane plane = read_control_plane(*object, operator_versions().back());
    if (!plane.makes_routes || plane.version->number < 101) continue;
    const Rules rules = rules_of(plane.version->number);
    makers.push_back({std::move(plane), rules, std::move(scope)});
  }
  return makers;
}

/// strconv.ParseBool; anything else keeps the Gateway from being looked at.
bool is_true(std::string_view text) {
  constexpr std::array<std::string_view, 6> kTrue = {"1", "t", "T", "TRUE", "true", "True"};
  return std::ranges::find(kTrue, text) != kTrue.end();
}

bool is_managed(const Object& gateway, const Rules& rules) {
  if (!rules.opts_out) return true;
  if (gateway.tree->string_at({"spec", "selector", "istio"}) == "egressgateway") return false;
  return !has_annotation(gateway, kManageRoute) || is_true(annotation(gateway, kManageRoute));
}

/// The host of the Route: empty, if the API server gives it one.
std::string actual_host(std::string host, const Rules& rules) {
  if (const auto slash = host.find('/'); rules.drops_namespace && slash != std::string::npos) {
    host.erase(0, slash + 1);
  }
  if (host == "*") return "";
  if (host.starts_with("*.")) return "wildcard." + host.substr(2);
  return host;
}

bool is_wildcard(const std::string& host, const Rules& rules) {
  const auto slash = rules.drops_namespace ? host.find('/') : std::string::npos;
  return host.substr(slash == std::string::npos ? 0 : slash + 1).starts_with("*.");
}

std::string hashed_name(const Object& gateway, const std::string& host, const Rules& rules,
                        const HostDigest& digest) {
  const std::string& hashed = rules.hashes_original ? host : actual_host(host, rules);
  return gateway.key.ns + '-' + gateway.key.name + '-' + digest(hashed.empty() ? "star" : hashed);
}

void copy(const Tree* from, Tree& to, const std::vector<std::string_view>& hidden) {
  if (from == nullptr) return;
  for (const TreeField& field : from->fields) {
    const bool is_hidden = std::ranges::any_of(
        hidden, [&](std::string_view prefix) { return field.key.starts_with(prefix); });
    if (!is_hidden) to.set(field.key, field.value);
  }
}

Tree annotations_of(const Object& gateway, const std::string& host, const Rules& rules) {
  Tree annotations = Tree::mapping({{std::string{kOriginalHost}, Tree::string(host)}});
  std::vector<std::string_view> hidden = {"kubectl.kubernetes.io"};
  if (rules.opts_out) hidden.push_back(kManageRoute);
  if (rules.hides_argocd) hidden.emplace_back("argocd.argoproj.io");
  if (rules.copies_annotations) copy(gateway.annotations(), annotations, hidden);
  return annotations;
}

Tree labels_of(const Object& gateway, const Rules& rules) {
  Tree labels = Tree::mapping({{std::string{kGeneratedBy}, Tree::string("ior")},
                               {"maistra.io/gateway-namespace", Tree::string(gateway.key.ns)},
                               {"maistra.io/gateway-name", Tree::string(gateway.key.name)}});
  const auto version = gateway.tree->string_at({"metadata", "resourceVersion"});
  if (rules.tells_version && !version.empty()) {
    labels.set("maistra.io/gateway-resourceVersion", Tree::string(std::string{version}));
  }
  std::vector<std::string_view> hidden = {"maistra.io/"};
  if (rules.hides_argocd) hidden.emplace_back("argocd.argoproj.io");
  if (rules.copies_labels) copy(gateway.labels(), labels, hidden);
  return labels;
}

Tree spec_of(const Tree& server, const std::string& host, const Rules& rules,
             const std::string& service) {
  const Tree* tls = server.find("tls");
  const bool secure = tls != nullptr && !tls->is_null();
  Tree spec = Tree::mapping();
  if (const std::string actual = actual_host(host, rules); !actual.empty()) {
    spec.set("host", Tree::string(actual));
  }
  spec.set("port", Tree::mapping({{"targetPort", Tree::string(secure ? "https" : "http2")}}));
  if (secure) {
    Tree passed = Tree::mapping({{"termination", Tree::string("passthrough")}});
    if (tls->boolean_at({"httpsRedirect"}).value_or(false)) {
      passed.set("insecureEdgeTerminationPolicy", Tree::string("Redirect"));
    }
    spec.set("tls", std::move(passed));
  }
  spec.set("to",
           Tree::mapping({{"kind", Tree::string("Service")}, {"name", Tree::string(service)}}));
  spec.set("wildcardPolicy", Tree::string(is_wildcard(host, rules) ? "Subdomain" : "None"));
  return spec;
}

/// The Route that a v1.1 control plane has made of this host: its name is the API server's choice.
std::string found_name(const ObjectStore& objects, const std::string& ns, const Object& gateway,
                       const std::string& host) {
  for (const Object* route : objects.of_kind("Route", ns)) {
    if (is_gateway_route(*route) && route->label("maistra.io/gateway-name") == gateway.key.name &&
        route->label("maistra.io/gateway-namespace") == gateway.key.ns &&
        annotation(*route, kOriginalHost) == host) {
      return route->key.name;
    }
  }
  return "";
}

class RouteWriter {
 public:
  RouteWriter(const Snapshot& state, const HostDigest& digest)
      : objects_(state.objects),
        digest_(digest),
        services_(state.cluster),
        domain_(domain_of_routes(state.objects)) {}

  void add_gateway(const Maker& maker, const Object& gateway) {
    const Tree* servers = gateway.tree->find_path({"spec", "servers"});
    if (servers == nullptr || !is_managed(gateway, maker.rules)) return;
    for (const Tree& server : servers->items) {
      const Tree* hosts = server.find("hosts");
      if (hosts == nullptr) continue;
      for (const Tree& host : hosts->items) add_host(maker, gateway, server, host);
    }
  }

  [[nodiscard]] std::vector<GatewayRoute> take() { return std::move(routes_); }

 private:
  void add_host(const Maker& maker, const Object& gateway, const Tree& server, const Tree& host) {
    GatewayRoute made;
    made.mesh = maker.plane.ns;
    made.gateway = gateway.key.ns + '/' + gateway.key.name;
    made.host = host.text;
    made.place = host.place.is_known() ? host.place : gateway.place();
    if (actual_host(host.text, maker.rules).find('/') != std::string::npos) {
      made.because = "its control plane does not take the namespace off the host " + host.text +
                     ", and the API server refuses that";
    } else {
      write(maker, gateway, server, made);
    }
    routes_.push_back(std::move(made));
  }

  void write(const Maker& maker, const Object& gateway, const Tree& server, GatewayRoute& made) {
    const Rules& rules = maker.rules;
    const auto service = rules.into_control_plane
                             ? GatewayService{maker.plane.ns, "istio-ingressgateway"}
                             : services_.find(gateway, maker.scope);
    if (service.name.empty()) {
      made.because = "no Service of the mesh leads to a pod that the Gateway's selector picks";
      return;
    }
    Tree metadata = Tree::mapping({{"annotations", annotations_of(gateway, made.host, rules)},
                                   {"labels", labels_of(gateway, rules)},
                                   {"namespace", Tree::string(service.ns)}});
    std::string name = rules.into_control_plane
                           ? found_name(objects_, service.ns, gateway, made.host)
                           : hashed_name(gateway, made.host, rules, digest_);
    if (name.empty()) {
      metadata.set("generateName", Tree::string(gateway.key.ns + '-' + gateway.key.name + '-'));
    } else if (!names_.insert({service.ns, name}).second) {
      made.because =
          "an earlier server of the Gateway has the same host, and so its Route the name " + name;
      return;
    } else {
      metadata.set("name", Tree::string(name));
    }
    Tree spec = spec_of(server, made.host, rules, service.name);
    if (spec.find("host") == nullptr && !domain_.empty() && !name.empty()) {
      spec.set("host", Tree::string(default_host({"", "Route", service.ns, name}, domain_)));
    }
    made.route = Tree::mapping({{"apiVersion", Tree::string("route.openshift.io/v1")},
                                {"kind", Tree::string("Route")},
                                {"metadata", std::move(metadata)},
                                {"spec", std::move(spec)}});
  }

  const ObjectStore& objects_;
  const HostDigest& digest_;
  GatewayServices services_;
  std::string domain_;
  std::set<std::pair<std::string, std::string>> names_;
  std::vector<GatewayRoute> routes_;
};

std::vector<const Object*> gateways_of(const ObjectStore& objects) {
  std::vector<const Object*> gateways;
  for (const Object& object : objects) {
    const ObjectKey& key = object.key;
    if (key.kind == "Gateway" && key.group == "networking.istio.io") gateways.push_back(&object);
  }
  return gateways;
}

const Object* find_gateway(const ObjectStore& objects, const std::string& name) {
  const auto slash = name.find('/');
  return objects.find(
      ObjectKey{"networking.istio.io", "Gateway", name.substr(0, slash), name.substr(slash + 1)});
}

std::string created_at(const ObjectStore& objects, const GatewayRoute& made) {
  const Object* gateway = find_gateway(objects, made.gateway);
  return gateway == nullptr
             ? ""
             : std::string{gateway->tree->string_at({"metadata", "creationTimestamp"})};
}

/// The router serves a host for the oldest Route that claims it. Routes of users are there already;
/// of two Gateways the older one's is taken to be first.
void find_claims(const ObjectStore& objects, std::vector<GatewayRoute>& routes) {
  std::map<std::string, std::string> claims;
  for (const Object* route : objects.of_kind("Route")) {
    if (is_gateway_route(*route)) continue;
    const auto host = route->tree->string_at({"spec", "host"});
    const bool of_path = !route->tree->string_at({"spec", "path"}).empty();
    if (!host.empty() && !of_path) claims.emplace(std::string{host}, to_string(route->key));
  }
  std::vector<std::pair<std::string, GatewayRoute*>> by_age;
  for (GatewayRoute& made : routes) {
    if (!made.route.is_null()) by_age.emplace_back(created_at(objects, made), &made);
  }
  std::ranges::stable_sort(by_age, {}, &std::pair<std::string, GatewayRoute*>::first);
  for (auto& [age, made] : by_age) {
    const auto host = made->route.string_at({"spec", "host"});
    if (host.empty()) continue;
    const auto [claim, is_first] = claims.emplace(std::string{host}, "Gateway " + made->gateway);
    if (!is_first) made->claimed_by = claim->second;
  }
}

}  // namespace

std::vector<GatewayRoute> gateway_routes(const Snapshot& state, const HostDigest& digest) {
  const auto makers = makers_of(state.objects);
  if (makers.empty()) return {};
  const auto gateways = gateways_of(state.objects);
  RouteWriter writer(state, digest);
  for (const Maker& maker : makers) {
    for (const Object* gateway : gateways) {
      if (maker.watches(gateway->key.ns)) writer.add_gateway(maker, *gateway);
    }
  }
  std::vector<GatewayRoute> routes = writer.take();
  find_claims(state.objects, routes);
  return routes;
}

std::vector<std::string> meshes_that_make_routes(const ObjectStore& objects) {
  std::set<std::string> meshes;
  for (const Maker& maker : makers_of(objects)) meshes.insert(maker.plane.ns);
  return {meshes.begin(), meshes.end()};
}

bool is_opted_out(const ObjectStore& objects, const std::string& name) {
  const Object* gateway = find_gateway(objects, name);
  return gateway != nullptr && has_annotation(*gateway, kManageRoute) &&
         !is_true(annotation(*gateway, kManageRoute));
}

bool is_gateway_route(const Object& route) { return route.label(kGeneratedBy) == "ior"; }

}  // namespace meshproof
