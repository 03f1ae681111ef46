// The rules about rights (MP02xx).

#include <catch2/catch.hpp>

#include "tests/solver/lint_scene.h"

namespace meshproof {
namespace {

std::string binding(const std::string& kind, const std::string& metadata, const std::string& role,
                    const std::string& subject) {
  return thing("rbac.authorization.k8s.io/v1", kind, metadata,
               "roleRef: {kind: ClusterRole, name: '" + role + "'}\nsubjects: [" + subject + "]");
}

const std::string kAccount = "{kind: ServiceAccount, name: istiod-basic, namespace: mesh}";

TEST_CASE("M1: rights in every project, by account, by user name and by group") {
  const std::string mesh = declared_plane("mesh");
  const auto rights = [&](const std::string& subject, const std::string& role = "admin") {
    return findings_of("MP0201", mesh + binding("ClusterRoleBinding", "name: b", role, subject));
  };
  CHECK(rights(kAccount).size() == 1);
  CHECK(rights("{kind: Group, name: 'system:serviceaccounts:mesh'}").size() == 1);
  CHECK(rights("{kind: User, name: 'system:serviceaccount:mesh:prometheus'}").size() == 1);
  CHECK(rights("{kind: Group, name: 'system:serviceaccounts'}").empty());
  CHECK(rights("{kind: ServiceAccount, name: web, namespace: shop}").empty());
  CHECK(rights(kAccount, "system:auth-delegator").empty());
  CHECK(rights(kAccount, "system:openshift:scc:anyuid").empty());
}

TEST_CASE("M1: what the charts bind for the whole cluster is theirs, in its mode") {
  const std::string labels =
      ", labels: {maistra.io/owner: mesh, app.kubernetes.io/managed-by: maistra-istio-operator}";
  const std::string internal =
      binding("ClusterRoleBinding", "name: istiod-internal-basic-mesh" + labels,
              "istiod-internal-basic-mesh", kAccount);
  CHECK(findings_of("MP0201", declared_plane("mesh") + internal).empty());
  const std::string wide =
      binding("ClusterRoleBinding", "name: istiod-clusterrole-basic-mesh" + labels,
              "istiod-clusterrole-basic-mesh", kAccount);
  CHECK(findings_of("MP0201", declared_plane("mesh") + wide).size() == 1);
  const std::string cluster_wide =
      thing("maistra.io/v2", "ServiceMeshControlPlane", "name: basic, namespace: mesh",
            "spec: {version: v2.5, mode: ClusterWide}");
  CHECK(findings_of("MP0201", cluster_wide + wide).empty());
  // The label alone makes nothing the operator's.
  CHECK(findings_of("MP0201",
                    declared_plane("mesh") + binding("ClusterRoleBinding",
                                                     "name: own, labels: {maistra.io/owner: mesh}",
                                                     "admin", kAccount))
            .size() == 1);
}

TEST_CASE("M1: rights in a project that is no member") {
  const std::string mesh = tenant("shop") + tenant("pay") + declared_plane("mesh");
  const std::string in_pay = binding("RoleBinding", "name: b, namespace: pay", "view", kAccount);
  CHECK(finds_one("MP0202", mesh + in_pay, "pay is none of its members"));
  CHECK(findings_of("MP0202", mesh + roll("mesh", "{members: [pay]}") + in_pay).empty());
  CHECK(findings_of("MP0202", mesh + member("pay", "mesh") + in_pay).empty());
  CHECK(findings_of("MP0202", mesh + binding("RoleBinding", "name: b, namespace: mesh", "view",
                                             "{kind: ServiceAccount, name: istiod-basic}"))
            .empty());
  CHECK(findings_of("MP0202",
                    mesh + binding("RoleBinding", "name: b, namespace: pay", "system:image-puller",
                                   "{kind: Group, name: 'system:serviceaccounts:mesh'}"))
            .empty());
}

TEST_CASE("M1, incident 13: a copied binding needs its Role, where Roles are known") {
  const std::string copied = thing("rbac.authorization.k8s.io/v1", "RoleBinding",
                                   "name: b, namespace: shop, labels: {maistra.io/member-of: mesh}",
                                   "roleRef: {kind: Role, name: b}");
  const std::string role =
      thing("rbac.authorization.k8s.io/v1", "Role", "name: b, namespace: mesh");
  CHECK(findings_of("MP0203", tenant("shop") + copied).empty());
  CHECK(findings_of("MP0203", tenant("shop") + copied + role).size() == 1);
}

TEST_CASE("M4: everybody may join by the mesh's own role, or by another that allows it") {
  const std::string everybody = "subjects: [{kind: Group, name: 'system:authenticated'}]";
  const auto bound = [&](const std::string& kind, const std::string& role) {
    return thing("rbac.authorization.k8s.io/v1", "RoleBinding", "name: b, namespace: mesh",
                 "roleRef: {kind: " + kind + ", name: " + role + "}\n" + everybody);
  };
  const std::string user = thing("rbac.authorization.k8s.io/v1", "ClusterRole", "name: user",
                                 "rules: [{apiGroups: [maistra.io], resources: "
                                 "[servicemeshcontrolplanes], verbs: [use]}]");
  const std::string viewer = thing("rbac.authorization.k8s.io/v1", "ClusterRole", "name: viewer",
                                   "rules: [{apiGroups: [maistra.io], resources: "
                                   "[servicemeshcontrolplanes], verbs: [get, list]}]");
  const std::string mesh = declared_plane("mesh");
  CHECK(findings_of("MP0204", mesh + bound("Role", "mesh-user")).size() == 1);
  CHECK(findings_of("MP0204", mesh + user + bound("ClusterRole", "user")).size() == 1);
  CHECK(findings_of("MP0204", mesh + viewer + bound("ClusterRole", "viewer")).empty());
  CHECK(findings_of("MP0204", bound("Role", "mesh-user")).empty());
  CHECK(finds_one("MP0204",
                  mesh + user +
                      thing("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "name: b",
                            "roleRef: {kind: ClusterRole, name: user}\n" + everybody),
                  "use every control plane"));
}

}  // namespace
}  // namespace meshproof
