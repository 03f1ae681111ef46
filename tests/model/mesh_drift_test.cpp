// What the mesh should have written against what is there: the drift command's model, and the
// self-check that goes before every prediction.

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "model/drift.h"
#include "tests/model/drift_scene.h"
#include "tests/model/mesh_scene.h"
#include "tests/support/yaml.h"

namespace meshproof {
namespace {

using Lines = std::vector<std::string>;

TEST_CASE("M1 to M10: an installed mesh is as predicted, so nothing departs") {
  const auto version = GENERATE("2.0", "2.1", "2.2", "2.3", "2.4", "2.5");
  const std::string plane = std::string{"v"} + version;
  std::string state = mesh_manifests();
  state.replace(state.find("v2.5"), 4, plane);
  const auto after = play(state, change_of({{members({"old", "shop"})}}), version).after;
  const Drift drift = drift_of(after);
  INFO(version);
  CHECK(drift.operator_version == version);
  CHECK(lines_of(drift).empty());
  CHECK(drift.self_check.members == 2);
  CHECK(drift.self_check.as_predicted() == 2);
}

struct Spoiled {
  const char* what;
  ObjectStore (*spoil)(ObjectStore);
  Lines lines;
  std::size_t as_predicted;  ///< of two members
};

TEST_CASE("B1, M1, M3, M5, M10: each way in which a member can depart is found and named") {
  const auto row = GENERATE(values<Spoiled>({
      {"operator.md 3.3: a deleted copy of a policy",
       [](ObjectStore s) {
         return without(std::move(s), "NetworkPolicy", "shop", "istio-mesh-basic");
       },
       {"missing error NetworkPolicy shop/istio-mesh-basic, mended"},
       1},
      {"operator.md 3.3: an edited copy is never mended",
       [](ObjectStore s) {
         return patched(std::move(s), "NetworkPolicy", "shop", "istio-mesh-basic",
                        "{spec: {ingress: [{}]}}");
       },
       {"differing error NetworkPolicy shop/istio-mesh-basic"},
       1},
      {"operator.md 3.3: somebody else's policy of the name",
       [](ObjectStore s) {
         return patched(std::move(s), "NetworkPolicy", "shop", "istio-mesh-basic",
                        "{metadata: {labels: {maistra.io/member-of: null}}}");
       },
       {"foreign error NetworkPolicy shop/istio-mesh-basic"},
       1},
      {"operator.md 3.3: a user's policy with the mesh's label",
       [](ObjectStore s) {
         return with(std::move(s),
                     "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: own, "
                     "namespace: shop, labels: {maistra.io/member-of: mesh}}\nspec: {podSelector: "
                     "{}}\n");
       },
       {"orphaned warning NetworkPolicy shop/own, mended"},
       1},
      {"operator.md 2: a deleted binding",
       [](ObjectStore s) {
         return without(std::move(s), "RoleBinding", "shop", "prometheus-mesh");
       },
       {"missing error RoleBinding shop/prometheus-mesh, mended"},
       1},
      {"operator.md 2: a binding whose subject was edited",
       [](ObjectStore s) {
         return patched(std::move(s), "RoleBinding", "shop", "prometheus-mesh",
                        "{subjects: [{kind: ServiceAccount, name: eve, namespace: shop}]}");
       },
       {"differing error RoleBinding shop/prometheus-mesh"},
       1},
      {"operator.md 2: what an older operator copied stays behind",
       [](ObjectStore s) {
         return with(std::move(s),
                     "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: "
                     "{name: istiod-internal-basic, namespace: shop, labels: "
                     "{maistra.io/member-of: mesh}}\nroleRef: {kind: Role, name: "
                     "istiod-internal-basic}\n");
       },
       {"orphaned warning RoleBinding shop/istiod-internal-basic"},
       1},
      {"operator.md 4: the attachment of another version",
       [](ObjectStore s) {
         return with(without(std::move(s), "NetworkAttachmentDefinition", "shop", "v2-5-istio-cni"),
                     "apiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition\nmetadata: "
                     "{name: v2-4-istio-cni, namespace: shop, labels: {maistra.io/member-of: "
                     "mesh}}\nspec: {config: ''}\n");
       },
       {"orphaned warning NetworkAttachmentDefinition shop/v2-4-istio-cni, mended",
        "missing error NetworkAttachmentDefinition shop/v2-5-istio-cni, mended"},
       1},
      {"operator.md 1.2: a label taken off by hand",
       [](ObjectStore s) {
         return patched(std::move(s), "Namespace", "", "shop",
                        "{metadata: {labels: {maistra.io/member-of: null}}}");
       },
       {"differing error Namespace shop, mended"},
       1},
      {"operator.md 1.2: an empty label value",
       [](ObjectStore s) {
         return patched(std::move(s), "Namespace", "", "shop",
                        "{metadata: {labels: {maistra.io/member-of: ''}}}");
       },
       {"differing error Namespace shop"},
       1},
      {"operator.md 1.4: the label of another mesh",
       [](ObjectStore s) {
         return patched(std::move(s), "Namespace", "", "shop",
                        "{metadata: {labels: {maistra.io/member-of: other}}}");
       },
       {"differing error Namespace shop", "orphaned warning Namespace shop"},
       1},
      {"operator.md 1.4: no ServiceMeshMember for a project of the roll",
       [](ObjectStore s) { return without(std::move(s), "ServiceMeshMember", "shop", "default"); },
       {"differing error ServiceMeshMemberRoll mesh/default, mended",
        "missing error ServiceMeshMember shop/default, mended"},
       1},
      {"operator.md 1.5: a stale list in the roll's status",
       [](ObjectStore s) {
         return patched(std::move(s), "ServiceMeshMemberRoll", "mesh", "default",
                        "{status: {configuredMembers: [old]}}");
       },
       {"differing error ServiceMeshMemberRoll mesh/default, mended"},
       2},
      {"operator.md 3.4: a policy of the charts that somebody deleted",
       [](ObjectStore s) {
         return without(std::move(s), "NetworkPolicy", "mesh", "istio-ingressgateway");
       },
       {"missing error NetworkPolicy mesh/istio-ingressgateway"},
       2},
      {"operator.md 3.3: a user's policy that every member would get",
       [](ObjectStore s) {
         return with(std::move(s),
                     "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: own, "
                     "namespace: mesh, labels: {maistra.io/owner: mesh}}\nspec: {podSelector: "
                     "{}}\n");
       },
       {"foreign warning NetworkPolicy mesh/own", "missing error NetworkPolicy old/own, mended",
        "missing error NetworkPolicy shop/own, mended"},
       0},
      {"M1: rights of a control plane in the whole cluster",
       [](ObjectStore s) {
         return with(
             std::move(s),
             "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: "
             "{name: too-much}\nroleRef: {kind: ClusterRole, name: admin}\nsubjects: "
             "[{kind: ServiceAccount, name: istiod-basic, namespace: mesh}]\n");
       },
       {"foreign warning ClusterRoleBinding too-much"},
       2},
      {"M1: rights of a control plane in a project that is no member",
       [](ObjectStore s) {
         return with(std::move(s),
                     "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: "
                     "{name: too-much, namespace: pay}\nroleRef: {kind: ClusterRole, name: "
                     "admin}\nsubjects: [{kind: ServiceAccount, name: istiod-basic, namespace: "
                     "mesh}]\n");
       },
       {"foreign warning RoleBinding pay/too-much"},
       2},
      {"operator.md 8.4: a project whose ServiceMeshMember is gone, and that no roll lists",
       [](ObjectStore s) {
         return patched(without(std::move(s), "ServiceMeshMember", "shop", "default"),
                        "ServiceMeshMemberRoll", "mesh", "default",
                        "{spec: {members: [old]}, status: {configuredMembers: [old]}}");
       },
       {"orphaned warning Namespace shop",
        "orphaned warning NetworkAttachmentDefinition shop/v2-5-istio-cni",
        "orphaned warning NetworkPolicy shop/istio-expose-route-basic",
        "orphaned warning NetworkPolicy shop/istio-mesh-basic",
        "orphaned warning RoleBinding shop/istiod-clusterrole-basic-mesh",
        "orphaned warning RoleBinding shop/istiod-gateway-controller-basic-mesh",
        "orphaned warning RoleBinding shop/prometheus-mesh"},
       1},
      {"operator.md 7.3: of two control planes in a project neither charts nor roll are compared",
       [](ObjectStore s) {
         return with(patched(std::move(s), "ServiceMeshMemberRoll", "mesh", "default",
                             "{status: {configuredMembers: [old]}}"),
                     "apiVersion: maistra.io/v2\nkind: ServiceMeshControlPlane\nmetadata: {name: "
                     "second, namespace: mesh}\nspec: {version: v2.5}\nstatus: {conditions: "
                     "[{type: Reconciled, status: 'False'}]}\n");
       },
       {},
       2},
      {"operator.md 8.2: what a failed leave left behind",
       [](ObjectStore s) {
         return with(std::move(s),
                     "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: "
                     "istio-mesh-basic, namespace: pay, labels: {maistra.io/member-of: "
                     "mesh}}\nspec: {podSelector: {}}\n");
       },
       {"orphaned warning NetworkPolicy pay/istio-mesh-basic"},
       2},
      {"operator.md 1.2: a stale label, told by the Project alone",
       [](ObjectStore s) {
         return with(std::move(s),
                     "apiVersion: project.openshift.io/v1\nkind: Project\nmetadata: {name: view, "
                     "labels: {maistra.io/member-of: mesh}}\n");
       },
       {"orphaned warning Namespace view"},
       2},
      {"operator.md 6.2: the CNI plugin belongs to no control plane",
       [](ObjectStore s) {
         return with(
             std::move(s),
             "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: "
             "{name: istio-cni, labels: {maistra.io/owner: maistra-istio-operator, "
             "app.kubernetes.io/component: istio_cni}}\nroleRef: {kind: ClusterRole, name: "
             "istio-cni}\n");
       },
       {},
       2},
      {"operator.md 8.5: objects of a control plane that is gone",
       [](ObjectStore s) {
         return with(std::move(s),
                     "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: "
                     "istio-mesh-gone, namespace: pay, labels: {maistra.io/owner: pay}}\nspec: "
                     "{podSelector: {}}\n");
       },
       {"orphaned warning NetworkPolicy pay/istio-mesh-gone"},
       2},
  }));
  INFO(row.what);
  const Drift drift = drift_of(row.spoil(installed()));
  CHECK(lines_of(drift) == row.lines);
  CHECK(drift.self_check.as_predicted() == row.as_predicted);
}

TEST_CASE("M7: a member whose network is not joined departs, whatever its label says") {
  const std::string network =
      "apiVersion: config.openshift.io/v1\nkind: Network\nmetadata: {name: cluster}\nspec: "
      "{networkType: OpenShiftSDN}\n---\napiVersion: network.openshift.io/v1\nkind: "
      "ClusterNetwork\nmetadata: {name: default}\npluginName: redhat/openshift-ovs-multitenant\n";
  std::string ids;
  for (const auto* const id : {"mesh: 10", "old: 11", "shop: 12", "pay: 13"}) {
    const std::string text{id};
    const std::string name = text.substr(0, text.find(':'));
    ids +=
        "---\napiVersion: network.openshift.io/v1\nkind: NetNamespace\nmetadata: {name: " + name +
        "}\nnetname: " + name + "\nnetid: " + text.substr(text.find(' ') + 1) + "\n";
  }
  const ObjectStore state = installed(network + ids);
  CHECK(lines_of(drift_of(state)).empty());
  const auto isolated = patched(state, "NetNamespace", "", "shop", "{netid: 77}");
  const Drift drift = drift_of(isolated);
  CHECK(lines_of(drift) == Lines{"differing error NetNamespace shop, mended"});
  CHECK(drift.self_check.departing == Lines{"shop"});
}

TEST_CASE("M8: in mode Subnet leftover policies of another mode are orphans") {
  const auto state = with(installed(),
                          "apiVersion: config.openshift.io/v1\nkind: Network\nmetadata: {name: "
                          "cluster}\nspec: {networkType: OpenShiftSDN}\n---\napiVersion: "
                          "network.openshift.io/v1\nkind: ClusterNetwork\nmetadata: {name: "
                          "default}\npluginName: redhat/openshift-ovs-subnet\n");
  const Drift drift = drift_of(state);
  CHECK(lines_of(drift) == Lines{"orphaned warning NetworkPolicy old/istio-expose-route-basic",
                                 "orphaned warning NetworkPolicy old/istio-mesh-basic",
                                 "orphaned warning NetworkPolicy shop/istio-expose-route-basic",
                                 "orphaned warning NetworkPolicy shop/istio-mesh-basic"});
}

TEST_CASE("M18: older copies are notes, a label that is missing departs") {
  const auto edited =
      play(mesh_manifests(), change_of({{members({"old", "shop"})},
                                        {patch("ServiceMeshControlPlane", "mesh", "basic",
                                               "{spec: {version: v2.5, proxy: {a: b}}}")}}))
          .after;
  const Drift older = drift_of(edited);
  CHECK(lines_of(older).empty());
  CHECK_FALSE(older.departures.empty());
  CHECK(older.self_check.as_predicted() == 2);
  const auto bare = patched(installed(), "NetworkPolicy", "shop", "istio-mesh-basic",
                            "{metadata: {labels: {app: null}}}");
  CHECK(lines_of(drift_of(bare)) == Lines{"differing warning NetworkPolicy shop/istio-mesh-basic"});
}

TEST_CASE("a mesh that is only declared is not compared, and that is told") {
  const Drift drift = drift_of(objects_from(mesh_manifests()));
  CHECK(drift.departures.empty());
  CHECK(drift.self_check.members == 0);
  REQUIRE(drift.diagnostics.size() == 1);
  CHECK(drift.diagnostics.at(0).code == "mesh-not-installed");
  CHECK(drift.diagnostics.at(0).message ==
        "ServiceMeshControlPlane mesh/basic has no status: its mesh is only declared here, so "
        "there is nothing of it to compare");
}

TEST_CASE("a kind that the input lacks altogether is not compared, and that is told") {
  ObjectStore state = installed();
  const ObjectStore before = state;
  for (const Object* binding : before.of_kind("RoleBinding")) state.erase(binding->key);
  const Drift drift = drift_of(state);
  CHECK(lines_of(drift).empty());
  REQUIRE(drift.diagnostics.size() == 1);
  CHECK(drift.diagnostics.at(0).code == "drift-not-compared");
  CHECK(drift.diagnostics.at(0).message ==
        "the input has no RoleBinding where the mesh writes some: it is taken as not collected, "
        "and this kind is not compared there");
}

TEST_CASE("without any mesh nothing departs and nothing is checked") {
  const Drift drift =
      drift_of(objects_from("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n"));
  CHECK(drift.departures.empty());
  CHECK(drift.meshes.empty());
  CHECK(drift.self_check.members == 0);
}

}  // namespace
}  // namespace meshproof
