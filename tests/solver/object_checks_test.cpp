#include <catch2/catch.hpp>

#include "model/mesh/redirection.h"
#include "tests/solver/assertion_case.h"
#include "tests/solver/evaluate_case.h"
#include "tests/support/yaml.h"

/// No-orphans, no-privilege and no-shadowed-rules: docs/SEMANTICS.md, Q7 to Q9.
namespace meshproof {
namespace {

const std::string kMesh =
    "{apiVersion: maistra.io/v2, kind: ServiceMeshControlPlane, metadata: {namespace: mesh, name: "
    "basic}}\n---\n{apiVersion: maistra.io/v1, kind: ServiceMeshMemberRoll, metadata: {namespace: "
    "mesh, name: default}, spec: {members: [listed]}}" +
    project_yaml("mesh") + project_yaml("listed") +
    project_yaml("labelled", "maistra.io/member-of: mesh") + project_yaml("left");

std::string binding(const std::string& ns, const std::string& mesh,
                    const std::string& metadata = {}) {
  return "\n---\n{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: "
         "{namespace: " +
         ns + ", name: mesh-users, labels: {maistra.io/member-of: " + mesh + "}" + metadata +
         "}, roleRef: {kind: Role, name: r, apiGroup: rbac.authorization.k8s.io}}";
}

Assertion no_orphans() {
  Assertion result;
  result.id = "A";
  result.kind = AssertionKind::NoOrphans;
  return result;
}

Assertion no_privilege(std::vector<std::string> capabilities) {
  Assertion result;
  result.id = "A";
  result.kind = AssertionKind::NoPrivilege;
  result.in = group_in("a");
  result.capabilities = std::move(capabilities);
  return result;
}

std::string container_yaml(const std::string& security) {
  return "containers: [{name: side, securityContext: " + security + "}]";
}

/// A pod of project a whose only container has this security context.
std::string secured(const std::string& security) {
  return project_yaml("a") +
         "\n---\n{apiVersion: v1, kind: Pod, metadata: {namespace: a, name: web}, spec: {" +
         container_yaml(security) + "}, status: {phase: Running, podIP: 10.128.0.5}}";
}

std::string outcome(const std::string& yaml, const Assertion& asked) {
  return outcome_of(verdict_on(snapshot_from(yaml), asked).finding);
}

}  // namespace

TEST_CASE("an object of a mesh in a project that is no member of it is an orphan") {
  const Verdict verdict = verdict_on(
      snapshot_from(kMesh + binding("left", "mesh") + binding("listed", "mesh")), no_orphans());
  REQUIRE(outcome_of(verdict.finding) == "violated");
  CHECK(verdict.deciders == std::vector{Decider::Objects});
  const auto& violated = std::get<Violated>(verdict.finding);
  CHECK(violated.object == "RoleBinding left/mesh-users");
  CHECK(violated.src.empty());
  CHECK(violated.count == 1);
  REQUIRE(violated.reasons.size() == 1);
  CHECK(violated.reasons[0].text ==
        "it carries maistra.io/member-of: mesh, and left is no member of mesh");
  CHECK(violated.reasons[0].place.is_known());
}

TEST_CASE("members by label and by roll keep their objects, and so does the mesh itself") {
  const Verdict verdict =
      verdict_on(snapshot_from(kMesh + binding("listed", "mesh") + binding("labelled", "mesh") +
                               binding("mesh", "mesh") +
                               binding("left", "mesh",
                                       ", deletionTimestamp: "
                                       "\"2026-01-01T00:00:00Z\"")),
                 no_orphans());
  REQUIRE(outcome_of(verdict.finding) == "holds");
  CHECK(std::get<Holds>(verdict.finding).scope ==
        "4 objects of these kinds, 3 with the label; objects that are being deleted do not count");
  CHECK(outcome(kMesh + binding("labelled", "another"), no_orphans()) == "violated");
}

TEST_CASE("only objects of the kinds that are named count, whatever their group") {
  const std::string odd =
      kMesh +
      "\n---\n{apiVersion: example.com/v1, kind: Thing, metadata: {namespace: left, name: t, "
      "labels: {mark: mesh}}}";
  Assertion asked = no_orphans();
  CHECK(outcome(odd, asked) == "holds");
  asked.label = "mark";
  asked.object_kinds = {"Thing"};
  CHECK(outcome(odd, asked) == "violated");
  asked.object_kinds = {"example.com/Thing"};
  CHECK(outcome(odd, asked) == "violated");
  asked.object_kinds = {"example.org/Thing"};
  CHECK(outcome(odd, asked) == "holds");
}

TEST_CASE("orphans are not ruled out, nor found, where kinds or rolls were not collected") {
  const auto judged = [](const std::string& yaml, const std::string& kind) {
    Snapshot state = snapshot_from(yaml);
    state.coverage.add({kind, ""},
                       {.collected = Collected::Denied, .objects = 0, .reason = {}, .origin = 0});
    return outcome_of(verdict_on(state, no_orphans()).finding);
  };
  CHECK(judged(kMesh, "rbac.authorization.k8s.io/RoleBinding") == "undecided");
  CHECK(judged(kMesh + binding("left", "mesh"), "rbac.authorization.k8s.io/RoleBinding") ==
        "violated");
  CHECK(judged(kMesh + binding("left", "mesh"), "maistra.io/ServiceMeshMemberRoll") == "undecided");
}

TEST_CASE("rights that a spec gives are read in every list, in any spelling") {
  const std::vector<Tree> trees = trees_from(
      "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: a}\nspec:\n  initContainers: "
      "[{name: i, securityContext: {capabilities: {add: "
      "[cap_sys_admin]}}}]"
      "\n  containers: [{name: c, securityContext: {privileged: true}}]\n  ephemeralContainers: "
      "[{name: e, securityContext: {capabilities: {add: [ALL], drop: [NET_RAW]}}}]");
  const std::vector<AddedRight> rights = added_rights(*trees.at(0).find("spec"));
  REQUIRE(rights.size() == 3);
  CHECK(rights[0].container == "i");
  CHECK(rights[0].init);
  CHECK(rights[0].name == "SYS_ADMIN");
  CHECK(rights[1].name == "privileged");
  CHECK(rights[2].name == "ALL");
  CHECK(held_privileges(*trees.at(0).find("spec")).size() == 2);
}

TEST_CASE("a pod may not be given what the assertion names") {
  const auto judged = [](const std::string& security, const Assertion& asked) {
    return outcome(secured(security), asked);
  };
  const Assertion admin = no_privilege({"NET_ADMIN"});
  CHECK(judged("{capabilities: {add: [NET_ADMIN]}}", admin) == "violated");
  CHECK(judged("{capabilities: {add: [cap_net_admin]}}", admin) == "violated");
  CHECK(judged("{capabilities: {add: [ALL]}}", admin) == "violated");
  CHECK(judged("{privileged: true}", admin) == "violated");
  CHECK(judged("{capabilities: {add: [NET_RAW]}}", admin) == "holds");
  CHECK(judged("{capabilities: {drop: [NET_ADMIN]}}", admin) == "holds");
  CHECK(judged("{capabilities: {add: [NET_RAW]}}", no_privilege({"CAP_NET_RAW"})) == "violated");
  CHECK(judged("{privileged: true}", no_privilege({})) == "holds");
  const auto violated = std::get<Violated>(
      verdict_on(snapshot_from(secured("{capabilities: {add: [NET_ADMIN]}}")), admin).finding);
  CHECK(violated.object == "Pod a/web");
  CHECK(violated.reasons.at(0).text == "container side is given NET_ADMIN");
}

TEST_CASE("init containers that are named may, others and the node's network may not") {
  const std::string init =
      project_yaml("a") +
      pod_yaml("a", "web", "10.128.0.5",
               "initContainers: [{name: istio-init, securityContext: {capabilities: {add: "
               "[NET_ADMIN]}}}]");
  Assertion asked = no_privilege({"NET_ADMIN"});
  CHECK(outcome(init, asked) == "violated");
  asked.allowed_init = {"istio-init"};
  CHECK(outcome(init, asked) == "holds");
  asked.allowed_init = {"main"};
  CHECK(outcome(secured("{capabilities: {add: [NET_ADMIN]}}"), asked) == "violated");
  const std::string host =
      project_yaml("a") + pod_yaml("a", "agent", "192.168.0.1", "hostNetwork: true");
  CHECK(outcome(host, asked) == "violated");
  asked.allows_host_network = true;
  CHECK(outcome(host, asked) == "holds");
}

TEST_CASE("templates count where there are no pods, completed pods do not") {
  const std::string deployment =
      project_yaml("a") +
      "\n---\n{apiVersion: apps/v1, kind: Deployment, metadata: {namespace: a, name: web}, spec: "
      "{selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {" +
      container_yaml("{privileged: true}") + "}}}}";
  const Verdict verdict = verdict_on(snapshot_from(deployment), no_privilege({"NET_RAW"}));
  REQUIRE(outcome_of(verdict.finding) == "violated");
  CHECK(std::get<Violated>(verdict.finding).object == "Deployment a/web");
  std::string done = secured("{privileged: true}");
  done.replace(done.find("phase: Running"), 14, "phase: Succeeded");
  CHECK(outcome(done, no_privilege({"NET_RAW"})) == "about nothing");
}

TEST_CASE("no-privilege about no pod says nothing, and nothing where pods were not collected") {
  Assertion asked = no_privilege({"NET_RAW"});
  CHECK(outcome(project_yaml("a"), asked) == "about nothing");
  asked.in->allow_empty = true;
  CHECK(outcome(project_yaml("a"), asked) == "holds");
  asked.in.reset();
  CHECK(outcome(secured("{privileged: true}"), asked) == "violated");
  Snapshot state = snapshot_from(secured("{}"));
  CHECK(outcome_of(verdict_on(state, asked).finding) == "holds");
  state.coverage.add({"Pod", "a"},
                     {.collected = Collected::CutOff, .objects = 1, .reason = {}, .origin = 0});
  CHECK(outcome_of(verdict_on(state, asked).finding) == "undecided");
  asked.in = group_in("a");
  asked.in->unbounded = true;
  CHECK(outcome(secured("{privileged: true}"), asked) == "undecided");
}

TEST_CASE(
    "a policy that says what the mesh's own says already is shadowed, one that does not is not") {
  const std::string moot = kMesh + R"(
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: istio-mesh-basic, namespace: labelled, labels: {maistra.io/member-of: mesh}}
spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {maistra.io/member-of: mesh}}}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: own, namespace: labelled}
spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}
)";
  Assertion asked;
  asked.id = "A";
  asked.kind = AssertionKind::NoShadowedRules;
  const Verdict verdict = verdict_on(snapshot_from(moot), asked);
  REQUIRE(outcome_of(verdict.finding) == "violated");
  CHECK(std::get<Violated>(verdict.finding).object == "NetworkPolicy labelled/own");
  CHECK(verdict.deciders == std::vector{Decider::Z3});
  asked.in = group_in("left");
  CHECK(outcome(moot, asked) == "about nothing");
  asked.in->allow_empty = true;
  CHECK(outcome(moot, asked) == "holds");

  // Of what the mesh wrote alone nothing is asked.
  asked.in = group_in("labelled");
  const std::string meshs_own = moot.substr(0, moot.rfind("---"));
  const Finding nothing = verdict_on(snapshot_from(meshs_own), asked).finding;
  REQUIRE(outcome_of(nothing) == "about nothing");
  CHECK(std::get<Vacuous>(nothing).reason == "all policies in labelled are the mesh's own");
  asked.in = group_in("left");
  Snapshot unlisted = snapshot_from(moot);
  unlisted.coverage.add({"networking.k8s.io/NetworkPolicy", "left"},
                        {.collected = Collected::CutOff, .objects = 0, .reason = {}, .origin = 0});
  CHECK(outcome_of(verdict_on(unlisted, asked).finding) == "undecided");

  const std::string needed =
      project_yaml("left2") + policy("left2", "one",
                                     "podSelector: {}, ingress: [{ports: [{port: "
                                     "8080}]}]");
  asked.in = group_in("left2");
  const Finding held = verdict_on(snapshot_from(kMesh + needed), asked).finding;
  REQUIRE(outcome_of(held) == "holds");
  CHECK(std::get<Holds>(held).universe == Universe::Unbounded);
  CHECK(std::get<Holds>(held).scope.starts_with("1 policy of 1 project with all rules"));
}

}  // namespace meshproof
