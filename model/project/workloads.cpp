#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>
#include <string>
#include <tuple>

#include "model/project/fields.h"
#include "model/project/owners.h"
#include "model/project/projection.h"

namespace meshproof {
namespace {

struct WorkloadKey {
  NamespaceId ns;
  std::string name;
  std::string kind;

  auto operator<=>(const WorkloadKey&) const = default;
};

/// A workload while its pods are being found.
struct WorkloadDraft {
  const Object* own = nullptr;         ///< the object of this very kind and name
  std::vector<const Object*> objects;  ///< with a template, `own` included
  Place first_place;
  bool has_pods = false;
  bool has_live_pods = false;
  bool scaled_to_zero = false;
};

struct PodDraft {
  Pod pod;
  WorkloadKey workload;
};

struct Drafts {
  std::map<WorkloadKey, WorkloadDraft> workloads;
  std::vector<PodDraft> pods;
};

void add_addresses(const Tree& status, Pod& pod, Diagnostics& diagnostics) {
  std::vector<const Tree*> texts;
  if (const Tree* text = field(status, "podIP", TreeKind::String, diagnostics)) {
    texts.push_back(text);
  }
  for (const auto* item : object_items(status, "podIPs", diagnostics)) {
    if (const Tree* text = field(*item, "ip", TreeKind::String, diagnostics)) {
      texts.push_back(text);
    }
  }
  for (const auto* text : texts) {
    if (text->text.empty()) continue;
    const auto address = parse_address(*text, diagnostics);
    if (address && std::ranges::find(pod.addresses, *address) == pod.addresses.end()) {
      pod.addresses.push_back(*address);
    }
  }
}

struct PhaseRow {
  std::string_view name;
  PodPhase phase;
};

constexpr std::array kPhases = std::to_array<PhaseRow>({
    {"Pending", PodPhase::Pending},
    {"Running", PodPhase::Running},
    {"Succeeded", PodPhase::Succeeded},
    {"Failed", PodPhase::Failed},
    {"Unknown", PodPhase::Unknown},
});

void read_status(const Tree& status, Pod& pod, Diagnostics& diagnostics) {
  add_addresses(status, pod, diagnostics);
  if (const Tree* host = field(status, "hostIP", TreeKind::String, diagnostics)) {
    if (!host->text.empty()) static_cast<void>(parse_address(*host, diagnostics));
  }
  const auto phase = string_field(status, "phase", diagnostics);
  if (!phase || phase->empty()) return;
  const auto row = std::ranges::find(kPhases, *phase, &PhaseRow::name);
  if (row != kPhases.end()) {
    pod.phase = row->phase;
    return;
  }
  add_error(diagnostics, status.find("phase")->place, "bad-phase",
            "phase `" + std::string{*phase} +
                "` is unknown; it is one of Pending, Running, Succeeded, Failed, Unknown");
}

NodeId find_node(const Cluster& cluster, std::string_view name) {
  const auto at = std::ranges::lower_bound(cluster.nodes, name, {}, &Node::name);
  if (at == cluster.nodes.end() || at->name != name) return {};
  return {static_cast<std::uint32_t>(at - cluster.nodes.begin())};
}

/// A manifest without status stands for the pod that it will become: it counts as running.
Pod read_pod(const Object& object, NamespaceId ns, Projection& projection) {
  Pod pod = read_pod_template(*object.tree, projection);
  pod.ns = ns;
  pod.name = object.key.name;
  const Tree* spec = object.tree->find("spec");
  if (spec != nullptr && spec->is(TreeKind::Mapping)) {
    const auto node = string_field(*spec, "nodeName", projection.diagnostics);
    pod.node = find_node(projection.cluster, node.value_or(""));
  }
  const Tree* status = field(*object.tree, "status", TreeKind::Mapping, projection.diagnostics);
  if (status != nullptr) read_status(*status, pod, projection.diagnostics);
  return pod;
}

void draft_pods(Projection& projection, Drafts& drafts) {
  for (const auto* object : projection.objects.of_kind("Pod")) {
    const auto ns = namespace_of(*object, projection);
    if (!ns.is_valid()) continue;
    Pod pod = read_pod(*object, ns, projection);
    const auto top = top_owner(projection.objects, *object);
    const WorkloadKey key{ns, top.name, top.kind};
    const auto [at, is_new] = drafts.workloads.try_emplace(key);
    if (is_new) at->second.first_place = object->place();
    at->second.has_pods = true;
    at->second.has_live_pods = at->second.has_live_pods || !pod.is_completed();
    drafts.pods.push_back({std::move(pod), key});
  }
}

void draft_workloads(Projection& projection, Drafts& drafts) {
  for (const auto& row : pod_makers()) {
    for (const auto* object : projection.objects.of_kind(row.kind)) {
      const auto ns = namespace_of(*object, projection);
      if (!ns.is_valid()) continue;
      const auto top = top_owner(projection.objects, *object);
      auto& draft = drafts.workloads[{ns, top.name, top.kind}];
      draft.objects.push_back(object);
      if (top.kind == row.kind && top.name == object->key.name) draft.own = object;
      if (draft.objects.size() == 1) draft.first_place = object->place();
    }
  }
}

bool is_scaled_to_zero(const Object& object) {
  return object.tree->integer_at({"spec", "replicas"}) == 0;
}

/// The objects whose templates stand for the pods of a workload: the topmost one; without it the
/// lower ones, of which those scaled to zero are history if there are others.
std::vector<const Object*> standing_objects(const WorkloadDraft& draft) {
  if (draft.own != nullptr) return {draft.own};
  std::vector<const Object*> standing;
  std::ranges::copy_if(draft.objects, std::back_inserter(standing),
                       [](const Object* object) { return !is_scaled_to_zero(*object); });
  return standing.empty() ? draft.objects : standing;
}

bool has_condition(const Object& object, std::string_view type) {
  const Tree* conditions = object.tree->find_path({"status", "conditions"});
  if (conditions == nullptr) return false;
  return std::ranges::any_of(conditions->items, [&](const Tree& condition) {
    return condition.string_at({"type"}) == type && condition.string_at({"status"}) == "True";
  });
}

/// A Job that has ended makes no more pods.
PodPhase phase_to_come(const Object& object) {
  if (object.key.kind != "Job") return PodPhase::Running;
  if (has_condition(object, "Complete")) return PodPhase::Succeeded;
  return has_condition(object, "Failed") ? PodPhase::Failed : PodPhase::Running;
}

std::optional<Pod> read_stand_in(const Object& object, NamespaceId ns, Projection& projection) {
  const Tree* tree = pod_template(object);
  if (tree == nullptr || !tree->is(TreeKind::Mapping)) {
    add_error(projection.diagnostics, object.place(), "missing-field",
              to_string(object.key) + " has no pod template");
    return std::nullopt;
  }
  Pod pod = read_pod_template(*tree, projection);
  pod.ns = ns;
  pod.name = object.key.kind + '/' + object.key.name;
  pod.phase = phase_to_come(object);
  pod.stand_in = true;
  pod.place = object.place();
  return pod;
}

/// Templates stand for their pods where the input has no pod of them, or only completed ones: the
/// next ones will have the same labels.
void add_stand_ins(Projection& projection, Drafts& drafts) {
  for (auto& [key, draft] : drafts.workloads) {
    if (draft.has_live_pods) continue;
    for (const auto* object : standing_objects(draft)) {
      auto pod = read_stand_in(*object, key.ns, projection);
      if (!pod || (draft.has_pods && pod->is_completed())) continue;
      draft.scaled_to_zero = draft.scaled_to_zero || is_scaled_to_zero(*object);
      drafts.pods.push_back({std::move(*pod), key});
    }
  }
}

void index_address(Projection& projection, PodId id) {
  const Pod& pod = projection.cluster.at(id);
  if (pod.host_network) return;
  for (const auto& address : pod.addresses) {
    const auto [at, is_new] = projection.pod_by_address.try_emplace(address, id);
    const bool holder_completed = projection.cluster.at(at->second).is_completed();
    if (!is_new && holder_completed && !pod.is_completed()) at->second = id;
  }
}

/// Gives ids: workloads and pods in the order of their namespaces and names.
void number(Projection& projection, Drafts& drafts) {
  Cluster& cluster = projection.cluster;
  std::map<WorkloadKey, WorkloadId> ids;
  for (const auto& [key, draft] : drafts.workloads) {
    ids[key] = {static_cast<std::uint32_t>(cluster.workloads.size())};
    const Place place = draft.own != nullptr ? draft.own->place() : draft.first_place;
    cluster.workloads.push_back({key.ns, key.kind, key.name, place, {}, draft.scaled_to_zero});
  }
  std::ranges::sort(drafts.pods, {},
                    [](const PodDraft& draft) { return std::tie(draft.pod.ns, draft.pod.name); });
  for (auto& draft : drafts.pods) {
    const PodId id{static_cast<std::uint32_t>(cluster.pods.size())};
    draft.pod.workload = ids.at(draft.workload);
    cluster.workloads[draft.pod.workload.value].pods.push_back(id);
    cluster.namespaces[draft.pod.ns.value].pods.push_back(id);
    cluster.pods.push_back(std::move(draft.pod));
    index_address(projection, id);
  }
}

}  // namespace

void project_workloads(Projection& projection) {
  Drafts drafts;
  draft_pods(projection, drafts);
  draft_workloads(projection, drafts);
  add_stand_ins(projection, drafts);
  number(projection, drafts);
}

}  // namespace meshproof
