#include "solver/checks/replay.h"

#include <algorithm>
#include <array>

#include "solver/checks/named_ends.h"
#include "solver/checks/what_if.h"
#include "solver/evaluate.h"

namespace meshproof {

namespace {

/// sdn.md 3: the SDN master gives ids from 10 on.
constexpr std::uint32_t kFirstNetId = 10;
constexpr std::uint32_t kLastNetId = 0xffffff;

Tree labels_tree(const LabelText& labels) {
  Tree tree = Tree::mapping();
  for (const auto& [key, value] : labels) tree.set(key, Tree::string(value));
  return tree;
}

Tree metadata(const std::string& ns, const std::string& name, const LabelText& labels) {
  Tree tree = Tree::mapping({{"name", Tree::string(name)}});
  if (!ns.empty()) tree.set("namespace", Tree::string(ns));
  if (!labels.empty()) tree.set("labels", labels_tree(labels));
  return tree;
}

Tree namespace_manifest(const std::string& name, const LabelText& labels) {
  return Tree::mapping({{"apiVersion", Tree::string("v1")},
                        {"kind", Tree::string("Namespace")},
                        {"metadata", metadata("", name, labels)}});
}

/// A port that is only declared; nothing listens there. Names decide, so they must be declared.
Tree port_manifests(const Counterexample& counterexample) {
  Tree ports = Tree::sequence();
  for (const std::string& name : counterexample.port_names) {
    ports.items.push_back(Tree::mapping(
        {{"name", Tree::string(name)},
         {"containerPort", Tree::number(counterexample.port)},
         {"protocol", Tree::string(std::string(to_string(counterexample.protocol)))}}));
  }
  return ports;
}

Tree pod_manifest(const std::string& ns, const std::string& name, const LabelText& labels,
                  Tree ports) {
  Tree container = Tree::mapping({{"name", Tree::string("main")},
                                  {"image", Tree::string("busybox")},
                                  {"command", Tree::strings({"sleep", "infinity"})}});
  if (!ports.items.empty()) container.set("ports", std::move(ports));
  return Tree::mapping(
      {{"apiVersion", Tree::string("v1")},
       {"kind", Tree::string("Pod")},
       {"metadata", metadata(ns, name, labels)},
       {"spec", Tree::mapping({{"containers", Tree::sequence({std::move(container)})}})}});
}

Tree running(Tree pod, const std::optional<IpAddress>& address) {
  Tree status = Tree::mapping({{"phase", Tree::string("Running")}});
  if (address) {
    status.set("podIP", Tree::string(address->to_string()));
    status.set("podIPs",
               Tree::sequence({Tree::mapping({{"ip", Tree::string(address->to_string())}})}));
  }
  pod.set("status", std::move(status));
  return pod;
}

std::string free_pod_name(const Cluster& cluster, const std::string& ns, std::string name) {
  const NamespaceId id = cluster.find_namespace(ns);
  if (!id.is_valid()) return name;
  const std::string stem = name;
  for (unsigned i = 2; cluster.find_pod(id, name).is_valid(); ++i) {
    name = stem + "-" + std::to_string(i);
  }
  return name;
}

/// With an id that is neither in use nor `taken`.
std::optional<Tree> net_namespace(const Cluster& cluster, const std::string& name,
                                  std::optional<std::uint32_t>& taken) {
  if (cluster.net_namespaces.empty()) return std::nullopt;
  std::uint32_t fresh = kFirstNetId;
  for (const NetNamespace& net : cluster.net_namespaces) {
    fresh = std::max(fresh, net.netid + 1);
  }
  const auto is_in_use = [&](const NetNamespace& net) { return net.netid == fresh; };
  while (fresh > kLastNetId || fresh == taken ||
         std::ranges::any_of(cluster.net_namespaces, is_in_use)) {
    fresh = fresh > kLastNetId ? kFirstNetId : fresh + 1;
  }
  taken = fresh;
  return Tree::mapping({{"apiVersion", Tree::string("network.openshift.io/v1")},
                        {"kind", Tree::string("NetNamespace")},
                        {"metadata", metadata("", name, {})},
                        {"netname", Tree::string(name)},
                        {"netid", Tree::number(fresh)}});
}

PodId find_pod(const Cluster& cluster, const std::string& ns, const std::string& name) {
  return cluster.find_pod(cluster.find_namespace(ns), name);
}

}  // namespace

Replay replay(const Snapshot& snapshot, const Counterexample& counterexample) {
  const Cluster& cluster = snapshot.cluster;
  std::vector<Tree> objects;
  Replay result;

  const bool makes_source = !counterexample.existing_source.is_valid();
  const bool makes_target = !counterexample.existing_destination.is_valid();
  const std::string& target_ns = counterexample.destination_namespace;
  const std::string target_name = makes_target
                                      ? free_pod_name(cluster, target_ns, "target")
                                      : cluster.at(counterexample.existing_destination).name;
  const std::string& source_ns = counterexample.source_namespace;
  const std::string source_name = makes_source ? free_pod_name(cluster, source_ns, "intruder")
                                               : cluster.at(counterexample.existing_source).name;
  const bool from_pod = counterexample.source != Counterexample::Source::Outside;
  std::optional<std::uint32_t> netid;
  const auto make_namespace = [&](const std::string& name, const LabelText& labels) {
    result.manifests.push_back(namespace_manifest(name, labels));
    objects.push_back(result.manifests.back());
    if (auto net = net_namespace(cluster, name, netid)) objects.push_back(std::move(*net));
  };
  if (counterexample.source == Counterexample::Source::FutureNamespace) {
    make_namespace(source_ns, counterexample.source_namespace_labels);
  }
  if (counterexample.makes_destination_namespace) {
    make_namespace(target_ns, counterexample.destination_namespace_labels);
  }
  if (from_pod && makes_source) {
    result.manifests.push_back(
        pod_manifest(source_ns, source_name, counterexample.source_labels, Tree::sequence()));
    objects.push_back(running(result.manifests.back(), counterexample.source_address));
  }
  if (makes_target) {
    result.manifests.push_back(pod_manifest(
        target_ns, target_name, counterexample.destination_labels, port_manifests(counterexample)));
    objects.push_back(running(result.manifests.back(), counterexample.destination_address));
  }

  const Cluster copy = with_objects(snapshot, objects).cluster;
  Flow flow;
  flow.dst = find_pod(copy, target_ns, target_name);
  flow.protocol = counterexample.protocol;
  flow.port = counterexample.port;
  if (from_pod) {
    flow.src = find_pod(copy, source_ns, source_name);
  } else {
    // NOLINTNEXTLINE(bugprone-unchecked-optional-access): no pod, so an address.
    flow.src = *counterexample.source_address;
  }
  result.src = to_string(flow.src, copy);
  result.dst = to_string(flow.dst, copy);
  result.decision = evaluate(copy, flow);
  return result;
}

Decision replay_witness(const Snapshot& snapshot, const Violated& violated) {
  std::vector<Tree> objects;
  std::optional<std::uint32_t> netid;
  for (const Tree& manifest : violated.manifests) {
    const bool is_pod = manifest.string_at({"kind"}) == "Pod";
    objects.push_back(is_pod ? running(manifest, std::nullopt) : manifest);
    if (manifest.string_at({"kind"}) != "Namespace") continue;
    const std::string name{manifest.string_at({"metadata", "name"})};
    if (auto net = net_namespace(snapshot.cluster, name, netid)) objects.push_back(std::move(*net));
  }
  const Cluster copy = with_objects(snapshot, objects).cluster;
  const auto src = find_end(copy, violated.src);
  const auto dst = find_end(copy, violated.dst);
  if (!src || !dst) {
    Reason reason;
    reason.text = (src ? violated.dst : violated.src) + " is not there";
    return {Access::Unknown, {std::move(reason)}};
  }
  const Evaluator evaluator(copy, PendingPods::WillRun);
  return decide(evaluator, *src, *dst, violated.protocol, violated.port);
}

}  // namespace meshproof
