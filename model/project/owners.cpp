#include "model/project/owners.h"

#include <algorithm>
#include <array>
#include <utility>

namespace meshproof {
namespace {

constexpr std::array kPodMakers = std::to_array<PodMaker>({
    {.kind = "CronJob", .by_cron = true},
    {.kind = "DaemonSet"},
    {.kind = "Deployment"},
    {.kind = "DeploymentConfig"},
    {.kind = "Job"},
    {.kind = "ReplicaSet"},
    {.kind = "ReplicationController"},
    {.kind = "StatefulSet"},
});

/// Longer than any chain that exists; ends references that go round in a circle.
constexpr int kLongestChain = 8;

constexpr std::string_view kDeploymentConfigName = "openshift.io/deployment-config.name";

const PodMaker* find_maker(std::string_view kind) {
  const auto row = std::ranges::find(kPodMakers, kind, &PodMaker::kind);
  return row == kPodMakers.end() ? nullptr : row;
}

/// The owner reference of the controller, else the first one; null if there is none.
const Tree* controller_of(const Tree& tree) {
  const Tree* references = tree.find_path({"metadata", "ownerReferences"});
  if (references == nullptr || references->items.empty()) return nullptr;
  const auto controls = [](const Tree& reference) {
    return reference.boolean_at({"controller"}).value_or(false);
  };
  const auto found = std::ranges::find_if(references->items, controls);
  return found != references->items.end() ? &*found : &references->items.front();
}

/// The name of an owner that is not in the input: of a ReplicaSet or ReplicationController, what
/// made it, if the owned object tells.
OwnerName name_missing_owner(const Tree& owned, const OwnerName& owner) {
  if (owner.kind == "ReplicaSet") {
    const std::string suffix =
        '-' + std::string{owned.string_at({"metadata", "labels", "pod-template-hash"})};
    if (suffix.size() > 1 && owner.name.size() > suffix.size() && owner.name.ends_with(suffix)) {
      return {"Deployment", owner.name.substr(0, owner.name.size() - suffix.size())};
    }
  }
  if (owner.kind == "ReplicationController") {
    const auto config = owned.string_at({"metadata", "annotations", kDeploymentConfigName});
    if (!config.empty()) return {"DeploymentConfig", std::string{config}};
  }
  return owner;
}

}  // namespace

std::span<const PodMaker> pod_makers() { return kPodMakers; }

const Tree* pod_template(std::string_view kind, const Tree& tree) {
  const auto* maker = find_maker(kind);
  if (maker == nullptr) return nullptr;
  return maker->by_cron ? tree.find_path({"spec", "jobTemplate", "spec", "template"})
                        : tree.find_path({"spec", "template"});
}

Owners::Link Owners::link_of(const Tree& tree) {
  const Tree* reference = controller_of(tree);
  if (reference == nullptr) return {};
  OwnerName owner{std::string{reference->string_at({"kind"})},
                  std::string{reference->string_at({"name"})}};
  if (owner.kind.empty() || owner.name.empty() || owner.kind == "Node") return {};
  OwnerName above = name_missing_owner(tree, owner);
  return {std::move(owner), std::move(above)};
}

const Owners::Link& Owners::link_of(const Object& object) {
  const auto [at, is_new] = links_.try_emplace(&object);
  if (is_new) at->second = link_of(*object.tree.read());
  return at->second;
}

OwnerName Owners::top(const Object& object, const Tree& tree) {
  const Link own = link_of(tree);
  const Object* top = &object;
  const Link* link = &own;
  for (int step = 0; step < kLongestChain; ++step) {
    const OwnerName& owner = link->owner;
    if (owner.name.empty()) break;
    // What owns a Deployment or a CronJob is no workload; whatever owns a pod is one.
    if (top->key.kind != "Pod" && find_maker(owner.kind) == nullptr) break;
    const Object* found = objects_->find(owner.kind, object.key.ns, owner.name);
    if (found == nullptr) return link->if_it_is_gone;
    if (find_maker(owner.kind) == nullptr) return owner;
    top = found;
    link = &link_of(*found);
  }
  return {top->key.kind, top->key.name};
}

}  // namespace meshproof
