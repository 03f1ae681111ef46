#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <utility>

#include "model/project/fields.h"
#include "model/project/owners.h"
#include "model/project/projection.h"

namespace meshproof {
namespace {

void read_container_ports(const Tree& container, Pod& pod, Projection& projection) {
  for (const auto* item : object_items(container, "ports", projection.diagnostics)) {
    ContainerPort port;
    port.name = string_field(*item, "name", projection.diagnostics).value_or("");
    const auto protocol = read_protocol(*item, projection);
    const Tree* number = item->find("containerPort");
    if (is_absent(*item, "containerPort")) {
      add_error(projection.diagnostics, item->place, "missing-field",
                "the container port has no `containerPort`");
      continue;
    }
    const auto value = read_port_number(*number, "containerPort", projection);
    if (!protocol || !value) continue;
    port.protocol = *protocol;
    port.port = *value;
    pod.ports.push_back(std::move(port));
  }
}

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

constexpr auto kContainerFields =
    std::to_array<Outline::Field>({{"ports", nullptr}, {"restartPolicy", nullptr}});
constexpr Outline kContainer{kContainerFields};
constexpr auto kMetadataFields = std::to_array<Outline::Field>({{"annotations", nullptr},
                                                                {"deletionTimestamp", nullptr},
                                                                {"labels", nullptr},
                                                                {"ownerReferences", nullptr}});
constexpr Outline kMetadata{kMetadataFields};
constexpr auto kSpecFields = std::to_array<Outline::Field>({{"containers", &kContainer},
                                                            {"hostNetwork", nullptr},
                                                            {"initContainers", &kContainer},
                                                            {"nodeName", nullptr}});
constexpr Outline kSpec{kSpecFields};
constexpr auto kStatusFields = std::to_array<Outline::Field>(
    {{"hostIP", nullptr}, {"phase", nullptr}, {"podIP", nullptr}, {"podIPs", nullptr}});
constexpr Outline kStatus{kStatusFields};
constexpr auto kPodFields = std::to_array<Outline::Field>(
    {{"metadata", &kMetadata}, {"spec", &kSpec}, {"status", &kStatus}});
/// What a Pod is read for in this file and by Owners.
constexpr Outline kPod{kPodFields};

/// The number of the node in `pod_nodes`; invalid for an empty name. Also what the pod tells of it.
class PodNodes {
 public:
  explicit PodNodes(std::vector<Node>& nodes) : nodes_(&nodes) {}

  NodeId add(std::string_view name, const Tree& pod, Place place) {
    if (name.empty()) return {};
    const auto [at, is_new] =
        ids_.try_emplace(std::string{name}, NodeId{static_cast<std::uint32_t>(nodes_->size())});
    if (is_new) {
      Node& node = nodes_->emplace_back();
      node.name = name;
      node.place = place;
    }
    add_host_addresses(pod, nodes_->at(at->second.value));
    return at->second;
  }

 private:
  /// A pod tells its node's address, and a hostNetwork pod has all of them. What is wrong in them
  /// is told where the pod is read.
  static void add_host_addresses(const Tree& pod, Node& node) {
    std::vector<std::string_view> texts{pod.string_at({"status", "hostIP"})};
    if (pod.boolean_at({"spec", "hostNetwork"}).value_or(false)) {
      texts.push_back(pod.string_at({"status", "podIP"}));
      const Tree* list = pod.find_path({"status", "podIPs"});
      if (list != nullptr) {
        for (const auto& item : list->items) texts.push_back(item.string_at({"ip"}));
      }
    }
    for (const auto text : texts) {
      const auto address = IpAddress::parse(text);
      if (!address || std::ranges::find(node.addresses, *address) != node.addresses.end()) continue;
      node.addresses.push_back(*address);
    }
  }

  std::vector<Node>* nodes_;
  std::unordered_map<std::string, NodeId> ids_;
};

/// A manifest without status stands for the pod that it will become: it counts as running.
Pod read_pod(const Object& object, const Tree& tree, NamespaceId ns, PodNodes& nodes,
             Projection& projection) {
  Pod pod = read_pod_template(tree, projection);
  pod.ns = ns;
  pod.name = object.key.name;
  const Tree* spec = tree.find("spec");
  if (spec != nullptr && spec->is(TreeKind::Mapping)) {
    const auto node = string_field(*spec, "nodeName", projection.diagnostics);
    pod.node = nodes.add(node.value_or(""), tree, object.place());
  }
  const Tree* status = field(tree, "status", TreeKind::Mapping, projection.diagnostics);
  if (status != nullptr) read_status(*status, pod, projection.diagnostics);
  return pod;
}

}  // namespace

void draft_pods(Projection& projection) {
  Owners owners{projection.objects};
  PodNodes nodes{projection.pod_nodes};
  visit(
      projection, "Pod",
      [&](const Object& object, const Tree& tree) {
        const auto ns = namespace_of(object, projection);
        if (!ns.is_valid()) return;
        Pod pod = read_pod(object, tree, ns, nodes, projection);
        auto top = owners.top(object, tree);
        projection.pods.push_back({std::move(pod), {ns, std::move(top.name), std::move(top.kind)}});
      },
      &kPod);
}

std::optional<std::uint16_t> read_port_number(const Tree& value, std::string_view key,
                                              Projection& projection) {
  const auto number = value.as_integer();
  if (number && *number >= 1 && *number <= 65535) return static_cast<std::uint16_t>(*number);
  add_error(
      projection.diagnostics, value.place, "bad-port",
      '`' + std::string{key} + "` is " + describe(value) + "; it must be a number from 1 to 65535");
  return std::nullopt;
}

std::optional<Protocol> read_protocol(const Tree& port, Projection& projection) {
  if (is_absent(port, "protocol")) return Protocol::Tcp;
  const auto text = string_field(port, "protocol", projection.diagnostics);
  if (!text) return std::nullopt;
  const auto protocol = parse_protocol(*text);
  if (protocol && *protocol != Protocol::Icmp) return protocol;
  add_error(projection.diagnostics, port.find("protocol")->place, "bad-protocol",
            "protocol `" + std::string{*text} + "` is unknown; it is one of TCP, UDP, SCTP");
  return std::nullopt;
}

Pod read_pod_template(const Tree& tree, Projection& projection) {
  Diagnostics& diagnostics = projection.diagnostics;
  Pod pod;
  pod.place = tree.place;
  const Tree* metadata = field(tree, "metadata", TreeKind::Mapping, diagnostics);
  pod.labels = read_labels(metadata, projection);
  const Tree* spec = field(tree, "spec", TreeKind::Mapping, diagnostics);
  if (spec == nullptr) return pod;
  pod.host_network = boolean_field(*spec, "hostNetwork", diagnostics);
  for (const auto* container : object_items(*spec, "containers", diagnostics)) {
    read_container_ports(*container, pod, projection);
  }
  // Only init containers that go on running (sidecars) can serve a port.
  for (const auto* container : object_items(*spec, "initContainers", diagnostics)) {
    if (container->string_at({"restartPolicy"}) != "Always") continue;
    read_container_ports(*container, pod, projection);
  }
  return pod;
}

}  // namespace meshproof
