#include "solver/checks/outside_entry.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

namespace meshproof {
namespace {

/// How a Service takes in what comes from outside.
struct NodeEntry {
  bool is_open = false;       ///< it opens a port of the nodes, or takes addresses of its own
  bool keeps_client = false;  ///< the pods see the address of who sent it
};

NodeEntry entry_of(const Object& object) {
  static constexpr std::array kSpecFields{Outline::Field{"type"}, Outline::Field{"externalIPs"},
                                          Outline::Field{"externalTrafficPolicy"}};
  static constexpr Outline kSpec{kSpecFields};
  static constexpr std::array kFields{Outline::Field{"spec", &kSpec}};
  static constexpr Outline kOutline{kFields};
  const std::shared_ptr<const Tree> tree = object.tree.read(&kOutline);
  const std::string_view type = tree->string_at({"spec", "type"});
  const Tree* addresses = tree->find_path({"spec", "externalIPs"});
  NodeEntry entry;
  entry.is_open = type == "NodePort" || type == "LoadBalancer" ||
                  (addresses != nullptr && !addresses->items.empty());
  entry.keeps_client = tree->string_at({"spec", "externalTrafficPolicy"}) == "Local";
  return entry;
}

/// SEMANTICS OVN-16: where the gateway routers send from; which node does not matter.
IpAddress join_address() { return IpAddress::v4((100U << 24U) + (64U << 16U) + 2U); }

}  // namespace

/// One pod of those that no rule can tell apart, on each port that is asked about.
std::vector<OutsideEntries::Target> OutsideEntries::targets(
    const std::vector<PodId>& pods, const std::vector<PodId>& meant,
    const std::function<std::vector<PodPort>(const Pod&)>& ports_of) const {
  std::vector<Target> result;
  std::set<std::string> seen;
  for (const PodId id : pods) {
    const Pod& pod = snapshot_.cluster.at(id);
    const bool is_meant = !pod.is_completed() && std::ranges::binary_search(meant, id);
    if (!is_meant || !seen.insert(groups_.signature(id, true)).second) continue;
    for (const PodPort& port : ports_of(pod)) {
      if (ports_.contains(port.protocol, port.port)) result.push_back({id, port});
    }
  }
  return result;
}

void OutsideEntries::tell(const Decision& decision, const std::string& src, const Target& target,
                          const Reason& entry, EntryTally& tally) const {
  const std::string dst = to_string(FlowEnd{target.pod}, snapshot_.cluster);
  if (decision.access == Access::Unknown && tally.unknown.empty()) {
    tally.unknown = entry.text + ": " + src + " to " + dst + ": " + decision.reasons.front().text;
  }
  if (!decision.is_allowed() || tally.violated) return;
  Violated violated;
  violated.src = src;
  violated.dst = dst;
  violated.protocol = target.port.protocol;
  violated.port = target.port.port;
  violated.reasons = decision.reasons;
  violated.reasons.push_back(entry);
  violated.all = entry.text;
  tally.violated = std::move(violated);
}

/// SEMANTICS Q10: as the packet of some node. What only the pod's own node is let through by
/// (H2) hangs on whether its packets are taken for the node's, which was not recorded.
void OutsideEntries::ask_from_nodes(const Service& service, const Target& target,
                                    EntryTally& tally) const {
  const Cluster& cluster = snapshot_.cluster;
  const auto& [protocol, port] = target.port;
  Reason entry;
  entry.rule_id = "Q10";
  entry.place = service.place;
  entry.text = "Service " + cluster.at(service.ns).name + '/' + service.name +
               " takes what comes from outside in at the nodes";
  if (cluster.network.dialect == Dialect::OvnKubernetes) {
    const Flow flow{join_address(), target.pod, protocol, port};
    tell(evaluator_.evaluate(flow), join_address().to_string(), target, entry, tally);
    return;
  }
  for (std::uint32_t i = 0; i < cluster.nodes.size() && !tally.violated; ++i) {
    if (NodeId{i} == cluster.at(target.pod).node) continue;
    const Decision decision = evaluator_.evaluate_from_node({i}, target.pod, protocol, port);
    tell(decision, "Node/" + cluster.nodes[i].name, target, entry, tally);
  }
  if (tally.violated || !tally.unknown.empty()) return;
  tally.unknown = entry.text + ", and at the node of " + to_string(FlowEnd{target.pod}, cluster) +
                  " that may pass for traffic of the node, which is always admitted";
}

void OutsideEntries::look_at_services(const std::vector<PodId>& meant, EntryTally& tally) const {
  const Cluster& cluster = snapshot_.cluster;
  for (const Service& service : cluster.services) {
    const Object* object =
        snapshot_.objects.find("Service", cluster.at(service.ns).name, service.name);
    const NodeEntry entry = object == nullptr ? NodeEntry{} : entry_of(*object);
    if (!entry.is_open) continue;
    const std::vector<Target> found =
        targets(pods_behind(service, cluster), meant,
                [&](const Pod& pod) { return ports_behind(service, pod); });
    if (found.empty()) continue;
    ++tally.services;
    // With the client's own address it is one of the flows that are enumerated.
    if (entry.keeps_client) continue;
    for (const Target& target : found) ask_from_nodes(service, target, tally);
  }
}

void OutsideEntries::look_at_routes(const std::vector<PodId>& meant, EntryTally& tally) const {
  const Cluster& cluster = snapshot_.cluster;
  const std::vector<PodId> sources = routers(cluster);
  for (const Exposure& exposure : exposures_of(snapshot_.objects)) {
    const NamespaceId ns = cluster.find_namespace(exposure.object->key.ns);
    bool leads_there = false;
    Reason entry;
    entry.rule_id = "Q10";
    entry.place = exposure.object->place();
    entry.text = to_string(exposure.object->key) + " passes on what comes from outside";
    for (const ExposedService& exposed : exposure.services) {
      const ServiceId id = ns.is_valid() ? cluster.find_service(ns, exposed.service) : ServiceId{};
      if (!id.is_valid()) continue;
      const Service& service = cluster.at(id);
      const std::vector<Target> found =
          targets(pods_behind(service, cluster), meant,
                  [&](const Pod& pod) { return ports_behind(exposed, service, pod); });
      leads_there = leads_there || !found.empty();
      for (const Target& target : found) {
        for (const PodId router : sources) {
          if (tally.violated || router == target.pod) continue;
          const Flow flow{router, target.pod, target.port.protocol, target.port.port};
          tell(evaluator_.evaluate(flow), to_string(flow.src, cluster), target, entry, tally);
        }
      }
    }
    if (!leads_there) continue;
    ++tally.routes;
    if (sources.empty() && tally.unknown.empty()) {
      tally.unknown = entry.text + ", and the input has no router that could be asked about";
    }
  }
}

}  // namespace meshproof
