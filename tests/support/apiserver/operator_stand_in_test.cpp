// The stand-in for the operator comes to the states that the real one left behind.

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/support/apiserver/network_master.h"
#include "tests/support/apiserver/recorded_stage.h"

using namespace meshproof;

namespace {

/// The writes in order, by project; those of the mesh's own project depend on when it looks.
std::map<std::string, std::vector<std::string>> by_project(const Playbook& book,
                                                           const std::vector<std::string>& writes) {
  std::map<std::string, std::vector<std::string>> found;
  for (const auto& write : writes) {
    const auto name = write.substr(write.rfind(' ') + 1);
    const auto project = name.substr(0, name.find('/'));
    if (project != book.mesh && !write.starts_with("status ")) found[project].push_back(write);
  }
  return found;
}

std::map<std::string, std::vector<std::string>> recorded_by_project(const Playbook& book,
                                                                    const RecordedCase& recorded) {
  std::vector<std::string> writes;
  for (const RecordedWrite& write : recorded.writes) {
    const std::string text = write.verb + ' ' + to_string(write.key);
    if (std::ranges::find(writes, text) == writes.end()) writes.push_back(text);
  }
  return by_project(book, writes);
}

/// Plays the recorded changes one after the other, each from where the one before ended.
void check_recordings(const std::vector<std::string>& cases) {
  const TestServer* server = test_server();
  const auto recordings = operator_recordings();
  if (server == nullptr || recordings.empty()) return;
  RecordedStage stage{*server, recordings, cases};
  std::optional<NetworkMaster> network;
  if (!stage.cases().front().before.of_kind("NetNamespace").empty()) network.emplace(*server);
  CHECK(stage.differences_to_live(stage.cases().front().before) == "");
  OperatorStandIn player{*server, stage.book()};
  std::size_t written = 0;
  for (const RecordedCase& recorded : stage.cases()) {
    INFO(recorded.name);
    make_change(stage.admin(), recorded.change);
    REQUIRE(player.comes_to_rest());
    CHECK(stage.differences_to_live(recorded.after) == "");
    auto writes = player.writes();
    writes.erase(writes.begin(), writes.begin() + static_cast<std::ptrdiff_t>(written));
    written += writes.size();
    CHECK(by_project(stage.book(), writes) == recorded_by_project(stage.book(), recorded));
  }
}

}  // namespace

TEST_CASE("a join and a leave end as recorded where OVN-Kubernetes enforces policies",
          "[apiserver][conformance]") {
  check_recordings({"40-ovnkubernetes-join-leave.1", "40-ovnkubernetes-join-leave.2"});
}

TEST_CASE("three joins at once end as recorded in mode NetworkPolicy", "[apiserver][conformance]") {
  check_recordings({"03-sdn-netpol-join-3.1"});
}

TEST_CASE("leaves end as recorded in mode NetworkPolicy", "[apiserver][conformance]") {
  check_recordings({"op2.5-join.3"});
}

TEST_CASE("a join and a leave end as recorded in mode Multitenant", "[apiserver][conformance]") {
  check_recordings({"50-multitenant-join-leave.1", "50-multitenant-join-leave.2"});
}

TEST_CASE("a join and a leave end as recorded in mode Subnet", "[apiserver][conformance]") {
  check_recordings({"60-subnet-join-leave.1", "60-subnet-join-leave.2"});
}

TEST_CASE("joins that nobody was recorded to leave again are taken back whole",
          "[apiserver][conformance]") {
  const TestServer* server = test_server();
  const auto recordings = operator_recordings();
  if (server == nullptr || recordings.empty()) return;
  RecordedStage stage{*server, recordings, {"03-sdn-netpol-join-3.1"}};
  OperatorStandIn player{*server, stage.book()};
  stage.edit_members({"shop", "bookinfo"});
  REQUIRE(player.comes_to_rest());
  stage.edit_members({"payments", "bookinfo"});
  REQUIRE(player.comes_to_rest());
  stage.edit_members({"shop", "bookinfo", "payments"});
  REQUIRE(player.comes_to_rest());
  CHECK(stage.differences_to_live(stage.cases().front().after) == "");
  stage.admin().merge(key_for("ServiceMeshMemberRoll", "mesh-a", "default"),
                      parsed_json(R"({"spec": {"members": null}})"));
  REQUIRE(player.comes_to_rest());
  CHECK(stage.differences_to_live(stage.cases().front().before) == "");
}

TEST_CASE("projects join and leave together as one of them was recorded",
          "[apiserver][conformance]") {
  const TestServer* server = test_server();
  const auto recordings = operator_recordings();
  if (server == nullptr || recordings.empty()) return;
  RecordedStage stage{
      *server, recordings, {"50-multitenant-join-leave.1", "50-multitenant-join-leave.2"}};
  const NetworkMaster network{*server};
  Playbook book = stage.book();
  book.also_play("payments", "bookinfo");
  OperatorStandIn player{*server, book};
  make_change(stage.admin(), stage.cases().front().change);
  stage.edit_members({"payments", "bookinfo"});
  REQUIRE(player.comes_to_rest());
  const auto network_of = [&](const std::string& project) {
    return stage.admin().find(key_for("NetNamespace", "", project))->integer_at({"netid"});
  };
  for (int i = 0; i < 200 && (network_of("bookinfo") != 1000 || network_of("payments") != 1000);
       ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds{25});
  }
  const auto written = by_project(book, player.writes());
  CHECK(written.at("bookinfo") == recorded_by_project(book, stage.cases().front()).at("bookinfo"));
  CHECK(written.at("payments").size() == written.at("bookinfo").size());
  const auto binding = stage.admin().find(key_for("RoleBinding", "payments", "prometheus-mesh-a"));
  CHECK(binding.has_value());
  CHECK(network_of("payments") == 1000);
  stage.edit_members({});
  REQUIRE(player.comes_to_rest());
  // payments has another network of its own, which is as good as the recorded one.
  CHECK(network_of("payments") != network_of("bookinfo"));
  CHECK(stage.differences_to_live(stage.cases()[1].after) == "");
}

TEST_CASE("a roll that is deleted takes its members with it", "[apiserver][conformance]") {
  const TestServer* server = test_server();
  const auto recordings = operator_recordings();
  if (server == nullptr || recordings.empty()) return;
  RecordedStage stage{*server, recordings, {"40-ovnkubernetes-join-leave.1"}};
  OperatorStandIn player{*server, stage.book()};
  make_change(stage.admin(), stage.cases().front().change);
  REQUIRE(player.comes_to_rest());
  stage.admin().remove(key_for("ServiceMeshMemberRoll", "mesh-a", "default"));
  REQUIRE(player.comes_to_rest());
  CHECK(stage.differences_to_live(stage.cases().front().before) == "");
}
