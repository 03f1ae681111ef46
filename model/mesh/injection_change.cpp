#include "model/mesh/injection_change.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "model/mesh/mesh.h"
#include "model/project/owners.h"

namespace meshproof {
namespace {

using Names = std::set<std::string>;

bool makes_pods(const std::string& kind) {
  const auto makers = pod_makers();
  return kind == "Pod" || std::ranges::find(makers, kind, &PodMaker::kind) != makers.end();
}

bool is_namespace(const std::string& kind) { return kind == "Namespace" || kind == "Project"; }

/// Where something happens that the reader of a plan asks about, whether it matters or not.
Names shown_namespaces(const Prediction& prediction) {
  Names names;
  for (const Outcome& outcome : prediction.outcomes) names.insert(outcome.ns);
  for (const Step& step : prediction.steps) {
    if (!step.project.empty()) names.insert(step.project);
    if (step.writer != Step::Writer::User) continue;
    if (is_namespace(step.key.kind)) names.insert(step.key.name);
    if (makes_pods(step.key.kind)) names.insert(step.key.ns);
  }
  return names;
}

/// Where something could be decided otherwise: of a control plane that was written, every member.
Names written_namespaces(const Snapshot& after, const Prediction& prediction) {
  Names names = shown_namespaces(prediction);
  Names planes;
  for (const Step& step : prediction.steps) {
    if (step.writer != Step::Writer::User) continue;
    if (!step.key.ns.empty()) names.insert(step.key.ns);
    if (step.key.kind == "ServiceMeshControlPlane") planes.insert(step.key.ns);
  }
  if (planes.empty()) return names;
  const SymbolTable& symbols = after.cluster.symbols;
  const Symbol key = symbols.find(kMemberOfLabel);
  for (const Namespace& ns : after.cluster.namespaces) {
    const Symbol mesh = key.is_valid() ? ns.labels.find(key) : Symbol{};
    if (mesh.is_valid() && planes.contains(std::string{symbols.text(mesh)})) names.insert(ns.name);
  }
  return names;
}

using Key = std::tuple<std::string, std::string, std::string>;

Key key_of_workload(const WorkloadInjection& workload) {
  return {workload.ns, workload.name, workload.kind};
}

bool is_decided_alike(const WorkloadInjection& a, const WorkloadInjection& b) {
  return a.decision.injected == b.decision.injected && a.decision.rule == b.decision.rule &&
         a.mesh == b.mesh && a.version == b.version && a.networks.after == b.networks.after;
}

void add_unmodelled(const Injections& after, const Names& meshes, InjectionChanges& changes) {
  for (const std::string& mesh : meshes) {
    const Injector* injector = after.find_injector(mesh);
    if (injector == nullptr) continue;
    for (const std::string& sentence : injector->unmodelled) {
      changes.unmodelled.push_back(mesh + ": " + sentence);
    }
  }
}

}  // namespace

Result<InjectionChanges> injection_changes(const Snapshot& before, const Snapshot& after,
                                           const Prediction& prediction,
                                           const PredictOptions& options) {
  const Names written = written_namespaces(after, prediction);
  Names shown = shown_namespaces(prediction);
  const auto was = find_injections(before, options, &written, false);
  if (!was) return tl::unexpected(was.error());
  auto is = find_injections(after, options, &written);
  if (!is) return tl::unexpected(is.error());
  std::map<Key, const WorkloadInjection*> old;
  for (const WorkloadInjection& workload : was->workloads) {
    old.emplace(key_of_workload(workload), &workload);
  }
  const auto find_old = [&](const WorkloadInjection& workload) {
    const auto at = old.find(key_of_workload(workload));
    return at == old.end() ? nullptr : at->second;
  };
  for (const WorkloadInjection& workload : is->workloads) {
    const WorkloadInjection* known = find_old(workload);
    if (known == nullptr || !is_decided_alike(*known, workload)) shown.insert(workload.ns);
  }
  InjectionChanges changes;
  Names meshes;
  for (WorkloadInjection& workload : is->workloads) {
    if (!shown.contains(workload.ns)) continue;
    const WorkloadInjection* known = find_old(workload);
    if (!workload.mesh.empty()) meshes.insert(workload.mesh);
    auto decision = known == nullptr ? std::nullopt : std::optional{known->decision};
    changes.workloads.push_back({std::move(workload), std::move(decision)});
  }
  add_unmodelled(*is, meshes, changes);
  return changes;
}

}  // namespace meshproof
