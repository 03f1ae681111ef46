#include <catch2/catch.hpp>

#include "backends/kube/kube_cluster.h"
#include "tests/backends/scripted_transport.h"

using namespace meshproof;
using namespace std::chrono_literals;

namespace {

const std::string kMaps = "GET /api/v1/namespaces/shop/configmaps?limit=500";
const std::string kAllMaps = "GET /api/v1/namespaces/shop/configmaps";

std::string map(const std::string& name, const std::string& version) {
  return R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"namespace":"shop","name":")" + name +
         R"(","resourceVersion":")" + version + "\"}}";
}

std::string list(const std::string& version, const std::string& items) {
  return R"({"metadata":{"resourceVersion":")" + version + R"("},"items":[)" + items + "]}";
}

std::string event(const std::string& type, const std::string& object) {
  return R"({"type":")" + type + R"(","object":)" + object + "}";
}

struct Scene {
  Script script;
  std::unique_ptr<LiveCluster> cluster;
  std::unique_ptr<Observation> observation;

  /// Observes the ConfigMaps of `shop`, which has `a` of version 5 at version 7.
  explicit Scene(std::vector<Collection> collections = {{"v1", "ConfigMap", "shop"}}) {
    script.serve();
    script.answer(kMaps, 200, list("7", map("a", "5")));
    cluster = open_kube_cluster(scripted_transport(script), script.clock, {250ms, 10s, 60s});
    observation = cluster->observe(std::move(collections)).value();
  }
  [[nodiscard]] std::string version(const std::string& name) const {
    const auto found = observation->objects().find({"", "ConfigMap", "shop", name});
    if (found == observation->objects().end()) return "";
    return std::string{found->second.string_at({"metadata", "resourceVersion"})};
  }
  /// The resourceVersion from which request `index` of the last watch goes on.
  [[nodiscard]] std::string resumed_at(std::size_t index = 0) const {
    const std::string path = script.watches.back().at(index).path;
    const std::size_t start = path.find("resourceVersion=") + 16;
    return path.substr(start, path.find('&', start) - start);
  }
};

}  // namespace

TEST_CASE("a watch goes on from the list, and from each event after it") {
  Scene scene;
  CHECK(scene.version("a") == "5");
  scene.script.streams = {{{{0, event("ADDED", map("b", "8"))}}},
                          {{{0, event("MODIFIED", map("a", "9"))}}},
                          {{{0, event("DELETED", map("a", "12"))}}}};
  CHECK(scene.observation->wait(30s) == true);
  CHECK(scene.resumed_at() == "7");
  CHECK(scene.version("b") == "8");
  CHECK(scene.observation->wait(30s) == true);
  CHECK(scene.resumed_at() == "8");
  CHECK(scene.version("a") == "9");
  CHECK(scene.observation->wait(30s) == true);
  CHECK(scene.version("a").empty());
  CHECK(scene.observation->wait(1s) == false);
  CHECK(scene.resumed_at() == "12");
  CHECK(scene.script.asked().size() == 1);
}

TEST_CASE("bookmarks and known objects are no change, but the watch goes on from them") {
  Scene scene;
  scene.script.streams = {
      {{{0, event("BOOKMARK", R"({"kind":"ConfigMap","metadata":{"resourceVersion":"40"}})")},
        {0, event("ADDED", map("a", "5"))},
        {0, event("DELETED", map("never-seen", "41"))}}}};
  CHECK(scene.observation->wait(15s) == false);
  CHECK(scene.resumed_at() == "41");
  CHECK(scene.version("a") == "5");
}

TEST_CASE("nothing happens: the time passes, in watches that are not too long") {
  Scene scene;
  const auto start = scene.script.clock.now();
  CHECK(scene.observation->wait(25s) == false);
  CHECK(scene.script.clock.now() - start == 25s);
  CHECK(scene.script.watches.size() == 3);
  CHECK(scene.script.clock.pauses().empty());
  CHECK(scene.script.watches[0][0].path ==
        "/api/v1/namespaces/shop/configmaps?watch=1&allowWatchBookmarks=true&resourceVersion=7"
        "&timeoutSeconds=11");
}

TEST_CASE("a watch whose version is too old lists again, and what differs is a change") {
  const std::string gone = event("ERROR", status_json(410, "Expired", "too old"));
  for (const bool by_event : {true, false}) {
    Scene scene;
    ScriptedStream stream;
    if (by_event) stream.lines = {{0, gone}};
    if (!by_event) stream.answers = {{410, status_json(410, "Expired", "too old"), {}}};
    stream.time = 1ms;
    scene.script.streams = {stream};
    scene.script.answers[kMaps] = {HttpResponse{200, list("90", map("b", "80")), {}}};
    CHECK(scene.observation->wait(30s) == true);
    CHECK(scene.version("a").empty());
    CHECK(scene.version("b") == "80");
    CHECK(scene.observation->wait(1s) == false);
    CHECK(scene.resumed_at() == "90");
  }
}

TEST_CASE("a list again that shows the same is no change") {
  Scene scene;
  scene.script.streams = {{{{0, event("ERROR", status_json(410, "Expired", "too old"))}}}};
  CHECK(scene.observation->wait(15s) == false);
  CHECK(scene.script.asked().size() == 2);
  CHECK(scene.version("a") == "5");
}

TEST_CASE("a list that expires between its pages is asked for in one piece") {
  Script script;
  script.serve();
  script.answer(
      kMaps, 200,
      R"({"metadata":{"resourceVersion":"7","continue":"x"},"items":[)" + map("a", "5") + "]}");
  script.answer(kMaps + "&continue=x", 410,
                R"({"kind":"Status","metadata":{"continue":"fresh"},"reason":"Expired"})");
  script.answer(kAllMaps, 200, list("9", map("b", "8")));
  const auto cluster =
      open_kube_cluster(scripted_transport(script), script.clock, {250ms, 10s, 60s});
  const auto observation = cluster->observe({{"v1", "ConfigMap", "shop"}});
  REQUIRE(observation);
  CHECK((*observation)->objects().size() == 1);
  CHECK((*observation)->objects().begin()->first.name == "b");
}

TEST_CASE("an object that cannot be read is not one that is gone") {
  const std::string unreadable = list("9", R"({"metadata":{"name":"\xff"}})");
  Script script;
  script.serve();
  script.answer(kMaps, 200, unreadable);
  const auto cluster =
      open_kube_cluster(scripted_transport(script), script.clock, {250ms, 10s, 60s});
  const auto observation = cluster->observe({{"v1", "ConfigMap", "shop"}});
  REQUIRE_FALSE(observation);
  CHECK(observation.error().refusal == Refusal::Failed);
  CHECK(observation.error().message == "the server's answer is not JSON");

  // A list again that cannot be read keeps what was known, and is asked for until it can.
  Scene scene;
  scene.script.streams = {{{{0, event("ERROR", status_json(410, "Expired", "too old"))}}}};
  scene.script.answers[kMaps] = {HttpResponse{200, unreadable, {}},
                                 HttpResponse{200, list("9", map("b", "9")), {}}};
  CHECK(scene.observation->wait(30s) == true);
  CHECK(scene.version("a").empty());
  CHECK(scene.version("b") == "9");
  scene.script.streams = {{{{0, event("ERROR", status_json(410, "Expired", "too old"))}}}};
  scene.script.answers[kMaps] = {HttpResponse{200, unreadable, {}}};
  CHECK(scene.observation->wait(30s) == false);
  CHECK(scene.version("b") == "9");
}

TEST_CASE("what passes is waited out within the time, and what does not is the answer") {
  Scene scene;
  ScriptedStream cut;
  cut.failure = HttpFailure{"refused", false};
  scene.script.streams = {cut, cut, {{{0, event("MODIFIED", map("a", "9"))}}}};
  CHECK(scene.observation->wait(30s) == true);
  CHECK(scene.script.clock.pauses() == std::vector<std::chrono::milliseconds>{250ms, 500ms});

  Scene silent;
  silent.script.streams = std::deque<ScriptedStream>(100, cut);
  const auto start = silent.script.clock.now();
  CHECK(silent.observation->wait(20s) == false);
  CHECK(silent.script.clock.now() - start == 20s);

  Scene refused;
  ScriptedStream forbidden;
  forbidden.answers = {{403, status_json(403, "Forbidden", "no"), {}}};
  refused.script.streams = {forbidden};
  CHECK(refused.observation->wait(30s).error().refusal == Refusal::Forbidden);

  Scene broken;
  broken.script.streams = {{{{0, event("ERROR", status_json(401, "Unauthorized", "who?"))}}}};
  CHECK(broken.observation->wait(30s).error().refusal == Refusal::Unauthorized);
}

TEST_CASE("watches that end at once are not begun at once again") {
  Scene scene;
  ScriptedStream short_lived;
  short_lived.time = 1ms;
  scene.script.streams = std::deque<ScriptedStream>(1000, short_lived);
  CHECK(scene.observation->wait(30s) == false);
  CHECK(scene.script.watches.size() < 12);
}

TEST_CASE("what is no event loses nothing: the collection is listed again") {
  Scene scene;
  scene.script.streams = {{{{0, "{\"type\":\"MODI"}}}};
  scene.script.answers[kMaps] = {HttpResponse{200, list("9", map("a", "9")), {}}};
  CHECK(scene.observation->wait(30s) == true);
  CHECK(scene.version("a") == "9");
}

TEST_CASE("several collections are watched at once, and each object once") {
  Script script;
  script.serve();
  script.answer("GET /api/v1/configmaps?limit=500", 200, list("7", map("a", "5")));
  script.answer("GET /apis/networking.k8s.io/v1/namespaces/shop/networkpolicies?limit=500", 200,
                list("8", ""));
  const auto cluster =
      open_kube_cluster(scripted_transport(script), script.clock, {250ms, 10s, 60s});
  auto observation = cluster->observe({{"networking.k8s.io/v1", "NetworkPolicy", "shop"},
                                       {"v1", "ConfigMap", "shop"},
                                       {"v1", "ConfigMap", ""}});
  REQUIRE(observation);
  const std::string policy =
      R"({"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy",
          "metadata":{"namespace":"shop","name":"p","resourceVersion":"20"}})";
  script.streams = {{{{0, event("ADDED", policy)}}}};
  CHECK((*observation)->wait(30s) == true);
  REQUIRE(script.watches.back().size() == 2);
  CHECK((*observation)->objects().contains({"networking.k8s.io", "NetworkPolicy", "shop", "p"}));
  CHECK((*observation)->wait(1s) == false);
  CHECK(script.watches.back()[0].path.find("networkpolicies?") != std::string::npos);
  CHECK(script.watches.back()[0].path.find("resourceVersion=20&") != std::string::npos);
  CHECK(script.watches.back()[1].path.find("/api/v1/configmaps?") != std::string::npos);
  CHECK(script.watches.back()[1].path.find("resourceVersion=7&") != std::string::npos);
}

TEST_CASE("to observe nothing waits") {
  Scene scene(std::vector<Collection>{});
  CHECK(scene.observation->objects().empty());
  CHECK(scene.observation->wait(3s) == false);
}
