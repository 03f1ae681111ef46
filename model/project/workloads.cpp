#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <tuple>

#include "model/project/fields.h"
#include "model/project/owners.h"
#include "model/project/projection.h"

namespace meshproof {
namespace {

/// An object with a template.
struct Maker {
  const Object* object = nullptr;
  bool scaled_to_zero = false;
};

/// A workload while its pods are being found.
struct WorkloadDraft {
  Maker own;                   ///< the object of this very kind and name
  std::vector<Maker> objects;  ///< with a template, `own` included
  Place first_place;
  bool has_pods = false;
  bool has_live_pods = false;
  bool scaled_to_zero = false;
};

using Drafts = std::map<WorkloadKey, WorkloadDraft>;

/// The workloads of the pods that were read.
void draft_owners(Projection& projection, Drafts& drafts) {
  for (const PodDraft& draft : projection.pods) {
    const auto [at, is_new] = drafts.try_emplace(draft.workload);
    if (is_new) at->second.first_place = draft.pod.place;
    at->second.has_pods = true;
    at->second.has_live_pods = at->second.has_live_pods || !draft.pod.is_completed();
  }
}

void draft_workloads(Projection& projection, Drafts& drafts) {
  for (const auto& row : pod_makers()) {
    visit(projection, row.kind, [&](const Object& object, const Tree& tree) {
      const auto ns = namespace_of(object, projection);
      if (!ns.is_valid()) return;
      const auto top = projection.owners.top(object, tree);
      auto& draft = drafts[{ns, top.name, top.kind}];
      draft.objects.push_back({&object, tree.integer_at({"spec", "replicas"}) == 0});
      if (top.kind == row.kind && top.name == object.key.name) draft.own = draft.objects.back();
      if (draft.objects.size() == 1) draft.first_place = object.place();
    });
  }
}

/// The objects whose templates stand for the pods of a workload: the topmost one; without it the
/// lower ones, of which those scaled to zero are history if there are others.
std::vector<Maker> standing_objects(const WorkloadDraft& draft) {
  if (draft.own.object != nullptr) return {draft.own};
  std::vector<Maker> standing;
  std::ranges::copy_if(draft.objects, std::back_inserter(standing),
                       [](const Maker& maker) { return !maker.scaled_to_zero; });
  return standing.empty() ? draft.objects : standing;
}

bool has_condition(const Tree& object, std::string_view type) {
  const Tree* conditions = object.find_path({"status", "conditions"});
  if (conditions == nullptr) return false;
  return std::ranges::any_of(conditions->items, [&](const Tree& condition) {
    return condition.string_at({"type"}) == type && condition.string_at({"status"}) == "True";
  });
}

/// A Job that has ended makes no more pods.
PodPhase phase_to_come(std::string_view kind, const Tree& object) {
  if (kind != "Job") return PodPhase::Running;
  if (has_condition(object, "Complete")) return PodPhase::Succeeded;
  return has_condition(object, "Failed") ? PodPhase::Failed : PodPhase::Running;
}

std::optional<Pod> read_stand_in(const Object& object, NamespaceId ns, Projection& projection) {
  const std::shared_ptr<const Tree> whole = object.tree.read();
  const Tree* tree = pod_template(object.key.kind, *whole);
  if (tree == nullptr || !tree->is(TreeKind::Mapping)) {
    add_error(projection.diagnostics, object.place(), "missing-field",
              to_string(object.key) + " has no pod template");
    return std::nullopt;
  }
  Pod pod = read_pod_template(*tree, projection);
  pod.ns = ns;
  pod.name = object.key.kind + '/' + object.key.name;
  pod.phase = phase_to_come(object.key.kind, *whole);
  pod.stand_in = true;
  pod.place = object.place();
  return pod;
}

/// Templates stand for their pods where the input has no pod of them, or only completed ones: the
/// next ones will have the same labels.
void add_stand_ins(Projection& projection, Drafts& drafts) {
  for (auto& [key, draft] : drafts) {
    if (draft.has_live_pods) continue;
    for (const Maker& maker : standing_objects(draft)) {
      auto pod = read_stand_in(*maker.object, key.ns, projection);
      if (!pod || (draft.has_pods && pod->is_completed())) continue;
      draft.scaled_to_zero = draft.scaled_to_zero || maker.scaled_to_zero;
      projection.pods.push_back({std::move(*pod), key});
    }
  }
}

/// Gives ids: workloads and pods in the order of their namespaces and names.
void number(Projection& projection, const Drafts& drafts) {
  Cluster& cluster = projection.cluster;
  std::map<WorkloadKey, WorkloadId> ids;
  for (const auto& [key, draft] : drafts) {
    ids[key] = {static_cast<std::uint32_t>(cluster.workloads.size())};
    const Place place = draft.own.object != nullptr ? draft.own.object->place() : draft.first_place;
    cluster.workloads.push_back({key.ns, key.kind, key.name, place, {}, draft.scaled_to_zero});
  }
  std::ranges::sort(projection.pods, {},
                    [](const PodDraft& draft) { return std::tie(draft.pod.ns, draft.pod.name); });
  cluster.pods.reserve(projection.pods.size());
  for (auto& draft : projection.pods) {
    const PodId id{static_cast<std::uint32_t>(cluster.pods.size())};
    draft.pod.workload = ids.at(draft.workload);
    cluster.workloads[draft.pod.workload.value].pods.push_back(id);
    cluster.namespaces[draft.pod.ns.value].pods.push_back(id);
    cluster.pods.push_back(std::move(draft.pod));
    index_address(projection, id);
  }
  projection.pods = {};
}

}  // namespace

void index_address(Projection& projection, PodId id) {
  const Pod& pod = projection.cluster.at(id);
  if (pod.host_network) return;
  for (const auto& address : pod.addresses) {
    const auto [at, is_new] = projection.pod_by_address.try_emplace(address, id);
    const bool holder_completed = projection.cluster.at(at->second).is_completed();
    if (!is_new && holder_completed && !pod.is_completed()) at->second = id;
  }
}

void project_workloads(Projection& projection) {
  Drafts drafts;
  draft_owners(projection, drafts);
  draft_workloads(projection, drafts);
  add_stand_ins(projection, drafts);
  number(projection, drafts);
}

}  // namespace meshproof
