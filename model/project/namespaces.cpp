#include <algorithm>
#include <map>
#include <string>

#include "model/project/fields.h"
#include "model/project/projection.h"

namespace meshproof {
namespace {

constexpr std::string_view kNameLabel = "kubernetes.io/metadata.name";

constexpr std::size_t kNamesTold = 5;

constexpr std::string_view kMulticast = "k8s.ovn.org/multicast-enabled";

struct NamespaceObjects {
  const Object* ns = nullptr;
  const Object* project = nullptr;
  Place first_place;  ///< of an object that lies in it
};

/// Every namespace that has an object of its own, or holds one.
std::map<std::string, NamespaceObjects> named_namespaces(const ObjectStore& objects) {
  std::map<std::string, NamespaceObjects> named;
  for (const auto* object : objects.of_kind("Namespace")) named[object->key.name].ns = object;
  for (const auto* object : objects.of_kind("Project")) named[object->key.name].project = object;
  for (const auto& [key, object] : objects.all()) {
    if (key.ns.empty()) continue;
    const auto [at, is_new] = named.try_emplace(key.ns);
    if (is_new) at->second.first_place = object.place();
  }
  named.erase("");
  return named;
}

/// Adds the labels of a Namespace or Project. SEMANTICS L3: the name label is the API server's.
void add_labels(const Object& object, Labels& labels, Projection& projection) {
  const SymbolTable& symbols = projection.cluster.symbols;
  const Labels own = read_labels(object.tree->find("metadata"), projection);
  for (const auto& label : own.all()) labels.set(label.key, label.value);
  const Symbol name = own.find(symbols.find(kNameLabel));
  if (!name.is_valid() || symbols.text(name) == object.key.name) return;
  const Tree* label = object.tree->find_path({"metadata", "labels", kNameLabel});
  add_warning(projection.diagnostics, label->place, "name-label",
              "label `kubernetes.io/metadata.name` is `" + std::string{symbols.text(name)} +
                  "`; the API server sets it to `" + object.key.name + '`');
}

Namespace read_namespace(const std::string& name, const NamespaceObjects& found,
                         Projection& projection) {
  Namespace ns;
  ns.name = name;
  ns.place = found.first_place;
  ns.assumed = found.ns == nullptr && found.project == nullptr;
  for (const auto* object : {found.project, found.ns}) {
    if (object == nullptr) continue;
    ns.place = object->place();
    ns.terminating = ns.terminating || object->is_terminating();
    add_labels(*object, ns.labels, projection);
    const Tree* annotations = object->annotations();
    ns.multicast =
        ns.multicast || (annotations != nullptr && annotations->string_at({kMulticast}) == "true");
  }
  SymbolTable& symbols = projection.cluster.symbols;
  ns.labels.set(symbols.intern(kNameLabel), symbols.intern(name));
  return ns;
}

}  // namespace

void project_namespaces(Projection& projection) {
  for (const auto& [name, found] : named_namespaces(projection.objects)) {
    projection.cluster.namespaces.push_back(read_namespace(name, found, projection));
  }
}

namespace {

/// True if a policy selects namespaces by more than their names.
bool asks_for_labels(const Cluster& cluster) {
  const Symbol name = cluster.symbols.find(kNameLabel);
  const auto asks = [&](const PolicyPeer& peer) {
    return peer.namespaces &&
           std::ranges::any_of(peer.namespaces->requirements,
                               [&](const LabelRequirement& each) { return each.key != name; });
  };
  const auto any_rule = [&](const NetworkPolicy& policy, Direction direction) {
    return std::ranges::any_of(policy.rules(direction), [&](const PolicyRule& rule) {
      return std::ranges::any_of(rule.peers, asks);
    });
  };
  return std::ranges::any_of(cluster.policies, [&](const NetworkPolicy& policy) {
    return any_rule(policy, Direction::Ingress) || any_rule(policy, Direction::Egress);
  });
}

}  // namespace

void warn_of_assumed_namespaces(Projection& projection) {
  const Cluster& cluster = projection.cluster;
  std::string names;
  std::size_t count = 0;
  Place place;
  for (const Namespace& ns : cluster.namespaces) {
    if (!ns.assumed || ns.pods.empty()) continue;
    if (++count == 1) place = ns.place;
    if (count <= kNamesTold) names += (names.empty() ? "" : ", ") + ns.name;
  }
  if (count == 0 || !asks_for_labels(cluster)) return;
  if (count > kNamesTold) names += " and " + std::to_string(count - kNamesTold) + " more";
  add_warning(projection.diagnostics, place, "namespace-assumed",
              "the input has pods in " + names +
                  " but not the Namespace: policies that ask for its labels see its name alone");
}

NamespaceId namespace_of(const Object& object, Projection& projection) {
  if (object.key.ns.empty()) {
    add_error(projection.diagnostics, object.place(), "missing-field",
              to_string(object.key) + " has no metadata.namespace");
  }
  return projection.cluster.find_namespace(object.key.ns);
}

}  // namespace meshproof
