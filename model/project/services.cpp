#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "model/project/fields.h"
#include "model/project/projection.h"

namespace meshproof {
namespace {

constexpr std::string_view kServiceName = "kubernetes.io/service-name";

void read_target_port(const Tree& item, ServicePort& port, Projection& projection) {
  if (is_absent(item, "targetPort")) return;
  const Tree& target = *item.find("targetPort");
  if (target.is(TreeKind::String)) {
    port.target_name = target.text;
  } else if (target.as_integer() == 0) {
    // The API server's default: the same as `port`.
    port.target_port = 0;
  } else if (const auto number = read_port_number(target, "targetPort", projection)) {
    port.target_port = *number;
  }
}

/// One entry of `ports` of a Service, an Endpoints subset or an EndpointSlice.
std::optional<ServicePort> read_service_port(const Tree& item, Projection& projection) {
  ServicePort port;
  port.name = string_field(item, "name", projection.diagnostics).value_or("");
  const auto protocol = read_protocol(item, projection);
  if (is_absent(item, "port")) {
    add_error(projection.diagnostics, item.place, "missing-field", "the port has no `port`");
    return std::nullopt;
  }
  const auto number = read_port_number(*item.find("port"), "port", projection);
  read_target_port(item, port, projection);
  if (!protocol || !number) return std::nullopt;
  port.protocol = *protocol;
  port.port = *number;
  return port;
}

std::vector<ServicePort> read_ports(const Tree& parent, Projection& projection) {
  std::vector<ServicePort> ports;
  for (const auto* item : object_items(parent, "ports", projection.diagnostics)) {
    if (auto port = read_service_port(*item, projection)) ports.push_back(std::move(*port));
  }
  return ports;
}

/// A slice whose port has no number has every port: then the Service's target ports count.
std::vector<ServicePort> read_slice_ports(const Tree& slice, Projection& projection) {
  const Tree* list = slice.find("ports");
  const auto has_no_number = [](const Tree& item) { return is_absent(item, "port"); };
  if (list != nullptr && std::ranges::any_of(list->items, has_no_number)) return {};
  return read_ports(slice, projection);
}

/// Headless services say `None`; those of type ExternalName have no address at all.
void read_cluster_ips(const Tree& spec, Service& service, Diagnostics& diagnostics) {
  auto texts = string_items(spec, "clusterIPs", diagnostics);
  if (const Tree* single = field(spec, "clusterIP", TreeKind::String, diagnostics)) {
    texts.push_back(single);
  }
  for (const auto* text : texts) {
    service.headless = service.headless || text->text == "None";
    if (text->text.empty() || text->text == "None") continue;
    const auto address = parse_address(*text, diagnostics);
    if (!address) continue;
    auto& ips = service.cluster_ips;
    if (std::ranges::find(ips, *address) == ips.end()) ips.push_back(*address);
  }
}

Service read_service(const Object& object, const Tree& tree, NamespaceId ns,
                     Projection& projection) {
  Service service;
  service.ns = ns;
  service.name = object.key.name;
  service.place = object.place();
  const Tree* spec = field(tree, "spec", TreeKind::Mapping, projection.diagnostics);
  if (spec == nullptr) return service;
  read_cluster_ips(*spec, service, projection.diagnostics);
  if (spec->string_at({"type"}) == "ExternalName") {
    const auto name = string_field(*spec, "externalName", projection.diagnostics);
    service.external_name = name.value_or("that it does not give");
  }
  service.ports = read_ports(*spec, projection);
  const Tree* selector = field(*spec, "selector", TreeKind::Mapping, projection.diagnostics);
  if (selector != nullptr && !selector->fields.empty()) {
    service.selector = read_label_map(*selector, projection);
  }
  return service;
}

/// The pod that targetRef names, else the pod-network pod with the address.
PodId endpoint_pod(const Tree& endpoint, const IpAddress& address, NamespaceId ns,
                   const Projection& projection) {
  if (endpoint.string_at({"targetRef", "kind"}) == "Pod") {
    const PodId named = projection.cluster.find_pod(ns, endpoint.string_at({"targetRef", "name"}));
    if (named.is_valid()) return named;
  }
  const auto& index = projection.pod_by_address;
  const auto at = std::ranges::lower_bound(index, address, {}, &std::pair<IpAddress, PodId>::first);
  return at == index.end() || at->first != address ? PodId{} : at->second;
}

/// Endpoints and their slices usually say the same twice.
void add_endpoint(Service& service, ServiceEndpoint endpoint) {
  const auto is_same = [&](const ServiceEndpoint& other) {
    const auto ports = [](const ServicePort& port) {
      return std::tie(port.name, port.protocol, port.port);
    };
    return other.address == endpoint.address &&
           std::ranges::equal(other.ports, endpoint.ports, {}, ports, ports);
  };
  if (std::ranges::any_of(service.endpoints, is_same)) return;
  service.endpoints.push_back(std::move(endpoint));
}

void read_endpoints(const Tree& tree, Service& service, Projection& projection) {
  Diagnostics& diagnostics = projection.diagnostics;
  for (const auto* subset : object_items(tree, "subsets", diagnostics)) {
    const auto ports = read_ports(*subset, projection);
    for (const auto* item : object_items(*subset, "addresses", diagnostics)) {
      const Tree* text = field(*item, "ip", TreeKind::String, diagnostics);
      const auto address = text == nullptr ? std::nullopt : parse_address(*text, diagnostics);
      if (!address) continue;
      const PodId pod = endpoint_pod(*item, *address, service.ns, projection);
      add_endpoint(service, {*address, pod, ports});
    }
  }
}

void read_slice(const Tree& tree, Service& service, Projection& projection) {
  Diagnostics& diagnostics = projection.diagnostics;
  if (tree.string_at({"addressType"}) == "FQDN") return;
  const auto ports = read_slice_ports(tree, projection);
  for (const auto* item : object_items(tree, "endpoints", diagnostics)) {
    // Absent or null means ready.
    if (item->boolean_at({"conditions", "ready"}) == false) continue;
    for (const auto* text : string_items(*item, "addresses", diagnostics)) {
      const auto address = parse_address(*text, diagnostics);
      if (!address) continue;
      const PodId pod = endpoint_pod(*item, *address, service.ns, projection);
      add_endpoint(service, {*address, pod, ports});
    }
  }
}

Service* find_service(Projection& projection, const Object& object, std::string_view name) {
  Cluster& cluster = projection.cluster;
  const auto ns = namespace_of(object, projection);
  const auto id = ns.is_valid() ? cluster.find_service(ns, name) : ServiceId{};
  return id.is_valid() ? &cluster.services[id.value] : nullptr;
}

}  // namespace

void project_services(Projection& projection) {
  Cluster& cluster = projection.cluster;
  visit(projection, "Service", [&](const Object& object, const Tree& tree) {
    const auto ns = namespace_of(object, projection);
    if (ns.is_valid()) cluster.services.push_back(read_service(object, tree, ns, projection));
  });
  visit(projection, "Endpoints", [&](const Object& object, const Tree& tree) {
    Service* service = find_service(projection, object, object.key.name);
    if (service == nullptr) return;
    service->has_endpoints_object = true;
    read_endpoints(tree, *service, projection);
  });
  visit(projection, "EndpointSlice", [&](const Object& object, const Tree& tree) {
    const std::string_view name = tree.string_at({"metadata", "labels", kServiceName});
    Service* service = find_service(projection, object, name);
    if (service == nullptr) return;
    service->has_endpoints_object = true;
    read_slice(tree, *service, projection);
  });
}

}  // namespace meshproof
