// The rules about tools that write the same objects (MP07xx).

#include <catch2/catch.hpp>

#include "tests/solver/lint_scene.h"

namespace meshproof {
namespace {

std::string application(const std::string& name, const std::string& policy = "{}") {
  return thing("argoproj.io/v1alpha1", "Application", "name: " + name + ", namespace: gitops",
               "spec: {destination: {namespace: mesh}, syncPolicy: " + policy + "}");
}

std::string tracked(const std::string& kind, const std::string& more) {
  return thing("maistra.io/v1", kind, "name: default, namespace: mesh, " + more,
               "spec: {members: [shop]}");
}

const std::string kArgoRoll =
    "annotations: {argocd.argoproj.io/tracking-id: "
    "'mesh:maistra.io/ServiceMeshMemberRoll:mesh/default'";
const std::string kFluxLabel = "labels: {kustomize.toolkit.fluxcd.io/name: mesh}";

TEST_CASE("operator.md 6.1: the instance label of the charts is Argo CD's too") {
  const std::string mesh = declared_plane("mesh");
  CHECK(finds_one("MP0701", mesh + application("mesh", "{automated: {prune: true}}"),
                  "and prunes by itself"));
  CHECK(findings_of("MP0701", mesh + application("other")).empty());
  const auto argo = [](const std::string& spec) {
    return thing("argoproj.io/v1beta1", "ArgoCD", "name: argo, namespace: gitops",
                 "spec: {" + spec + "}");
  };
  CHECK(
      findings_of("MP0701", mesh + application("mesh") + argo("resourceTrackingMethod: annotation"))
          .empty());
  CHECK(findings_of("MP0701", mesh + application("mesh") + argo("resourceTrackingMethod: label"))
            .size() == 1);
  CHECK(findings_of("MP0701", mesh + application("mesh") +
                                  argo("applicationInstanceLabelKey: example.com/app"))
            .empty());
  CHECK(findings_of("MP0701",
                    mesh + application("mesh") +
                        thing("v1", "ConfigMap", "name: argocd-cm, namespace: gitops",
                              "data: {application.resourceTrackingMethod: annotation+label}"))
            .empty());
  const auto labelled = [](const std::string& labels) {
    return thing("maistra.io/v2", "ServiceMeshControlPlane",
                 "name: basic, namespace: mesh, labels: {" + labels + "}", "spec: {version: v2.5}");
  };
  CHECK(findings_of("MP0701", labelled("app.kubernetes.io/instance: mesh")).size() == 1);
  CHECK(findings_of("MP0701", labelled("app.kubernetes.io/instance: apps")).empty());
  CHECK(findings_of("MP0701", labelled("app.kubernetes.io/instance: mesh, "
                                       "app.kubernetes.io/managed-by: Helm"))
            .empty());
}

TEST_CASE("M3, incident 9: a replaced Namespace loses its label") {
  const std::string mesh = declared_plane("mesh") + roll("mesh", "{members: [shop]}");
  const auto shop = [](const std::string& annotations) {
    return thing("v1", "Namespace", "name: shop, annotations: {" + annotations + "}");
  };
  const std::string option = "argocd.argoproj.io/sync-options: 'Prune=false,Replace=true'";
  CHECK(findings_of("MP0702", mesh + shop(option)).size() == 1);
  CHECK(findings_of("MP0702", shop(option)).empty());
  const std::string id = "argocd.argoproj.io/tracking-id: 'apps:/Namespace:shop/shop'";
  CHECK(finds_one("MP0702", mesh + shop(id) + application("apps", "{syncOptions: [Replace=true]}"),
                  "of Application apps"));
  CHECK(findings_of("MP0702",
                    mesh + shop(id) + application("apps", "{syncOptions: [ServerSideApply=true]}"))
            .empty());
  CHECK(
      findings_of("MP0702", mesh + shop(id) + application("other", "{syncOptions: [Replace=true]}"))
          .empty());
}

TEST_CASE("M6, B2: a policy behind what closes its project") {
  const auto state = [](const std::string& labels, const std::string& wave,
                        const std::string& ingress) {
    return tenant("shop", labels) + declared_plane("mesh") + roll("mesh", "{members: [shop]}") +
           policy("name: p, namespace: shop, annotations: {argocd.argoproj.io/sync-wave: '" + wave +
                      "'}",
                  ingress);
  };
  CHECK(finds_one("MP0703", state("", "1", "[{}]"), "comes in sync wave 1, behind"));
  CHECK(findings_of("MP0703", state("", "-1", "[{}]")).empty());
  CHECK(findings_of("MP0703", state("", "x", "[{}]")).empty());
  CHECK(findings_of("MP0703", state("", "1", "[]")).empty());
  CHECK(findings_of("MP0703", state("maistra.io/member-of: mesh", "1", "[{}]")).empty());
}

TEST_CASE("operator.md 3.3: mesh objects in a repository, not marks that were copied") {
  const std::string mesh = tenant("shop") + plane("mesh") + roll("mesh", "{members: [shop]}");
  const auto at = [](const std::string& ns, const std::string& label, const std::string& more) {
    return policy("name: istio-mesh-basic, namespace: " + ns + ", labels: {" + label + ": mesh" +
                  more + "}");
  };
  const std::string flux = ", kustomize.toolkit.fluxcd.io/name: apps";
  const std::string copy = "maistra.io/member-of";
  CHECK(finds_one("MP0704", mesh + at("mesh", "maistra.io/owner", "") + at("shop", copy, flux),
                  "apps of Flux writes it too"));
  CHECK(findings_of("MP0704", mesh + at("mesh", "maistra.io/owner", flux) + at("shop", copy, flux))
            .empty());
  CHECK(findings_of("MP0704", mesh + at("shop", copy, "")).empty());
}

TEST_CASE("operator.md 1.4: two that write one roll") {
  const std::string mesh = tenant("shop") + declared_plane("mesh");
  const std::string roll = tracked("ServiceMeshMemberRoll", kArgoRoll + "}");
  CHECK(findings_of("MP0705", mesh + roll).empty());
  CHECK(finds_one("MP0705", mesh + tracked("ServiceMeshMemberRoll", kArgoRoll + "}, " + kFluxLabel),
                  "by Argo CD (mesh) and by Flux (mesh)"));
  CHECK(finds_one(
      "MP0705",
      mesh + tracked("ServiceMeshMemberRoll", kArgoRoll + ", maistra.io/created-by: "
                                                          "servicemeshmember-controller}"),
      "deletes it when it lists nobody"));
  CHECK(
      finds_one("MP0705", mesh + roll + member("shop", "mesh"), "operator 2.0 writes shop", "2.0"));
  CHECK(findings_of("MP0705", mesh + roll + member("shop", "mesh"), "2.1").empty());
}

}  // namespace
}  // namespace meshproof
