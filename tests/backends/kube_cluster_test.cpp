#include "backends/kube/kube_cluster.h"

#include <catch2/catch.hpp>

#include "backends/json_tree.h"
#include "tests/backends/live_server.h"
#include "tests/backends/scripted_transport.h"

using namespace meshproof;
using namespace std::chrono_literals;

namespace {

using Lines = std::vector<std::string>;

const std::string kMap = "GET /api/v1/namespaces/shop/configmaps/a";
const ObjectKey kKey{"", "ConfigMap", "shop", "a"};

struct Scene {
  Script script;
  std::unique_ptr<LiveCluster> cluster;

  Scene() {
    script.serve();
    cluster = open_kube_cluster(scripted_transport(script), script.clock, {250ms, 10s, 60s});
  }
};

ClusterError refusal_of(int status, const std::string& body) {
  Scene scene;
  scene.script.answer(kMap, status, body);
  const auto answer = scene.cluster->get(kKey, "v1");
  REQUIRE_FALSE(answer);
  CHECK(answer.error().status == status);
  return answer.error();
}

std::string map_json(const std::string& version) {
  return R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"shop",)"
         R"("resourceVersion":")" +
         version + "\"}}";
}

}  // namespace

TEST_CASE("each refusal has its kind and the server's words in one line") {
  const auto status = [](int code, const std::string& reason) {
    return refusal_of(code, status_json(code, reason, "it\\nwill not")).refusal;
  };
  CHECK(status(400, "BadRequest") == Refusal::Invalid);
  CHECK(status(401, "Unauthorized") == Refusal::Unauthorized);
  CHECK(status(403, "Forbidden") == Refusal::Forbidden);
  CHECK(status(409, "Conflict") == Refusal::Conflict);
  CHECK(status(409, "AlreadyExists") == Refusal::Exists);
  CHECK(status(410, "Expired") == Refusal::Gone);
  CHECK(status(415, "UnsupportedMediaType") == Refusal::Invalid);
  CHECK(status(422, "Invalid") == Refusal::Invalid);
  CHECK(status(429, "TooManyRequests") == Refusal::Throttled);
  CHECK(status(500, "InternalError") == Refusal::Failed);
  CHECK(status(503, "ServiceUnavailable") == Refusal::Failed);
  CHECK(refusal_of(403, status_json(403, "Forbidden", "it\\nwill not")).message == "it will not");
  CHECK(refusal_of(404, "404 page not found\n").refusal == Refusal::NotServed);
  CHECK(refusal_of(404, status_json(404, "NotFound", "no", R"({"name":"other"})")).refusal ==
        Refusal::NotServed);
  CHECK(refusal_of(403, "").message == "HTTP 403");
  CHECK(refusal_of(502, "<html>\n <p>Bad Gateway").message == "<html> <p>Bad Gateway");
  CHECK(refusal_of(302, "").message ==
        "the server sends us elsewhere, and redirects are not "
        "followed");
  CHECK(refusal_of(302, "").refusal == Refusal::Invalid);
  CHECK(refusal_of(500, status_json(500, "", "failed to create typed patch object (x): no"))
            .refusal == Refusal::Invalid);
}

TEST_CASE("causes say whose a field is, and what the message does not") {
  CHECK(refusal_of(409, status_json(409, "Conflict", "Apply failed with 1 conflict",
                                    R"({"causes":[{"reason":"FieldManagerConflict",)"
                                    R"("message":"conflict with \"argocd\"","field":".spec"}]})"))
            .message ==
        "Apply failed with 1 conflict (FieldManagerConflict .spec: conflict with \"argocd\")");
  CHECK(refusal_of(403, status_json(403, "Forbidden", "it is being terminated",
                                    R"({"causes":[{"reason":"NamespaceTerminating",)"
                                    R"("message":"being terminated"}]})"))
            .message == "it is being terminated (NamespaceTerminating)");
}

TEST_CASE("a read waits out what passes, longer each time and as long as the server says") {
  Scene scene;
  scene.script.answer(kMap, 429, "too many", 3s);
  scene.script.answer(kMap, 500, "");
  scene.script.fail(kMap, {"refused", false});
  scene.script.answer(kMap, 200, map_json("7"));
  const auto answer = scene.cluster->get(kKey, "v1");
  REQUIRE(answer);
  CHECK((*answer)->string_at({"metadata", "resourceVersion"}) == "7");
  CHECK(scene.script.clock.pauses() == std::vector<std::chrono::milliseconds>{3s, 500ms, 1s});
}

TEST_CASE("patience has an end, and random pauses are never longer") {
  Scene scene;
  scene.script.clock.set_jitter(0);
  scene.script.answer(kMap, 503, "down");
  const auto answer = scene.cluster->get(kKey, "v1");
  REQUIRE_FALSE(answer);
  CHECK(answer.error().refusal == Refusal::Failed);
  CHECK(answer.error().message == "down");
  const auto& pauses = scene.script.clock.pauses();
  REQUIRE(pauses.size() > 5);
  CHECK(pauses[0] == 125ms);
  CHECK(pauses[1] == 250ms);
  CHECK(pauses.back() == 5s);
  std::chrono::milliseconds sum{0};
  for (const auto pause : pauses) sum += pause;
  CHECK(sum <= 60s);
  Scene late;
  late.script.answer(kMap, 429, "", 61s);
  CHECK(late.cluster->get(kKey, "v1").error().retry_after == 61s);
  CHECK(late.script.clock.pauses().empty());
}

TEST_CASE("a server that never answered is given up soon, one that did is waited for") {
  const HttpFailure refused{"refused", false};
  Scene wrong;
  wrong.script.answers["GET /api"].clear();
  wrong.script.fail("GET /api", refused);
  const auto begin = wrong.script.clock.now();
  CHECK(wrong.cluster->get(kKey, "v1").error().refusal == Refusal::Unreachable);
  CHECK(wrong.script.clock.now() - begin <= 2s);
  CHECK_FALSE(wrong.script.clock.pauses().empty());

  Scene known;
  known.script.fail(kMap, refused);
  CHECK(known.cluster->get(kKey, "v1").error().refusal == Refusal::Unreachable);
  std::chrono::milliseconds sum{0};
  for (const auto pause : known.script.clock.pauses()) sum += pause;
  CHECK(sum > 20s);
}

TEST_CASE("a write is never repeated, and says whether it may have been carried out") {
  for (const bool was_sent : {false, true}) {
    Scene scene;
    scene.script.fail("POST /api/v1/namespaces/shop/configmaps?fieldManager=meshproof",
                      {"cut off", was_sent});
    const auto answer = scene.cluster->create(config_map("shop", "a", "1"));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().refusal == Refusal::Unreachable);
    CHECK(answer.error().message ==
          (was_sent ? "cut off; whether the write was carried out is not known" : "cut off"));
    CHECK(scene.script.asked().size() == 1);
    CHECK(scene.script.clock.pauses().empty());
  }
  Scene scene;
  const std::string path = "/api/v1/namespaces/shop/configmaps/a";
  scene.script.answer("PATCH " + path + "?fieldManager=meshproof&force=true", 429, "", 1s);
  scene.script.answer("PATCH " + path + "?fieldManager=meshproof", 500, "");
  scene.script.answer("DELETE " + path, 503, "");
  CHECK(scene.cluster->apply(config_map("shop", "a", "1")).error().refusal == Refusal::Throttled);
  CHECK(scene.cluster->merge(kKey, "v1", Tree::mapping()).error().refusal == Refusal::Failed);
  CHECK(scene.cluster->remove(kKey, "v1", "u", "7").error().refusal == Refusal::Failed);
  CHECK(scene.script.asked().size() == 3);
  CHECK(scene.script.requests.back().body ==
        "{\n \"apiVersion\": \"v1\",\n \"kind\": \"DeleteOptions\",\n \"propagationPolicy\": "
        "\"Background\",\n \"preconditions\": {\n  \"uid\": \"u\",\n  \"resourceVersion\": "
        "\"7\"\n }\n}");
}

TEST_CASE("what cannot be a path is refused before it is sent, and names are escaped") {
  Scene scene;
  CHECK(scene.cluster->get({"", "ConfigMap", "", "a"}, "v1").error().message ==
        "ConfigMap a has no namespace");
  CHECK(scene.cluster->get({"", "Namespace", "", ""}, "v1").error().refusal == Refusal::Invalid);
  CHECK(scene.script.asked().empty());
  (void)scene.cluster->get({"", "ConfigMap", "a/b", "../x?y"}, "v1");
  CHECK(scene.script.asked() == Lines{"GET /api/v1/namespaces/a%2Fb/configmaps/..%2Fx%3Fy"});
}

TEST_CASE("an answer that is no object is a failure, and an object that is missing none") {
  CHECK(refusal_of(200, "[]").message == "the server's answer is no object");
  Scene scene;
  scene.script.answer(kMap, 404, status_json(404, "NotFound", "no", R"({"name":"a"})"));
  CHECK(scene.cluster->get(kKey, "v1").value() == std::nullopt);
  CHECK(scene.cluster->server() == "https://api.test:6443");
}

TEST_CASE("older servers do not say who asks, but OpenShift does") {
  Scene scene;
  CHECK(scene.cluster->user() == "");
  scene.script.answer("GET /apis/user.openshift.io/v1/users/~", 200,
                      R"({"kind":"User","metadata":{"name":"jane"}})");
  CHECK(scene.cluster->user() == "jane");
  scene.script.answer("POST /apis/authentication.k8s.io/v1/selfsubjectreviews", 201,
                      R"({"status":{"userInfo":{"username":"system:admin"}}})");
  CHECK(scene.cluster->user() == "system:admin");
  Scene stranger;
  stranger.script.answer("POST /apis/authentication.k8s.io/v1/selfsubjectreviews", 401, "");
  CHECK(stranger.cluster->user().error().refusal == Refusal::Unauthorized);
}

TEST_CASE("rights are asked for by the resource of the kind") {
  Scene scene;
  const std::string review = "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  scene.script.answer(review, 201, R"({"status":{"allowed":true}})");
  scene.script.answer(review, 201, R"({"status":{"allowed":false}})");
  const AccessRight right{"create", "networking.k8s.io/v1", "NetworkPolicy", "shop", "a"};
  CHECK(scene.cluster->may(right) == true);
  CHECK(scene.cluster->may(right) == false);
  const auto body = tree_of_json(scene.script.requests.back().body);
  const Tree* asked = body->find_path({"spec", "resourceAttributes"});
  CHECK(asked->string_at({"group"}) == "networking.k8s.io");
  CHECK(asked->string_at({"version"}) == "v1");
  CHECK(asked->string_at({"resource"}) == "networkpolicies");
  CHECK(asked->string_at({"verb"}) == "create");
  CHECK(asked->string_at({"namespace"}) == "shop");
  CHECK(asked->string_at({"name"}) == "a");
}
