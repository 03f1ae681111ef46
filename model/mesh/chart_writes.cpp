#include "model/mesh/chart_writes.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "model/mesh/chart_routes.h"
#include "model/mesh/mesh.h"
#include "model/mesh/metadata.h"
#include "model/mesh/prune.h"
#include "model/mesh/route_hosts.h"

namespace meshproof {
namespace {

/// Somebody else's object of a chart's name is overwritten as a whole (SEMANTICS M1).
Tree overwritten(Tree object, const Tree& wanted) {
  const Tree* metadata = wanted.find("metadata");
  for (const auto mapping : {"labels", "annotations"}) {
    for (const TreeField& field : metadata->find(mapping)->fields) {
      object.mapping_at("metadata").mapping_at(mapping).set(field.key, field.value);
    }
  }
  if (const Tree* spec = wanted.find("spec")) object.set("spec", *spec);
  return object;
}

/// Jaeger's name is the one part of a policy that follows the spec.
void follow_name_of_jaeger(Tree& object, const Tree& wanted) {
  constexpr std::string_view kInstance = "app.kubernetes.io/instance";
  const auto path = {std::string_view{"spec"}, std::string_view{"podSelector"},
                     std::string_view{"matchLabels"}, kInstance};
  const Tree* name = wanted.find_path(path);
  if (name == nullptr || object.find_path(path) == nullptr) return;
  object.mapping_at("spec")
      .mapping_at("podSelector")
      .mapping_at("matchLabels")
      .set(kInstance, *name);
}

bool is_of_charts(const Object& object) {
  return has_annotation(object, kGenerationAnnotation) || object.has_label(kOwnerLabel);
}

constexpr std::string_view kNoHosts =
    "no object of the input shows the domain of Routes (a Route, the Ingress or DNS of "
    "config.openshift.io): the hosts that the API server gives to new ones are not predicted";

/// The API server gives a host to a Route that is created without one.
void fill_in_host(World& world, const ObjectKey& key) {
  const Object* route = world.objects().find(key);
  if (route == nullptr || !route->tree->string_at({"spec", "host"}).empty()) return;
  const std::string domain = domain_of_routes(world.objects());
  if (domain.empty()) {
    world.assume(std::string{kNoHosts});
    return;
  }
  Tree next = *route->tree;
  next.mapping_at("spec").set("host", Tree::string(default_host(key, domain)));
  world.update(std::move(next),
               {"the API server gives it a host", "", 0, true, Step::Writer::Others});
}

void make_route(World& world, const Tree& wanted, const WriteNote& note) {
  if (world.create(wanted, note)) fill_in_host(world, key_of(wanted));
}

bool has_host(const Tree& route) { return !route.string_at({"spec", "host"}).empty(); }

}  // namespace

void apply_chart_object(World& world, const ControlPlane& plane, const Tree& wanted,
                        const std::string& generation) {
  const Object* existing = world.objects().find(key_of(wanted));
  if (existing == nullptr) {
    world.create(wanted, {"made by the control plane's charts"});
  } else if (is_of_charts(*existing)) {
    Tree next = stamped(*existing->tree, plane, generation);
    follow_name_of_jaeger(next, wanted);
    world.update(std::move(next), {"is stamped with the new mesh generation"});
  } else {
    world.update(overwritten(*existing->tree, wanted),
                 {"the control plane's charts make an object of this name"});
  }
}

void apply_chart_route(World& world, const ControlPlane& plane, const Tree& wanted,
                       const std::string& generation) {
  if (world.platform().is_absent("Route")) return;
  const WriteNote made{"made by the control plane's charts", "", 0, true};
  const Object* existing = world.objects().find(key_of(wanted));
  if (existing == nullptr) {
    make_route(world, wanted, made);
  } else if (world.version().recreates_routes && !has_host(wanted)) {
    world.remove(ObjectKey{existing->key},
                 {"a Route without a host in its chart is made anew", "", 0, true});
    make_route(world, wanted, made);
  } else {
    Tree next = is_of_charts(*existing) ? stamped(*existing->tree, plane, generation)
                                        : overwritten(*existing->tree, wanted);
    if (has_host(wanted)) next.mapping_at("spec").set("host", *wanted.find_path({"spec", "host"}));
    world.update(std::move(next), {"is stamped with the new mesh generation", "", 0, true});
  }
}

void make_jaeger_route(World& world, const ControlPlane& plane) {
  if (world.platform().is_absent("Route")) return;
  make_route(world, jaeger_route(plane),
             {"Jaeger's own operator makes it", "", 0, true, Step::Writer::Others});
}

void drop_jaeger_routes(World& world, const ControlPlane& plane) {
  std::vector<ObjectKey> dropped;
  for (const Object* route : world.objects().of_kind("Route", plane.ns)) {
    const Tree* owners = route->tree->find_path({"metadata", "ownerReferences"});
    if (owners == nullptr) continue;
    const bool is_left = std::ranges::any_of(owners->items, [&](const Tree& owner) {
      return owner.string_at({"kind"}) == "Jaeger" &&
             (!plane.jaeger || owner.string_at({"name"}) != plane.jaeger_name) &&
             world.find("Jaeger", plane.ns, owner.string_at({"name"})) == nullptr;
    });
    if (is_left) dropped.push_back(route->key);
  }
  for (const ObjectKey& key : dropped) {
    world.remove(key, {"its Jaeger is gone", "", 0, true, Step::Writer::Others});
  }
}

}  // namespace meshproof
