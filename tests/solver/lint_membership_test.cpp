// The rules about rolls, labels and copies (MP01xx): what they find beyond their two examples.

#include <catch2/catch.hpp>

#include "tests/solver/lint_scene.h"

namespace meshproof {
namespace {

using Lines = std::vector<std::string>;

const std::string kCopied =
    "name: istio-mesh-basic, namespace: mesh, labels: {maistra.io/owner: mesh}";

TEST_CASE("M4: two meshes claim one project by any pair of means but two lists") {
  const std::string meshes =
      tenant("shop", "team: sales") + declared_plane("mesh-a") + declared_plane("mesh-b");
  CHECK(finds_one("MP0102",
                  meshes + roll("mesh-a", "{members: [shop]}") +
                      roll("mesh-b", "{memberSelectors: [{matchLabels: {team: sales}}]}"),
                  "Namespace shop: is claimed by mesh-a (spec.members of its roll) and mesh-b "
                  "(spec.memberSelectors of its roll)"));
  CHECK(finds_one("MP0102", meshes + roll("mesh-a", "{members: [shop]}") + member("shop", "mesh-b"),
                  "and mesh-b (a ServiceMeshMember)"));
  // The other control plane's own project is one of all.
  CHECK(findings_of("MP0102", meshes + roll("mesh-a", "{members: ['*']}")) ==
        Lines{"Namespace mesh-b: is claimed by mesh-a (the * of its roll) and mesh-b (its control "
              "plane runs there)"});
  const std::string listed =
      meshes + roll("mesh-a", "{members: [shop]}") + roll("mesh-b", "{members: [shop]}");
  CHECK(findings_of("MP0102", listed).empty());
  CHECK(findings_of("MP0101", listed).size() == 1);
}

TEST_CASE("M4: operators before 2.4 know no selectors, so that nothing is claimed by them") {
  const std::string state = tenant("shop", "team: sales") + declared_plane("mesh-a") +
                            declared_plane("mesh-b") + roll("mesh-a", "{members: [shop]}") +
                            roll("mesh-b", "{memberSelectors: [{matchLabels: {team: sales}}]}");
  CHECK(findings_of("MP0102", state, "2.4").size() == 1);
  CHECK(findings_of("MP0102", state, "2.3").empty());
}

TEST_CASE("M3: a label is wrong, stale, or nobody's to judge") {
  const std::string meshes = plane("mesh-a") + plane("mesh-b");
  const std::string labelled = tenant("shop", "maistra.io/member-of: mesh-b");
  CHECK(finds_one("MP0103", meshes + labelled + roll("mesh-a", "{members: [shop]}"),
                  "maistra.io/member-of=mesh-b, and is claimed by mesh-a"));
  CHECK(findings_of("MP0105", meshes + labelled + roll("mesh-a", "{members: [shop]}")).empty());
  CHECK(finds_one("MP0105", meshes + labelled, "that mesh does not claim it"));
  CHECK(findings_of("MP0103", meshes + labelled).empty());
  CHECK(finds_one("MP0105", meshes + tenant("shop", "maistra.io/member-of: gone"),
                  "there is no control plane in gone"));
  // A repository of an application, whose mesh is described elsewhere.
  CHECK(findings_of("MP0105", labelled).empty());
  CHECK(finds_one(
      "MP0105",
      thing("v1", "Namespace", "name: shop, uid: 7, labels: {maistra.io/member-of: mesh-b}"),
      "there is no control plane in mesh-b"));
  CHECK(findings_of("MP0105", plane("mesh-a") + tenant("mesh-a", "maistra.io/member-of: mesh-a"))
            .empty());
}

TEST_CASE("M3: an empty label is told of members and of others") {
  CHECK(finds_one("MP0104", tenant("shop", "maistra.io/member-of: ''"), "without a value"));
  CHECK(finds_one("MP0104",
                  tenant("shop", "maistra.io/member-of: ''") + declared_plane("mesh") +
                      roll("mesh", "{members: [shop]}"),
                  "is to be a member of mesh"));
}

TEST_CASE("M3: a member that lost its label is told apart from one that is still joining") {
  const std::string mesh = tenant("shop") + plane("mesh") + roll("mesh", "{members: [shop]}");
  CHECK(finds_one("MP0106", mesh + member("shop", "mesh"), "is a configured member of mesh"));
  CHECK(finds_one("MP0106", mesh + member("shop", "mesh"), "which operator 2.2 does not watch",
                  "2.2"));
  CHECK(findings_of("MP0106", mesh + member("shop", "mesh", "False")).empty());
  CHECK(findings_of("MP0116", mesh + member("shop", "mesh", "False")).empty());
  CHECK(finds_one("MP0116",
                  mesh + member("shop", "mesh", "False") + policy(kCopied) +
                      policy("name: istio-expose-route-basic, namespace: shop, labels: "
                             "{maistra.io/member-of: mesh}"),
                  "holds istio-expose-route-basic of mesh"));
  // A mesh that is only declared has written nothing yet.
  CHECK(findings_of("MP0106", tenant("shop") + declared_plane("mesh") + member("shop", "mesh"))
            .empty());
}

TEST_CASE("M5: a copy may be older than its source, and nothing else") {
  const std::string mesh = tenant("shop", "maistra.io/member-of: mesh") + plane("mesh") +
                           roll("mesh", "{members: [shop]}") + member("shop", "mesh") +
                           policy(
                               "name: istio-mesh-basic, namespace: mesh, labels: {maistra-version: "
                               "2.5.1, maistra.io/owner: mesh}");
  const auto copy = [](const std::string& version, const std::string& ingress) {
    return policy("name: istio-mesh-basic, namespace: shop, labels: {maistra-version: " + version +
                      ", maistra.io/member-of: mesh}",
                  ingress);
  };
  CHECK(findings_of("MP0107", mesh + copy("2.4.7", "[{from: [{podSelector: {}}]}]")).empty());
  CHECK(findings_of("MP0112", mesh + copy("2.4.7", "[{from: [{podSelector: {}}]}]")).empty());
  CHECK(finds_one("MP0107", mesh + copy("2.5.1", "[]"), "copies are never updated (in spec)"));
  CHECK(finds_one("MP0107", mesh, "is missing: every member has its own copy"));
  // Into this one not all is written yet.
  CHECK(findings_of("MP0107", mesh + tenant("pay") + member("pay", "mesh", "False") +
                                  copy("2.5.1", "[{from: [{podSelector: {}}]}]"))
            .empty());
}

TEST_CASE("M1: what no mesh claims is orphaned, what the operator will delete is doomed") {
  const std::string mesh = tenant("shop", "maistra.io/member-of: mesh") + plane("mesh") +
                           roll("mesh", "{members: [shop]}") + member("shop", "mesh") +
                           policy(kCopied);
  const std::string own =
      policy("name: own, namespace: shop, labels: {maistra.io/member-of: mesh}");
  CHECK(finds_one("MP0115", mesh + own, "NetworkPolicy shop/own: carries the label"));
  CHECK(findings_of("MP0108", mesh + own).empty());
  const std::string elsewhere =
      tenant("pay") + policy("name: own, namespace: pay, labels: {maistra.io/member-of: mesh}");
  CHECK(finds_one("MP0108", mesh + elsewhere, "pay is no member of mesh"));
  CHECK(findings_of("MP0115", mesh + elsewhere).empty());
  CHECK(finds_one("MP0108", mesh + member("lost", "gone"), "which does not exist"));
  // A tenant's repository names a control plane that another repository describes.
  CHECK(findings_of("MP0108", tenant("shop") + member("shop", "mesh")).empty());
}

TEST_CASE("B1: a clash is told by what happens to the join, by kind") {
  const std::string mesh =
      tenant("shop") + declared_plane("mesh") + roll("mesh", "{members: [shop]}");
  CHECK(finds_one("MP0109", mesh + policy("name: istio-expose-route-basic, namespace: shop"),
                  "whose join of the project stops there"));
  CHECK(finds_one("MP0109",
                  mesh + thing("rbac.authorization.k8s.io/v1", "RoleBinding",
                               "name: prometheus-mesh, namespace: shop",
                               "roleRef: {kind: ClusterRole, name: view}"),
                  "never counts as configured"));
  const std::string attachment =
      thing("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition",
            "name: v2-5-istio-cni, namespace: shop", "spec: {config: ''}");
  CHECK(finds_one("MP0109", mesh + attachment, "never counts as configured"));
  CHECK(findings_of("MP0109", mesh + policy("name: istio-istiod-basic, namespace: shop")).empty());
  // The mesh's own copy is none.
  CHECK(findings_of("MP0109", mesh + policy("name: istio-mesh-basic, namespace: shop, labels: "
                                            "{maistra.io/member-of: mesh}"))
            .empty());
  const std::string outside = tenant("pay") + policy("name: istio-mesh-basic, namespace: pay");
  CHECK(findings_of("MP0109", mesh + outside).empty());
  CHECK(finds_one("MP0122", mesh + outside, "what mesh writes into each member"));
}

TEST_CASE("M5: only what is copied spreads") {
  const std::string mesh = tenant("shop") + declared_plane("mesh");
  const auto own = [](const std::string& more) {
    return policy("name: own, namespace: mesh, labels: {maistra.io/owner: mesh}" + more);
  };
  CHECK(findings_of("MP0110", mesh + own("")).size() == 1);
  CHECK(findings_of("MP0110", mesh + own(", annotations: {maistra.io/internal: 'true'}")).empty());
  CHECK(findings_of("MP0110", mesh + policy(kCopied)).empty());
  const std::string of_role = thing("rbac.authorization.k8s.io/v1", "RoleBinding",
                                    "name: own, namespace: mesh, labels: {maistra.io/owner: mesh}",
                                    "roleRef: {kind: Role, name: own}");
  CHECK(findings_of("MP0110", mesh + of_role, "2.2").size() == 1);
  CHECK(findings_of("MP0110", mesh + of_role, "2.3").empty());
}

TEST_CASE("M18: versions are compared once a control plane is at rest") {
  const auto made = [](const std::string& name, const std::string& version) {
    return thing("v1", "Service",
                 "name: " + name +
                     ", namespace: mesh, labels: {maistra.io/owner: mesh, "
                     "app.kubernetes.io/managed-by: maistra-istio-operator" +
                     (version.empty() ? "" : ", maistra-version: " + version) + '}');
  };
  const std::string mixed = made("a", "2.5.1") + made("b", "2.5.1") + made("c", "2.4.7");
  CHECK(finds_one("MP0112", plane("mesh") + mixed, "Service mesh/c: is of maistra-version 2.4.7"));
  CHECK(findings_of("MP0112", declared_plane("mesh") + mixed).empty());
  CHECK(finds_one("MP0111", made("a", ""), "has no label maistra-version"));
  CHECK(findings_of("MP0111", thing("v1", "Service", "name: a, namespace: mesh")).empty());
  CHECK(finds_one("MP0123", plane("mesh", "v2.4") + made("a", "2.5.1"), "is Reconciled at v2.4"));
  CHECK(findings_of("MP0123", plane("mesh") + made("a", "2.5.1")).empty());
  CHECK(findings_of("MP0123", plane("mesh") + made("a", "2.5.1") + made("b", "")).empty());
}

TEST_CASE("B1: projects that are not there, rolls that nobody reads") {
  const std::string mesh = declared_plane("mesh");
  CHECK(findings_of("MP0113", mesh + roll("mesh", "{members: [shop]}")).empty());
  CHECK(finds_one("MP0113", tenant("pay") + mesh + roll("mesh", "{members: [shop, pay]}"),
                  "lists the project shop, which does not exist"));
  CHECK(
      finds_one("MP0113",
                thing("v1", "Namespace", "name: shop, deletionTimestamp: '2024-01-01T00:00:00Z'") +
                    mesh + roll("mesh", "{members: [shop]}"),
                "which is being deleted"));
  CHECK(findings_of("MP0113", tenant("pay") + mesh + roll("mesh", "{members: ['*']}")).empty());
  CHECK(finds_one("MP0114",
                  thing("maistra.io/v1", "ServiceMeshMember", "name: mesh, namespace: shop",
                        "spec: {controlPlaneRef: {name: basic, namespace: mesh}}"),
                  "is called mesh"));
  CHECK(findings_of("MP0118", roll("old", "{members: [shop]}")).empty());
  CHECK(findings_of("MP0118", mesh + roll("old", "{members: []}")).empty());
}

TEST_CASE("M2, M13: lists that do not say what the members are") {
  const auto mesh = [](const std::string& configured) {
    return tenant("shop", "maistra.io/member-of: mesh") + plane("mesh") + member("shop", "mesh") +
           thing("maistra.io/v1", "ServiceMeshMemberRoll", "name: default, namespace: mesh",
                 "spec: {members: [shop]}\nstatus: {configuredMembers: " + configured + "}");
  };
  CHECK(findings_of("MP0121", mesh("[shop]")).empty());
  CHECK(finds_one("MP0121", mesh("[]"), "status.configuredMembers lacks shop"));
  CHECK(finds_one("MP0121", mesh("[a, b, c, d, shop]"), "still has a, b, c and 1 more"));
}

}  // namespace
}  // namespace meshproof
