#include "tests/model/drift_scene.h"

#include <utility>

#include <catch2/catch.hpp>

#include "model/change.h"
#include "tests/model/mesh_scene.h"
#include "tests/support/yaml.h"

namespace meshproof {

ObjectStore installed(const std::string& more) {
  std::string state = mesh_manifests();
  if (!more.empty()) state = mesh_manifests_and(more);
  return play(state, change_of({{members({"old", "shop"})}})).after;
}

ObjectStore patched(ObjectStore objects, std::string_view kind, std::string_view ns,
                    std::string_view name, std::string_view merge_yaml) {
  const Object* object = objects.find(kind, ns, name);
  REQUIRE(object != nullptr);
  const ChangeStep step = patch(kind, ns, name, merge_yaml);
  objects.put(make_object(merge_patch(*object->tree, std::get<PatchObject>(step.edit).merge)));
  return objects;
}

ObjectStore without(ObjectStore objects, std::string_view kind, std::string_view ns,
                    std::string_view name) {
  const Object* object = objects.find(kind, ns, name);
  REQUIRE(object != nullptr);
  objects.erase(ObjectKey{object->key});
  return objects;
}

ObjectStore with(ObjectStore objects, std::string_view yaml) {
  for (const Object& object : objects_from(yaml)) objects.put(object);
  return objects;
}

Drift drift_of(ObjectStore objects, const PredictOptions& options) {
  Snapshot state;
  state.objects = std::move(objects);
  auto drift = find_drift(state, options);
  REQUIRE(drift.has_value());
  return std::move(*drift);
}

std::vector<std::string> lines_of(const Drift& drift) {
  std::vector<std::string> lines;
  for (const Departure& departure : drift.departures) {
    if (departure.severity == Severity::Note) continue;
    lines.push_back(std::string{to_string(departure.kind)} +
                    (departure.severity == Severity::Error ? " error " : " warning ") +
                    to_string(departure.key) + (departure.is_mended ? ", mended" : ""));
  }
  return lines;
}

}  // namespace meshproof
