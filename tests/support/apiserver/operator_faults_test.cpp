// What goes wrong on demand: operators that stop, networks that do not answer, names in the way.

#include <chrono>
#include <set>
#include <string>
#include <thread>

#include <catch2/catch.hpp>

#include "tests/support/apiserver/network_master.h"
#include "tests/support/apiserver/recorded_stage.h"

using namespace meshproof;
using std::chrono::milliseconds;

namespace {

constexpr const char* kRequest = "pod.network.openshift.io/multitenant.change-network";

std::string label_of(ApiClient& client, const std::string& project) {
  const auto found = client.find(key_for("Namespace", "", project));
  return std::string{found->string_at({"metadata", "labels", "maistra.io/member-of"})};
}

}  // namespace

TEST_CASE("an operator that is down does nothing", "[apiserver][conformance]") {
  const TestServer* server = test_server();
  const auto recordings = operator_recordings();
  if (server == nullptr || recordings.empty()) return;
  RecordedStage stage{*server, recordings, {"60-subnet-join-leave.1"}};
  OperatorPace down;
  down.acts = false;
  OperatorStandIn player{*server, stage.book(), down};
  make_change(stage.admin(), stage.cases().front().change);
  CHECK_FALSE(player.comes_to_rest(milliseconds{300}));
  CHECK(player.writes().empty());
  player.set_pace({});
  REQUIRE(player.comes_to_rest());
  CHECK(stage.differences_to_live(stage.cases().front().after) == "");
}

TEST_CASE("an operator that stopped after any write is taken over by the next one",
          "[apiserver][conformance]") {
  const TestServer* server = test_server();
  const auto recordings = operator_recordings();
  if (server == nullptr || recordings.empty()) return;
  RecordedStage stage{*server, recordings, {"03-sdn-netpol-join-3.1"}};
  make_change(stage.admin(), stage.cases().front().change);
  std::size_t operators = 0;
  std::set<std::string> written;
  for (bool is_at_rest = false; !is_at_rest; ++operators) {
    OperatorPace pace;
    pace.stops_after = 7;
    OperatorStandIn player{*server, stage.book(), pace};
    while (!is_at_rest && player.writes().size() < 7) {
      is_at_rest = player.comes_to_rest(milliseconds{50});
    }
    for (const auto& write : player.writes()) {
      if (!write.starts_with("status ")) CHECK(written.insert(write).second);
    }
  }
  CHECK(operators > 4);
  CHECK(written.size() == stage.cases().front().writes.size());
  CHECK(stage.differences_to_live(stage.cases().front().after) == "");
}

TEST_CASE("a delay lies between an edit and the first write", "[apiserver][conformance]") {
  const TestServer* server = test_server();
  const auto recordings = operator_recordings();
  if (server == nullptr || recordings.empty()) return;
  RecordedStage stage{*server, recordings, {"60-subnet-join-leave.1"}};
  OperatorPace slow;
  slow.before_acting = milliseconds{400};
  slow.between_writes = milliseconds{30};
  OperatorStandIn player{*server, stage.book(), slow};
  REQUIRE(player.comes_to_rest());
  const auto start = std::chrono::steady_clock::now();
  make_change(stage.admin(), stage.cases().front().change);
  std::this_thread::sleep_for(milliseconds{200});
  CHECK(player.writes().empty());
  REQUIRE(player.comes_to_rest());
  const auto writes = static_cast<int>(player.writes().size());
  CHECK(std::chrono::steady_clock::now() - start >= milliseconds{400 + 30 * writes});
}

TEST_CASE("a project that got its label has not got its network while no master answers",
          "[apiserver][conformance]") {
  const TestServer* server = test_server();
  const auto recordings = operator_recordings();
  if (server == nullptr || recordings.empty()) return;
  RecordedStage stage{*server, recordings, {"50-multitenant-join-leave.1"}};
  OperatorStandIn player{*server, stage.book()};
  make_change(stage.admin(), stage.cases().front().change);
  REQUIRE(player.comes_to_rest());
  CHECK(label_of(stage.admin(), "bookinfo") == "mesh-a");
  const auto asking = stage.admin().find(key_for("NetNamespace", "", "bookinfo"));
  CHECK(asking->string_at({"metadata", "annotations", kRequest}) == "join:mesh-a");
  CHECK(asking->integer_at({"netid"}) == 1001);

  const NetworkMaster master{*server, milliseconds{50}};
  for (int i = 0; i < 200; ++i) {
    if (stage.admin().find(key_for("NetNamespace", "", "bookinfo"))->integer_at({"netid"}) ==
        1000) {
      break;
    }
    std::this_thread::sleep_for(milliseconds{25});
  }
  CHECK(stage.differences_to_live(stage.cases().front().after) == "");
}

TEST_CASE("an operator that waits in vain for the network gives the join up as recorded",
          "[apiserver][conformance]") {
  const TestServer* server = test_server();
  const auto recordings = operator_recordings();
  if (server == nullptr || recordings.empty()) return;
  // The second case has the statuses and the script, the first one what is to come out.
  RecordedStage stage{*server, recordings, {"op2.5-multitenant.3", "op2.5-multitenant.1"}};
  OperatorPace waiting;
  waiting.network = {true, milliseconds{300}};
  OperatorStandIn player{*server, stage.book(), waiting};
  make_change(stage.admin(), stage.cases().front().change);
  REQUIRE(player.comes_to_rest());
  CHECK(stage.differences_to_live(stage.cases().front().after) == "");
}

TEST_CASE("a policy in the way fails the join as recorded, until the project is touched",
          "[apiserver][conformance]") {
  const TestServer* server = test_server();
  const auto recordings = operator_recordings();
  if (server == nullptr || recordings.empty()) return;
  RecordedStage stage{*server,
                      recordings,
                      {"07-name-clash-networkpolicy.1", "07-name-clash-networkpolicy.3",
                       "40-ovnkubernetes-join-leave.1"}};
  OperatorStandIn player{*server, stage.book()};
  make_change(stage.admin(), stage.cases().front().change);
  REQUIRE(player.comes_to_rest());
  CHECK(stage.differences_to_live(stage.cases().front().after) == "");
  stage.admin().remove(key_for("NetworkPolicy", "bookinfo", "istio-mesh-basic"));
  REQUIRE(player.comes_to_rest());
  CHECK(label_of(stage.admin(), "bookinfo").empty());
  make_change(stage.admin(), stage.cases()[1].change);
  REQUIRE(player.comes_to_rest());
  CHECK(stage.differences_to_live(stage.cases()[1].after) == "");
}

TEST_CASE("a project that left rejoins, also while it is still leaving",
          "[apiserver][conformance]") {
  const TestServer* server = test_server();
  const auto recordings = operator_recordings();
  if (server == nullptr || recordings.empty()) return;
  RecordedStage stage{
      *server, recordings, {"50-multitenant-join-leave.1", "50-multitenant-join-leave.2"}};
  const NetworkMaster master{*server};
  OperatorStandIn player{*server, stage.book()};
  make_change(stage.admin(), stage.cases().front().change);
  REQUIRE(player.comes_to_rest());
  stage.edit_members({});
  REQUIRE(player.comes_to_rest());
  CHECK(stage.differences_to_live(stage.cases()[1].after) == "");

  stage.edit_members({"bookinfo"});
  REQUIRE(player.comes_to_rest());
  OperatorPace halts;
  halts.stops_after = 3;
  player.set_pace(halts);
  stage.edit_members({});
  while (player.comes_to_rest(milliseconds{100})) {
  }
  stage.edit_members({"bookinfo"});
  player.set_pace({});
  REQUIRE(player.comes_to_rest());
  CHECK(stage.differences_to_live(stage.cases().front().after) == "");
}
