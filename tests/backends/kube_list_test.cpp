#include <catch2/catch.hpp>

#include "backends/json_tree.h"
#include "backends/kube/kube_cluster.h"
#include "tests/backends/scripted_transport.h"

using namespace meshproof;
using namespace std::chrono_literals;

namespace {

using Lines = std::vector<std::string>;

const std::string kPath = "GET /api/v1/namespaces/shop/configmaps";
const Collection kMaps{"v1", "ConfigMap", "shop"};

std::string page(const Lines& names, const std::string& version, const std::string& next = "") {
  std::string items;
  for (const std::string& name : names) {
    items += (items.empty() ? "" : ",") + (R"({"metadata":{"name":")" + name + "\"},\"data\":{}}");
  }
  return R"({"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":")" + version +
         R"(","continue":")" + next + R"("},"items":[)" + items + "]}";
}

struct Listing {
  Lines asked;
  std::vector<std::chrono::milliseconds> pauses;
  Lines items;
  Answer<ListEnd> end;
};

/// Lists with a script that `prepare` has written.
template <typename Prepare>
Listing list(const Prepare& prepare, std::size_t most = 100) {
  Listing listing;
  Script script;
  script.serve();
  prepare(script);
  const auto cluster =
      open_kube_cluster(scripted_transport(script), script.clock, {250ms, 10s, 60s});
  listing.end = cluster->list(kMaps, [&](std::string_view item) {
    listing.items.emplace_back(item);
    return listing.items.size() < most;
  });
  listing.asked = script.asked();
  listing.pauses = script.clock.pauses();
  return listing;
}

std::string item(const std::string& name) {
  return R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":")" + name +
         R"("},"data":{}})";
}

}  // namespace

TEST_CASE("a list goes on from page to page, and names the kind of each item") {
  const Listing listing = list([](Script& script) {
    script.answer(kPath + "?limit=500", 200, page({"a", "b"}, "7", "x/+="));
    script.answer(kPath + "?limit=500&continue=x%2F%2B%3D", 200, page({"c"}, "7"));
  });
  CHECK(listing.items == Lines{item("a"), item("b"), item("c")});
  REQUIRE(listing.end);
  CHECK(listing.end->resource_version == "7");
}

TEST_CASE("who has enough of a list is given no more and asks for no more") {
  const Listing listing = list(
      [](Script& script) {
        script.answer(kPath + "?limit=500", 200, page({"a", "b"}, "7", "next"));
      },
      1);
  CHECK(listing.items.size() == 1);
  CHECK(listing.end);
  CHECK(listing.asked.size() == 1);
}

TEST_CASE("a list that has expired goes on with the fresh token of the answer") {
  const std::string expired =
      R"({"kind":"Status","metadata":{"continue":"fresh"},"reason":"Expired","code":410})";
  const Listing listing = list([&](Script& script) {
    script.answer(kPath + "?limit=500", 200, page({"a"}, "7", "old"));
    script.answer(kPath + "?limit=500&continue=old", 410, expired);
    script.answer(kPath + "?limit=500&continue=fresh", 200, page({"b"}, "9"));
  });
  CHECK(listing.items == Lines{item("a"), item("b")});
  CHECK(listing.end->resource_version == "9");
  const Listing endless = list([&](Script& script) {
    script.answer(kPath + "?limit=500", 200, page({"a"}, "7", "fresh"));
    script.answer(kPath + "?limit=500&continue=fresh", 410, expired);
  });
  CHECK(endless.end.error().refusal == Refusal::Gone);
  const Listing without = list([&](Script& script) {
    script.answer(kPath + "?limit=500", 410, R"({"kind":"Status","reason":"Expired"})");
  });
  CHECK(without.end.error().refusal == Refusal::Gone);
}

TEST_CASE("a page that is refused for the moment is asked for again, without those before it") {
  const Listing listing = list([](Script& script) {
    script.answer(kPath + "?limit=500", 200, page({"a"}, "7", "next"));
    script.answer(kPath + "?limit=500&continue=next", 429, "busy", 2s);
    script.answer(kPath + "?limit=500&continue=next", 200, page({"b"}, "7"));
  });
  CHECK(listing.items == Lines{item("a"), item("b")});
  CHECK(listing.pauses == std::vector<std::chrono::milliseconds>{2s});
}

TEST_CASE("items keep their own kind, and the letters of their values") {
  const std::string own = R"({"apiVersion":"v1","kind":"Own","n":[18446744073709551615,-1],)"
                          R"("z":"\u00e4\"","a":null})";
  const Listing listing = list([&](Script& script) {
    script.answer(kPath + "?limit=500", 200,
                  R"({"metadata":{"resourceVersion":"7"},"items":[)" + own + "]}");
  });
  REQUIRE(listing.items.size() == 1);
  CHECK(listing.items[0] == R"({"apiVersion":"v1","kind":"Own","n":[18446744073709551615,-1],)"
                            R"("z":"\u00e4\"","a":null})");
}

TEST_CASE("an empty list may be null, and what is no list is a failure") {
  const auto answered = [](const std::string& body) {
    return list([&](Script& script) { script.answer(kPath + "?limit=500", 200, body); });
  };
  const Listing empty = answered(R"({"metadata":{"resourceVersion":"7"},"items":null})");
  CHECK(empty.items.empty());
  CHECK(empty.end->resource_version == "7");
  for (const std::string body : {"", "[]", "{\"items\":[]}", R"({"metadata":{},"items":{}})",
                                 R"({"metadata":{},"items":[{"metadata")"}) {
    INFO(body);
    const Listing broken = answered(body);
    REQUIRE_FALSE(broken.end);
    CHECK(broken.end.error().refusal == Refusal::Failed);
    CHECK(broken.end.error().message == "the server's answer is no list");
  }
}
