#include "solver/moments/slice_state.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <utility>

#include "solver/moments/symbol_copy.h"

namespace meshproof {
namespace {

SceneProject copied(const SceneProject& project, SymbolCopy& copy) {
  SceneProject result = project;
  for (SceneObject& object : result.objects) {
    for (ObjectVersion& version : object.versions) {
      if (auto* ns = std::get_if<Namespace>(&version)) *ns = copy.of(*ns);
      if (auto* policy = std::get_if<NetworkPolicy>(&version)) *policy = copy.of(*policy);
    }
  }
  for (SceneEnd& end : result.ends) end.pod = copy.of(end.pod);
  return result;
}

}  // namespace

SliceState::SliceState(const Scene& scene, std::vector<const SceneProject*> projects, bool seconds)
    : asked_(projects.size()) {
  cluster_.network = scene.state().network;
  SymbolCopy copy(scene.symbols(), cluster_.symbols);
  cluster_.symbols.intern("kubernetes.io/metadata.name");
  for (const SceneProject& project : scene.standing_for_hosts()) {
    const auto is_it = [&](const SceneProject* one) { return one->name == project.name; };
    if (std::ranges::none_of(projects, is_it)) projects.push_back(&project);
  }
  std::vector<std::pair<std::string_view, std::size_t>> order;
  for (const SceneProject* project : projects) {
    projects_.push_back(copied(*project, copy));
    for (const UnmodelledObject& object : project->unmodelled) {
      cluster_.unmodelled.push_back(object);
      cluster_.unmodelled.back().ns = {static_cast<std::uint32_t>(order.size())};
    }
    order.emplace_back(project->name, order.size());
  }
  std::ranges::sort(order);
  namespaces_.resize(projects_.size());
  ends_.resize(projects_.size());
  seconds_.resize(projects_.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) namespaces_[order[i].second] = {i};
  for (UnmodelledObject& object : cluster_.unmodelled) object.ns = namespaces_[object.ns.value];
  for (const auto& [name, index] : order) {
    std::vector<std::pair<std::string, PodId*>> names;
    const auto& ends = projects_[index].ends;
    ends_[index].resize(ends.size());
    seconds_[index].resize(ends.size());
    for (std::size_t end = 0; end < ends.size(); ++end) {
      names.emplace_back(ends[end].pod.name, &ends_[index][end]);
      if (seconds && !ends[end].second.empty()) {
        names.emplace_back(ends[end].second, &seconds_[index][end]);
      }
    }
    std::ranges::sort(names);
    for (auto& [pod_name, id] : names) {
      const bool is_first = id >= ends_[index].data() && id < ends_[index].data() + ends.size();
      const std::size_t end =
          static_cast<std::size_t>(id - (is_first ? ends_[index] : seconds_[index]).data());
      Pod pod = ends[end].pod;
      pod.ns = namespaces_[index];
      pod.name = pod_name;
      if (!is_first) pod.addresses = ends[end].second_addresses;
      pod.workload = {static_cast<std::uint32_t>(cluster_.workloads.size())};
      *id = {static_cast<std::uint32_t>(cluster_.pods.size())};
      cluster_.workloads.push_back({pod.ns, "Pod", pod.name, pod.place, {*id}});
      cluster_.pods.push_back(std::move(pod));
    }
  }
}

void SliceState::add(const SceneProject& project, NamespaceId id, const VersionVector* versions) {
  Namespace& ns = cluster_.namespaces[id.value];
  for (std::size_t i = 0; i < project.objects.size(); ++i) {
    const std::size_t version = i < project.written ? (*versions)[i] : 0;
    const ObjectVersion& object = project.objects[i].versions[version];
    if (const auto* known = std::get_if<Namespace>(&object)) {
      const std::vector<PodId> pods = std::move(ns.pods);
      const auto policies = std::move(ns.policies);
      const auto egress = std::move(ns.egress_policies);
      const NetNamespaceId net = ns.net_namespace;
      ns = *known;
      ns.pods = pods;
      ns.policies = policies;
      ns.egress_policies = egress;
      ns.net_namespace = net;
    } else if (const auto* policy = std::get_if<NetworkPolicy>(&object)) {
      cluster_.policies.push_back(*policy);
      cluster_.policies.back().ns = id;
    } else if (const auto* net = std::get_if<NetNamespace>(&object)) {
      cluster_.net_namespaces.push_back(*net);
    } else if (const auto* firewall = std::get_if<EgressNetworkPolicy>(&object)) {
      cluster_.egress_policies.push_back(*firewall);
      cluster_.egress_policies.back().ns = id;
    }
  }
}

void SliceState::set(const std::vector<const VersionVector*>& versions) {
  cluster_.namespaces.assign(projects_.size(), {});
  cluster_.policies.clear();
  cluster_.net_namespaces.clear();
  cluster_.egress_policies.clear();
  for (std::size_t i = 0; i < projects_.size(); ++i) {
    cluster_.namespaces[namespaces_[i].value].name = projects_[i].name;
    add(projects_[i], namespaces_[i], i < asked_ ? versions[i] : nullptr);
  }
  const auto by_name = [](const auto& one) {
    return std::pair{one.ns, std::string_view(one.name)};
  };
  std::ranges::sort(cluster_.policies, {}, by_name);
  std::ranges::sort(cluster_.egress_policies, {}, by_name);
  std::ranges::sort(cluster_.net_namespaces, {}, &NetNamespace::name);
  for (std::uint32_t i = 0; i < cluster_.policies.size(); ++i) {
    cluster_.namespaces[cluster_.policies[i].ns.value].policies.push_back({i});
  }
  for (std::uint32_t i = 0; i < cluster_.egress_policies.size(); ++i) {
    cluster_.namespaces[cluster_.egress_policies[i].ns.value].egress_policies.push_back({i});
  }
  for (std::uint32_t i = 0; i < cluster_.net_namespaces.size(); ++i) {
    const NamespaceId ns = cluster_.find_namespace(cluster_.net_namespaces[i].name);
    if (ns.is_valid()) cluster_.namespaces[ns.value].net_namespace = {i};
  }
  for (std::uint32_t i = 0; i < cluster_.pods.size(); ++i) {
    cluster_.namespaces[cluster_.pods[i].ns.value].pods.push_back({i});
  }
}

}  // namespace meshproof
