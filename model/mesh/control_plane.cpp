#include "model/mesh/control_plane.h"

#include <algorithm>
#include <utility>

#include "model/mesh/metadata.h"

namespace meshproof {
namespace {

bool flag(const Tree& spec, std::initializer_list<std::string_view> path, bool otherwise) {
  return spec.boolean_at(path).value_or(otherwise);
}

bool runs_gateway_controller(const Tree& spec, bool otherwise) {
  const auto set = spec.string_at({"runtime", "components", "pilot", "container", "env",
                                   "PILOT_ENABLE_GATEWAY_API_DEPLOYMENT_CONTROLLER"});
  return set.empty() ? otherwise : set != "false";
}

std::string name_or(std::string_view name, std::string_view otherwise) {
  return std::string{name.empty() ? otherwise : name};
}

std::vector<AdditionalGateway> read_additional_gateways(const Tree& spec,
                                                        const std::string& own_project) {
  std::vector<AdditionalGateway> gateways;
  for (const bool ingress : {true, false}) {
    const Tree* entries =
        spec.find_path({"gateways", ingress ? "additionalIngress" : "additionalEgress"});
    if (entries == nullptr) continue;
    for (const TreeField& entry : entries->fields) {
      AdditionalGateway gateway;
      gateway.name = entry.key;
      gateway.ns = name_or(entry.value.string_at({"namespace"}), own_project);
      gateway.ingress = ingress;
      gateway.enabled = entry.value.boolean_at({"enabled"});
      gateway.route = flag(entry.value, {"routeConfig", "enabled"}, true);
      const Tree* labels = entry.value.find_path({"service", "metadata", "labels"});
      if (labels != nullptr) gateway.labels = *labels;
      gateways.push_back(std::move(gateway));
    }
  }
  return gateways;
}

/// What the spec says of an addon's Route; nothing, if it says nothing.
AddonRoute read_addon_route(const Tree* ingress, std::initializer_list<std::string_view> notes) {
  AddonRoute route;
  if (ingress == nullptr) return route;
  route.enabled = flag(*ingress, {"enabled"}, true);
  route.hosts = strings_at(*ingress, {"hosts"});
  if (const Tree* annotations = ingress->find_path(notes)) route.annotations = *annotations;
  return route;
}

/// What admission would have written, and where it has not, what the charts are that are there.
std::string version_of(const Object& object, const Tree& spec, const OperatorVersion& version) {
  const auto written = spec.string_at({"version"});
  if (!written.empty()) return std::string{written};
  const auto charts = object.tree->string_at({"status", "chartVersion"});
  const auto patch = charts.rfind('.');
  if (patch == std::string_view::npos || charts.find('.') == patch) {
    return std::string{version.newest_control_plane};
  }
  return 'v' + std::string{charts.substr(0, patch)};
}

bool is_mixer(const Tree& spec, std::string_view what, bool otherwise) {
  const auto type = spec.string_at({what, "type"});
  return type.empty() ? otherwise : type == "Mixer";
}

/// The gateways of the v1 schema that are no standard ones get no objects that are predicted.
void read_v1_gateways(const Tree& values, ControlPlane& plane) {
  const bool gateways = flag(values, {"gateways", "enabled"}, true);
  constexpr std::string_view kIngress = "istio-ingressgateway";
  constexpr std::string_view kEgress = "istio-egressgateway";
  const bool secrets = plane.version->number == 100;
  plane.ingress = gateways && flag(values, {"gateways", kIngress, "enabled"}, true);
  plane.egress = gateways && flag(values, {"gateways", kEgress, "enabled"}, true);
  // v1.0 asks whether there is a mapping, which the standard values of the ingress have.
  plane.ingress_secrets =
      plane.ingress && flag(values, {"gateways", kIngress, "sds", "enabled"}, secrets);
  plane.egress_secrets =
      plane.egress && flag(values, {"gateways", kEgress, "sds", "enabled"}, false);
  plane.makes_routes = plane.ingress && flag(values, {"gateways", kIngress, "ior_enabled"}, false);
  plane.ingress_namespace =
      name_or(values.string_at({"gateways", kIngress, "namespace"}), plane.ns);
  plane.egress_namespace = name_or(values.string_at({"gateways", kEgress, "namespace"}), plane.ns);
}

/// The schema of v1: Helm values below spec.istio.
void read_v1(const Tree& values, ControlPlane& plane) {
  plane.prometheus = flag(values, {"prometheus", "enabled"}, true);
  plane.prometheus_route =
      read_addon_route(values.find_path({"prometheus", "ingress"}), {"annotations"});
  plane.grafana_route = read_addon_route(values.find_path({"grafana", "ingress"}), {"annotations"});
  plane.kiali_route = read_addon_route(values.find_path({"kiali", "ingress"}), {"annotations"});
  plane.grafana = flag(values, {"grafana", "enabled"}, true);
  plane.kiali = flag(values, {"kiali", "enabled"}, true);
  const auto provider = values.string_at({"tracing", "provider"});
  const bool tracing = flag(values, {"tracing", "enabled"}, true);
  plane.jaeger = tracing && (provider.empty() || provider == "jaeger");
  const auto form = values.string_at({"tracing", "jaeger", "template"});
  plane.jaeger_in_one = form.empty() || form == "all-in-one";
  plane.external_jaeger =
      !tracing && !values.string_at({"global", "tracer", "zipkin", "address"}).empty();
  plane.mixer = flag(values, {"mixer", "policy", "enabled"}, true) ||
                flag(values, {"mixer", "telemetry", "enabled"}, true);
  read_v1_gateways(values, plane);
}

void read_v2_gateways(const Tree& spec, ControlPlane& plane) {
  const bool gateways = flag(spec, {"gateways", "enabled"}, true);
  plane.ingress = gateways && flag(spec, {"gateways", "ingress", "enabled"}, true);
  plane.egress = gateways && flag(spec, {"gateways", "egress", "enabled"}, true);
  // Where admission of operator 2.5 has not switched it off, the profiles have it on.
  plane.makes_routes = gateways && flag(spec, {"gateways", "openshiftRoute", "enabled"},
                                        plane.version->number >= 200);
  // Before v2.1 the charts do not ask.
  plane.ingress_route = plane.version->number < 201 ||
                        flag(spec, {"gateways", "ingress", "routeConfig", "enabled"}, true);
  const bool secrets = plane.version->number != 101;
  plane.ingress_secrets = plane.ingress && secrets;
  plane.egress_secrets = plane.egress && plane.version->number > 200;
  plane.ingress_namespace = name_or(spec.string_at({"gateways", "ingress", "namespace"}), plane.ns);
  plane.egress_namespace = name_or(spec.string_at({"gateways", "egress", "namespace"}), plane.ns);
  if (gateways) plane.additional_gateways = read_additional_gateways(spec, plane.ns);
}

void read_v2(const Tree& spec, ControlPlane& plane) {
  plane.prometheus = flag(spec, {"addons", "prometheus", "enabled"}, true);
  plane.prometheus_route =
      read_addon_route(spec.find_path({"addons", "prometheus", "install", "service", "ingress"}),
                       {"metadata", "annotations"});
  plane.kiali_route =
      read_addon_route(spec.find_path({"addons", "kiali", "install", "service", "ingress"}),
                       {"metadata", "annotations"});
  plane.grafana_route =
      read_addon_route(spec.find_path({"addons", "grafana", "install", "service", "ingress"}),
                       {"metadata", "annotations"});
  plane.grafana = flag(spec, {"addons", "grafana", "enabled"}, true);
  plane.kiali = flag(spec, {"addons", "kiali", "enabled"}, true);
  plane.kiali_name = name_or(spec.string_at({"addons", "kiali", "name"}), "kiali");
  plane.own_kiali_name = !spec.string_at({"addons", "kiali", "name"}).empty();
  const auto tracing = spec.string_at({"tracing", "type"});
  plane.jaeger = tracing.empty() || tracing == "Jaeger";
  plane.jaeger_name = name_or(spec.string_at({"addons", "jaeger", "name"}), "jaeger");
  const bool by_default = plane.version->number < 200;
  plane.mixer = is_mixer(spec, "policy", by_default) || is_mixer(spec, "telemetry", by_default);
  read_v2_gateways(spec, plane);
}

const Tree* reconciled_condition(const Object& control_plane) {
  const Tree* conditions = control_plane.tree->find_path({"status", "conditions"});
  if (conditions == nullptr) return nullptr;
  const auto found = std::ranges::find_if(conditions->items, [](const Tree& condition) {
    return condition.string_at({"type"}) == "Reconciled";
  });
  return found == conditions->items.end() ? nullptr : &*found;
}

}  // namespace

bool is_cluster_wide(const Tree& spec, const ControlPlaneVersion& version) {
  if (version.number >= 204) return spec.string_at({"mode"}) == "ClusterWide";
  return version.number == 203 &&
         spec.string_at({"techPreview", "controlPlaneMode"}) == "ClusterScoped";
}

ControlPlane read_control_plane(const Object& object, const OperatorVersion& version) {
  static const Tree kNothing = Tree::mapping();
  const Tree* given = object.tree->find("spec");
  const Tree& spec = given == nullptr ? kNothing : *given;
  ControlPlane plane;
  plane.ns = object.key.ns;
  plane.name = object.key.name;
  plane.version_text = version_of(object, spec, version);
  plane.version_known = find_control_plane_version(plane.version_text) != nullptr;
  plane.version = &nearest_control_plane_version(plane.version_text);
  plane.names_owner = version.stamps_owner_name;
  plane.cluster_wide = is_cluster_wide(spec, *plane.version);
  plane.manages_policies =
      !version.manages_policies || flag(spec, {"security", "manageNetworkPolicy"}, true);
  plane.gateway_controller = runs_gateway_controller(spec, plane.version->gateway_controller);
  const Tree* values = spec.find("istio");
  if (values != nullptr && plane.version->number < 200) {
    read_v1(*values, plane);
  } else {
    read_v2(spec, plane);
  }
  return plane;
}

bool is_reconciled(const Object& control_plane) {
  const Tree* condition = reconciled_condition(control_plane);
  const auto observed = control_plane.tree->integer_at({"status", "observedGeneration"});
  const auto wanted = control_plane.tree->integer_at({"metadata", "generation"});
  return condition != nullptr && condition->string_at({"status"}) == "True" &&
         (!wanted || observed.value_or(0) == *wanted);
}

bool lacks_status(const Object& control_plane) {
  const Tree* status = control_plane.tree->find("status");
  return status == nullptr || status->fields.empty();
}

std::string reconciled_version(const Object& control_plane) {
  const auto observed = control_plane.tree->integer_at({"status", "observedGeneration"});
  return std::string{control_plane.tree->string_at({"status", "operatorVersion"})} + '-' +
         std::to_string(observed.value_or(0));
}

}  // namespace meshproof
