#include "model/mesh/control_plane.h"

#include <algorithm>
#include <utility>

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
      const Tree* labels = entry.value.find_path({"service", "metadata", "labels"});
      if (labels != nullptr) gateway.labels = *labels;
      gateways.push_back(std::move(gateway));
    }
  }
  return gateways;
}

/// Operators up to 2.5 still serve v1 control planes; of those only the attachment is known here.
std::string attachment_of(const ControlPlane& plane) {
  if (plane.version_text == "v1.0") return "istio-cni";
  if (plane.version_text == "v1.1") return "v1-1-istio-cni";
  return std::string{plane.version->network_attachment};
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
  if (version.minor >= 4) return spec.string_at({"mode"}) == "ClusterWide";
  return version.minor == 3 &&
         spec.string_at({"techPreview", "controlPlaneMode"}) == "ClusterScoped";
}

ControlPlane read_control_plane(const Object& object, const OperatorVersion& version) {
  static const Tree kNothing = Tree::mapping();
  const Tree* given = object.tree->find("spec");
  const Tree& spec = given == nullptr ? kNothing : *given;
  ControlPlane plane;
  plane.ns = object.key.ns;
  plane.name = object.key.name;
  plane.version_text = name_or(spec.string_at({"version"}), version.newest_control_plane);
  plane.version_known = find_control_plane_version(plane.version_text) != nullptr;
  plane.version = &nearest_control_plane_version(plane.version_text);
  plane.network_attachment = attachment_of(plane);
  plane.cluster_wide = is_cluster_wide(spec, *plane.version);
  plane.manages_policies = flag(spec, {"security", "manageNetworkPolicy"}, true);
  plane.prometheus = flag(spec, {"addons", "prometheus", "enabled"}, true);
  plane.grafana = flag(spec, {"addons", "grafana", "enabled"}, true);
  plane.kiali = flag(spec, {"addons", "kiali", "enabled"}, true);
  plane.kiali_name = name_or(spec.string_at({"addons", "kiali", "name"}), "kiali");
  plane.own_kiali_name = !spec.string_at({"addons", "kiali", "name"}).empty();
  const auto tracing = spec.string_at({"tracing", "type"});
  plane.jaeger = tracing.empty() || tracing == "Jaeger";
  plane.jaeger_name = name_or(spec.string_at({"addons", "jaeger", "name"}), "jaeger");
  const bool gateways = flag(spec, {"gateways", "enabled"}, true);
  plane.ingress = gateways && flag(spec, {"gateways", "ingress", "enabled"}, true);
  plane.egress = gateways && flag(spec, {"gateways", "egress", "enabled"}, true);
  plane.ingress_namespace = name_or(spec.string_at({"gateways", "ingress", "namespace"}), plane.ns);
  plane.egress_namespace = name_or(spec.string_at({"gateways", "egress", "namespace"}), plane.ns);
  plane.gateway_controller = runs_gateway_controller(spec, plane.version->gateway_controller);
  if (gateways) plane.additional_gateways = read_additional_gateways(spec, plane.ns);
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
