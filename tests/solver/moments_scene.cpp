#include "tests/solver/moments_scene.h"

#include <set>
#include <utility>

#include "model/project.h"
#include "tests/support/yaml.h"

namespace meshproof {
namespace {

std::string ns(const std::string& name, const std::string& labels) {
  return "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + ", labels: {" + labels +
         "}}\n";
}

std::string pod(const std::string& in, const std::string& name, const std::string& labels) {
  return "---\napiVersion: v1\nkind: Pod\nmetadata: {name: " + name + ", namespace: " + in +
         ", labels: {" + labels + "}}\nstatus: {phase: Running}\n";
}

std::string mesh_policy(const std::string& in) {
  return R"(---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: istio-mesh, namespace: )" +
         in + R"(}
spec:
  podSelector: {}
  ingress:
  - from:
    - namespaceSelector: {matchLabels: {maistra.io/member-of: mesh}}
)";
}

std::string route_policy(const std::string& in) {
  return R"(---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: istio-expose-route, namespace: )" +
         in + R"(}
spec:
  podSelector: {matchLabels: {maistra.io/expose-route: "true"}}
  ingress:
  - from:
    - namespaceSelector: {matchLabels: {network.openshift.io/policy-group: ingress}}
)";
}

std::string own_policy(const std::string& in) {
  return R"(---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: own, namespace: )" +
         in + R"(}
spec:
  podSelector: {}
  ingress:
  - from:
    - podSelector: {}
)";
}

constexpr std::string_view kMember = "maistra.io/member-of: mesh";

std::string name_of(std::size_t i) { return "x" + std::to_string(i); }

/// What stays as it is.
std::string surroundings(const std::vector<bool>& isolated) {
  std::string text =
      ns("mesh", "") + ns("far", "") + ns("router", "network.openshift.io/policy-group: ingress") +
      ns("old", std::string(kMember)) + pod("old", "m", "app: m") + pod("far", "o", "app: o") +
      pod("router", "r", "app: r") + mesh_policy("old") + route_policy("old");
  for (std::size_t i = 0; i < isolated.size(); ++i) {
    text +=
        pod(name_of(i), "e", "maistra.io/expose-route: \"true\"") + pod(name_of(i), "h", "a: b");
    if (isolated[i]) text += own_policy(name_of(i));
  }
  return text;
}

std::string as_outsiders(const std::vector<bool>& isolated) {
  std::string text = surroundings(isolated);
  for (std::size_t i = 0; i < isolated.size(); ++i) text += ns(name_of(i), "");
  return text;
}

std::string as_members(const std::vector<bool>& isolated) {
  std::string text = surroundings(isolated);
  for (std::size_t i = 0; i < isolated.size(); ++i) {
    text +=
        ns(name_of(i), std::string(kMember)) + mesh_policy(name_of(i)) + route_policy(name_of(i));
  }
  return text;
}

Step step(const Snapshot& before, const Snapshot& after, const ObjectKey& key,
          const std::string& project, int rank) {
  Step result;
  const Object* was = before.objects.find(key);
  const Object* is = after.objects.find(key);
  result.verb = was == nullptr ? Verb::Create : is == nullptr ? Verb::Delete : Verb::Update;
  result.key = key;
  if (is != nullptr) result.object = *is->tree;
  result.project = project;
  result.rank = rank;
  return result;
}

MomentScene scene_between(const std::string& from, const std::string& to, std::size_t projects) {
  MomentScene scene;
  scene.before = state_of(objects_from(from));
  scene.after = state_of(objects_from(to));
  constexpr int kPolicies = 10;
  constexpr int kLabel = 40;
  const std::string group{default_group("NetworkPolicy")};
  for (std::size_t i = 0; i < projects; ++i) {
    const std::string name = name_of(i);
    const auto add = [&](const ObjectKey& key, int rank) {
      scene.steps.push_back(step(scene.before, scene.after, key, name, rank));
    };
    add({"", "Namespace", "", name}, kLabel);
    add({group, "NetworkPolicy", name, "istio-mesh"}, kPolicies);
    add({group, "NetworkPolicy", name, "istio-expose-route"}, kPolicies);
  }
  return scene;
}

}  // namespace

MomentScene joining(const std::vector<bool>& isolated) {
  return scene_between(as_outsiders(isolated), as_members(isolated), isolated.size());
}

MomentScene leaving(const std::vector<bool>& isolated) {
  return scene_between(as_members(isolated), as_outsiders(isolated), isolated.size());
}

std::vector<Stage> any_order(const MomentScene& scene) { return {{scene.steps, false, {}}}; }

std::vector<Stage> operator_order(const MomentScene& scene) { return {{scene.steps, true, {}}}; }

std::vector<Stage> labels_first(const MomentScene& scene) {
  std::vector<Stage> stages{{{}, false, "the labels are seen everywhere"}, {}};
  for (const Step& step : scene.steps) {
    stages[step.key.kind == "Namespace" ? 0 : 1].steps.push_back(step);
  }
  return stages;
}

std::vector<Stage> one_by_one(const MomentScene& scene, const std::vector<std::size_t>& order) {
  std::vector<Stage> stages;
  for (const std::size_t index : order)
    stages.push_back({{scene.steps[index]}, false, "it is seen"});
  return stages;
}

Snapshot state_of(ObjectStore objects) {
  NetworkOptions options;
  options.dialect = Dialect::Kubernetes;
  Snapshot state;
  state.objects = std::move(objects);
  Diagnostics told;
  state.cluster = project(state.objects, options, told);
  return state;
}

std::vector<Step> steps_between(const Snapshot& before, const Snapshot& after) {
  std::vector<Step> steps;
  std::set<ObjectKey> keys;
  for (const Snapshot* state : {&before, &after}) {
    for (const Object& object : state->objects) keys.insert(object.key);
  }
  for (const ObjectKey& key : keys) {
    const Object* was = before.objects.find(key);
    const Object* is = after.objects.find(key);
    if (was != nullptr && is != nullptr && *was->tree == *is->tree) continue;
    Step step;
    step.verb = was == nullptr ? Verb::Create : is == nullptr ? Verb::Delete : Verb::Update;
    step.key = key;
    step.project = key.ns.empty() ? key.name : key.ns;
    if (is != nullptr) step.object = *is->tree;
    steps.push_back(std::move(step));
  }
  return steps;
}

std::string broken(const std::vector<MomentVerdict>& verdicts) {
  std::string text;
  for (const MomentVerdict& verdict : verdicts) {
    if (std::holds_alternative<SafeMoments>(verdict.finding)) continue;
    text += text.empty() ? "" : " ";
    if (std::holds_alternative<Undecided>(verdict.finding)) text += '?';
    text += to_string(verdict.rule);
  }
  return text;
}

}  // namespace meshproof
