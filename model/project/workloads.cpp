#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

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
  WorkloadId id;  ///< in the cluster, once it has one
};

using Drafts = std::map<WorkloadKey, WorkloadDraft>;

/// The workloads of the pods that were read, by the indices that these have so far.
std::vector<WorkloadDraft*> draft_owners(Projection& projection, Drafts& drafts) {
  std::vector<WorkloadDraft*> owners;
  for (const WorkloadKey* key : projection.pod_workloads) owners.push_back(&drafts[*key]);
  for (const Pod& pod : projection.cluster.pods) {
    WorkloadDraft& draft = *owners[pod.workload.value];
    if (!draft.has_pods) draft.first_place = pod.place;
    draft.has_pods = true;
    draft.has_live_pods = draft.has_live_pods || !pod.is_completed();
  }
  projection.pod_workloads = {};
  projection.pod_workload_ids = {};
  return owners;
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
void add_stand_ins(Projection& projection, Drafts& drafts, std::vector<WorkloadDraft*>& owners) {
  for (auto& [key, draft] : drafts) {
    if (draft.has_live_pods) continue;
    for (const Maker& maker : standing_objects(draft)) {
      auto pod = read_stand_in(*maker.object, key.ns, projection);
      if (!pod || (draft.has_pods && pod->is_completed())) continue;
      draft.scaled_to_zero = draft.scaled_to_zero || maker.scaled_to_zero;
      pod->workload = {static_cast<std::uint32_t>(owners.size())};
      owners.push_back(&draft);
      projection.cluster.pods.push_back(std::move(*pod));
    }
  }
}

/// Gives ids: workloads and pods in the order of their namespaces and names.
void number(Projection& projection, Drafts& drafts, const std::vector<WorkloadDraft*>& owners) {
  Cluster& cluster = projection.cluster;
  for (auto& [key, draft] : drafts) {
    draft.id = {static_cast<std::uint32_t>(cluster.workloads.size())};
    const Place place = draft.own.object != nullptr ? draft.own.object->place() : draft.first_place;
    cluster.workloads.push_back({key.ns, key.kind, key.name, place, {}, draft.scaled_to_zero});
  }
  const auto by_name = [](const Pod& pod) { return std::tie(pod.ns, pod.name); };
  if (!std::ranges::is_sorted(cluster.pods, {}, by_name)) {
    std::ranges::sort(cluster.pods, {}, by_name);
  }
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    Pod& pod = cluster.pods[i];
    pod.workload = owners[pod.workload.value]->id;
    cluster.workloads[pod.workload.value].pods.push_back({i});
    cluster.namespaces[pod.ns.value].pods.push_back({i});
  }
  index_addresses(projection);
}

}  // namespace

void index_addresses(Projection& projection) {
  const Cluster& cluster = projection.cluster;
  auto& index = projection.pod_by_address;
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    if (cluster.pods[i].host_network) continue;
    for (const IpAddress& address : cluster.pods[i].addresses) index.push_back({address, {i}});
  }
  std::ranges::sort(index);
  auto kept = index.begin();
  for (const auto& [address, pod] : index) {
    const bool is_repeated = kept != index.begin() && std::prev(kept)->first == address;
    if (!is_repeated) {
      *kept++ = {address, pod};
    } else if (PodId& holder = std::prev(kept)->second;
               cluster.at(holder).is_completed() && !cluster.at(pod).is_completed()) {
      holder = pod;
    }
  }
  index.erase(kept, index.end());
}

void project_workloads(Projection& projection) {
  Drafts drafts;
  std::vector<WorkloadDraft*> owners = draft_owners(projection, drafts);
  draft_workloads(projection, drafts);
  add_stand_ins(projection, drafts, owners);
  number(projection, drafts, owners);
}

}  // namespace meshproof
