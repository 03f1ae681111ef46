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

using Drafts = std::map<std::string, Namespace>;

Namespace& draft_named(Drafts& drafts, const std::string& name, Place first_place) {
  const auto [at, is_new] = drafts.try_emplace(name);
  if (is_new) {
    at->second.name = name;
    at->second.place = first_place;
    at->second.assumed = true;
  }
  return at->second;
}

/// Adds the labels of a Namespace or Project. SEMANTICS L3: the name label is the API server's.
void add_labels(const Object& object, const Tree& tree, Labels& labels, Projection& projection) {
  const SymbolTable& symbols = projection.cluster.symbols;
  const Labels own = read_labels(tree.find("metadata"), projection);
  for (const auto& label : own.all()) labels.set(label.key, label.value);
  const Symbol name = own.find(symbols.find(kNameLabel));
  if (!name.is_valid() || symbols.text(name) == object.key.name) return;
  const Tree* label = tree.find_path({"metadata", "labels", kNameLabel});
  add_warning(projection.diagnostics, label->place, "name-label",
              "label `kubernetes.io/metadata.name` is `" + std::string{symbols.text(name)} +
                  "`; the API server sets it to `" + object.key.name + '`');
}

void read_namespace(const Object& object, const Tree& tree, Namespace& ns, Projection& projection) {
  ns.place = object.place();
  ns.assumed = false;
  const Tree* deletion = tree.find_path({"metadata", "deletionTimestamp"});
  ns.terminating = ns.terminating || (deletion != nullptr && !deletion->is_null());
  add_labels(object, tree, ns.labels, projection);
  ns.multicast = ns.multicast || tree.string_at({"metadata", "annotations", kMulticast}) == "true";
}

}  // namespace

void project_namespaces(Projection& projection) {
  Drafts drafts;
  // A Namespace says more than its Project, so it comes last.
  for (const std::string_view kind : {"Project", "Namespace"}) {
    visit(projection, kind, [&](const Object& object, const Tree& tree) {
      read_namespace(object, tree, draft_named(drafts, object.key.name, {}), projection);
    });
  }
  for (const Object& object : projection.objects) {
    if (!object.key.ns.empty()) draft_named(drafts, object.key.ns, object.place());
  }
  drafts.erase("");
  SymbolTable& symbols = projection.cluster.symbols;
  for (auto& [name, ns] : drafts) {
    ns.labels.set(symbols.intern(kNameLabel), symbols.intern(name));
    projection.cluster.namespaces.push_back(std::move(ns));
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
