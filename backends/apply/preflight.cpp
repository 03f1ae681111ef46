#include "backends/apply/preflight.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "backends/apply/gitops.h"

namespace meshproof {
namespace {

Diagnostic error(std::string code, std::string message, std::string subject) {
  return {{}, Severity::Error, std::move(code), std::move(message), {}, std::move(subject)};
}

Diagnostic failed(const ClusterError& why, const LiveCluster& cluster) {
  return error("cluster-failed", why.message, cluster.server());
}

/// Version, kind, verb: and in which namespaces; empty: everywhere.
using RightKey = std::tuple<std::string, std::string, std::string>;
using NeededRights = std::map<RightKey, std::set<std::string>>;

NeededRights needed_rights(const Execution& execution, Via via) {
  NeededRights rights;
  for (const Collection& collection : watched_collections(execution)) {
    for (const char* verb : {"list", "watch"}) {
      rights[{collection.api_version, collection.kind, verb}].insert(collection.ns);
    }
  }
  for (const auto* stages : {&execution.stages, &execution.rollback}) {
    for (const ExecutionStage& stage : *stages) {
      for (const PlannedWrite& write : stage.writes) {
        if (!is_ours(write, via)) continue;
        const Verb verb = write.verb();
        const char* word = verb == Verb::Create   ? "create"
                           : verb == Verb::Delete ? "delete"
                                                  : "patch";
        for (const char* each : {"get", word}) {
          rights[{write.api_version, write.key.kind, each}].insert(write.key.ns);
        }
      }
    }
  }
  for (const std::string& ns : lease_namespaces(execution)) {
    for (const char* verb : {"get", "create", "patch", "delete"}) {
      rights[{"coordination.k8s.io/v1", "Lease", verb}].insert(ns);
    }
  }
  return rights;
}

Diagnostics check_kinds(const Execution& execution, LiveCluster& cluster, Via via) {
  Diagnostics found;
  const auto served = cluster.served();
  if (!served) return {failed(served.error(), cluster)};
  std::set<std::string> told;
  for (const auto* stages : {&execution.stages, &execution.rollback}) {
    for (const ExecutionStage& stage : *stages) {
      for (const PlannedWrite& write : stage.writes) {
        const ObjectKey& key = write.key;
        if (!is_ours(write, via) || served->find(group_of(write.api_version), key.kind)) continue;
        if (!told.insert(key.kind).second) continue;
        found.push_back(error("kind-not-served",
                              fmt::format("the cluster serves no {} {}, which the plan writes",
                                          write.api_version, key.kind),
                              cluster.server()));
      }
    }
  }
  return found;
}

Diagnostics check_tracking(const Execution& execution, const LiveObjects& live, Via via) {
  Diagnostics found;
  std::set<ObjectKey> told;
  for (const ExecutionStage& stage : execution.stages) {
    for (const PlannedWrite& write : stage.writes) {
      const auto now = live.find(write.key);
      if (!is_ours(write, via) || now == live.end()) continue;
      const auto by = tracked_by(now->second);
      if (!by || !told.insert(write.key).second) continue;
      found.push_back(error("tracked-object",
                            fmt::format("{} keeps it as its repository has it and would undo the "
                                        "change: it belongs into the repository (--force writes "
                                        "all the same)",
                                        *by),
                            to_string(write.key)));
    }
  }
  return found;
}

Diagnostics check_basis(const Execution& execution, const LiveObjects& live, bool is_under_way) {
  Diagnostics found;
  for (const BasisChange& change :
       basis_changes(execution, live, {.touched_too = !is_under_way, .projects = {}})) {
    found.push_back(
        error("plan-stale",
              fmt::format("{} since the plan was made: make a new one", words_of(change.kind)),
              to_string(change.key)));
  }
  return found;
}

}  // namespace

std::vector<std::string> lease_namespaces(const Execution& execution) {
  std::set<std::string> namespaces;
  std::string first;
  for (const auto* stages : {&execution.stages, &execution.rollback}) {
    for (const ExecutionStage& stage : *stages) {
      for (const MemberEffect& member : stage.members) namespaces.insert(member.mesh);
      for (const PlannedWrite& write : stage.writes) {
        if (write.key.kind == "ServiceMeshMemberRoll") namespaces.insert(write.key.ns);
        if (first.empty()) first = write.key.ns;
      }
    }
  }
  if (namespaces.empty()) namespaces.insert(first.empty() ? "default" : first);
  return {namespaces.begin(), namespaces.end()};
}

Diagnostics check_cluster(const Execution& execution, LiveCluster& cluster) {
  const ClusterIdentity& planned = execution.cluster;
  if (planned.id().empty()) {
    return {error("plan-without-cluster",
                  "the plan was made of manifests that do not say of which cluster they are: plan "
                  "from a snapshot, or with --kubeconfig",
                  cluster.server())};
  }
  const ObjectKey system{"", "Namespace", "", "kube-system"};
  const ObjectKey version{"config.openshift.io", "ClusterVersion", "", "version"};
  Diagnostics found;
  const auto other = [&](std::string_view what, std::string_view here, std::string_view there) {
    found.push_back(error("other-cluster",
                          fmt::format("the plan is for another cluster: the {} is {}, here it is "
                                      "{}",
                                      what, there, here.empty() ? "not known" : here),
                          cluster.server()));
  };
  if (!planned.kube_system_uid.empty()) {
    const auto ns = cluster.get(system, "v1");
    if (!ns) return {failed(ns.error(), cluster)};
    const Tree* object = found_in(ns);
    const auto uid =
        object != nullptr ? object->string_at({"metadata", "uid"}) : std::string_view{};
    if (uid != planned.kube_system_uid) {
      other("uid of its Namespace kube-system", uid, planned.kube_system_uid);
    }
  }
  if (!planned.cluster_id.empty()) {
    const auto answer = cluster.get(version, "config.openshift.io/v1");
    const bool is_unserved = !answer && answer.error().refusal == Refusal::NotServed;
    if (!answer && !is_unserved) return {failed(answer.error(), cluster)};
    const Tree* object = found_in(answer);
    const auto id =
        object != nullptr ? object->string_at({"spec", "clusterID"}) : std::string_view{};
    if (id != planned.cluster_id) other("id of its ClusterVersion", id, planned.cluster_id);
  }
  return found;
}

Diagnostics check_rights(const Execution& execution, LiveCluster& cluster, Via via) {
  const auto served = cluster.served();
  if (!served) return {failed(served.error(), cluster)};
  Diagnostics found;
  for (const auto& [right, namespaces] : needed_rights(execution, via)) {
    const auto& [api_version, kind, verb] = right;
    if (served->find(group_of(api_version), kind) == nullptr) continue;
    const auto may = [&](const std::string& ns) {
      // NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): the names are bound above.
      return cluster.may({verb, api_version, kind, ns, {}});
    };
    // Who may everywhere is asked once, however many namespaces there are.
    if (namespaces.size() > 1) {
      const Answer<bool> everywhere = may({});
      if (!everywhere) return {failed(everywhere.error(), cluster)};
      if (*everywhere) continue;
    }
    for (const std::string& ns : namespaces) {
      const Answer<bool> here = may(ns);
      if (!here) return {failed(here.error(), cluster)};
      if (*here) continue;
      found.push_back(error("missing-right",
                            fmt::format("we may not {} {}{} (docs/RBAC.md has the roles)", verb,
                                        kind, ns.empty() ? "" : " in " + ns),
                            cluster.server()));
    }
  }
  return found;
}

Diagnostics preflight(const Execution& execution, LiveCluster& cluster, const LiveState& live,
                      const PreflightOptions& options) {
  Diagnostics found = check_cluster(execution, cluster);
  // Of another cluster nothing else is worth telling.
  if (has_errors(found)) return found;
  const auto add = [&](Diagnostics more) { std::ranges::move(more, std::back_inserter(found)); };
  add(check_kinds(execution, cluster, options.via));
  add(check_rights(execution, cluster, options.via));
  add(check_basis(execution, live.objects(), options.is_under_way));
  if (!options.force) add(check_tracking(execution, live.objects(), options.via));
  return found;
}

}  // namespace meshproof
