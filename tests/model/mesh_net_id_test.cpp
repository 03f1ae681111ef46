// sdn.md 3: what the SDN master makes of change-network annotations. The sequences recorded from
// the real master are read from scenarios/conformance/sdn.

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "model/sdn/net_id.h"
#include "tests/support/yaml.h"

namespace meshproof {
namespace {

namespace fs = std::filesystem;

Tree net_namespace(const std::string& name, std::int64_t netid) {
  return Tree::mapping({{"apiVersion", Tree::string("network.openshift.io/v1")},
                        {"kind", Tree::string("NetNamespace")},
                        {"metadata", Tree::mapping({{"name", Tree::string(name)}})},
                        {"netid", Tree::number(netid)},
                        {"netname", Tree::string(name)}});
}

ObjectStore three_projects() {
  ObjectStore objects;
  objects.put(make_object(net_namespace("default", 0)));
  objects.put(make_object(net_namespace("mesh", 20)));
  objects.put(make_object(net_namespace("shop", 30)));
  objects.put(make_object(net_namespace("friend", 30)));
  return objects;
}

struct Row {
  const char* behaviour;
  const char* name;
  const char* request;
  std::uint32_t netid;
  bool consumed;
  const char* error;
};

TEST_CASE("the SDN master decides a change request as sdn.md 3 says") {
  const Row row = GENERATE(
      Row{"join copies the id that the target has now", "shop", "join:mesh", 20, true, ""},
      Row{"isolate gives a fresh id to who shares one", "shop", "isolate", 10, true, ""},
      Row{"isolate leaves alone who is alone", "mesh", "isolate", 20, true, ""},
      Row{"isolate ignores what stands after a colon", "mesh", "isolate:shop", 20, true, ""},
      Row{"global gives id 0", "shop", "global", 0, true, ""},
      Row{"default cannot be isolated", "default", "isolate", 0, false,
          "network isolation for namespace \"default\" is not allowed"},
      Row{"default can be joined to a project", "default", "join:mesh", 20, true, ""},
      Row{"joining oneself keeps the id", "shop", "join:shop", 30, true, ""},
      Row{"an unknown target is an error", "shop", "join:nobody", 30, false,
          "netid not found for namespace \"nobody\""},
      Row{"verbs are case-sensitive", "shop", "Join:mesh", 30, false, "invalid pod network action"},
      Row{"join needs exactly one argument", "shop", "join:mesh:x", 30, false,
          "invalid pod network action"},
      Row{"join without an argument is an error", "shop", "join", 30, false,
          "invalid pod network action"},
      Row{"an empty request is an error", "shop", "", 30, false, "invalid pod network action"});
  INFO(row.behaviour);
  const auto change = change_network(three_projects(), row.name, row.request, SdnMode::Multitenant);
  CHECK(change.netid == row.netid);
  CHECK(change.consumed == row.consumed);
  CHECK(change.error == row.error);
}

TEST_CASE("mode NetworkPolicy removes the request and keeps the id (sdn.md 7)") {
  const auto change = change_network(three_projects(), "shop", "join:mesh", SdnMode::NetworkPolicy);
  CHECK(change.netid == 30);
  CHECK(change.consumed);
  CHECK_FALSE(change.error.empty());
}

TEST_CASE("nobody looks at the request in mode Subnet (sdn.md 2)") {
  const auto change = change_network(three_projects(), "shop", "join:mesh", SdnMode::Subnet);
  CHECK(change.netid == 30);
  CHECK_FALSE(change.consumed);
}

std::string text_of(const fs::path& file) {
  std::ifstream stream{file};
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// One line of master-events.json: what the real master had after it saw an edit.
struct MasterEvent {
  std::string name;
  std::uint32_t netid = 0;
  bool refused = false;
};

std::string quoted_after(const std::string& text, std::size_t at) {
  const auto first = text.find('"', text.find(':', at)) + 1;
  return text.substr(first, text.find('"', first) - first);
}

/// The events after the assignments, in order. The file is written by a program, one key a line.
std::vector<MasterEvent> updates_in(const std::string& text) {
  std::vector<MasterEvent> updates;
  for (auto at = text.find("\"name\""); at != std::string::npos;
       at = text.find("\"name\"", at + 1)) {
    const auto end = text.find('}', at);
    const std::string event = text.substr(at, end - at);
    if (quoted_after(event, event.find("\"op\"")).starts_with("assign")) continue;
    const auto number = event.find(':', event.find("\"netid\"")) + 1;
    updates.push_back({quoted_after(event, 0),
                       static_cast<std::uint32_t>(std::stoul(event.substr(number))),
                       event.find("\"error\"") != std::string::npos});
  }
  return updates;
}

/// Fresh ids are any free numbers: two sides agree if the same names share one.
std::map<std::string, std::vector<std::string>> sharing(
    const std::map<std::string, std::uint32_t>& ids) {
  std::map<std::uint32_t, std::vector<std::string>> names;
  for (const auto& [name, id] : ids) names[id].push_back(name);
  std::map<std::string, std::vector<std::string>> shared;
  for (const auto& [id, group] : names) {
    for (const auto& name : group) shared[name] = group;
  }
  return shared;
}

void check_sequence(const fs::path& folder) {
  const auto updates = updates_in(text_of(folder / "master-events.json"));
  ObjectStore objects;
  std::map<std::string, std::uint32_t> expected;
  std::size_t seen = 0;
  for (const Tree& tree : trees_from(text_of(folder / "input.yaml"))) {
    if (tree.string_at({"kind"}) != "NetNamespace") continue;
    const std::string name{tree.string_at({"metadata", "name"})};
    const auto request = tree.string_at({"metadata", "annotations", kChangeNetwork});
    if (request.empty()) {
      objects.put(make_object(tree));
      expected[name] = netid_of(*objects.find("NetNamespace", "", name));
      continue;
    }
    REQUIRE(seen < updates.size());
    const MasterEvent& event = updates[seen++];
    CHECK(event.name == name);
    const auto change = change_network(objects, name, request, SdnMode::Multitenant);
    CHECK(change.consumed != event.refused);
    expected[name] = event.netid;
    objects.put(make_object(net_namespace(name, change.netid)));
    std::map<std::string, std::uint32_t> ids;
    for (const Object* object : objects.of_kind("NetNamespace")) {
      ids[object->key.name] = netid_of(*object);
    }
    CHECK(sharing(ids) == sharing(expected));
    CHECK((change.netid == 0) == (event.netid == 0));
  }
  CHECK(seen == updates.size());
}

TEST_CASE("the real SDN master's sequences give the same networks", "[conformance]") {
  const fs::path root = fs::path{MESHPROOF_SOURCE_DIR} / "scenarios" / "conformance" / "sdn";
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator{root}) {
    if (!fs::exists(entry.path() / "master-events.json")) continue;
    ++count;
    INFO(entry.path());
    check_sequence(entry.path());
  }
  CHECK(count > 0);
}

}  // namespace
}  // namespace meshproof
