#include "backends/snapshot/redaction.h"

#include <string>

#include <catch2/catch.hpp>

namespace meshproof {
namespace {

using Json = nlohmann::ordered_json;

std::string redacted(const std::string& text) {
  Redaction redaction;
  redaction.add_service("shop", "orders");
  redaction.add_service("pay", "api");
  Json object = Json::parse(text);
  redaction.apply(object);
  return object.dump();
}

struct Row {
  std::string name;
  std::string before;
  std::string after;
};

}  // namespace

TEST_CASE("a redacted object says nothing that may be confidential and decides nothing") {
  const Row row = GENERATE(values<Row>({
      {"variables and words keep the Services that they name",
       R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"namespace":"shop"},"spec":)"
       R"({"template":{"spec":{"containers":[{"name":"web","env":[{"name":"PASSWORD","value":)"
       R"("hunter2"},{"name":"URL","value":"http://u:p@orders:8080/x?k=1"},{"name":"K",)"
       R"("valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}],"args":["--key=abc",)"
       R"("--to=api.pay.svc:9090","http://none.pay"],"command":["run","istio-iptables -x"]}]}}}})",
       R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"namespace":"shop"},"spec":)"
       R"({"template":{"spec":{"containers":[{"name":"web","env":[{"name":"PASSWORD","value":)"
       R"("redacted"},{"name":"URL","value":"redacted orders.shop.svc:8080"},{"name":"K",)"
       R"("valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}],"args":["redacted",)"
       R"("redacted api.pay.svc:9090","redacted"],"command":["redacted","redacted istio-iptables"]}]}}}})"},
      {"the sidecar keeps what shows its mesh",
       R"({"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"name":"istio-proxy","args":)"
       R"(["proxy","--discoveryAddress","istio-pilot.mesh:15010"],"env":[{"name":"CA_ADDR",)"
       R"("value":"istiod-basic.mesh.svc:15012"},{"name":"X","value":"y"}]}]}})",
       R"({"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"name":"istio-proxy","args":)"
       R"(["redacted","--discoveryAddress","istio-pilot.mesh:15010"],"env":[{"name":"CA_ADDR",)"
       R"("value":"istiod-basic.mesh.svc:15012"},{"name":"X","value":"redacted"}]}]}})"},
      {"annotations stay where something reads them",
       R"({"apiVersion":"v1","kind":"Pod","metadata":{"annotations":{"sidecar.istio.io/inject":)"
       R"("true","evilistio.io/x":"a","note":"b","k8s.v1.cni.cncf.io/networks":"n"}}})",
       R"({"apiVersion":"v1","kind":"Pod","metadata":{"annotations":{"sidecar.istio.io/inject":)"
       R"("true","evilistio.io/x":"redacted","note":"redacted","k8s.v1.cni.cncf.io/networks":"n"}}})"},
      {"annotations stay at kinds that the mesh copies",
       R"({"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"annotations":{"note":"b"}}})",
       R"({"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"annotations":{"note":"b"}}})"},
      {"ConfigMaps keep their keys",
       R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"y"},"binaryData":{"z":"eA=="}})",
       R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"redacted"},"binaryData":{"z":"redacted"}})"},
      {"the injector's policy is read",
       R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"istio-sidecar-injector-basic"},)"
       R"("data":{"config":"policy: enabled\nsecret: x\n","values":"v"}})",
       R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"istio-sidecar-injector-basic"},)"
       R"("data":{"config":"policy: enabled\n# redacted\n","values":"redacted"}})"},
      {"how Argo CD tracks is read",
       R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"argocd-cm"},"data":)"
       R"({"application.instanceLabelKey":"l","dex.config":"s"}})",
       R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"argocd-cm"},"data":)"
       R"({"application.instanceLabelKey":"l","dex.config":"redacted"}})"},
      {"settings whose names say so",
       R"({"apiVersion":"jaegertracing.io/v1","kind":"Jaeger","spec":{"options":{"es.password":"x","es.url":"u"},"labels":{"token":"t"}}})",
       R"({"apiVersion":"jaegertracing.io/v1","kind":"Jaeger","spec":{"options":{"es.password":"redacted","es.url":"u"},"labels":{"token":"t"}}})"},
      {"selectors are names that the user has chosen",
       R"({"apiVersion":"v1","kind":"Service","spec":{"selector":{"token":"t"}}})",
       R"({"apiVersion":"v1","kind":"Service","spec":{"selector":{"token":"t"}}})"},
      {"probes, last words and code",
       R"({"apiVersion":"networking.istio.io/v1alpha3","kind":"EnvoyFilter","spec":{"configPatches":[{"applyTo":"X","patch":{"value":"v"}}]},)"
       R"("status":{"containerStatuses":[{"state":{"terminated":{"exitCode":1,"message":"m"}}}]}})",
       R"({"apiVersion":"networking.istio.io/v1alpha3","kind":"EnvoyFilter","spec":{"configPatches":[{"applyTo":"X","patch":{"value":"redacted"}}]},)"
       R"("status":{"containerStatuses":[{"state":{"terminated":{"exitCode":1,"message":"redacted"}}}]}})"},
      {"headers of probes",
       R"({"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"livenessProbe":{"httpGet":{"port":80,"httpHeaders":[{"name":"Auth","value":"s"}]}}}]}})",
       R"({"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"livenessProbe":{"httpGet":{"port":80,"httpHeaders":[{"name":"Auth","value":"redacted"}]}}}]}})"},
      {"what was sent repeats the object",
       R"({"apiVersion":"v1","kind":"Service","metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":)"
       R"("{\"metadata\":{\"annotations\":{\"note\":\"b\"}},\"spec\":{\"ports\":[{\"port\":80}]}}"}}})",
       R"({"apiVersion":"v1","kind":"Service","metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":)"
       R"("{\"metadata\":{\"annotations\":{\"note\":\"redacted\"}},\"spec\":{\"ports\":[{\"port\":80}]}}"}}})"},
      {"and is left out where it is no JSON",
       R"({"apiVersion":"v1","kind":"Service","metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{"}}})",
       R"({"apiVersion":"v1","kind":"Service","metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"redacted"}}})"},
  }));
  INFO(row.name);
  CHECK(redacted(row.before) == row.after);
  CHECK(redacted(row.after) == row.after);
}

}  // namespace meshproof
