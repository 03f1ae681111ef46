#include "solver/moments/versions.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

#include "model/edit.h"
#include "model/project.h"
#include "model/unmodelled.h"

namespace meshproof {
namespace {

constexpr std::array kEndKinds = std::to_array<std::string_view>({
    "CronJob",
    "DaemonSet",
    "Deployment",
    "DeploymentConfig",
    "Job",
    "Pod",
    "ReplicaSet",
    "ReplicationController",
    "StatefulSet",
});

constexpr std::array kNetworkKinds =
    std::to_array<std::string_view>({"ClusterNetwork", "HostSubnet", "Network", "Node", "Project"});

/// The same to everybody but a server.
bool is_same(const Object* a, const Tree& b) {
  if (a == nullptr || b.is_null()) return a == nullptr && b.is_null();
  return without_server_fields(*a->tree.read(), false) == without_server_fields(b, false);
}

void write(const Step& step, ObjectStore& objects) {
  if (step.object.is_null()) {
    objects.erase(step.key);
  } else {
    objects.put({step.key, ObjectTree(step.object)});
  }
}

}  // namespace

StepEffect effect_of(const ObjectKey& key, Dialect dialect) {
  using Kind = StepEffect::Kind;
  const std::string_view group = default_group(key.kind);
  if (is_unmodelled_kind(group_and_kind(key.group, key.kind), dialect)) return {Kind::Anywhere};
  if (key.group != group) return {};
  if (key.kind == "NetworkPolicy" || key.kind == "EgressNetworkPolicy") {
    return {Kind::Project, key.ns};
  }
  if (key.kind == "Namespace" || key.kind == "NetNamespace") {
    return key.name == kHostNetworkNamespace || key.name == "default"
               ? StepEffect{Kind::Anywhere}
               : StepEffect{Kind::Project, key.name};
  }
  if (std::ranges::binary_search(kEndKinds, key.kind)) return {Kind::Ends, key.ns};
  if (std::ranges::binary_search(kNetworkKinds, key.kind)) return {Kind::Anywhere};
  return {};
}

ObjectVersions::ObjectVersions(const Snapshot& before, const Snapshot& after,
                               const std::vector<Stage>& stages)
    : before_(before), after_(after) {
  if (before.cluster.network != after.cluster.network) {
    obstacle_ = "the change makes another network of it";
    return;
  }
  if (!before.cluster.network.unknown_because.empty()) {
    obstacle_ = before.cluster.network.unknown_because;
    return;
  }
  collect(stages);
  if (obstacle_.empty()) check(stages);
  if (obstacle_.empty()) project_between(stages);
}

void ObjectVersions::collect(const std::vector<Stage>& stages) {
  std::map<ObjectKey, WrittenObject> found;
  for (std::size_t stage = 0; stage < stages.size(); ++stage) {
    for (std::size_t i = 0; i < stages[stage].steps.size(); ++i) {
      const Step& step = stages[stage].steps[i];
      const StepEffect effect = effect_of(step.key, before_.cluster.network.dialect);
      if (effect.kind == StepEffect::Kind::Anywhere && obstacle_.empty()) {
        obstacle_ = "the change writes " + to_string(step.key) +
                    ", of which it is not known whose flows it changes while it takes effect";
      }
      if (effect.kind != StepEffect::Kind::Project) continue;
      WrittenObject& object = found[step.key];
      object.key = step.key;
      object.project = effect.project;
      object.writes.push_back({stage, i});
    }
  }
  for (auto& [key, object] : found) objects_.push_back(std::move(object));
}

/// The stages must lead from the one state to the other, or what is said of them says nothing of
/// the change.
void ObjectVersions::check(const std::vector<Stage>& stages) {
  for (const WrittenObject& object : objects_) {
    const auto [stage, index] = object.writes.back();
    if (is_same(after_.objects.find(object.key), stages[stage].steps[index].object)) continue;
    obstacle_ = "the steps do not leave " + to_string(object.key) + " as the state after has it";
    return;
  }
  for (const ObjectKey& key : before_.objects.differing_keys(after_.objects)) {
    const StepEffect effect = effect_of(key, before_.cluster.network.dialect);
    if (effect.kind == StepEffect::Kind::None || effect.kind == StepEffect::Kind::Ends) continue;
    if (std::ranges::binary_search(objects_, key, {}, &WrittenObject::key)) continue;
    const Object* was = before_.objects.find(key);
    const Object* is = after_.objects.find(key);
    if (was != nullptr && is != nullptr && is_same(was, *is->tree.read())) continue;
    obstacle_ = to_string(key) + " differs in the state after, and no step writes it";
    return;
  }
}

void ObjectVersions::project_between(const std::vector<Stage>& stages) {
  std::size_t most = 1;
  for (const WrittenObject& object : objects_) most = std::max(most, object.writes.size());
  clusters_.push_back(&before_.cluster);
  const Snapshot* like = &after_;
  for (std::size_t version = 1; version < most; ++version) {
    auto state = std::make_unique<Snapshot>();
    state->objects = after_.objects;
    for (const WrittenObject& object : objects_) {
      if (version >= object.writes.size()) continue;
      const auto [stage, index] = object.writes[version - 1];
      write(stages[stage].steps[index], state->objects);
    }
    Diagnostics told;
    state->cluster = project(state->objects, {}, told, like);
    state->cluster.network = before_.cluster.network;
    like = state.get();
    clusters_.push_back(&state->cluster);
    between_.push_back(std::move(state));
  }
  clusters_.push_back(&after_.cluster);
}

Snapshot partial_state(const Snapshot& before, const std::vector<Stage>& stages,
                       const std::vector<StepReference>& in_effect, const std::vector<Tree>& more) {
  Snapshot state{before.objects, before.coverage, {}};
  std::vector<StepReference> steps = in_effect;
  std::ranges::sort(steps);
  for (const auto& [stage, index] : steps) write(stages[stage].steps[index], state.objects);
  for (const Tree& tree : more) state.objects.put(make_object(tree));
  Diagnostics told;
  state.cluster = project(state.objects, {}, told, &before);
  state.cluster.network = before.cluster.network;
  for (Namespace& ns : state.cluster.namespaces) {
    const NamespaceId known = before.cluster.find_namespace(ns.name);
    if (known.is_valid()) ns.uncollected = before.cluster.at(known).uncollected;
  }
  return state;
}

}  // namespace meshproof
