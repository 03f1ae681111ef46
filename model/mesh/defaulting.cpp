#include "model/mesh/defaulting.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "model/mesh/metadata.h"

namespace meshproof {
namespace {

constexpr std::array<std::string_view, 12> kGenerated = {"DaemonSet",
                                                         "Deployment",
                                                         "EgressNetworkPolicy",
                                                         "Kiali",
                                                         "NetNamespace",
                                                         "NetworkPolicy",
                                                         "NetworkAttachmentDefinition",
                                                         "Route",
                                                         "ServiceMeshControlPlane",
                                                         "ServiceMeshMember",
                                                         "ServiceMeshMemberRoll",
                                                         "StatefulSet"};

void start_namespace(Tree& object) {
  Tree& spec = object.mapping_at("spec");
  if (spec.find("finalizers") == nullptr) spec.set("finalizers", Tree::strings({"kubernetes"}));
  Tree& status = object.mapping_at("status");
  if (status.find("phase") == nullptr) status.set("phase", Tree::string("Active"));
}

/// Sets a text field that is missing or empty.
void fill(Tree& object, std::string_view key, std::string_view value) {
  if (object.string_at({key}).empty()) object.set(key, Tree::string(std::string{value}));
}

void default_ports(Tree& spec) {
  for (const auto direction : {"ingress", "egress"}) {
    Tree* rules = spec.find(direction);
    if (rules == nullptr) continue;
    for (Tree& rule : rules->items) {
      Tree* ports = rule.find("ports");
      if (ports == nullptr) continue;
      for (Tree& port : ports->items) fill(port, "protocol", "TCP");
    }
  }
}

void default_policy(Tree& object) {
  default_ports(object.mapping_at("spec"));
  Tree& spec = object.mapping_at("spec");
  const Tree* selector = spec.find("podSelector");
  if (selector == nullptr || selector->is_null()) spec.set("podSelector", Tree::mapping());
  const Tree* types = spec.find("policyTypes");
  if (types != nullptr && !types->items.empty()) return;
  const Tree* egress = spec.find("egress");
  const bool has_egress = egress != nullptr && !egress->items.empty();
  spec.set("policyTypes", Tree::strings(has_egress ? std::vector<std::string>{"Ingress", "Egress"}
                                                   : std::vector<std::string>{"Ingress"}));
}

/// A ServiceAccount has no group; the other subjects, and every role, have the one of RBAC.
void default_binding(Tree& object) {
  constexpr std::string_view kGroup = "rbac.authorization.k8s.io";
  if (Tree* role = object.find("roleRef")) fill(*role, "apiGroup", kGroup);
  Tree* subjects = object.find("subjects");
  if (subjects == nullptr) return;
  for (Tree& subject : subjects->items) {
    const auto kind = subject.string_at({"kind"});
    if (kind == "User" || kind == "Group") fill(subject, "apiGroup", kGroup);
  }
}

}  // namespace

Tree with_defaults(Tree object) {
  const std::string kind{object.string_at({"kind"})};
  if (kind == "Namespace") {
    const std::string name{object.string_at({"metadata", "name"})};
    set_label(object, "kubernetes.io/metadata.name", name);
  }
  if (kind == "NetworkPolicy") default_policy(object);
  if (kind == "RoleBinding" || kind == "ClusterRoleBinding") default_binding(object);
  return object;
}

Tree as_created(Tree object) {
  object = with_defaults(std::move(object));
  const std::string kind{object.string_at({"kind"})};
  if (kind.starts_with("ServiceMesh")) object.erase("status");
  if (kind == "Namespace") start_namespace(object);
  if (has_generation(kind)) {
    object.mapping_at("metadata").set("generation", Tree::number(1));
  }
  return object;
}

bool has_generation(std::string_view kind) {
  return std::ranges::find(kGenerated, kind) != kGenerated.end();
}

}  // namespace meshproof
