#include "model/mesh/injection.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string_view>
#include <utility>

#include "model/mesh/attachment.h"
#include "model/mesh/found_operator.h"
#include "model/mesh/mesh.h"
#include "model/parallel.h"
#include "model/project/owners.h"

namespace meshproof {
namespace {

/// What the decisions about all workloads of a state share.
struct InjectionScene {
  const Snapshot& state;
  const std::vector<Injector>& injectors;
  bool has_multus = true;       ///< otherwise the plugin is chained, and no annotation is needed
  bool has_attachments = true;  ///< the input has NetworkAttachmentDefinitions at all
  bool with_pods = true;
};

/// A tree that may have been read for this alone.
struct HeldTree {
  std::shared_ptr<const Tree> whole;
  const Tree* part = nullptr;

  [[nodiscard]] explicit operator bool() const { return part != nullptr; }
};

const Injector* find_by_namespace(const std::vector<Injector>& injectors, std::string_view ns) {
  const auto at = std::ranges::find(injectors, ns, &Injector::ns);
  return at == injectors.end() ? nullptr : &*at;
}

/// The one that the namespace's label names, else the Gateway controller's, whose webhook asks for
/// none.
const Injector* injector_for(const PodToInject& pod, const std::vector<Injector>& injectors) {
  const Tree* label = pod.ns_labels == nullptr ? nullptr : pod.ns_labels->find(kMemberOfLabel);
  const Injector* named = label == nullptr ? nullptr : find_by_namespace(injectors, label->text);
  if (named != nullptr) return named;
  const auto at = std::ranges::find_if(
      injectors, [](const Injector& injector) { return injector.takes_gateways.value; });
  return at == injectors.end() ? nullptr : &*at;
}

HeldTree template_of(const Object* object, std::string_view kind) {
  if (object == nullptr) return {};
  HeldTree held{object->tree.read(), nullptr};
  const Tree* found = kind == "Pod" ? held.whole.get() : pod_template(kind, *held.whole);
  if (found != nullptr && found->is(TreeKind::Mapping)) held.part = found;
  return held;
}

const Object* object_of_stand_in(const ObjectStore& objects, const std::string& ns,
                                 std::string_view name) {
  const auto slash = name.find('/');
  if (slash == std::string_view::npos) return nullptr;
  return objects.find(name.substr(0, slash), ns, name.substr(slash + 1));
}

/// The template that the next pod will be made of; else a pod that has been made.
HeldTree find_template(const InjectionScene& scene, const Workload& workload, const std::string& ns,
                       bool& from_pod) {
  const ObjectStore& objects = scene.state.objects;
  if (auto own = template_of(objects.find(workload.kind, ns, workload.name), workload.kind)) {
    from_pod = workload.kind == "Pod" && find_sidecar(*own.part);
    return own;
  }
  for (const PodId id : workload.pods) {
    const Pod& pod = scene.state.cluster.at(id);
    if (!pod.stand_in) continue;
    const Object* object = object_of_stand_in(objects, ns, pod.name);
    if (auto held = template_of(object, object == nullptr ? "" : object->key.kind)) return held;
  }
  from_pod = true;
  for (const PodId id : workload.pods) {
    const Pod& pod = scene.state.cluster.at(id);
    if (auto held = template_of(objects.find("Pod", ns, pod.name), "Pod")) return held;
  }
  return {};
}

/// Templates of v2.1 and later by which a pod is not injected as a sidecar.
bool has_other_template(const PodToInject& pod, const Injector& injector) {
  if (injector.version->number < 201 || pod.annotations() == nullptr) return false;
  const Tree* names = pod.annotations()->find("inject.istio.io/templates");
  return names != nullptr && names->text.find("sidecar") == std::string::npos;
}

PodNetworks networks_of(const PodToInject& pod, const WorkloadInjection& workload,
                        const Injector* injector, const InjectionScene& scene) {
  PodNetworks networks;
  const Tree* annotation =
      pod.annotations() == nullptr ? nullptr : pod.annotations()->find(kNetworksAnnotation);
  std::optional<std::string> before;
  if (annotation != nullptr) {
    before = annotation->text;
    networks.place = annotation->place;
  }
  networks.before = networks.after = before.value_or("");
  networks.was_readable = networks.is_readable = read_networks(networks.before).has_value();
  const bool is_written = workload.decision.injected && scene.has_multus && !workload.from_pod &&
                          !has_other_template(pod, *injector);
  if (!is_written) return networks;
  networks.network = injector->version->network_attachment;
  MergedNetworks merged = merge_networks(before, networks.network, injector->networks);
  networks.change = merged.change;
  networks.after = std::move(merged.after);
  networks.is_readable = read_networks(networks.after).has_value();
  for (const auto& lost : lost_networks(networks.before, networks.after, pod.ns)) {
    networks.lost.push_back(to_string(lost));
  }
  networks.bypasses = networks.change == NetworksChange::Unreadable;
  networks.lacks_attachment =
      scene.has_attachments &&
      scene.state.objects.find(kAttachment, pod.ns, networks.network) == nullptr;
  return networks;
}

/// Of a pod that has been injected already the network is known to be written.
std::string expected_network(const WorkloadInjection& workload, const Injector* injector,
                             const InjectionScene& scene) {
  if (!workload.networks.network.empty()) return workload.networks.network;
  const bool from_injected = workload.from_pod && workload.decision.injected && scene.has_multus;
  return from_injected ? std::string{injector->version->network_attachment} : std::string{};
}

void look_at_pods(const InjectionScene& scene, const Workload& from, const Injector* injector,
                  WorkloadInjection& workload) {
  const ExpectedSidecar expected{workload.decision.injected, workload.mesh, workload.version,
                                 expected_network(workload, injector, scene)};
  for (const PodId id : from.pods) {
    const Pod& pod = scene.state.cluster.at(id);
    if (pod.stand_in || pod.is_completed()) continue;
    const Object* object = scene.state.objects.find("Pod", workload.ns, pod.name);
    if (object == nullptr) continue;
    const auto tree = object->tree.read(&kSidecarOutline);
    // A manifest: injection is still to come when it is created.
    if (tree->string_at({"status", "phase"}).empty()) continue;
    ++workload.pods;
    if (find_sidecar(*tree)) ++workload.sidecars;
    const auto misfit = find_misfit(*tree, expected);
    if (misfit) workload.misfits.push_back({pod.name, *misfit, object->place()});
  }
}

/// The annotation on a Deployment itself, which nobody reads.
std::optional<Place> misplaced_wish(const ObjectStore& objects, const WorkloadInjection& workload) {
  if (workload.kind == "Pod" || workload.wish.by != InjectionWish::By::Nothing) return std::nullopt;
  const Object* object = objects.find(workload.kind, workload.ns, workload.name);
  if (object == nullptr) return std::nullopt;
  const auto tree = object->tree.read();
  for (const std::string_view where : {"annotations", "labels"}) {
    const Tree* flag = tree->find_path({"metadata", where, kInjectKey});
    if (flag != nullptr && means_yes(flag->text)) return flag->place;
  }
  return std::nullopt;
}

std::optional<WorkloadInjection> injection_of(const InjectionScene& scene, const Workload& from,
                                              const Namespace& ns, const Tree* ns_labels) {
  WorkloadInjection workload;
  workload.ns = ns.name;
  workload.kind = from.kind;
  workload.name = from.name;
  workload.place = from.place;
  const HeldTree held = find_template(scene, from, ns.name, workload.from_pod);
  if (!held) return std::nullopt;
  const PodToInject pod{ns.name, ns_labels, ns.place, held.part};
  const Injector* injector = injector_for(pod, scene.injectors);
  workload.decision = decide_injection(pod, injector);
  if (workload.decision.rule == InjectionRule::NotAMember ||
      workload.decision.rule == InjectionRule::NoControlPlane) {
    injector = nullptr;
  }
  if (injector != nullptr) {
    workload.mesh = injector->ns;
    workload.control_plane = injector->name;
    workload.version = injector->version->name;
  }
  workload.upstream = decide_upstream(pod);
  workload.wish = injection_wish(pod);
  workload.misplaced_wish = misplaced_wish(scene.state.objects, workload);
  workload.networks = networks_of(pod, workload, injector, scene);
  if (const Tree* spec = held.part->find("spec")) {
    workload.privileges = held_privileges(*spec);
    workload.redirecting = redirecting_containers(*spec);
  }
  workload.host_network = pod.host_network();
  if (scene.with_pods) look_at_pods(scene, from, injector, workload);
  return workload;
}

/// The labels of the Namespace, else of its Project.
HeldTree labels_of(const ObjectStore& objects, const std::string& ns) {
  for (const std::string_view kind : {"Namespace", "Project"}) {
    const Object* object = objects.find(kind, "", ns);
    if (object == nullptr) continue;
    HeldTree held{object->tree.read(), nullptr};
    held.part = held.whole->find_path({"metadata", "labels"});
    return held;
  }
  return {};
}

std::vector<Injector> read_injectors(const ObjectStore& objects, const OperatorVersion& version) {
  std::vector<Injector> injectors;
  for (const Object* plane : objects.of_kind("ServiceMeshControlPlane")) {
    // Of two in one project the operator serves neither; one must stand here (find_meshes()).
    if (!injectors.empty() && injectors.back().ns == plane->key.ns) continue;
    injectors.push_back(read_injector(objects, *plane, version));
  }
  return injectors;
}

/// The workloads of each namespace that is asked for.
std::vector<std::vector<WorkloadId>> by_namespace(const Cluster& cluster,
                                                  const std::set<std::string>* namespaces) {
  std::vector<std::vector<WorkloadId>> found(cluster.namespaces.size());
  for (std::uint32_t i = 0; i < cluster.workloads.size(); ++i) {
    const NamespaceId ns = cluster.workloads[i].ns;
    if (namespaces != nullptr && !namespaces->contains(cluster.at(ns).name)) continue;
    found[ns.value].push_back({i});
  }
  std::erase_if(found, [](const auto& workloads) { return workloads.empty(); });
  return found;
}

}  // namespace

std::size_t WorkloadInjection::count(PodMisfit misfit) const {
  return static_cast<std::size_t>(std::ranges::count(misfits, misfit, &MisfittingPod::misfit));
}

const Injector* Injections::find_injector(std::string_view mesh) const {
  return find_by_namespace(injectors, mesh);
}

std::string networks_problem(const PodNetworks& networks) {
  if (networks.change == NetworksChange::None) return {};
  const std::string annotation{kNetworksAnnotation};
  if (networks.bypasses) {
    return "the annotation is no JSON list of objects, so it is left as it is: nothing redirects "
           "the pod's traffic to its sidecar";
  }
  if (!networks.is_readable && networks.was_readable) {
    return "the annotation becomes one that Multus refuses: no pod starts";
  }
  if (!networks.is_readable) return "Multus refuses the annotation: no pod starts";
  if (!networks.lost.empty()) {
    std::string names;
    for (const std::string& name : networks.lost) names += (names.empty() ? "" : ", ") + name;
    return "the annotation is overwritten: pods lose " + names;
  }
  if (networks.lacks_attachment) {
    return "there is no NetworkAttachmentDefinition " + networks.network +
           " in the project: no pod starts";
  }
  return {};
}

Result<Injections> find_injections(const Snapshot& state, const PredictOptions& options,
                                   const std::set<std::string>* namespaces, bool with_pods) {
  const auto found = find_operator(state.objects, options.operator_version);
  if (!found) return tl::unexpected(found.error());
  Injections injections;
  injections.injectors = read_injectors(state.objects, *found->version);
  const InjectionScene scene{
      state, injections.injectors,
      !find_platform(state.objects, options).is_absent(std::string{kAttachment}),
      !state.objects.of_kind(kAttachment).empty(), with_pods};
  const Cluster& cluster = state.cluster;
  const auto groups = by_namespace(cluster, namespaces);
  std::vector<std::vector<WorkloadInjection>> parts(groups.size());
  run_parallel(groups.size(), [&](std::size_t task) {
    const Namespace& ns = cluster.at(cluster.at(groups[task].front()).ns);
    const HeldTree labels = labels_of(state.objects, ns.name);
    for (const WorkloadId id : groups[task]) {
      auto workload = injection_of(scene, cluster.at(id), ns, labels.part);
      if (workload) parts[task].push_back(std::move(*workload));
    }
  });
  for (auto& part : parts) {
    std::ranges::move(part, std::back_inserter(injections.workloads));
  }
  return injections;
}

}  // namespace meshproof
