#include "cli/notices.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include <fmt/format.h>

#include "cli/routes.h"
#include "reports/text.h"
#include "solver/flow_graph.h"

namespace meshproof {
namespace {

using Names = std::vector<std::string>;

struct View {
  const Plan& plan;
  const Cluster& before;
  const Cluster& after;
  Names joined;  ///< namespaces that become members
  Names left;
  Names moved;  ///< both; sorted, each once
};

Names namespaces_with(const Plan& plan, Outcome::Status status) {
  Names names;
  for (const Outcome& outcome : plan.prediction.outcomes) {
    if (outcome.status == status) names.push_back(outcome.ns);
  }
  return names;
}

std::string listed(const Names& names) {
  if (names.size() > 4) return fmt::format("{} projects", names.size());
  return fmt::format("{}", fmt::join(names, ", "));
}

void add_mode_notice(const View& view, Names& notices) {
  if (view.moved.empty()) return;
  const std::string& unknown = view.after.network.unknown_because;
  if (!unknown.empty()) {
    notices.push_back("what the mesh does to the network is not predicted: " + unknown);
  } else if (view.after.network.strategy == Strategy::Nothing) {
    notices.push_back(
        fmt::format("the mesh configures nothing in this network: membership of {} changes no "
                    "reachability, and no isolation rests on it",
                    listed(view.moved)));
  }
  if (view.after.network.dialect == Dialect::OpenShiftSdn &&
      view.after.network.mode == SdnMode::Subnet) {
    notices.emplace_back("mode subnet: every pod reaches every pod, so nobody is isolated");
  }
}

void add_global_projects(const View& view, Names& notices) {
  if (view.after.network.mode != SdnMode::Multitenant) return;
  Names global;
  for (const NetNamespace& each : view.after.net_namespaces) {
    if (each.netid == 0) global.push_back(each.name);
  }
  if (!global.empty()) {
    notices.push_back(
        fmt::format("{} {} NetID 0: whatever joins, it reaches every project and "
                    "every project reaches it",
                    listed(global), global.size() == 1 ? "has" : "have"));
  }
}

/// False for a NetID that is only an example of one that is free.
bool is_used(const Cluster& before, const std::string& netid) {
  return std::any_of(before.net_namespaces.begin(), before.net_namespaces.end(),
                     [&](const NetNamespace& each) { return std::to_string(each.netid) == netid; });
}

/// Who is joined with whom once the SDN master has acted.
void add_networks(const View& view, const Snapshot& after, Names& notices) {
  if (after.cluster.network.mode != SdnMode::Multitenant) return;
  const FlowGraph graph = FlowGraph::of(after, {});
  for (const auto& component : graph.components({EdgeKind::NetworkJoin})) {
    std::string netid;
    Names projects;
    for (const VertexId id : component) {
      const Vertex& vertex = graph.at(id);
      if (vertex.kind == VertexKind::Network) netid = vertex.name;
      if (vertex.kind == VertexKind::Project) projects.push_back(vertex.name);
    }
    const auto has_moved = [&](const std::string& name) {
      return std::find(view.moved.begin(), view.moved.end(), name) != view.moved.end();
    };
    if (netid == "0" || std::none_of(projects.begin(), projects.end(), has_moved)) continue;
    const std::string network =
        is_used(view.before, netid) ? "NetID " + netid : "with a NetID that the SDN master picks";
    notices.push_back(
        projects.size() == 1
            ? fmt::format("{} is alone in its network, {}", projects[0], network)
            : fmt::format("one network afterwards, {}: {}", network, listed(projects)));
  }
}

/// True if a connection starts in the project, and if wanted ends there too.
bool starts_in(const ChangedConnections& connections, const std::string& ns, bool inside) {
  const auto is_there = [&](EndId id) { return connections.at(id).ns == ns; };
  return std::ranges::any_of(connections.groups, [&](const ConnectionGroup& group) {
    std::vector<EndId> sources;
    std::vector<EndId> destinations = group.destinations;
    std::ranges::copy_if(group.sources, std::back_inserter(sources), is_there);
    if (inside) std::erase_if(destinations, [&](EndId id) { return !is_there(id); });
    if (sources.empty() || destinations.empty()) return false;
    return group.is_itself() || sources != destinations || sources.size() > 1;
  });
}

/// True if something starts in the project that is not as it was, or not known to be.
bool touches(const ReachabilityChange& change, const std::string& ns, bool inside) {
  const auto starts_there = [&](const Reachability::Undecided& each) {
    return each.src.ns == ns && (!inside || each.dst.ns == ns);
  };
  return starts_in(change.lost, ns, inside) || (inside && starts_in(change.gained, ns, inside)) ||
         std::ranges::any_of(change.undecided, starts_there);
}

void add_unchanged_traffic(const View& view, Names& notices) {
  if (view.after.network.strategy == Strategy::Nothing) return;
  Names inside;
  Names outwards;
  for (const std::string& ns : view.moved) {
    const NamespaceId id = view.after.find_namespace(ns);
    if (!id.is_valid() || view.after.at(id).pods.empty()) continue;
    const ReachabilityChange& change = view.plan.reachability;
    if (!touches(change, ns, true)) inside.push_back(ns);
    if (!touches(change, ns, false)) outwards.push_back(ns);
  }
  if (!inside.empty()) {
    notices.push_back(fmt::format("inside {}: who reaches whom stays as it was", listed(inside)));
  }
  if (!outwards.empty()) {
    notices.push_back(fmt::format("egress of {}: whatever it reaches today it reaches afterwards",
                                  listed(outwards)));
  }
}

void add_host_traffic(const View& view, Names& notices) {
  if (view.after.network.strategy != Strategy::NetworkPolicy || view.joined.empty()) return;
  notices.emplace_back(
      "kubelet probes: a node reaches the pods that run on it whatever the policies say");
  Names unprotected;
  for (const std::string& ns : view.joined) {
    const NamespaceId id = view.after.find_namespace(ns);
    if (!id.is_valid()) continue;
    for (const PodId pod : view.after.at(id).pods) {
      if (view.after.at(pod).host_network && !view.after.at(pod).is_completed()) {
        unprotected.push_back(ns + "/" + view.after.at(pod).name);
      }
    }
  }
  if (unprotected.empty()) return;
  const std::size_t count = unprotected.size();
  if (unprotected.size() > 4) unprotected.resize(4);
  notices.push_back(fmt::format("{} ({}{}): no policy protects {}",
                                counted(count, "hostNetwork pod"), fmt::join(unprotected, ", "),
                                count > 4 ? ", …" : "", count == 1 ? "it" : "them"));
}

void add_unjudged_routes(const View& view, const Snapshot& after, Names& notices) {
  const Names routes = unjudged_routes(after, view.moved);
  if (routes.empty()) return;
  notices.push_back(fmt::format(
      "not judged: whether {} still {}, for the input has no router: no pod of openshift-ingress "
      "or of a project labelled "
      "network.openshift.io/policy-group: ingress",
      routes.size() > 4 ? counted(routes.size(), "Route", "Routes and Ingresses") : listed(routes),
      routes.size() == 1 ? "answers" : "answer"));
}

void add_residual(const View& view, Names& notices) {
  if (view.plan.reachability.lost.empty()) return;
  notices.emplace_back(
      "only new connections are judged: one that is open when its flow closes may live on");
}

}  // namespace

std::vector<std::string> find_notices(const Plan& plan, const Snapshot& before,
                                      const Snapshot& after) {
  View view{plan,
            before.cluster,
            after.cluster,
            namespaces_with(plan, Outcome::Status::Configured),
            namespaces_with(plan, Outcome::Status::Removed),
            {}};
  view.moved = view.joined;
  view.moved.insert(view.moved.end(), view.left.begin(), view.left.end());
  std::sort(view.moved.begin(), view.moved.end());
  view.moved.erase(std::unique(view.moved.begin(), view.moved.end()), view.moved.end());
  Names notices;
  add_mode_notice(view, notices);
  add_networks(view, after, notices);
  add_global_projects(view, notices);
  add_unchanged_traffic(view, notices);
  add_host_traffic(view, notices);
  add_unjudged_routes(view, after, notices);
  add_residual(view, notices);
  return notices;
}

}  // namespace meshproof
