#include "solver/suggest/pod_labels.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "solver/kept_rules.h"

namespace meshproof {
namespace {

/// Labels that other pods of the same workload do not have, or not after the next rollout, and
/// those that the mesh writes.
constexpr std::array<std::string_view, 16> kPassing{
    "pod-template-hash",
    "pod-template-generation",
    "controller-revision-hash",
    "controller-uid",
    "batch.kubernetes.io/controller-uid",
    "job-name",
    "batch.kubernetes.io/job-name",
    "batch.kubernetes.io/job-completion-index",
    "apps.kubernetes.io/pod-index",
    "statefulset.kubernetes.io/pod-name",
    "deployment",
    "istio.io/rev",
    "security.istio.io/tlsMode",
    "service.istio.io/canonical-name",
    "service.istio.io/canonical-revision",
    "maistra-version",
};

/// The most telling first.
constexpr std::array<std::string_view, 6> kTelling{
    "app.kubernetes.io/name",      "app",     "app.kubernetes.io/instance",
    "app.kubernetes.io/component", "k8s-app", "deploymentconfig"};

bool is_passing(std::string_view key) { return std::ranges::find(kPassing, key) != kPassing.end(); }

std::size_t rank_of(std::string_view key) {
  return static_cast<std::size_t>(std::ranges::find(kTelling, key) - kTelling.begin());
}

LabelPairs lasting(const LabelPairs& labels) {
  LabelPairs result;
  std::ranges::copy_if(labels, std::back_inserter(result),
                       [](const auto& pair) { return !is_passing(pair.first); });
  std::ranges::sort(result);
  return result;
}

LabelPairs texts_of(const Tree* mapping) {
  LabelPairs labels;
  if (mapping == nullptr) return labels;
  for (const TreeField& field : mapping->fields) {
    if (field.value.is(TreeKind::String)) labels.emplace_back(field.key, field.value.text);
  }
  return labels;
}

/// What the object that makes the pods selects them by.
LabelPairs own_selector(const Snapshot& snapshot, const Workload& workload) {
  const std::string& ns = snapshot.cluster.at(workload.ns).name;
  const Object* object = snapshot.objects.find(workload.kind, ns, workload.name);
  if (object == nullptr || workload.kind == "Pod") return {};
  const auto tree = *object->tree;
  LabelPairs labels = texts_of(tree.find_path({"spec", "selector", "matchLabels"}));
  const bool is_plain =
      workload.kind == "DeploymentConfig" || workload.kind == "ReplicationController";
  if (labels.empty() && is_plain) labels = texts_of(tree.find_path({"spec", "selector"}));
  return labels;
}

std::vector<PodId> selected(const Cluster& cluster, NamespaceId ns, const LabelPairs& labels) {
  std::vector<PodId> pods;
  std::ranges::copy_if(cluster.at(ns).pods, std::back_inserter(pods), [&](PodId pod) {
    return has_labels(cluster, cluster.at(pod).labels, labels);
  });
  return pods;
}

/// Leaves out, the least telling first, what makes no difference to whom the labels select.
LabelPairs fewest(const Cluster& cluster, NamespaceId ns, LabelPairs labels) {
  const std::vector<PodId> wanted = selected(cluster, ns, labels);
  LabelPairs by_rank = labels;
  std::ranges::stable_sort(
      by_rank, [](const auto& a, const auto& b) { return rank_of(a.first) > rank_of(b.first); });
  for (const auto& pair : by_rank) {
    if (labels.size() == 1) break;
    LabelPairs fewer = labels;
    std::erase(fewer, pair);
    if (selected(cluster, ns, fewer) == wanted) labels = std::move(fewer);
  }
  return labels;
}

}  // namespace

std::optional<LabelPairs> naming_labels(const Snapshot& snapshot, PodId pod) {
  const Cluster& cluster = snapshot.cluster;
  const Pod& one = cluster.at(pod);
  LabelPairs labels = lasting(own_selector(snapshot, cluster.at(one.workload)));
  if (!labels.empty() && has_labels(cluster, one.labels, labels)) return labels;
  labels.clear();
  for (const Label& label : one.labels.all()) {
    labels.emplace_back(cluster.symbols.text(label.key), cluster.symbols.text(label.value));
  }
  labels = lasting(labels);
  if (labels.empty()) return std::nullopt;
  return fewest(cluster, one.ns, std::move(labels));
}

std::optional<LabelPairs> naming_labels(const Cluster& cluster, ServiceId service) {
  const std::optional<LabelSelector>& selector = cluster.at(service).selector;
  if (!selector || selector->requirements.empty()) return std::nullopt;
  LabelPairs labels;
  for (const LabelRequirement& requirement : selector->requirements) {
    if (requirement.op != LabelOperator::In || requirement.values.size() != 1) return std::nullopt;
    labels.emplace_back(cluster.symbols.text(requirement.key),
                        cluster.symbols.text(requirement.values.front()));
  }
  std::ranges::sort(labels);
  return labels;
}

}  // namespace meshproof
