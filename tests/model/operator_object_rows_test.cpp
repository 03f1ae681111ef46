// operator.md 2, 3, 4, 7 and 8, row by row: what the mesh writes, refuses and takes away.

#include <algorithm>
#include <set>

#include "model/mesh/mesh.h"
#include "tests/model/operator_rows.h"

namespace meshproof {
namespace {

constexpr const char* kNothing = "";
constexpr const char* kClash =
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: istio-mesh-basic, "
    "namespace: shop}\nspec: {podSelector: {}}\n";
constexpr const char* kBindingClash =
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: "
    "prometheus-mesh, namespace: shop}\nroleRef: {kind: ClusterRole, name: view}\n";
constexpr const char* kOwnPolicy =
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: own, namespace: mesh, "
    "labels: {maistra.io/owner: mesh}}\nspec: {podSelector: {}}\n";
constexpr const char* kInternalPolicy =
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: own, namespace: mesh, "
    "labels: {maistra.io/owner: mesh}, annotations: {maistra.io/internal: 'false'}}\nspec: "
    "{podSelector: {}}\n";
constexpr const char* kUserCopy =
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: own, namespace: old, "
    "labels: {maistra.io/member-of: mesh}}\nspec: {podSelector: {}}\n";
constexpr const char* kSecondMesh =
    "apiVersion: v1\nkind: Namespace\nmetadata: {name: mesh-b}\n---\napiVersion: maistra.io/v2\n"
    "kind: ServiceMeshControlPlane\nmetadata: {name: other, namespace: mesh-b}\nspec: {version: "
    "v2.2}\n---\napiVersion: maistra.io/v1\nkind: ServiceMeshMemberRoll\nmetadata: {name: default, "
    "namespace: mesh-b}\nspec: {members: [taken]}\n---\napiVersion: v1\nkind: Namespace\nmetadata: "
    "{name: taken}\n";

Change join() { return change_of({{members({"old", "shop"})}}); }
ChangeStep delete_plane() { return remove("ServiceMeshControlPlane", "mesh", "basic"); }
ChangeStep edit_plane(const std::string& spec) {
  return patch("ServiceMeshControlPlane", "mesh", "basic", "{spec: " + spec + "}");
}

const std::vector<const char*> kAll = {"2.0", "2.1", "2.2", "2.3", "2.4", "2.5"};
const std::vector<const char*> kFrom21 = {"2.1", "2.2", "2.3", "2.4", "2.5"};
const std::vector<const char*> kFrom23 = {"2.3", "2.4", "2.5"};
const std::vector<const char*> kFrom24 = {"2.4", "2.5"};

std::set<std::string> names(const Prediction& after, std::string_view kind, std::string_view ns) {
  std::set<std::string> found;
  for (const Object* object : after.after.of_kind(kind, ns)) found.insert(object->key.name);
  return found;
}

using Names = std::set<std::string>;

/// Somebody takes the owner label off a copy, and the project leaves.
const Change kUnowned = change_of({{patch("RoleBinding", "old", "prometheus-mesh",
                                          "{metadata: {labels: {maistra.io/owner: null}}}")},
                                   {members({})}});

/// The roll is deleted; shop has a ServiceMeshMember that a user made, and is listed too.
const Change kRollDeleted = change_of(
    {{apply("{apiVersion: maistra.io/v1, kind: ServiceMeshMember, metadata: {name: default, "
            "namespace: shop}, spec: {controlPlaneRef: {name: basic, namespace: mesh}}}"),
      members({"old", "shop"})},
     {remove("ServiceMeshMemberRoll", "mesh", "default")}});

std::string refusal(const Prediction& after) {
  for (const Outcome& outcome : after.outcomes) {
    if (outcome.status == Outcome::Status::Rejected) return outcome.reason;
  }
  return "";
}

TEST_CASE("operator.md 2 and 4: bindings and attachments of a member, by version") {
  check_rows({
      {"2: v2.0",
       {"2.0"},
       kNothing,
       join(),
       [](const Prediction& p) {
         return names(p, "RoleBinding", "shop") ==
                Names{"istio-ingressgateway-sds", "istiod-pilot-basic", "prometheus-mesh"};
       }},
      {"2: v2.1",
       {"2.1"},
       kNothing,
       join(),
       [](const Prediction& p) {
         return names(p, "RoleBinding", "shop") == Names{"istio-egressgateway-sds",
                                                         "istio-ingressgateway-sds",
                                                         "istiod-basic-mesh",
                                                         "istiod-internal-basic",
                                                         "prometheus-mesh",
                                                         "wasm-cacher-basic",
                                                         "wasm-cacher-registry-viewer-basic"};
       }},
      {"2: v2.2",
       {"2.2"},
       kNothing,
       join(),
       [](const Prediction& p) {
         return names(p, "RoleBinding", "shop") == Names{"istio-egressgateway-sds",
                                                         "istio-ingressgateway-sds",
                                                         "istiod-clusterrole-basic-mesh",
                                                         "istiod-internal-basic",
                                                         "prometheus-mesh",
                                                         "wasm-cacher-basic",
                                                         "wasm-cacher-registry-viewer-basic"};
       }},
      {"2: v2.3",
       {"2.3"},
       kNothing,
       join(),
       [](const Prediction& p) {
         return names(p, "RoleBinding", "shop") ==
                Names{"istiod-clusterrole-basic-mesh", "prometheus-mesh"};
       }},
      {"2: v2.4 and v2.5", kFrom24, kNothing, join(),
       [](const Prediction& p) {
         return names(p, "RoleBinding", "shop") == Names{"istiod-clusterrole-basic-mesh",
                                                         "istiod-gateway-controller-basic-mesh",
                                                         "prometheus-mesh"};
       }},
      {"2: the gateway controller can be switched off", kFrom24, kNothing,
       change_of({{edit_plane("{runtime: {components: {pilot: {container: {env: "
                              "{PILOT_ENABLE_GATEWAY_API_DEPLOYMENT_CONTROLLER: 'false'}}}}}}")}}),
       [](const Prediction& p) {
         return names(p, "RoleBinding", "old") ==
                Names{"istiod-clusterrole-basic-mesh", "prometheus-mesh"};
       }},
      {"2: a copy without the owner label is not found when the project leaves",
       {"2.0"},
       kNothing,
       kUnowned,
       [](const Prediction& p) { return has(p, "RoleBinding", "old", "prometheus-mesh"); }},
      {"2: it is found by member-of", kFrom21, kNothing, kUnowned,
       [](const Prediction& p) { return count(p, "RoleBinding", "old") == 0; }},
      {"1.1: owner-name is stamped", kFrom21, kNothing, change_of({{}}),
       [](const Prediction& p) {
         return label(p, "NetworkPolicy", "mesh", "istio-mesh-basic", kOwnerNameLabel) == "basic";
       }},
      {"1.1: owner-name is not known",
       {"2.0"},
       kNothing,
       change_of({{}}),
       [](const Prediction& p) {
         return label(p, "NetworkPolicy", "mesh", "istio-mesh-basic", kOwnerNameLabel) == "none";
       }},
      {"2: mesh-users is never copied", kAll, kNothing, join(),
       [](const Prediction& p) {
         return has(p, "RoleBinding", "mesh", "mesh-users") &&
                !has(p, "RoleBinding", "shop", "mesh-users");
       }},
      {"2: a binding of the same name is an error, and later steps still run", kFrom21,
       kBindingClash, join(),
       [](const Prediction& p) {
         return label_after(p, "shop") == "mesh" &&
                condition(p, "ServiceMeshMember", "shop", "default", "Reconciled") ==
                    "False: ErrorConfiguringNamespace";
       }},
      {"4: the attachment carries the version's name",
       {"2.0"},
       kNothing,
       join(),
       [](const Prediction& p) {
         return names(p, "NetworkAttachmentDefinition", "shop") == Names{"v2-0-istio-cni"};
       }},
      {"4: the attachment carries the version's name",
       {"2.3"},
       kNothing,
       join(),
       [](const Prediction& p) {
         return names(p, "NetworkAttachmentDefinition", "shop") == Names{"v2-3-istio-cni"};
       }},
      {"4: none in the control plane's project", kAll, kNothing, join(),
       [](const Prediction& p) { return count(p, "NetworkAttachmentDefinition", "mesh") == 0; }},
      {"4: two meshes, two names",
       {"2.4", "2.5"},
       kSecondMesh,
       join(),
       [](const Prediction& p) {
         return names(p, "NetworkAttachmentDefinition", "taken") == Names{"v2-2-istio-cni"};
       }},
      {"4: a new version swaps it",
       {"2.5"},
       kNothing,
       change_of({{edit_plane("{version: v2.4}")}}),
       [](const Prediction& p) {
         return names(p, "NetworkAttachmentDefinition", "old") == Names{"v2-4-istio-cni"};
       }},
  });
}

TEST_CASE("operator.md 3: policies, whose they are and what keeps them") {
  check_rows({
      {"3.3: a labelled policy of a user is propagated", kAll, kOwnPolicy, join(),
       [](const Prediction& p) { return has(p, "NetworkPolicy", "shop", "own"); }},
      {"3.3: any value of internal keeps it at home", kAll, kInternalPolicy, join(),
       [](const Prediction& p) { return !has(p, "NetworkPolicy", "shop", "own"); }},
      {"3.3: on leave all labelled policies go, whoever made them", kAll, kUserCopy,
       change_of({{members({})}}),
       [](const Prediction& p) { return count(p, "NetworkPolicy", "old") == 0; }},
      {"3.3: a clash of policies aborts before bindings, attachment and label", kAll, kClash,
       join(),
       [](const Prediction& p) {
         return count(p, "RoleBinding", "shop") == 0 && label_after(p, "shop") == "none" &&
                has(p, "NetworkPolicy", "shop", "istio-expose-route-basic");
       }},
      {"3.4: a default control plane has eight policies", kAll, kNothing, change_of({{}}),
       [](const Prediction& p) { return count(p, "NetworkPolicy", "mesh") == 8; }},
      {"3.4: an addon that is off has none", kAll, kNothing,
       change_of({{edit_plane("{addons: {grafana: {enabled: false}}}")}}),
       [](const Prediction& p) {
         return !has(p, "NetworkPolicy", "mesh", "istio-grafana-ingress");
       }},
      {"3.4: the egress gateway has none", kAll, kNothing, change_of({{}}),
       [](const Prediction& p) { return !has(p, "NetworkPolicy", "mesh", "istio-egressgateway"); }},
      {"3.4: only mesh and expose-route are copied", kAll, kNothing, join(),
       [](const Prediction& p) {
         return names(p, "NetworkPolicy", "shop") ==
                Names{"istio-expose-route-basic", "istio-mesh-basic"};
       }},
      {"3.5: without managed policies a join still binds and labels", kFrom21, kNothing,
       change_of(
           {{edit_plane("{security: {manageNetworkPolicy: false}}")}, {members({"old", "shop"})}}),
       [](const Prediction& p) {
         return count(p, "NetworkPolicy", "shop") == 0 && label_after(p, "shop") == "mesh";
       }},
      {"3.5: policies come back when they are managed again", kFrom21, kNothing,
       change_of({{edit_plane("{security: {manageNetworkPolicy: false}}")},
                  {edit_plane("{security: {manageNetworkPolicy: true}}")}}),
       [](const Prediction& p) {
         return count(p, "NetworkPolicy", "old") == 2 && count(p, "NetworkPolicy", "mesh") == 8;
       }},
  });
}

TEST_CASE("operator.md 7: what admission refuses") {
  check_rows({
      {"7.1: nothing but `default`", kAll, kNothing,
       change_of({{apply("{apiVersion: maistra.io/v1, kind: ServiceMeshMemberRoll, metadata: "
                         "{name: other, namespace: mesh}, spec: {members: []}}")}}),
       [](const Prediction& p) {
         return refusal(p) == "ServiceMeshMemberRoll must be named 'default'";
       }},
      {"7.1: members and selectors", kFrom24, kNothing,
       change_of({{patch("ServiceMeshMemberRoll", "mesh", "default",
                         "{spec: {memberSelectors: [{}]}}")}}),
       [](const Prediction& p) {
         return refusal(p) == "combining .spec.members and .spec.memberSelectors is not allowed";
       }},
      {"7.1: no namespace has such a name", kAll, kNothing, change_of({{members({"A_b"})}}),
       [](const Prediction& p) {
         return refusal(p) ==
                ".spec.members contains invalid value 'A_b'. Must be a valid namespace name.";
       }},
      {"7.1: duplicates, named", kFrom24, kNothing, change_of({{members({"pay", "pay"})}}),
       [](const Prediction& p) {
         return refusal(p) == "duplicate namespace in .spec.members: pay";
       }},
      {"7.1: duplicates, not named",
       {"2.0", "2.1", "2.2", "2.3"},
       kNothing,
       change_of({{members({"pay", "pay"})}}),
       [](const Prediction& p) {
         return refusal(p) ==
                "ServiceMeshMemberRoll may not contain duplicate namespaces in .spec.members";
       }},
      {"7.1: `*` alone", kFrom23, kNothing, change_of({{members({"*", "pay"})}}),
       [](const Prediction& p) {
         return refusal(p) ==
                "when .spec.members contains an asterisk ('*'), it must contain no other entries";
       }},
      {"7.1: another roll",
       {"2.2", "2.3", "2.4", "2.5"},
       kSecondMesh,
       change_of({{members({"old", "taken"})}}),
       [](const Prediction& p) {
         return refusal(p) ==
                "one or more members are already defined in another ServiceMeshMemberRoll";
       }},
      {"7.2: the reference of a member cannot change", kFrom23, kNothing,
       change_of({{join().phases.front().steps.front()},
                  {patch("ServiceMeshMember", "shop", "default",
                         "{spec: {controlPlaneRef: {name: x}}}")}}),
       [](const Prediction& p) {
         return refusal(p) == "mutation of .spec.controlPlaneRef isn't allowed";
       }},
      {"7.3: one control plane in a project", kFrom24, kNothing,
       change_of({{apply("{apiVersion: maistra.io/v2, kind: ServiceMeshControlPlane, metadata: "
                         "{name: second, namespace: mesh}, spec: {version: v2.4}}")}}),
       [](const Prediction& p) {
         return refusal(p) == "only one service mesh may be installed per project/namespace";
       }},
      {"7.3: the operator's versions",
       {"2.5"},
       kNothing,
       change_of({{edit_plane("{version: v2.1}")}}),
       [](const Prediction& p) {
         return refusal(p) == "Only '[v2.2 v2.3 v2.4 v2.5]' versions are supported";
       }},
  });
}

TEST_CASE("operator.md 8: orders and removals") {
  check_rows({
      {"8.1: the label comes last", kAll, kNothing, join(),
       [](const Prediction& p) { return writes_for(p, "shop").back() == "update Namespace shop"; }},
      {"8.2: bindings, attachments, policies, then the label", kFrom21, kNothing,
       change_of({{members({})}}),
       [](const Prediction& p) {
         auto writes = writes_for(p, "old");
         for (std::string& write : writes) {
           const auto second = write.find(' ', write.find(' ') + 1);
           write = write.substr(0, second);
         }
         writes.erase(std::unique(writes.begin(), writes.end()), writes.end());
         return writes == std::vector<std::string>{"delete ServiceMeshMember", "delete RoleBinding",
                                                   "delete NetworkAttachmentDefinition",
                                                   "delete NetworkPolicy", "update Namespace"};
       }},
      {"8.3: a project that moves has no policies in between",
       {"2.2", "2.3", "2.4", "2.5"},
       kSecondMesh,
       change_of({{patch("ServiceMeshMemberRoll", "mesh-b", "default", "{spec: {members: []}}")},
                  {members({"old", "taken"})}}),
       [](const Prediction& p) { return label_after(p, "taken") == "mesh"; }},
      {"8.4: a deleted roll lets its members go", kAll, kNothing,
       change_of({{remove("ServiceMeshMemberRoll", "mesh", "default")}}),
       [](const Prediction& p) {
         return label_after(p, "old") == "none" && count(p, "NetworkPolicy", "old") == 0;
       }},
      {"8.4: the ServiceMeshMember of a user goes with the roll",
       {"2.1", "2.2"},
       kNothing,
       kRollDeleted,
       [](const Prediction& p) { return !has(p, "ServiceMeshMember", "shop", "default"); }},
      {"8.4: the ServiceMeshMember of a user stays", kFrom23, kNothing, kRollDeleted,
       [](const Prediction& p) { return has(p, "ServiceMeshMember", "shop", "default"); }},
      {"8.5: a deleted control plane leaves nothing in its own project", kAll, kNothing,
       change_of({{delete_plane()}}),
       [](const Prediction& p) {
         return count(p, "NetworkPolicy", "mesh") == 0 && count(p, "RoleBinding", "mesh") == 0 &&
                label_after(p, "mesh") == "none";
       }},
      {"8.5: up to 2.2 members keep label and policies",
       {"2.0", "2.1", "2.2"},
       kNothing,
       change_of({{delete_plane()}}),
       [](const Prediction& p) {
         return label_after(p, "old") == "mesh" && count(p, "NetworkPolicy", "old") == 2;
       }},
  });
}

}  // namespace
}  // namespace meshproof
