// What an edit of a ServiceMeshControlPlane does to the objects that it owns, and what stops it:
// operator.md 3.4, 6.1, 7.3 and operator-recorded.md "SMCP life cycle".

#include <algorithm>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "model/mesh/conditions.h"
#include "model/mesh/mesh.h"
#include "tests/model/mesh_scene.h"

namespace meshproof {
namespace {

/// An object as the charts make it, of the first generation.
std::string owned(const std::string& kind, const std::string& ns, const std::string& name,
                  const std::string& component, const std::string& content) {
  return "---\napiVersion: " +
         std::string{kind == "NetworkPolicy" ? "networking.k8s.io/v1"
                                             : "rbac.authorization.k8s.io/v1"} +
         "\nkind: " + kind + "\nmetadata: {name: " + name + ", namespace: " + ns +
         ", annotations: {maistra.io/mesh-generation: 2.5.1-1}, labels: {maistra.io/owner: mesh, "
         "maistra.io/owner-name: basic, app.kubernetes.io/managed-by: maistra-istio-operator, "
         "app.kubernetes.io/version: 2.5.1-1, app.kubernetes.io/component: " +
         component + "}}\n" + content + '\n';
}

/// The mesh with an additional ingress gateway in member `old`.
std::string with_gateway() {
  std::string state = mesh_manifests();
  const std::string spec = "spec: {version: v2.5}";
  state.replace(state.find(spec), spec.size(),
                "spec: {version: v2.5, gateways: {additionalIngress: {gw1: {enabled: true, "
                "namespace: old}}}}");
  return state + owned("NetworkPolicy", "old", "gw1", "istio-ingress", "spec: {ingress: [{}]}") +
         owned("RoleBinding", "old", "gw1-sds", "istio-ingress",
               "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: gw1-sds}");
}

ChangeStep edit_plane(std::string_view spec) {
  return patch("ServiceMeshControlPlane", "mesh", "basic", "{spec: " + std::string{spec} + "}");
}

std::string warning_of(const Prediction& prediction, std::string_view code) {
  const auto found = std::ranges::find(prediction.diagnostics, code, &Diagnostic::code);
  return found == prediction.diagnostics.end() ? "" : found->message;
}

std::string reconciled(const Prediction& prediction) {
  const Object* plane = prediction.after.find("ServiceMeshControlPlane", "mesh", "basic");
  const Tree* found =
      find_condition(plane->tree->find_path({"status", "conditions"}), "Reconciled");
  REQUIRE(found != nullptr);
  return std::string{found->string_at({"status"})} + ' ' +
         std::string{found->string_at({"reason"})};
}

std::string version_of(const Prediction& prediction, std::string_view kind, std::string_view ns,
                       std::string_view name) {
  const Object* found = prediction.after.find(kind, ns, name);
  return found == nullptr ? "gone" : std::string{found->label(kAppVersionLabel)};
}

TEST_CASE("an edit of the control plane keeps what an additional gateway owns") {
  const auto edited = play(with_gateway(), change_of({{edit_plane("{tracing: {sampling: 5}}")}}));
  CHECK(version_of(edited, "NetworkPolicy", "old", "gw1") == "2.5.1-2");
  CHECK(version_of(edited, "RoleBinding", "old", "gw1-sds") == "2.5.1-2");
  CHECK(version_of(edited, "NetworkPolicy", "mesh", "istio-mesh-basic") == "2.5.1-2");
}

TEST_CASE("a policy with the operator's labels that no chart is known to make is told") {
  const auto edited = play(mesh_manifests() + owned("NetworkPolicy", "mesh", "odd", "mesh-config",
                                                    "spec: {podSelector: {}}"),
                           change_of({{edit_plane("{tracing: {sampling: 5}}")}}));
  CHECK(version_of(edited, "NetworkPolicy", "mesh", "odd") == "2.5.1-2");
  CHECK(warning_of(edited, "unsupported-chart-object") ==
        "NetworkPolicy mesh/odd carries the operator's labels, but is none that the charts are "
        "known to make: it is taken to stay, while the operator deletes it if nothing makes it any "
        "more");
  const auto gateway = play(with_gateway(), change_of({{edit_plane("{tracing: {sampling: 5}}")}}));
  CHECK(warning_of(gateway, "unsupported-chart-object").empty());
}

TEST_CASE("a control plane that is held up for a reason not known here is told") {
  std::string state = mesh_manifests();
  const std::string spec = "spec: {version: v2.5}";
  state.insert(state.find(spec) + spec.size(),
               "\nstatus: {observedGeneration: 1, conditions: [{type: Reconciled, status: "
               "\"False\", reason: DependencyMissingError}]}");
  const auto prediction = play(state, change_of({{members({"old", "shop"})}}));
  CHECK(warning_of(prediction, "control-plane-not-reconciled") ==
        "ServiceMeshControlPlane mesh/basic is not reconciled in the input "
        "(DependencyMissingError): what holds the operator up, and what it goes on to do by "
        "itself, is not predicted");
}

TEST_CASE("an additional gateway gets a policy that opens its pods, and a binding") {
  const std::string gateway =
      "{gateways: {additionalIngress: {gw2: {enabled: true, namespace: old, service: {metadata: "
      "{labels: {team: x}}}}}, additionalEgress: {out: {enabled: true}}}}";
  const auto edited = play(mesh_manifests(), change_of({{edit_plane(gateway)}}));
  const Object* policy = edited.after.find("NetworkPolicy", "old", "gw2");
  REQUIRE(policy != nullptr);
  CHECK(policy->label(kOwnerLabel) == "mesh");
  CHECK(policy->tree->find_path({"metadata", "ownerReferences"}) == nullptr);
  const auto selected = {std::string_view{"spec"}, std::string_view{"podSelector"},
                         std::string_view{"matchLabels"}};
  const Tree* labels = policy->tree->find_path(selected);
  REQUIRE(labels != nullptr);
  CHECK(labels->string_at({"app"}) == "gw2");
  CHECK(labels->string_at({"team"}) == "x");
  CHECK(edited.after.find("RoleBinding", "old", "gw2-sds") != nullptr);
  CHECK(edited.after.find("RoleBinding", "mesh", "out-sds") != nullptr);
  CHECK(edited.after.find("NetworkPolicy", "mesh", "out") == nullptr);
}

TEST_CASE("a declared mesh has the policies of its additional gateways") {
  std::string state = mesh_manifests();
  const std::string spec = "spec: {version: v2.5}";
  state.replace(state.find(spec), spec.size(),
                "spec: {version: v2.5, gateways: {additionalIngress: {gw1: {enabled: true, "
                "namespace: old}, lost: {enabled: true, namespace: nowhere}}}}");
  const auto prediction = play(state, change_of({{members({"old", "shop"})}}));
  CHECK(prediction.before.find("NetworkPolicy", "old", "gw1") != nullptr);
  CHECK(prediction.before.find("NetworkPolicy", "nowhere", "lost") == nullptr);
  CHECK(prediction.after.find("NetworkPolicy", "old", "gw1") != nullptr);
}

TEST_CASE("a gateway that the spec drops, or switches off, takes its policy along") {
  const auto spec = GENERATE("{gateways: {additionalIngress: {gw1: null}}}",
                             "{gateways: {additionalIngress: {gw1: {enabled: false}}}}",
                             "{gateways: {enabled: false}}");
  const auto edited = play(with_gateway(), change_of({{edit_plane(spec)}}));
  CHECK(version_of(edited, "NetworkPolicy", "old", "gw1") == "gone");
  CHECK(version_of(edited, "RoleBinding", "old", "gw1-sds") == "gone");
}

TEST_CASE("bindings that are not known to end stay, those of an older version go") {
  std::string state = mesh_manifests();
  state.replace(state.find("v2.5"), 4, "v2.0");
  state += owned("RoleBinding", "mesh", "istio-mixer-admin-role-binding-mesh", "mixer-telemetry",
                 "roleRef: {kind: ClusterRole, name: mixer}") +
           owned("RoleBinding", "mesh", "wasm-cacher-basic", "wasm-extensions",
                 "roleRef: {kind: ClusterRole, name: wasm}");
  const auto without = play(state, change_of({{edit_plane("{tracing: {sampling: 5}}")}}), "2.1");
  CHECK(without.after.find("RoleBinding", "mesh", "istio-mixer-admin-role-binding-mesh") ==
        nullptr);
  const auto kept = play(state, change_of({{edit_plane("{telemetry: {type: Mixer}}")}}), "2.1");
  CHECK(kept.after.find("RoleBinding", "mesh", "istio-mixer-admin-role-binding-mesh") != nullptr);
  CHECK(kept.after.find("RoleBinding", "mesh", "wasm-cacher-basic") != nullptr);
  state.replace(state.find("v2.0"), 4, "v2.2");
  const auto dropped = play(state, change_of({{edit_plane("{version: v2.3}")}}), "2.3");
  CHECK(dropped.after.find("RoleBinding", "mesh", "wasm-cacher-basic") == nullptr);
}

TEST_CASE("a gateway outside of the mesh stops the operator, and nothing changes") {
  const auto frozen =
      play(with_gateway(),
           change_of({{members({})}, {edit_plane("{security: {manageNetworkPolicy: false}}")}}));
  CHECK(frozen.after.of_kind("NetworkPolicy", "mesh").size() == 8);
  CHECK(version_of(frozen, "NetworkPolicy", "old", "gw1") == "2.5.1-1");
  CHECK(reconciled(frozen) == "False ReconcileError");
  CHECK(warning_of(frozen, "control-plane-stopped") ==
        "the operator does not bring the spec of ServiceMeshControlPlane mesh/basic to the "
        "cluster (Error validating generated manifests: error: namespace of manifest old/gw1 not "
        "in mesh): what its charts make stays as it is");
  const auto mended =
      play(with_gateway(), change_of({{members({})},
                                      {edit_plane("{security: {manageNetworkPolicy: false}}")},
                                      {members({"old"})}}));
  CHECK(mended.after.of_kind("NetworkPolicy", "mesh").empty());
  CHECK(mended.after.of_kind("NetworkPolicy", "old").empty());
  CHECK(warning_of(mended, "control-plane-stopped").empty());
}

/// The states of a dump that has no messages in its conditions.
ObjectStore without_messages(const Prediction& prediction) {
  ObjectStore objects = prediction.after;
  Tree plane = *objects.find("ServiceMeshControlPlane", "mesh", "basic")->tree;
  for (Tree& condition : plane.mapping_at("status").find("conditions")->items) {
    condition.erase("message");
  }
  objects.put(make_object(std::move(plane)));
  return objects;
}

TEST_CASE("an operator that a state shows as stopped goes on when the obstacle is gone") {
  const auto frozen =
      play(with_gateway(),
           change_of({{members({})}, {edit_plane("{security: {manageNetworkPolicy: false}}")}}));
  Snapshot before;
  before.objects = GENERATE(false, true) ? without_messages(frozen) : frozen.after;
  const auto mended = predict(before, change_of({{members({"old"})}}), {});
  REQUIRE(mended.has_value());
  CHECK(mended->after.of_kind("NetworkPolicy", "mesh").empty());
  CHECK(warning_of(*mended, "control-plane-not-reconciled").empty());
  const auto held = predict(before, change_of({{members({"shop"})}}), {});
  REQUIRE(held.has_value());
  CHECK(held->after.of_kind("NetworkPolicy", "mesh").size() == 8);
  CHECK_FALSE(warning_of(*held, "control-plane-stopped").empty());
  CHECK(std::ranges::none_of(
      held->steps, [](const Step& step) { return step.key.kind == "ServiceMeshControlPlane"; }));
}

TEST_CASE("an operator that is stopped by nothing that is known here is told, and waits") {
  std::string state = mesh_manifests();
  const std::string head = "metadata: {name: basic, namespace: mesh}\nspec: {version: v2.5}";
  state.replace(state.find(head), head.size(),
                "metadata: {name: basic, namespace: mesh, generation: 2}\nspec: {version: v2.5}"
                "\nstatus: {observedGeneration: 1, operatorVersion: 2.5.1, conditions: [{type: "
                "Reconciled, status: \"False\", reason: ReconcileError}]}");
  const auto prediction = play(state, change_of({{members({"old", "shop"})}}));
  CHECK_FALSE(warning_of(prediction, "control-plane-not-reconciled").empty());
  CHECK(prediction.after.of_kind("NetworkPolicy", "mesh").empty());
}

TEST_CASE("a change that changes nothing does not look at what failed before") {
  auto frozen =
      play(with_gateway(),
           change_of({{members({})}, {edit_plane("{security: {manageNetworkPolicy: false}}")}}));
  Snapshot before;
  before.objects = frozen.after;
  const auto same = predict(before, change_of({}), {});
  REQUIRE(same.has_value());
  CHECK(same->steps.empty());
  CHECK(same->outcomes.empty());
  CHECK(warning_of(*same, "control-plane-stopped").empty());
}

TEST_CASE("Kiali without Prometheus is an error of the spec, and nothing changes") {
  const auto refused = play(
      mesh_manifests(), change_of({{edit_plane("{addons: {prometheus: {enabled: false}}, security: "
                                               "{manageNetworkPolicy: false}}")}}));
  CHECK(refused.after.of_kind("NetworkPolicy", "mesh").size() == 8);
  CHECK(reconciled(refused) == "False ValidationError");
  CHECK(warning_of(refused, "control-plane-stopped") ==
        "the operator does not bring the spec of ServiceMeshControlPlane mesh/basic to the "
        "cluster (Spec is invalid: error: .spec.addons.prometheus.enabled must be true when "
        ".spec.addons.kiali.enabled is true and spec.addons.kiali.name is not specified): what "
        "its charts make stays as it is");
  const auto named = play(
      mesh_manifests(),
      change_of({{edit_plane("{addons: {prometheus: {enabled: false}, kiali: {name: mine}}}")}}));
  CHECK(reconciled(named) == "True UpdateSuccessful");
}

/// The conditions as `Installed=False ResourceCreated, …`.
std::string conditions_of(const Prediction& prediction) {
  const Object* plane = prediction.after.find("ServiceMeshControlPlane", "mesh", "basic");
  std::string text;
  for (const Tree& condition : plane->tree->find_path({"status", "conditions"})->items) {
    text += (text.empty() ? "" : ", ") + std::string{condition.string_at({"type"})} + '=' +
            std::string{condition.string_at({"status"})} + ' ' +
            std::string{condition.string_at({"reason"})};
  }
  return text;
}

TEST_CASE("a control plane that is stopped at first tells that it is not installed") {
  const std::string project = "{apiVersion: v1, kind: Namespace, metadata: {name: mesh}}\n";
  const ChangeStep install = apply(
      "{apiVersion: maistra.io/v2, kind: ServiceMeshControlPlane, metadata: {name: basic, "
      "namespace: mesh}, spec: {version: v2.5, addons: {prometheus: {enabled: false}}}}");
  const auto stopped = play(project, change_of({{install}}));
  CHECK(conditions_of(stopped) ==
        "Installed=False ResourceCreated, Reconciled=False ValidationError, "
        "Ready=False ValidationError");
  const auto mended = play(
      project, change_of({{install}, {edit_plane("{addons: {prometheus: {enabled: true}}}")}}));
  CHECK(conditions_of(mended) ==
        "Installed=True InstallSuccessful, Reconciled=True InstallSuccessful, "
        "Ready=True ComponentsReady");
  const auto later =
      play(mesh_manifests(), change_of({{edit_plane("{addons: {prometheus: {enabled: false}}}")}}));
  CHECK(conditions_of(later) ==
        "Installed=True InstallSuccessful, Reconciled=False ValidationError, "
        "Ready=False ValidationError");
}

/// The role and binding of the mesh's users, with these metadata besides name and namespace.
std::string mesh_users(const std::string& metadata) {
  return "---\n{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: mesh-user, "
         "namespace: mesh" +
         metadata +
         "}}\n---\n{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: "
         "mesh-users, namespace: mesh" +
         metadata + "}, roleRef: {kind: Role, name: mesh-user}}\n";
}

TEST_CASE("the role of the mesh's users goes with its control plane, whether an owner is shown") {
  const Change deletion = change_of({{remove("ServiceMeshControlPlane", "mesh", "basic")}});
  const auto bare = play(mesh_manifests() + mesh_users(""), deletion);
  CHECK(bare.after.find("Role", "mesh", "mesh-user") == nullptr);
  CHECK(bare.after.find("RoleBinding", "mesh", "mesh-users") == nullptr);
  const auto others =
      play(mesh_manifests() +
               mesh_users(", ownerReferences: [{kind: ServiceMeshControlPlane, name: other}]"),
           deletion);
  CHECK(others.after.find("Role", "mesh", "mesh-user") != nullptr);
  CHECK(others.after.find("RoleBinding", "mesh", "mesh-users") != nullptr);
}

TEST_CASE("a label that somebody took off a chart's object stays off") {
  const auto prediction =
      play(mesh_manifests(), change_of({{patch("NetworkPolicy", "mesh", "istio-mesh-basic",
                                               "{metadata: {labels: {maistra.io/owner: null}}}")},
                                        {edit_plane("{tracing: {sampling: 1}}")}}));
  const Object* policy = prediction.after.find("NetworkPolicy", "mesh", "istio-mesh-basic");
  REQUIRE(policy != nullptr);
  CHECK_FALSE(policy->has_label(kOwnerLabel));
  CHECK(policy->label(kAppVersionLabel) == "2.5.1-2");
  CHECK(prediction.after.find("NetworkPolicy", "old", "istio-mesh-basic") == nullptr);
}

TEST_CASE("Jaeger's policy follows the name that the spec gives it") {
  const auto prediction =
      play(mesh_manifests(), change_of({{edit_plane("{addons: {jaeger: {name: mine}}}")}}));
  const Object* policy = prediction.after.find("NetworkPolicy", "mesh", "istio-jaeger-ingress");
  REQUIRE(policy != nullptr);
  CHECK(policy->tree->string_at(
            {"spec", "podSelector", "matchLabels", "app.kubernetes.io/instance"}) == "mine");
}

TEST_CASE("a standard gateway moves to the project that the spec names") {
  const auto moved =
      play(mesh_manifests(), change_of({{edit_plane("{gateways: {ingress: {namespace: old}}}")}}));
  CHECK(version_of(moved, "NetworkPolicy", "mesh", "istio-ingressgateway") == "gone");
  CHECK(version_of(moved, "NetworkPolicy", "old", "istio-ingressgateway") == "2.5.1-2");
  CHECK(version_of(moved, "RoleBinding", "old", "istio-ingressgateway-sds") == "2.5.1-2");
  const auto outside =
      play(mesh_manifests(), change_of({{edit_plane("{gateways: {ingress: {namespace: pay}}}")}}));
  CHECK(version_of(outside, "NetworkPolicy", "mesh", "istio-ingressgateway") == "2.5.1-1");
  CHECK(reconciled(outside) == "False ReconcileError");
}

TEST_CASE("what is not read of a control plane is told") {
  const auto profiles =
      play(mesh_manifests(), change_of({{edit_plane("{profiles: [small, mine]}")}}));
  CHECK(warning_of(profiles, "unsupported-profile") ==
        "spec.profiles is [small, mine]: what these profiles set is not known; addons and gateways "
        "that the spec leaves open are taken as profile default has them");
  const auto known =
      play(mesh_manifests(), change_of({{edit_plane("{profiles: [default, small]}")}}));
  CHECK(warning_of(known, "unsupported-profile").empty());
  const auto labels = play(
      mesh_manifests(),
      change_of(
          {{edit_plane("{gateways: {ingress: {service: {metadata: {labels: {team: x}}}}}}")}}));
  CHECK(warning_of(labels, "unsupported-gateway-labels") ==
        "the labels of spec.gateways.ingress.service are not followed: NetworkPolicy "
        "istio-ingressgateway is predicted with the default ones");
}

TEST_CASE("somebody else's policy of a chart's name is overwritten by the charts") {
  const auto prediction =
      play(mesh_manifests_and("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
                              "metadata: {name: istio-mesh-basic, namespace: mesh}\n"
                              "spec: {podSelector: {}, ingress: []}\n"),
           change_of({{edit_plane("{tracing: {sampling: 1}}")}}));
  const Object* policy = prediction.after.find("NetworkPolicy", "mesh", "istio-mesh-basic");
  REQUIRE(policy != nullptr);
  CHECK(policy->label(kOwnerLabel) == "mesh");
  CHECK(policy->tree->find_path({"spec", "ingress"})->items.size() == 1);
}

}  // namespace
}  // namespace meshproof
