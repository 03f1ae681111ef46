#include "cli/route_judgements.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "backends/sha256.h"
#include "model/mesh/addon_routes.h"
#include "model/mesh/gateway_routes.h"
#include "model/mesh/mesh.h"
#include "model/project.h"
#include "solver/exposure_answers.h"

namespace meshproof {
namespace {

/// A Route or Ingress on one side of the change.
struct Found {
  Object object;
  std::string by;
  bool predicted = false;
  Place place;
  std::string claimed_by = {};  ///< who has its host already, so that no router admits it
};

using Routes = std::map<ObjectKey, Found>;

/// The state on one side of the change.
struct Side {
  const Snapshot& state;
  std::vector<GatewayRoute> made;  ///< of Gateways
  Routes routes;
};

/// The touched projects and those of their meshes; all meshes where no project is touched.
std::set<std::string> scope_of(const Plan& plan, const Snapshot& after) {
  std::set<std::string> scope;
  for (const Outcome& outcome : plan.prediction.outcomes) scope.insert({outcome.ns, outcome.mesh});
  if (scope.empty()) {
    for (const Mesh& mesh : find_meshes(after.objects)) scope.insert(mesh.ns);
  }
  for (const Step& step : plan.prediction.steps) {
    if (step.key.kind == "Route" || step.key.kind == "Ingress") scope.insert(step.key.ns);
    if (step.key.kind == "ServiceMeshControlPlane") scope.insert(step.key.ns);
  }
  for (const RouteChange& change : plan.routes) scope.insert(change.ns);
  return scope;
}

void add_predicted(Tree tree, std::string by, Place place, Routes& routes) {
  ObjectKey key = key_of(tree);
  // The API server chooses the name (control planes v1.1).
  if (key.name.empty()) key.name = std::string{tree.string_at({"metadata", "generateName"})} + '*';
  if (routes.contains(key)) return;
  Object object = make_object(std::move(tree));
  object.key = key;
  routes.emplace(std::move(key), Found{std::move(object), std::move(by), true, place});
}

Side side_of_change(const Snapshot& state, const std::set<std::string>& scope) {
  Side side{state, gateway_routes(state, short_sha256), {}};
  for (const auto kind : {"Route", "Ingress"}) {
    for (const std::string& ns : scope) {
      for (const Object* object : state.objects.of_kind(kind, ns)) {
        side.routes.emplace(object->key,
                            Found{*object, maker_of_route(*object), false, object->place()});
      }
    }
  }
  for (const GatewayRoute& made : side.made) {
    if (made.route.is_null()) continue;
    const std::string project = made.gateway.substr(0, made.gateway.find('/'));
    const std::string ns{made.route.string_at({"metadata", "namespace"})};
    if (!scope.contains(project) && !scope.contains(ns)) continue;
    add_predicted(made.route, "ior", made.place, side.routes);
    const auto known = side.routes.find(key_of(made.route));
    if (known != side.routes.end()) known->second.claimed_by = made.claimed_by;
  }
  for (Tree& route : addon_routes(state.objects)) {
    const ObjectKey key = key_of(route);
    const std::string_view owner =
        route.find_path({"metadata", "ownerReferences"})->items.front().string_at({"kind"});
    const std::string by = owner == "Kiali" ? "kiali" : "jaeger";
    if (scope.contains(key.ns)) add_predicted(std::move(route), by, {}, side.routes);
  }
  return side;
}

bool makes_key(const Side& side, const ObjectKey& key) {
  return std::ranges::any_of(side.made, [&](const GatewayRoute& made) {
    return !made.route.is_null() && key_of(made.route) == key;
  });
}

/// A control plane that still makes Routes takes those away that it has no Gateway for any more;
/// one that makes none leaves them behind.
void drop_unmade(const Side& before, Side& after) {
  std::set<std::string> makers;
  for (const std::string& mesh : meshes_that_make_routes(after.state.objects)) makers.insert(mesh);
  for (const GatewayRoute& made : before.made) {
    if (made.route.is_null() || !makers.contains(made.mesh)) continue;
    const ObjectKey key = key_of(made.route);
    const auto found = after.routes.find(key);
    if (found == after.routes.end() || found->second.by != "ior") continue;
    const bool opted_out = is_opted_out(after.state.objects, made.gateway);
    if (!makes_key(after, key) && !opted_out) after.routes.erase(found);
  }
}

/// The state with stand-ins for workloads of control planes that it has nothing of.
Cluster with_addons(const Snapshot& state, const std::set<std::string>& scope,
                    std::set<std::string>& assumed) {
  ObjectStore objects = state.objects;
  for (Tree& workload : addon_workloads(state.objects, scope)) {
    assumed.emplace(workload.string_at({"metadata", "namespace"}));
    objects.put(make_object(std::move(workload)));
  }
  Diagnostics ignored;  // what is wrong with the state was told when it was projected
  return project(objects, {}, ignored, &state);
}

struct Judged {
  std::map<ObjectKey, ExposureAnswer> answers;
  std::set<std::string> assumed;  ///< projects whose pods are stand-ins
};

Judged judge(const Side& side, const std::set<std::string>& scope) {
  Judged judged;
  if (side.routes.empty()) return judged;
  std::vector<Exposure> exposures;
  for (const auto& [key, found] : side.routes) exposures.push_back(exposure_of(found.object));
  std::vector<ExposureAnswer> answers;
  if (addon_workloads(side.state.objects, scope).empty()) {
    answers = answer_exposures(side.state.cluster, exposures);
  } else {
    Cluster cluster = with_addons(side.state, scope, judged.assumed);
    cluster.network = side.state.cluster.network;
    answers = answer_exposures(cluster, exposures);
  }
  std::size_t i = 0;
  for (const auto& [key, found] : side.routes) judged.answers.emplace(key, answers[i++]);
  return judged;
}

RouteJudgement judgement_of(const ObjectKey& key, const Found& found) {
  RouteJudgement judgement;
  judgement.kind = key.kind;
  judgement.ns = key.ns;
  judgement.name = key.name;
  judgement.host = exposure_of(found.object).host;
  judgement.by = found.by;
  judgement.predicted = found.predicted;
  judgement.place = found.place;
  return judgement;
}

/// What one side says; `then` is the member of the judgement for it.
void take(const Judged& judged, const ObjectKey& key, const Found& found, std::optional<bool>& then,
          RouteJudgement& judgement) {
  if (!found.claimed_by.empty()) {
    then = false;
    judgement.because = found.claimed_by + " has the host already";
    return;
  }
  const ExposureAnswer& answer = judged.answers.at(key);
  then = answer.answers;
  if (!then && judgement.because.empty()) judgement.because = answer.because;
  if (then && judged.assumed.contains(key.ns)) judgement.pods_assumed = true;
}

std::vector<RouteJudgement> joined(const Side& before, const Judged& then, const Side& after,
                                   const Judged& now) {
  std::map<ObjectKey, const Found*> all;
  for (const auto& [key, found] : before.routes) all.emplace(key, &found);
  for (const auto& [key, found] : after.routes) all[key] = &found;
  std::vector<RouteJudgement> judgements;
  for (const auto& [key, found] : all) {
    RouteJudgement judgement = judgement_of(key, *found);
    const auto was = before.routes.find(key);
    const auto is = after.routes.find(key);
    judgement.is_there_before = was != before.routes.end();
    judgement.is_there_after = is != after.routes.end();
    judgement.before = false;
    judgement.after = false;
    if (judgement.is_there_after) take(now, key, is->second, judgement.after, judgement);
    if (judgement.is_there_before) take(then, key, was->second, judgement.before, judgement);
    judgements.push_back(std::move(judgement));
  }
  std::ranges::stable_sort(judgements, {}, [](const RouteJudgement& each) {
    return std::tie(each.ns, each.kind, each.name);
  });
  return judgements;
}

std::vector<std::string> notices_of(const Side& after, const std::set<std::string>& scope) {
  constexpr std::size_t kShown = 4;
  std::vector<std::string> notices;
  std::size_t more = 0;
  for (const GatewayRoute& made : after.made) {
    const bool touched = scope.contains(made.gateway.substr(0, made.gateway.find('/')));
    if (!touched || (made.because.empty() && made.claimed_by.empty())) continue;
    if (notices.size() == kShown) {
      ++more;
      continue;
    }
    const std::string which = fmt::format("host {} of Gateway {}", made.host, made.gateway);
    notices.push_back(
        made.because.empty()
            ? fmt::format("{}: its Route {}/{} is not admitted, because {} has the host already",
                          which, made.route.string_at({"metadata", "namespace"}),
                          made.route.string_at({"metadata", "name"}), made.claimed_by)
            : fmt::format("{} gets no Route: {}", which, made.because));
  }
  if (more > 0) notices.push_back(fmt::format("{} more hosts of Gateways are like these", more));
  return notices;
}

}  // namespace

RouteJudgements judge_routes(const Plan& plan, const Snapshot& before, const Snapshot& after) {
  const std::set<std::string> scope = scope_of(plan, after);
  const Side then = side_of_change(before, scope);
  Side now = side_of_change(after, scope);
  drop_unmade(then, now);
  const Judged judged_before = judge(then, scope);
  const Judged judged_after = judge(now, scope);
  return {joined(then, judged_before, now, judged_after), notices_of(now, scope)};
}

}  // namespace meshproof
