#include <catch2/catch.hpp>

#include "tests/model/projected.h"

namespace meshproof {
namespace {

using Lines = std::vector<std::string>;

std::string object(const std::string& api_version, const std::string& kind,
                   const std::string& metadata) {
  return "---\napiVersion: " + api_version + "\nkind: " + kind + "\nmetadata: {" + metadata + "}\n";
}

TEST_CASE("a kind that enforces and is not modelled is never skipped") {
  struct Row {
    std::string api_version;
    std::string kind;
    bool namespaced;
    bool only_denies;
  };
  const auto row = GENERATE(values<Row>({
      {"projectcalico.org/v3", "NetworkPolicy", true, false},
      {"projectcalico.org/v3", "GlobalNetworkPolicy", false, false},
      {"crd.projectcalico.org/v1", "NetworkPolicy", true, false},
      {"cilium.io/v2", "CiliumNetworkPolicy", true, false},
      {"cilium.io/v2", "CiliumClusterwideNetworkPolicy", false, false},
      {"policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy", false, false},
      {"policy.networking.k8s.io/v1alpha1", "BaselineAdminNetworkPolicy", false, false},
      {"policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy", false, false},
      {"k8s.ovn.org/v1", "EgressFirewall", true, false},
      {"k8s.ovn.org/v1", "UserDefinedNetwork", true, false},
      {"k8s.ovn.org/v1", "ClusterUserDefinedNetwork", false, false},
      {"k8s.cni.cncf.io/v1beta1", "MultiNetworkPolicy", true, false},
      {"security.istio.io/v1", "AuthorizationPolicy", true, true},
      {"security.istio.io/v1", "PeerAuthentication", true, true},
  }));
  DYNAMIC_SECTION(row.api_version << ' ' << row.kind) {
    const std::string metadata = row.namespaced ? "namespace: shop, name: x" : "name: x";
    const auto projected = project_text(object(row.api_version, row.kind, metadata));
    const Cluster& cluster = projected.cluster;
    REQUIRE(cluster.unmodelled.size() == 1);
    CHECK(cluster.unmodelled.front().only_denies == row.only_denies);
    CHECK(cluster.unmodelled.front().ns == cluster.find_namespace("shop"));
    CHECK(cluster.unmodelled.front().ns.is_valid() == row.namespaced);
    REQUIRE(projected.diagnostics.size() == 1);
    CHECK(projected.diagnostics.front().code == "unsupported-kind");
  }
}

TEST_CASE("unmodelled kinds are told once each, with count and first place") {
  const auto projected = project_text(
      object("cilium.io/v2", "CiliumNetworkPolicy", "namespace: shop, name: a") +
      object("cilium.io/v2", "CiliumNetworkPolicy", "namespace: shop, name: b") +
      object("security.istio.io/v1", "PeerAuthentication", "namespace: shop, name: c"));
  CHECK(
      lines_of(projected.diagnostics) ==
      Lines{"2: warning[unsupported-kind]: 2 objects of kind CiliumNetworkPolicy (cilium.io): not "
            "modelled, so every verdict that it may touch is unknown",
            "10: warning[unsupported-kind]: 1 object of kind PeerAuthentication "
            "(security.istio.io): not modelled, and it can only deny more, so verdicts are about "
            "layers 3 and 4 only"});
}

TEST_CASE("kinds that the OpenShift SDN does not know have no effect there") {
  NetworkOptions options;
  options.dialect = Dialect::OpenShiftSdn;
  options.sdn = SdnMode::NetworkPolicy;
  const std::string firewall =
      object("k8s.ovn.org/v1", "EgressFirewall", "namespace: shop, name: default");
  const auto projected = project_text(firewall, options);
  CHECK(projected.cluster.unmodelled.empty());
  CHECK(lines_of(projected.diagnostics) ==
        Lines{"2: warning[unenforced-kind]: 1 object of kind EgressFirewall (k8s.ovn.org): the "
              "OpenShift SDN does not enforce this kind"});
  options.dialect = Dialect::OvnKubernetes;
  CHECK(project_text(firewall, options).cluster.unmodelled.size() == 1);
}

TEST_CASE("Istio's policies in the control plane's project speak for the whole mesh") {
  const auto projected = project_text(
      object("maistra.io/v2", "ServiceMeshControlPlane", "namespace: mesh, name: basic") +
      object("security.istio.io/v1", "PeerAuthentication", "namespace: mesh, name: default"));
  REQUIRE(projected.cluster.unmodelled.size() == 1);
  CHECK_FALSE(projected.cluster.unmodelled.front().ns.is_valid());
}

TEST_CASE("kinds that do not enforce are left alone") {
  const auto projected =
      project_text(object("v1", "ConfigMap", "namespace: shop, name: a") +
                   object("example.com/v1", "NetworkPolicy", "namespace: shop, name: b"));
  CHECK(projected.cluster.unmodelled.empty());
  CHECK(lines_of(projected.diagnostics).empty());
}

}  // namespace
}  // namespace meshproof
