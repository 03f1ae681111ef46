#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/coverage.h"
#include "model/drift.h"
#include "model/hazard.h"
#include "model/mesh/injection_change.h"
#include "model/mesh/watch_scope.h"
#include "model/moments.h"
#include "model/network.h"
#include "model/prediction.h"
#include "model/reachability.h"
#include "model/recheck.h"
#include "model/rule.h"
#include "model/safe_order.h"
#include "model/use.h"
#include "model/verdict.h"

namespace meshproof {

/// A Route or Ingress to pods that the router reaches on one side of the change only.
struct RouteChange {
  std::string kind;  ///< `Route`, `Ingress`
  std::string ns;
  std::string name;
  std::string host;
  std::string router;      ///< who serves it: `openshift-ingress/Deployment/router-default`
  std::string workload;    ///< one of its targets: `shop/Deployment/web`
  bool stops = true;       ///< false: begins to answer
  bool partly = false;     ///< another backend or other pods answer before and after
  bool some_pods = false;  ///< it is some pods of the router and the workload that change
  Place place;
};

/// Whether a router reaches the pods behind a Route or Ingress, before and after the change.
struct RouteJudgement {
  std::string kind;  ///< `Route`, `Ingress`
  std::string ns;
  std::string name;
  std::string host;
  std::string by;  ///< `charts`, `ior`, `kiali`, `jaeger`; empty: anybody else
  bool is_there_before = false;
  bool is_there_after = false;
  /// False also where it is not there; nothing: not known, see `because`.
  std::optional<bool> before;
  std::optional<bool> after;
  std::string because;        ///< why one of them is not known, or no router admits it, in words
  bool predicted = false;     ///< the state has no such object: others than the operator make it
  bool pods_assumed = false;  ///< its pods are taken as the charts make them
  Place place;                ///< of the object, or of the host of a Gateway
};

/// Everything that `plan` shows: the edit, what the mesh writes, what that does to reachability,
/// and the verdicts. Made by the command from the values of the pipeline; rendered by reports.
struct Plan {
  Coverage coverage;
  Network network;                  ///< before the change
  std::vector<std::string> meshes;  ///< those the change touches: `istio-system/basic v2.5`
  SelfCheck self_check;             ///< of the state before
  Prediction prediction;
  std::vector<Hazard> hazards;      ///< what can go wrong; those that the input shows first
  std::vector<ScopeChange> scopes;  ///< what each control plane watches, before and after
  InjectionChanges injection;       ///< which pods have a sidecar, and which should
  ReachabilityChange reachability;
  UseChanges uses;  ///< of what the state before shows to be in use
  std::vector<RouteChange> routes;
  /// Those of the touched projects and of their meshes, by namespace, kind and name.
  std::vector<RouteJudgement> judged_routes;
  std::vector<LintFinding> findings;  ///< that the change brings: the state before lacks them
  /// The writes that can change who reaches whom, as the operator makes them, and what becomes of
  /// the rules while they take effect; none without such writes.
  std::vector<Stage> stages;
  std::vector<MomentVerdict> moments;
  /// What stays as it is although one might think otherwise, in sentences.
  std::vector<std::string> notices;
  bool was_asked = false;  ///< there were statements to judge, by default the built-in ones
  std::vector<Verdict> verdicts;
  std::optional<SafeOrder> safe_order;  ///< where it was asked for
  std::string undo;                     ///< one sentence; empty if there is no simple way back
  std::vector<RecheckedVerdict> rechecked = {};  ///< --recheck: one for each verdict
};

}  // namespace meshproof
