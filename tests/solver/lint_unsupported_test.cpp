// The rules about what upstream Istio has and this mesh has not (MP06xx).

#include <catch2/catch.hpp>

#include "tests/solver/lint_scene.h"

namespace meshproof {
namespace {

std::string mesh(const std::string& version = "v2.5") {
  return tenant("shop") + tenant("pay") + declared_plane("mesh", version) +
         roll("mesh", "{members: [shop]}");
}

std::string plane_with(const std::string& spec) {
  return thing("maistra.io/v2", "ServiceMeshControlPlane", "name: basic, namespace: mesh",
               "spec: {version: v2.5, " + spec + "}");
}

TEST_CASE("M14: machines in a mesh, not outside of it") {
  const auto entry = [](const std::string& ns) {
    return thing("networking.istio.io/v1alpha3", "WorkloadEntry", "name: vm, namespace: " + ns,
                 "spec: {address: 192.0.2.1}");
  };
  CHECK(findings_of("MP0601", mesh() + entry("shop")).size() == 1);
  CHECK(findings_of("MP0601", mesh() + entry("mesh")).size() == 1);
  CHECK(findings_of("MP0601", mesh() + entry("pay")).empty());
  CHECK(findings_of("MP0601", mesh() + thing("networking.istio.io/v1alpha3", "WorkloadGroup",
                                             "name: vms, namespace: shop"))
            .size() == 1);
  CHECK(finds_one("MP0601", plane_with("cluster: {meshExpansion: {enabled: true}}"),
                  "spec.cluster.meshExpansion.enabled"));
  CHECK(findings_of("MP0601", plane_with("cluster: {meshExpansion: {enabled: false}}")).empty());
}

TEST_CASE("M14: a ServiceEntry counts by its endpoints and by whom it selects") {
  const auto entry = [](const std::string& spec) {
    return thing("networking.istio.io/v1beta1", "ServiceEntry", "name: e, namespace: shop",
                 "spec: {hosts: [ledger.example.com], " + spec + "}");
  };
  const std::string pod = thing("v1", "Pod", "name: ledger, namespace: shop, labels: {app: ledger}",
                                "spec: {containers: [{name: a}]}");
  const std::string selects = "location: MESH_INTERNAL, workloadSelector: {labels: {app: ledger}}";
  CHECK(finds_one("MP0601",
                  mesh() + entry("location: MESH_INTERNAL, endpoints: [{address: 192.0.2.1}]"),
                  "the first at 192.0.2.1"));
  CHECK(findings_of("MP0601",
                    mesh() + entry("location: MESH_EXTERNAL, endpoints: [{address: 192.0.2.1}]"))
            .empty());
  CHECK(finds_one("MP0601", mesh() + entry(selects), "labels that no pod in shop has"));
  CHECK(findings_of("MP0601", mesh() + pod + entry(selects)).empty());
}

TEST_CASE("M15: WebAssembly by version of the control plane") {
  const std::string extension =
      thing("maistra.io/v1", "ServiceMeshExtension", "name: e, namespace: shop");
  const std::string plugin =
      thing("extensions.istio.io/v1alpha1", "WasmPlugin", "name: e, namespace: shop");
  struct Row {
    const char* version;
    const char* extension;
    bool plugin;
  };
  const auto row = GENERATE(values<Row>({{"v1.1", "is not known", true},
                                         {"v2.0", "technology preview in v2.0", true},
                                         {"v2.1", "", true},
                                         {"v2.2", "is deprecated in v2.2", false},
                                         {"v2.3", "was removed before v2.3", false},
                                         {"v2.5", "was removed before v2.5", false}}));
  INFO(row.version);
  const std::string text = row.extension;
  if (text.empty()) {
    CHECK(findings_of("MP0602", mesh(row.version) + extension).empty());
  } else {
    CHECK(finds_one("MP0602", mesh(row.version) + extension, text));
  }
  CHECK(findings_of("MP0602", mesh(row.version) + plugin).size() == (row.plugin ? 1 : 0));
}

TEST_CASE("M15: EnvoyFilters with WebAssembly, built in or loaded") {
  const auto filter = [](const std::string& value) {
    return thing("networking.istio.io/v1alpha3", "EnvoyFilter", "name: f, namespace: shop",
                 "spec: {configPatches: [{patch: {value: " + value + "}}]}");
  };
  CHECK(finds_one("MP0602",
                  mesh() + filter("{name: envoy.filters.http.wasm, typed_config: {config: "
                                  "{vm_config: {runtime: envoy.wasm.runtime.null}}}}"),
                  "built into upstream's proxy"));
  CHECK(finds_one("MP0602",
                  mesh() + filter("{typed_config: {'@type': type.googleapis.com/"
                                  "envoy.extensions.filters.http.wasm.v3.Wasm}}"),
                  "past the mesh's own kinds"));
  CHECK(findings_of("MP0602", mesh() + filter("{name: envoy.filters.http.lua}")).empty());
}

TEST_CASE("M16: federation arrives in v2.1") {
  const auto version = GENERATE("v1.1", "v2.0", "v2.1", "v2.5");
  const bool early = std::string{version} < "v2.1";
  for (const auto kind : {"ServiceMeshPeer", "ExportedServiceSet", "ImportedServiceSet"}) {
    const std::string state =
        mesh(version) + thing("federation.maistra.io/v1", kind, "name: west, namespace: mesh");
    CHECK(findings_of("MP0603", state).size() == (early ? 1 : 0));
    CHECK(findings_of("MP0607", state).size() == (early ? 0 : 1));
  }
}

TEST_CASE("M16: several clusters in one mesh, in no version") {
  CHECK(findings_of("MP0604", plane_with("cluster: {multiCluster: {meshNetworks: {west: {}}}}"))
            .size() == 1);
  CHECK(findings_of("MP0604", plane_with("cluster: {name: east, network: n}")).empty());
  CHECK(finds_one("MP0604", plane_with("istio: {global: {multiCluster: {enabled: true}}}"),
                  "spec.istio.global.multiCluster.enabled"));
  const auto secret = [](const std::string& value) {
    return thing("v1", "Secret",
                 "name: west, namespace: mesh, labels: {istio/multiCluster: '" + value + "'}");
  };
  CHECK(findings_of("MP0604", mesh() + secret("true")).size() == 1);
  CHECK(findings_of("MP0604", mesh() + secret("false")).empty());
  CHECK(finds_one(
      "MP0604",
      mesh() + thing("networking.istio.io/v1beta1", "ServiceEntry", "name: e, namespace: shop",
                     "spec: {hosts: [web.shop.global], location: MESH_INTERNAL}"),
      "names web.shop.global"));
}

TEST_CASE("M17: Godebug in the control plane, its project and sidecars; not in applications") {
  const auto workload = [](const std::string& ns, const std::string& container,
                           const std::string& variable) {
    return thing("apps/v1", "Deployment", "name: w, namespace: " + ns,
                 "spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, "
                 "spec: {containers: [{name: " +
                     container + ", env: [{name: " + variable + ", value: x}]}]}}}");
  };
  CHECK(findings_of("MP0605", mesh() + workload("mesh", "discovery", "GODEBUG")).size() == 1);
  CHECK(findings_of("MP0605", mesh() + workload("mesh", "discovery", "GOMAXPROCS")).empty());
  CHECK(findings_of("MP0605", mesh() + workload("shop", "istio-proxy", "GODEBUG")).size() == 1);
  CHECK(findings_of("MP0605", mesh() + workload("shop", "web", "GODEBUG")).empty());
  CHECK(findings_of("MP0605", plane_with("istio: {pilot: {env: {GODEBUG: gctrace=1}}}")).size() ==
        1);
  CHECK(findings_of("MP0605", plane_with("istio: {pilot: {env: {GODEBUG: null}}}")).empty());
}

TEST_CASE("M20: an Ingress of upstream's class stays behind") {
  const auto ingress = [](const std::string& ns, const std::string& more,
                          const std::string& spec = "{}") {
    return thing("networking.k8s.io/v1", "Ingress", "name: i, namespace: " + ns + more,
                 "spec: " + spec);
  };
  const std::string annotated = ", annotations: {kubernetes.io/ingress.class: istio}";
  CHECK(findings_of("MP0606", mesh() + ingress("shop", annotated)).size() == 1);
  CHECK(findings_of("MP0606", mesh() + ingress("pay", annotated)).empty());
  CHECK(findings_of("MP0606", mesh() + ingress("shop", "")).empty());
  const std::string by_class = thing("networking.k8s.io/v1", "IngressClass", "name: mesh",
                                     "spec: {controller: istio.io/ingress-controller}");
  CHECK(findings_of("MP0606", mesh() + by_class + ingress("shop", "", "{ingressClassName: mesh}"))
            .size() == 1);
  CHECK(findings_of("MP0606", mesh() + ingress("shop", "", "{ingressClassName: mesh}")).empty());
}

}  // namespace
}  // namespace meshproof
