#include "backends/apply/gitops.h"

#include <string>

#include <catch2/catch.hpp>

#include "tests/support/yaml.h"

using namespace meshproof;

namespace {

std::optional<std::string> keeper_of(const std::string& metadata) {
  return tracked_by(
      trees_from("{apiVersion: v1, kind: Namespace, metadata: {name: shop, " + metadata + "}}")
          .front());
}

}  // namespace

TEST_CASE("who keeps an object as a repository has it is found by its marks") {
  CHECK(keeper_of("annotations: {argocd.argoproj.io/tracking-id: 'a:v1/Namespace:shop'}") ==
        "Argo CD");
  CHECK(keeper_of("labels: {argocd.argoproj.io/instance: a}") == "Argo CD");
  CHECK(keeper_of("labels: {app.kubernetes.io/instance: a}") == "Argo CD");
  CHECK(keeper_of("labels: {kustomize.toolkit.fluxcd.io/name: a}") == "Flux");
  CHECK(keeper_of("labels: {helm.toolkit.fluxcd.io/name: a}") == "Flux");
}

TEST_CASE("marks of others keep nothing") {
  CHECK(keeper_of("labels: {a: b}") == std::nullopt);
  CHECK(keeper_of("labels: {app.kubernetes.io/instance: ''}") == std::nullopt);
  // Helm alone does not undo what is written.
  CHECK(keeper_of("labels: {app.kubernetes.io/instance: a, app.kubernetes.io/managed-by: Helm}") ==
        std::nullopt);
  CHECK(keeper_of("labels: {argocd.argoproj.io/instance: a, app.kubernetes.io/managed-by: Helm}") ==
        "Argo CD");
  // A mark counts where it belongs.
  CHECK(keeper_of("annotations: {argocd.argoproj.io/instance: a}") == std::nullopt);
}
