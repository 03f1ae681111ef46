#include "model/mesh/platform.h"

#include <optional>
#include <string_view>

#include "model/mesh/chart_ports.h"

namespace meshproof {
namespace {

std::optional<std::string> find_operator_namespace(const ObjectStore& objects) {
  for (const std::string_view name : {"istio-cni", "ossm-cni"}) {
    const Object* binding = objects.find("ClusterRoleBinding", "", name);
    const Tree* subjects = binding == nullptr ? nullptr : binding->tree->find("subjects");
    if (subjects == nullptr) continue;
    for (const Tree& subject : subjects->items) {
      const auto ns = subject.string_at({"namespace"});
      if (!ns.empty()) return std::string{ns};
    }
  }
  for (const Object* deployment : objects.of_kind("Deployment")) {
    if (deployment->key.name == "istio-operator") return deployment->key.ns;
  }
  return std::nullopt;
}

bool has_network_definition(const ObjectStore& objects) {
  return objects.find("CustomResourceDefinition", "", "networks.config.openshift.io") != nullptr;
}

bool defines_attachments(const ObjectStore& objects) {
  return objects.find("CustomResourceDefinition", "",
                      "network-attachment-definitions.k8s.cni.cncf.io") != nullptr;
}

}  // namespace

Platform find_platform(const ObjectStore& objects, const PredictOptions& options) {
  Platform platform;
  platform.network = options.network;
  const auto operator_namespace = find_operator_namespace(objects);
  platform.operator_namespace = operator_namespace.value_or("openshift-operators");
  platform.operator_namespace_known = operator_namespace.has_value();
  platform.absent_kinds = options.network.absent_kinds;
  const auto definitions = objects.of_kind("CustomResourceDefinition");
  // A dump that has CRDs but not this one comes from a cluster without Multus.
  if (!definitions.empty() && !defines_attachments(objects) &&
      objects.of_kind("NetworkAttachmentDefinition").empty()) {
    platform.absent_kinds.insert("NetworkAttachmentDefinition");
  }
  platform.serves_network_kind = options.network.served_kinds.contains("Network") ||
                                 has_network_definition(objects) ||
                                 objects.find("Network", "", "cluster") != nullptr;
  platform.chart_ports = find_chart_ports(objects, options.chart_ports).ports;
  platform.attachments_at_start = !platform.is_absent("NetworkAttachmentDefinition");
  return platform;
}

}  // namespace meshproof
