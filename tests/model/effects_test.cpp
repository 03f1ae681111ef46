#include "model/effects.h"

#include <string>
#include <utility>

#include <catch2/catch.hpp>

#include "model/sdn/net_id.h"
#include "tests/support/yaml.h"

using namespace meshproof;

namespace {

Tree tree_from(const std::string& yaml) { return trees_from(yaml).front(); }

PlannedWrite write_of(std::optional<Tree> before, std::optional<Tree> after,
                      Step::Writer writer = Step::Writer::User) {
  const Tree& either = after ? *after : *before;
  ObjectKey key = key_of(either);
  std::string api_version(either.string_at({"apiVersion"}));
  return {writer, std::move(key), std::move(api_version), std::move(before), std::move(after), {},
          {}};
}

Tree roll(const std::string& members, const std::string& more = "") {
  return tree_from(
      "{apiVersion: maistra.io/v1, kind: ServiceMeshMemberRoll,"
      " metadata: {name: default, namespace: mesh" +
      more + "}, spec: {members: [" + members + "]}, status: {configuredMembers: [pay]}}");
}

Tree ns(const std::string& labels) {
  return tree_from("{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {" + labels +
                   "}}}");
}

Tree policy(const std::string& spec, const std::string& more = "") {
  return tree_from(
      "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy,"
      " metadata: {name: p, namespace: shop" +
      more + "}, spec: {" + spec + "}}");
}

const std::string kLeaving = ", deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: [a/b]";
const std::string kOpen = "podSelector: {}, ingress: [{}]";

Tree net_namespace(const std::string& name, int id, const std::string& request = "") {
  Tree tree = tree_from(
      "{apiVersion: network.openshift.io/v1, kind: NetNamespace, metadata: {name: " + name +
      "}, netname: " + name + ", netid: " + std::to_string(id) + "}");
  if (!request.empty()) {
    tree.mapping_at("metadata")
        .mapping_at("annotations")
        .set(kChangeNetwork, Tree::string(request));
  }
  return tree;
}

LiveObjects live_of(std::initializer_list<Tree> trees) {
  LiveObjects live;
  for (const Tree& tree : trees) live.emplace(key_of(tree), tree);
  return live;
}

}  // namespace

TEST_CASE("an update stands before, after, or where somebody else has put it") {
  const PlannedWrite write = write_of(roll("pay"), roll("pay, shop"));
  const auto at = [&](const Tree& live) { return position_of(write, &live); };
  CHECK(at(roll("pay")) == WritePosition::Before);
  CHECK(at(roll("pay, shop")) == WritePosition::After);
  CHECK(at(roll("pay, bank")) == WritePosition::Other);
  CHECK(at(roll("pay, shop, bank")) == WritePosition::Other);
  CHECK(position_of(write, nullptr) == WritePosition::Other);
  // What is being deleted is nobody's to write; where nothing is left to write nothing is asked.
  CHECK(at(roll("pay", kLeaving)) == WritePosition::Other);
  CHECK(at(roll("pay, shop", kLeaving)) == WritePosition::After);
}

TEST_CASE("labels, annotations and finalizers of others do not count in an update") {
  const PlannedWrite write = write_of(roll("pay"), roll("pay, shop"));
  const std::string others =
      ", labels: {team: a}, annotations: {note: x}, finalizers: [maistra.io/istio-operator],"
      " resourceVersion: '7', generation: 3";
  const Tree before = roll("pay", others);
  const Tree after = roll("pay, shop", others);
  CHECK(position_of(write, &before) == WritePosition::Before);
  CHECK(position_of(write, &after) == WritePosition::After);

  const PlannedWrite label = write_of(ns("team: a"), ns("team: a, bridge: b"));
  const Tree plain = ns("team: c");
  const Tree labelled = ns("team: c, bridge: b");
  const Tree foreign = ns("team: a, bridge: c");
  CHECK(position_of(label, &plain) == WritePosition::Before);
  CHECK(position_of(label, &labelled) == WritePosition::After);
  CHECK(position_of(label, &foreign) == WritePosition::Other);
}

TEST_CASE("a label that goes is before as long as it has its value") {
  const PlannedWrite write = write_of(ns("bridge: b"), ns(""));
  const Tree before = ns("bridge: b, other: x");
  const Tree after = ns("other: x");
  const Tree foreign = ns("bridge: c");
  CHECK(position_of(write, &before) == WritePosition::Before);
  CHECK(position_of(write, &after) == WritePosition::After);
  CHECK(position_of(write, &foreign) == WritePosition::Other);
  const PlannedWrite nothing = write_of(ns("a: b"), ns("a: b"));
  CHECK(position_of(nothing, &foreign) == WritePosition::After);
}

TEST_CASE("an object that is created counts whole") {
  const PlannedWrite write = write_of(std::nullopt, policy(kOpen));
  CHECK(position_of(write, nullptr) == WritePosition::Before);
  const auto at = [&](const Tree& live) { return position_of(write, &live); };
  // With the server's defaults, and labelled by somebody.
  CHECK(at(policy(kOpen + ", policyTypes: [Ingress]", ", labels: {a: b}, uid: u-1")) ==
        WritePosition::After);
  CHECK(at(policy("podSelector: {}, ingress: []")) == WritePosition::Other);
  CHECK(at(policy("podSelector: {matchLabels: {app: web}}, ingress: [{}]")) ==
        WritePosition::Other);
  CHECK(at(policy(kOpen + ", egress: [{}], policyTypes: [Ingress]")) == WritePosition::Other);
  CHECK(at(policy(kOpen, kLeaving)) == WritePosition::Leaving);
  const PlannedWrite labelled = write_of(std::nullopt, policy(kOpen, ", labels: {a: b}"));
  const Tree bare = policy(kOpen);
  CHECK(position_of(labelled, &bare) == WritePosition::Other);
}

TEST_CASE("a deletion ignores labels and nothing else") {
  const PlannedWrite write = write_of(policy(kOpen, ", labels: {meshproof.io/bridge: x}"), {});
  const auto at = [&](const Tree& live) { return position_of(write, &live); };
  CHECK(position_of(write, nullptr) == WritePosition::After);
  CHECK(at(policy(kOpen)) == WritePosition::Before);
  CHECK(at(policy(kOpen, ", labels: {kept-by: somebody}, annotations: {a: b}")) ==
        WritePosition::Before);
  CHECK(at(policy("podSelector: {}, ingress: []")) == WritePosition::Other);
  CHECK(at(policy(kOpen, kLeaving)) == WritePosition::After);
}

TEST_CASE("an object that others write is awaited with what decides of it") {
  const Tree wanted = policy(kOpen, ", labels: {maistra.io/generation: '1'}");
  const Effect there = ObjectEffect{key_of(wanted), "networking.k8s.io/v1", {}, wanted};
  CHECK(to_string(there) == "NetworkPolicy shop/p");
  CHECK(missing_of(there, {}) == "is not there");
  CHECK(missing_of(there, live_of({wanted})) == std::nullopt);
  CHECK(missing_of(there, live_of({policy(kOpen, ", labels: {maistra.io/generation: '2'}")})) ==
        std::nullopt);
  CHECK(missing_of(there, live_of({policy("podSelector: {}")})) == "has another content");
  CHECK(missing_of(there, live_of({policy(kOpen, kLeaving)})) == "is being deleted");

  const Effect gone = ObjectEffect{key_of(wanted), "networking.k8s.io/v1", wanted, {}};
  CHECK(missing_of(gone, {}) == std::nullopt);
  CHECK(missing_of(gone, live_of({wanted})) == "is still there");
  CHECK(missing_of(gone, live_of({policy(kOpen, kLeaving)})) == "is still being deleted");

  const Tree member = ns("maistra.io/member-of: mesh");
  const Effect label = ObjectEffect{key_of(member), "v1", ns(""), member};
  CHECK(missing_of(label, live_of({ns("")})) == "is not as it should be");
  CHECK(missing_of(label, live_of({ns("maistra.io/member-of: mesh, team: a")})) == std::nullopt);
}

TEST_CASE("the network of a project is joined when the master took the request and the id fits") {
  const Effect join = NetworkEffect{"shop", "join:mesh"};
  CHECK(to_string(join) == "network of shop (join:mesh)");
  CHECK(missing_of(join, {}) == "has no NetNamespace");
  CHECK(missing_of(join, live_of({net_namespace("shop", 7)})) ==
        "what it joins has no NetNamespace");
  const Tree mesh = net_namespace("mesh", 5);
  CHECK(missing_of(join, live_of({net_namespace("shop", 7), mesh})) ==
        "its NetID is not that of the mesh");
  CHECK(missing_of(join, live_of({net_namespace("shop", 5, "join:mesh"), mesh})) ==
        "the SDN master has not answered yet");
  CHECK(missing_of(join, live_of({net_namespace("shop", 5), mesh})) == std::nullopt);
  // A label proves nothing.
  CHECK(missing_of(join,
                   live_of({net_namespace("shop", 7), mesh, ns("maistra.io/member-of: mesh")})) ==
        "its NetID is not that of the mesh");
}

TEST_CASE("the network of a project is alone when no other has its id") {
  const Effect isolate = NetworkEffect{"shop", "isolate"};
  const Tree mesh = net_namespace("mesh", 5);
  CHECK(missing_of(isolate, live_of({net_namespace("shop", 5), mesh})) ==
        "its NetID is still that of mesh");
  CHECK(missing_of(isolate, live_of({net_namespace("shop", 0), mesh})) == "its NetID is 0");
  CHECK(missing_of(isolate, live_of({net_namespace("shop", 9, "isolate"), mesh})) ==
        "the SDN master has not answered yet");
  CHECK(missing_of(isolate, live_of({net_namespace("shop", 9), mesh})) == std::nullopt);

  const Effect global = NetworkEffect{"shop", "global"};
  CHECK(missing_of(global, live_of({net_namespace("shop", 9)})) == "its NetID is not 0");
  CHECK(missing_of(global, live_of({net_namespace("shop", 0)})) == std::nullopt);
}

TEST_CASE("a member is what the status of the mesh's roll says") {
  const Effect joined = MemberEffect{"mesh", "shop", true};
  const Effect left = MemberEffect{"mesh", "shop", false};
  Tree status = roll("pay, shop");
  CHECK(to_string(joined) == "member shop of mesh");
  CHECK(missing_of(joined, live_of({status})) == "the roll does not list it as configured");
  CHECK(missing_of(left, live_of({status})) == std::nullopt);
  status.find("status")->set("configuredMembers", Tree::strings({"shop"}));
  CHECK(missing_of(joined, live_of({status})) == std::nullopt);
  CHECK(missing_of(left, live_of({status})) == "the roll still lists it as configured");
  // Another mesh's roll says nothing about this one.
  const Effect other = MemberEffect{"mesh-b", "shop", true};
  CHECK(missing_of(other, live_of({status})) == "the roll does not list it as configured");
}

TEST_CASE("a stage waits for what others write, for what we delete, and for members") {
  using Writer = Step::Writer;
  const Tree mine = policy(kOpen);
  ExecutionStage stage;
  stage.writes = {write_of(roll("pay"), roll("pay, shop")),
                  write_of(ns(""), ns("a: b"), Writer::Operator),
                  write_of(ns("a: b"), ns("a: b, maistra.io/member-of: mesh"), Writer::Operator),
                  write_of(mine, std::nullopt),
                  write_of(net_namespace("shop", 7), net_namespace("shop", 7, "join:mesh"))};
  stage.members = {{"mesh", "shop", true}};

  const std::vector<Effect> effects = effects_of(stage, Via::Roll);
  REQUIRE(effects.size() == 4);
  // Of two writes of one object the first state and the last.
  const auto& space = std::get<ObjectEffect>(effects[0]);
  CHECK(space.key.kind == "Namespace");
  CHECK(space.before == ns(""));
  CHECK(space.after == ns("a: b, maistra.io/member-of: mesh"));
  CHECK(to_string(effects[1]) == "NetworkPolicy shop/p");
  CHECK(to_string(effects[2]) == "network of shop (join:mesh)");
  CHECK(std::get<MemberEffect>(effects[3]) == MemberEffect{"mesh", "shop", true});

  // Without the operator its writes are ours, and nobody keeps the roll's status.
  const std::vector<Effect> objects = effects_of(stage, Via::Objects);
  REQUIRE(objects.size() == 2);
  CHECK(to_string(objects[0]) == "NetworkPolicy shop/p");
  CHECK(to_string(objects[1]) == "network of shop (join:mesh)");
  CHECK(effects_of(ExecutionStage{}, Via::Roll).empty());
}

TEST_CASE("the end of a plan is the last state of everything, our own writes included") {
  const Tree bridge = policy(kOpen);
  ExecutionStage first;
  first.writes = {write_of(std::nullopt, bridge), write_of(roll("pay"), roll("pay, shop"))};
  first.members = {{"mesh", "shop", true}};
  ExecutionStage last;
  last.writes = {write_of(bridge, std::nullopt)};
  last.members = {{"mesh", "shop", false}};
  const std::vector<Effect> effects = effects_of({first, last}, Via::Roll);
  REQUIRE(effects.size() == 3);
  CHECK(to_string(effects[0]) == "ServiceMeshMemberRoll mesh/default");
  CHECK(to_string(effects[1]) == "NetworkPolicy shop/p");
  CHECK_FALSE(std::get<ObjectEffect>(effects[1]).after);
  CHECK(std::get<MemberEffect>(effects[2]) == MemberEffect{"mesh", "shop", false});
  CHECK(effects_of({first, last}, Via::Objects).size() == 2);
}
