#include <catch2/catch.hpp>

#include "backends/kube/kube_cluster.h"
#include "tests/backends/scripted_transport.h"

using namespace meshproof;
using namespace std::chrono_literals;

namespace {

using Lines = std::vector<std::string>;

std::unique_ptr<LiveCluster> open(Script& script) {
  return open_kube_cluster(scripted_transport(script), script.clock, {250ms, 10s, 60s});
}

/// As a server without aggregated discovery answers: Kubernetes before 1.26.
void serve_classically(Script& script) {
  script.answer("GET /api", 200, R"({"kind":"APIVersions","versions":["v1"]})");
  script.answer("GET /apis", 200, R"({"kind":"APIGroupList","groups":[
    {"name":"metrics.k8s.io","versions":[{"groupVersion":"metrics.k8s.io/v1beta1"}],
     "preferredVersion":{"groupVersion":"metrics.k8s.io/v1beta1"}},
    {"name":"autoscaling","versions":[{"groupVersion":"autoscaling/v1"},
     {"groupVersion":"autoscaling/v2"}],"preferredVersion":{"groupVersion":"autoscaling/v2"}}]})");
  script.answer("GET /api/v1", 200, R"({"kind":"APIResourceList","resources":[
    {"name":"pods","kind":"Pod","namespaced":true,"verbs":["create","get","list"]},
    {"name":"pods/status","kind":"Pod","namespaced":true,"verbs":["get","list"]},
    {"name":"bindings","kind":"Binding","namespaced":true,"verbs":["create"]},
    {"name":"nodes","kind":"Node","namespaced":false,"verbs":["list"]}]})");
  const std::string scaler =
      R"({"resources":[{"name":"horizontalpodautoscalers","kind":"HorizontalPodAutoscaler",
          "namespaced":true,"verbs":["list"]}]})";
  script.answer("GET /apis/autoscaling/v1", 200, scaler);
  script.answer("GET /apis/autoscaling/v2", 200, scaler);
  script.answer("GET /apis/metrics.k8s.io/v1beta1", 503, "service unavailable");
}

Lines shown(const std::vector<ServedKind>& kinds) {
  Lines lines;
  for (const ServedKind& each : kinds) {
    lines.push_back(each.api_version + ' ' + each.kind + ' ' + each.plural +
                    (each.is_namespaced ? " namespaced" : ""));
  }
  return lines;
}

}  // namespace

TEST_CASE("kinds come from aggregated discovery in two requests") {
  Script script;
  script.serve();
  const auto cluster = open(script);
  CHECK(shown(cluster->served()->kinds) ==
        Lines{"v1 ConfigMap configmaps namespaced", "v1 Namespace namespaces",
              "networking.k8s.io/v1 NetworkPolicy networkpolicies namespaced"});
  CHECK(cluster->served());
  CHECK(script.requests.size() == 2);
  CHECK(script.requests[0].accept.find("v=v2;as=APIGroupDiscoveryList") != std::string::npos);
}

TEST_CASE("kinds come from classic discovery, in the version that their group prefers") {
  Script script;
  serve_classically(script);
  const auto cluster = open(script);
  CHECK(shown(cluster->served()->kinds) ==
        Lines{"v1 Node nodes", "v1 Pod pods namespaced",
              "autoscaling/v2 HorizontalPodAutoscaler horizontalpodautoscalers namespaced"});
}

TEST_CASE("other versions than the preferred one are spoken, too") {
  Script script;
  serve_classically(script);
  const auto cluster = open(script);
  const ObjectKey key{"autoscaling", "HorizontalPodAutoscaler", "a", "b"};
  (void)cluster->get(key, "autoscaling/v1");
  CHECK(script.asked().back() ==
        "GET /apis/autoscaling/v1/namespaces/a/horizontalpodautoscalers/b");
}

TEST_CASE("a group whose server is down hides no other, and says why it is not there") {
  Script script;
  serve_classically(script);
  const auto cluster = open(script);
  const auto served = cluster->served();
  REQUIRE(served);
  CHECK(served->kinds.size() == 3);
  CHECK(served->find("metrics.k8s.io", "PodMetrics") == nullptr);
  CHECK(served->silent.at("metrics.k8s.io").message == "service unavailable");
  CHECK(served->silent.size() == 1);
  // Nobody waits for it for long.
  CHECK(script.clock.now().time_since_epoch() < 1h + 6s);
  const ObjectKey key{"metrics.k8s.io", "PodMetrics", "a", "b"};
  const auto answer = cluster->get(key, "metrics.k8s.io/v1beta1");
  REQUIRE_FALSE(answer);
  CHECK(answer.error().refusal == Refusal::Failed);
  CHECK(answer.error().message == "service unavailable");
  // It comes back.
  script.answers["GET /apis/metrics.k8s.io/v1beta1"] = {
      HttpResponse{200,
                   R"({"resources":[{"name":"pods","kind":"PodMetrics","namespaced":true,
              "verbs":["list"]}]})",
                   {}}};
  (void)cluster->get(key, "metrics.k8s.io/v1beta1");
  CHECK(script.asked().back() == "GET /apis/metrics.k8s.io/v1beta1/namespaces/a/pods/b");
}

TEST_CASE("a kind that is not known is looked for once more, since definitions come") {
  Script script;
  script.serve();
  const auto cluster = open(script);
  CHECK(cluster->served());
  const ObjectKey key{"maistra.io", "ServiceMeshMemberRoll", "mesh", "default"};
  CHECK(cluster->get(key, "maistra.io/v1").error().refusal == Refusal::NotServed);
  script.answers["GET /apis"] = {
      HttpResponse{200,
                   R"({"kind":"APIGroupDiscoveryList","items":[{"metadata":{"name":"maistra.io"},
        "versions":[{"version":"v1","resources":[{"resource":"servicemeshmemberrolls",
        "responseKind":{"kind":"ServiceMeshMemberRoll"},"scope":"Namespaced",
        "verbs":["list"]}]}]}]})",
                   {}}};
  (void)cluster->get(key, "maistra.io/v1");
  CHECK(script.asked() ==
        Lines{"GET /apis/maistra.io/v1/namespaces/mesh/servicemeshmemberrolls/default"});
}

TEST_CASE("the server of a stale group is told as not available") {
  Script script;
  script.answer("GET /api", 200, R"({"kind":"APIGroupDiscoveryList","items":[]})");
  script.answer("GET /apis", 200, R"({"kind":"APIGroupDiscoveryList","items":[
    {"metadata":{"name":"route.openshift.io"},"versions":[
     {"version":"v1","resources":[],"freshness":"Stale"}]}]})");
  const auto cluster = open(script);
  CHECK(cluster->served()->kinds.empty());
  CHECK(cluster->served()->silent.contains("route.openshift.io"));
  const auto answer =
      cluster->get({"route.openshift.io", "Route", "a", "b"}, "route.openshift.io/v1");
  CHECK(answer.error().refusal == Refusal::Failed);
  CHECK(answer.error().message == "the server of route.openshift.io/v1 is not available");
}

TEST_CASE("what does not answer as an API server does is told") {
  Script script;
  script.answer("GET /api", 200, R"({"kind":"Login"})");
  CHECK(open(script)->served().error().message == "/api is not answered as an API server does");
  Script page;
  page.answer("GET /api", 200, "<html>");
  CHECK(open(page)->served().error().message == "the server's answer is no object");
  Script refused;
  refused.answer("GET /api", 403, status_json(403, "Forbidden", "no"));
  CHECK(open(refused)->served().error().refusal == Refusal::Forbidden);
}
