#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "model/project/fields.h"
#include "model/project/projection.h"

namespace meshproof {
namespace {

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

/// find_misspelt_fields() looks at all keys.
constexpr bool kForSpelling = true;

constexpr auto kContainerFields =
    std::to_array<Outline::Field>({{"ports", nullptr}, {"restartPolicy", nullptr}});
constexpr Outline kContainer{kContainerFields};
constexpr auto kAnnotationField =
    std::to_array<Outline::Field>({{"openshift.io/deployment-config.name", nullptr}});
constexpr Outline kAnnotations{kAnnotationField};
constexpr auto kMetadataFields = std::to_array<Outline::Field>({{"annotations", &kAnnotations},
                                                                {"deletionTimestamp", nullptr},
                                                                {"labels", nullptr},
                                                                {"ownerReferences", nullptr}});
constexpr Outline kMetadata{kMetadataFields, kForSpelling};
constexpr auto kSpecFields = std::to_array<Outline::Field>({{"containers", &kContainer},
                                                            {"hostNetwork", nullptr},
                                                            {"initContainers", &kContainer},
                                                            {"nodeName", nullptr}});
constexpr Outline kSpec{kSpecFields, kForSpelling};
constexpr auto kStatusFields = std::to_array<Outline::Field>(
    {{"hostIP", nullptr}, {"phase", nullptr}, {"podIP", nullptr}, {"podIPs", nullptr}});
constexpr Outline kStatus{kStatusFields};
constexpr auto kPodFields = std::to_array<Outline::Field>(
    {{"metadata", &kMetadata}, {"spec", &kSpec}, {"status", &kStatus}});
/// What a Pod is read for in this file and by Owners.
constexpr Outline kPod{kPodFields};

/// The node of that name in `pod_nodes`, made if it is new.
NodeId node_named(std::string_view name, Projection& projection) {
  std::vector<Node>& nodes = projection.pod_nodes;
  // Pods that are read together lie on few nodes.
  const auto at = std::ranges::find(nodes, name, &Node::name);
  const NodeId id{static_cast<std::uint32_t>(at - nodes.begin())};
  if (at == nodes.end()) nodes.emplace_back().name = name;
  return id;
}

void add_address(std::string_view text, Node& node) {
  const auto address = IpAddress::parse(text);
  if (!address || std::ranges::find(node.addresses, *address) != node.addresses.end()) return;
  node.addresses.push_back(*address);
}

/// A pod tells its node's address, and a hostNetwork pod has all of them. What is wrong in them is
/// told where the pod is read.
void add_host_addresses(const Tree& pod, Node& node) {
  add_address(pod.string_at({"status", "hostIP"}), node);
  if (!pod.boolean_at({"spec", "hostNetwork"}).value_or(false)) return;
  add_address(pod.string_at({"status", "podIP"}), node);
  const Tree* list = pod.find_path({"status", "podIPs"});
  if (list == nullptr) return;
  for (const auto& item : list->items) add_address(item.string_at({"ip"}), node);
}

/// Without its namespace. A manifest without status stands for the pod that it will become: it
/// counts as running.
Pod read_pod(const Object& object, const Tree& tree, Projection& projection) {
  Pod pod = read_pod_template(tree, projection);
  pod.name = object.key.name;
  const Tree* spec = tree.find("spec");
  if (spec != nullptr && spec->is(TreeKind::Mapping)) {
    const auto name = string_field(*spec, "nodeName", projection.diagnostics).value_or("");
    if (!name.empty()) {
      pod.node = node_named(name, projection);
      Node& node = projection.pod_nodes[pod.node.value];
      if (!node.place.is_known()) node.place = object.place();
      add_host_addresses(tree, node);
    }
  }
  const Tree* status = field(tree, "status", TreeKind::Mapping, projection.diagnostics);
  if (status != nullptr) read_status(*status, pod, projection.diagnostics);
  return pod;
}

/// The same labels in the symbols of another table, by the new symbol of each old one.
Labels renamed(const Labels& labels, const std::vector<Symbol>& symbols) {
  Labels result;
  for (const Label& label : labels.all()) {
    result.set(symbols[label.key.value], symbols[label.value.value]);
  }
  return result;
}

/// Its index in `pod_workloads`, entered if it is new.
WorkloadId workload_named(WorkloadKey key, Projection& projection) {
  // Pods of one workload mostly come one after the other.
  auto& named = projection.pod_workloads;
  if (!projection.cluster.pods.empty()) {
    const WorkloadId last = projection.cluster.pods.back().workload;
    if (*named[last.value] == key) return last;
  }
  const auto [at, is_new] = projection.pod_workload_ids.try_emplace(
      std::move(key), WorkloadId{static_cast<std::uint32_t>(named.size())});
  if (is_new) named.push_back(&at->first);
  return at->second;
}

/// Takes over pods that were read on their own, with symbols and nodes of their own.
void absorb(Projection& part, Projection& projection) {
  std::vector<Symbol> symbols;
  for (std::uint32_t i = 0; i < part.cluster.symbols.size(); ++i) {
    symbols.push_back(projection.cluster.symbols.intern(part.cluster.symbols.text({i})));
  }
  std::vector<NodeId> nodes;
  for (const Node& told : part.pod_nodes) {
    const auto [at, is_new] = projection.pod_node_ids.try_emplace(
        told.name, NodeId{static_cast<std::uint32_t>(projection.pod_nodes.size())});
    nodes.push_back(at->second);
    if (is_new) {
      projection.pod_nodes.push_back(told);
      continue;
    }
    Node& node = projection.pod_nodes[at->second.value];
    for (const IpAddress& address : told.addresses) {
      const bool is_known = std::ranges::find(node.addresses, address) != node.addresses.end();
      if (!is_known) node.addresses.push_back(address);
    }
  }
  for (auto& [object, draft] : part.read_pods) {
    const auto ns = namespace_of(*object, projection);
    if (!ns.is_valid()) continue;
    draft.pod.ns = draft.workload.ns = ns;
    draft.pod.labels = renamed(draft.pod.labels, symbols);
    draft.pod.workload = workload_named(std::move(draft.workload), projection);
    if (draft.pod.node.is_valid()) draft.pod.node = nodes[draft.pod.node.value];
    projection.cluster.pods.push_back(std::move(draft.pod));
  }
}

}  // namespace

void draft_pods(Projection& projection) {
  const auto read = [](const Object& object, const Tree& tree, Projection& part) {
    Pod pod = read_pod(object, tree, part);
    auto top = part.owners.top(object, tree);
    part.read_pods.emplace_back(
        &object, PodDraft{std::move(pod), {{}, std::move(top.name), std::move(top.kind)}});
  };
  projection.cluster.pods.reserve(projection.objects.of_kind("Pod").size());
  visit_in_parts(projection, "Pod", kPod, read,
                 [&](Projection& part) { absorb(part, projection); });
}

}  // namespace meshproof
