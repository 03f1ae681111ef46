#include "solver/checks/addition_proof.h"

#include <catch2/catch.hpp>

#include "solver/checks/what_if.h"
#include "solver/suggest/policy_drafts.h"
#include "tests/support/yaml.h"

/// SEMANTICS A2–A5: what is proved of policies that are to keep a flow, and what is found of those
/// that say too much or too little.
namespace meshproof {

namespace {

/// A member of a mesh with two workloads, a project that calls one of them, and another one.
const std::string kState = R"(
apiVersion: config.openshift.io/v1
kind: Network
metadata: {name: cluster}
spec: {networkType: OVNKubernetes, clusterNetwork: [{cidr: 10.128.0.0/14, hostPrefix: 23}], serviceNetwork: [172.30.0.0/16]}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {maistra.io/member-of: mesh-a}}
---
apiVersion: v1
kind: Namespace
metadata: {name: payments}
---
apiVersion: v1
kind: Namespace
metadata: {name: default}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: istio-mesh-basic, namespace: shop}
spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {maistra.io/member-of: mesh-a}}}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: orders, namespace: shop, labels: {app: orders}}
spec: {containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.0.10}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.0.11}
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: payments, labels: {app: api}}
spec: {containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.0.12}
---
apiVersion: v1
kind: Pod
metadata: {name: batch, namespace: payments, labels: {app: batch}}
spec: {containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.0.13}
)";

KeptRule kept_rule() {
  return {Direction::Ingress,
          "shop",
          {{"app", "orders"}},
          {{{"kubernetes.io/metadata.name", "payments"}}, {{"app", "api"}}, {}},
          PortSet::of(Protocol::Tcp, {8443, 8443})};
}

SuggestedPolicy drafted() {
  KeptFlow flow;
  flow.from = "payments/api";
  flow.to = "shop/orders";
  return draft_policies({{kept_rule(), {0}}}, {flow}, {}).front();
}

std::vector<Verdict> prove(const SuggestedPolicy& policy, Dialect dialect,
                           const std::string& state = kState, const SmtLimits& limits = {}) {
  NetworkOptions options;
  options.dialect = dialect;
  if (dialect == Dialect::OpenShiftSdn) options.sdn = SdnMode::NetworkPolicy;
  const Snapshot without = snapshot_from(state, options);
  return prove_addition(without, with_objects(without, {policy.manifest}), {policy}, {kept_rule()},
                        limits);
}

Tree& rule_of(SuggestedPolicy& policy) {
  return policy.manifest.find("spec")->find("ingress")->items.front();
}
Tree& peer_of(SuggestedPolicy& policy) { return rule_of(policy).find("from")->items.front(); }

constexpr std::array kDialects{Dialect::Kubernetes, Dialect::OpenShiftSdn, Dialect::OvnKubernetes};

}  // namespace

TEST_CASE("M6: a drafted policy opens its flow and nothing else, over every pod that could be") {
  const Dialect dialect = kDialects.at(GENERATE(0u, 1u, 2u));
  const auto verdicts = prove(drafted(), dialect);
  REQUIRE(verdicts.size() == 2);
  const auto* proved = std::get_if<Holds>(&verdicts[0].finding);
  REQUIRE(proved != nullptr);
  CHECK(proved->universe == Universe::Unbounded);
  const auto* compared = std::get_if<Holds>(&verdicts[1].finding);
  REQUIRE(compared != nullptr);
  CHECK(compared->universe == Universe::Enumerated);
  CHECK(compared->scope.find("1 connection becomes") != std::string::npos);
}

TEST_CASE("M6: a policy that says too much or too little is found, with a flow that shows it") {
  struct Row {
    const char* name;
    void (*spoil)(SuggestedPolicy&);
    const char* says;
    bool on_sdn = true;
  };
  const auto row = GENERATE(
      Row{"no podSelector in the peer",
          [](SuggestedPolicy& policy) { peer_of(policy).erase("podSelector"); },
          "open with the policy"},
      Row{"another project",
          [](SuggestedPolicy& policy) {
            peer_of(policy)
                .find("namespaceSelector")
                ->find("matchLabels")
                ->set("kubernetes.io/metadata.name", Tree::string("default"));
          },
          ""},
      Row{"any project",
          [](SuggestedPolicy& policy) {
            peer_of(policy).set("namespaceSelector", Tree::mapping());
          },
          "open with the policy"},
      Row{"a port more",
          [](SuggestedPolicy& policy) {
            rule_of(policy).find("ports")->items.push_back(
                Tree::mapping({{"protocol", Tree::string("TCP")}, {"port", Tree::number(9000)}}));
          },
          "open with the policy"},
      Row{"another port",
          [](SuggestedPolicy& policy) {
            rule_of(policy).find("ports")->items.front().set("port", Tree::number(8444));
          },
          ""},
      Row{"no ports", [](SuggestedPolicy& policy) { rule_of(policy).erase("ports"); },
          "open with the policy"},
      Row{"all pods of the project",
          [](SuggestedPolicy& policy) {
            policy.manifest.find("spec")->set("podSelector", Tree::mapping());
          },
          "open with the policy"},
      Row{"no rule",
          [](SuggestedPolicy& policy) {
            policy.manifest.find("spec")->set("ingress", Tree::sequence());
          },
          "to be kept"},
      Row{"addresses of pods",
          [](SuggestedPolicy& policy) {
            rule_of(policy).set(
                "from",
                Tree::sequence({Tree::mapping(
                    {{"ipBlock", Tree::mapping({{"cidr", Tree::string("10.128.0.0/24")}})}})}));
          },
          ""});
  const Dialect dialect = kDialects.at(GENERATE(0u, 1u, 2u));
  INFO(row.name << ", dialect " << static_cast<int>(dialect));
  SuggestedPolicy policy = drafted();
  row.spoil(policy);
  const auto verdicts = prove(policy, dialect);
  const auto* violated = std::get_if<Violated>(&verdicts[0].finding);
  REQUIRE(violated != nullptr);
  REQUIRE_FALSE(violated->reasons.empty());
  CHECK(violated->reasons.front().text.starts_with(row.says));
  CHECK(violated->dst.starts_with("shop/"));
}

TEST_CASE("M6: a policy that isolates pods which nothing isolated is found to close flows") {
  std::string open = kState;
  open.replace(open.find("podSelector: {}, ingress"), 24,
               "podSelector: {matchLabels: {app: web}}, ingress");
  const auto verdicts = prove(drafted(), Dialect::OvnKubernetes, open);
  const auto* violated = std::get_if<Violated>(&verdicts[0].finding);
  REQUIRE(violated != nullptr);
  CHECK(violated->reasons.front().text.starts_with("closed by the policy"));
  CHECK_FALSE(verdicts[1].holds());
}

TEST_CASE(
    "M6: with the OpenShift SDN a project by its selector alone means hosts and the outside") {
  SuggestedPolicy policy = drafted();
  peer_of(policy).erase("podSelector");
  peer_of(policy)
      .find("namespaceSelector")
      ->find("matchLabels")
      ->set("kubernetes.io/metadata.name", Tree::string("default"));
  KeptRule rule = kept_rule();
  rule.peer.projects = {{"kubernetes.io/metadata.name", "default"}};
  rule.peer.pods = {};
  NetworkOptions options;
  options.dialect = Dialect::OpenShiftSdn;
  options.sdn = SdnMode::NetworkPolicy;
  const Snapshot without = snapshot_from(kState, options);
  const auto found =
      prove_addition(without, with_objects(without, {policy.manifest}), {policy}, {rule});
  REQUIRE(std::holds_alternative<Violated>(found[0].finding));
  peer_of(policy).set("podSelector", Tree::mapping());
  const auto drafted_so =
      prove_addition(without, with_objects(without, {policy.manifest}), {policy}, {rule});
  CHECK(drafted_so[0].holds());
}

TEST_CASE("M6: what cannot be proved within the work limit is undecided") {
  SuggestedPolicy policy = drafted();
  const auto verdicts = prove(policy, Dialect::OvnKubernetes, kState, {.work = 1});
  CHECK(std::holds_alternative<Undecided>(verdicts[0].finding));
}

TEST_CASE("M6: an enforcing kind that is not modelled leaves the proof undecided") {
  const std::string more = R"(---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: all}
spec: {priority: 1, subject: {namespaces: {}}}
)";
  const auto verdicts = prove(drafted(), Dialect::OvnKubernetes, kState + more);
  CHECK(std::holds_alternative<Undecided>(verdicts[0].finding));
}

TEST_CASE("M6: without a policy nothing is proved") {
  const Snapshot state = snapshot_from(kState);
  CHECK(prove_addition(state, state, {}, {}).empty());
}

}  // namespace meshproof
