// The rules about what old versions left (MP08xx).

#include <catch2/catch.hpp>

#include "tests/solver/lint_scene.h"

namespace meshproof {
namespace {

std::string mesh(const std::string& version = "v2.5") {
  return tenant("shop") + tenant("pay") + declared_plane("mesh", version) +
         roll("mesh", "{members: [shop]}");
}

TEST_CASE("M19: accounts and roles for other clusters") {
  const std::string binding =
      thing("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "name: reads",
            "roleRef: {kind: ClusterRole, name: view}\nsubjects: [{kind: ServiceAccount, name: "
            "istio-multi, namespace: mesh}]");
  CHECK(finds_one("MP0801", binding, "it binds ClusterRole view"));
  const auto role = [](const std::string& name, const std::string& labels = "") {
    return thing("rbac.authorization.k8s.io/v1", "ClusterRole",
                 "name: " + name + ", labels: {" + labels + "}");
  };
  CHECK(findings_of("MP0802", role("istio-reader-mesh")).size() == 1);
  CHECK(findings_of("MP0802", role("istio-readers")).empty());
  const std::string owned = role("istio-reader-basic-mesh", "maistra.io/owner: mesh");
  CHECK(findings_of("MP0802", declared_plane("mesh", "v2.1") + owned).empty());
  CHECK(findings_of("MP0802", declared_plane("mesh", "v2.2") + owned).size() == 1);
}

TEST_CASE("M10, M18: webhooks, workloads and attachments of versions that are gone") {
  const std::string hook = thing("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration",
                                 "name: istio-sidecar-injector-old", "webhooks: []");
  CHECK(findings_of("MP0803", hook).empty());
  CHECK(finds_one("MP0803", declared_plane("mesh") + hook, "where there is none"));
  const auto deployment = [](const std::string& name) {
    return thing("apps/v1", "Deployment", "name: " + name + ", namespace: mesh",
                 "spec: {selector: {}, template: {}}");
  };
  CHECK(findings_of("MP0803", mesh("v2.1") + deployment("istio-policy")).size() == 1);
  CHECK(findings_of("MP0803", mesh("v2.0") + deployment("istio-policy")).empty());
  CHECK(findings_of("MP0803", mesh("v2.0") + deployment("istio-galley")).size() == 1);
  const auto attachment = [](const std::string& name, const std::string& ns) {
    return thing("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition",
                 "name: " + name + ", namespace: " + ns, "spec: {config: ''}");
  };
  CHECK(finds_one("MP0803", mesh() + attachment("istio-cni", "shop"), "is of v1.0"));
  CHECK(findings_of("MP0803", mesh() + attachment("v2-5-istio-cni", "shop")).empty());
  CHECK(findings_of("MP0803", mesh() + attachment("macvlan", "shop")).empty());
}

TEST_CASE("M18: what the 1.x releases required is required no more") {
  const std::string role =
      thing("rbac.istio.io/v1alpha1", "ServiceRole", "name: r, namespace: shop");
  CHECK(findings_of("MP0805", mesh() + role).size() == 1);
  CHECK(findings_of("MP0805", mesh("v1.1") + role).empty());
  CHECK(findings_of(
            "MP0804",
            thing("v1", "Namespace", "name: mesh, labels: {maistra.io/ignore-namespace: ignore}") +
                declared_plane("mesh", "v2.4"),
            "2.3")
            .empty());
}

}  // namespace
}  // namespace meshproof
