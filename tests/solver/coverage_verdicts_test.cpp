#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

#include "solver/verify.h"
#include "tests/support/yaml.h"

/// What verdicts become where the input lacks something: docs/SEMANTICS.md, C.
namespace meshproof {
namespace {

const std::string kPolicy = "networking.k8s.io/NetworkPolicy";
const std::string kRoll = "maistra.io/ServiceMeshMemberRoll";

std::string ns(const std::string& name, const std::string& labels = {}) {
  return "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + ", labels: {" + labels +
         "}}\n";
}

std::string pod(const std::string& where, const std::string& address) {
  return "---\napiVersion: v1\nkind: Pod\nmetadata: {name: app, namespace: " + where +
         ", labels: {app: app}}\nspec: {containers: [{name: main}]}\nstatus: {phase: Running, "
         "podIP: " +
         address + "}\n";
}

std::string policy(const std::string& where, const std::string& spec) {
  return "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: basic, "
         "namespace: " +
         where + "}\nspec: {podSelector: {}, " + spec + "}\n";
}

/// shop admits its mesh, open admits everybody, shut sends nowhere, tools has no policy.
const std::string kCluster =
    "apiVersion: maistra.io/v1\nkind: ServiceMeshMemberRoll\nmetadata: {name: default, namespace: "
    "mesh-a}\nspec: {members: [shop]}\n" +
    ns("mesh-a") + ns("shop", "maistra.io/member-of: mesh-a") + ns("tools") + ns("open") +
    ns("shut") + pod("shop", "10.128.0.6") + pod("tools", "10.128.0.7") +
    pod("open", "10.128.0.8") + pod("shut", "10.128.0.9") + pod("mesh-a", "10.128.0.10") +
    policy("shop",
           "ingress: [{from: [{namespaceSelector: {matchLabels: {maistra.io/member-of: "
           "mesh-a}}}]}]") +
    policy("open", "ingress: [{}]") + policy("shut", "policyTypes: [Egress]");

NetworkOptions network(Dialect dialect) {
  NetworkOptions options;
  options.dialect = dialect;
  return options;
}

Snapshot snapshot(const std::string& more = {}, Dialect dialect = Dialect::Kubernetes) {
  return snapshot_from(kCluster + more, network(dialect));
}

Group in(const std::string& name) {
  Group group;
  group.name = name;
  group.namespace_names = {name};
  return group;
}

Group members_of(const std::string& mesh) {
  Group group;
  group.name = "members";
  group.member_of = mesh;
  return group;
}

Group block(const std::string& cidr) {
  Group group;
  group.name = cidr;
  group.cidrs = {*Cidr::parse(cidr)};
  group.except_cluster = true;
  return group;
}

Assertion assertion(AssertionKind kind, Group from, Group to) {
  Assertion result;
  result.id = "A";
  result.kind = kind;
  result.from = std::move(from);
  result.to = std::move(to);
  return result;
}

Assertion deny(const std::string& from, const std::string& to) {
  return assertion(AssertionKind::Deny, in(from), in(to));
}

Listing lost(Collected collected) {
  return {.collected = collected, .objects = 0, .reason = {}, .origin = 0};
}

Finding judge(const Snapshot& state, const Assertion& asked) {
  return verify(state, {{asked}, {}}).at(0).finding;
}

/// `holds`, `violated`, `about nothing`, or the reason why it is not known.
std::string outcome(const Finding& finding) {
  if (std::holds_alternative<Holds>(finding)) return "holds";
  if (std::holds_alternative<Violated>(finding)) return "violated";
  if (std::holds_alternative<Vacuous>(finding)) return "about nothing";
  return std::get<Undecided>(finding).reason;
}

std::string outcome(const Snapshot& state, const Assertion& asked) {
  return outcome(judge(state, asked));
}

std::vector<std::string> outcomes(const Snapshot& state, const std::string& builtin) {
  std::vector<std::string> result;
  for (const Verdict& verdict : verify(state, {{}, {builtin}})) {
    result.push_back(outcome(verdict.finding));
  }
  return result;
}

const std::string kLacks = "the input lacks what this rests on: ";

}  // namespace

TEST_CASE("policies that nobody collected may open what is closed and close what is open") {
  Snapshot state = snapshot();
  CHECK(outcome(state, deny("tools", "shop")) == "holds");
  CHECK(outcome(state, deny("tools", "mesh-a")) == "violated");
  for (const Collected how : {Collected::Never, Collected::Denied, Collected::CutOff}) {
    state.coverage.listings.clear();
    state.coverage.add({kPolicy, ""}, lost(how));
    CHECK(outcome(state, deny("tools", "shop")) ==
          "tools/app to shop/app: which NetworkPolicies tools has is not known: the input lacks "
          "them");
    CHECK(outcome(state, deny("tools", "mesh-a")) != "violated");
  }
}

TEST_CASE("a witness that known policies admit stays one whatever others there are") {
  Snapshot state = snapshot();
  state.coverage.add({kPolicy, "open"}, lost(Collected::Denied));
  CHECK(outcome(state, deny("tools", "open")) == "violated");
  CHECK(outcome(state, assertion(AssertionKind::Allow, in("tools"), in("open"))) == "holds");
}

TEST_CASE("a flow that is closed at one end stays closed whatever the other end has") {
  Snapshot state = snapshot();
  state.coverage.add({kPolicy, "mesh-a"}, lost(Collected::Denied));
  CHECK(outcome(state, deny("shut", "mesh-a")) == "holds");
  CHECK(outcome(state, deny("tools", "mesh-a")) ==
        "tools/app to mesh-a/app: which NetworkPolicies mesh-a has is not known: the input lacks "
        "them");
}

TEST_CASE("what is missing elsewhere does not matter") {
  Snapshot state = snapshot();
  for (const std::string& kind : {std::string("Pod"), kPolicy, kRoll}) {
    state.coverage.add({kind, "open"}, lost(Collected::Denied));
  }
  state.coverage.add({"Namespace", ""}, lost(Collected::CutOff));
  state.coverage.add({"Node", ""}, lost(Collected::Never));
  CHECK(outcome(state, deny("tools", "shop")) == "holds");
}

TEST_CASE("pods that nobody collected may break what holds for the others") {
  Snapshot state = snapshot();
  state.coverage.add({"Pod", "tools"}, lost(Collected::Denied));
  CHECK(outcome(state, deny("tools", "shop")) == kLacks + "Pod in tools: denied");
  CHECK(outcome(state, deny("tools", "open")) == "violated");
  state.coverage.assumed_empty = {"Pod"};
  CHECK(outcome(state, deny("tools", "shop")) == "holds");
}

TEST_CASE("templates count as pods where the input has no list of pods") {
  Snapshot state = snapshot();
  state.coverage.add({"apps/Deployment", "tools"}, lost(Collected::Denied));
  CHECK(outcome(state, deny("tools", "shop")) == kLacks + "Deployment in tools: denied");
  state.coverage.add({"Pod", "tools"}, lost(Collected::Listed));
  CHECK(outcome(state, deny("tools", "shop")) == "holds");
}

TEST_CASE("who is selected by labels is known only where all Namespaces are") {
  Snapshot state = snapshot();
  const Assertion asked = assertion(AssertionKind::Deny, in("tools"), members_of("mesh-a"));
  CHECK(outcome(state, asked) == "holds");
  state.coverage.add({"Namespace", ""}, lost(Collected::CutOff));
  CHECK(outcome(state, asked) == kLacks + "Namespace: the list was cut off");
}

TEST_CASE("an empty group says nothing only where its pods would have been seen") {
  Snapshot state = snapshot();
  CHECK(outcome(state, deny("ghost", "shop")) == "about nothing");
  state.coverage.add({"Pod", ""}, lost(Collected::CutOff));
  CHECK(outcome(state, deny("ghost", "shop")) ==
        kLacks + "Pod in ghost, shop: the list was cut off");
}

TEST_CASE("a namespace that stands in no list of Namespaces has labels that nobody knows") {
  Snapshot state = snapshot(pod("ghost", "10.128.0.11"));
  CHECK(outcome(state, deny("ghost", "shop")) == "holds");
  state.coverage.add({"Namespace", ""}, lost(Collected::Assumed));
  CHECK(outcome(state, deny("ghost", "shop")) ==
        "ghost/app to shop/app: which labels namespace ghost has is not known: the input lacks it");
  CHECK(outcome(state, deny("ghost", "open")) == "violated");
  const Assertion members = assertion(AssertionKind::Deny, in("tools"), members_of("mesh-a"));
  CHECK(outcome(state, members) ==
        kLacks + "labels of Namespace ghost: objects lie there, the list lacks it");
}

TEST_CASE("nothing is decided where the network was not collected, not even a violation") {
  Snapshot state = snapshot_from(kCluster);
  CHECK(state.cluster.network.assumed);
  state.coverage.add({"config.openshift.io/Network", ""}, lost(Collected::Never));
  const std::string lacks = kLacks + "config.openshift.io/Network: never collected";
  CHECK(outcome(state, deny("tools", "shop")) == lacks);
  CHECK(outcome(state, deny("tools", "open")) == lacks);
  Snapshot told = snapshot();
  told.coverage = state.coverage;
  CHECK(outcome(told, deny("tools", "open")) == "violated");
}

TEST_CASE("a refused list of a kind that is not modelled leaves everything open") {
  Snapshot state = snapshot();
  state.coverage.add({"policy.networking.k8s.io/AdminNetworkPolicy", ""}, lost(Collected::Denied));
  CHECK(outcome(state, deny("tools", "open")) == kLacks + "AdminNetworkPolicy: denied");
  state.coverage.listings.clear();
  state.coverage.add({"security.istio.io/AuthorizationPolicy", ""}, lost(Collected::Denied));
  CHECK(outcome(state, deny("tools", "shop")) == "holds");
}

TEST_CASE("egress firewalls that nobody collected only close what leaves the pod network") {
  Snapshot state = snapshot({}, Dialect::OpenShiftSdn);
  state.coverage.add({"network.openshift.io/EgressNetworkPolicy", "tools"},
                     lost(Collected::Denied));
  for (const AssertionKind kind : {AssertionKind::Allow, AssertionKind::Deny}) {
    Assertion asked = assertion(kind, in("tools"), block("203.0.113.0/24"));
    asked.ports = PortSet::of(Protocol::Tcp, {443, 443});
    CHECK(outcome(state, asked)
              .ends_with("which EgressNetworkPolicies tools has is not known: the input lacks "
                         "them"));
  }
  CHECK(outcome(state, deny("tools", "open")) == "violated");
}

TEST_CASE("a Service that nobody collected may lead outside past the policies of an SDN") {
  const std::string shut_in = policy("tools", "policyTypes: [Egress]");
  const Assertion asked = assertion(AssertionKind::Deny, in("tools"), block("203.0.113.0/24"));
  const std::string lacks = kLacks + "Service in mesh-a, open, shop, shut, tools: never collected";
  for (const Dialect dialect : {Dialect::OpenShiftSdn, Dialect::OvnKubernetes}) {
    Snapshot state = snapshot(shut_in, dialect);
    CHECK(outcome(state, asked) == "holds");
    state.coverage.add({"Service", ""}, lost(Collected::Never));
    CHECK(outcome(state, asked) == (dialect == Dialect::OpenShiftSdn ? lacks : "holds"));
  }
}

TEST_CASE("who shares a network id is known only where all NetNamespaces are") {
  Snapshot state = snapshot({}, Dialect::OpenShiftSdn);
  CHECK(outcome(state, deny("tools", "shop")) == "holds");
  state.coverage.add({"network.openshift.io/NetNamespace", ""}, lost(Collected::Never));
  CHECK(outcome(state, deny("tools", "shop")) == kLacks + "NetNamespace: never collected");
}

TEST_CASE("tenancy rests on the policies of the members, and on nobody else's") {
  Snapshot state = snapshot();
  CHECK(outcomes(state, "builtin:tenancy") == std::vector<std::string>{"holds"});
  state.coverage.add({kPolicy, "tools"}, lost(Collected::Never));
  state.coverage.add({"Pod", ""}, lost(Collected::Never));
  CHECK(outcomes(state, "builtin:tenancy") == std::vector<std::string>{"holds"});
  state.coverage.add({kPolicy, "shop"}, lost(Collected::Never));
  CHECK(outcomes(state, "builtin:tenancy") ==
        std::vector<std::string>{kLacks + "NetworkPolicy in shop: never collected"});
  state.coverage.assumed_empty = {kPolicy};
  CHECK(outcomes(state, "builtin:tenancy") == std::vector<std::string>{"holds"});
}

TEST_CASE("tenancy rests on the egress policies of outsiders only where some are known") {
  Snapshot state = snapshot();
  state.coverage.add({kPolicy, "shut"}, lost(Collected::Denied));
  CHECK(outcomes(state, "builtin:tenancy") ==
        std::vector<std::string>{kLacks + "NetworkPolicy in shut: denied"});
}

TEST_CASE("a member without policies is a violation only where its policies were collected") {
  const std::string bare = ns("bare", "maistra.io/member-of: mesh-a");
  Snapshot state = snapshot(bare);
  CHECK(outcomes(state, "builtin:tenancy") == std::vector<std::string>{"violated"});
  state.coverage.add({kPolicy, "bare"}, lost(Collected::Denied));
  CHECK(outcomes(state, "builtin:tenancy").front() != "violated");
  CHECK(outcomes(state, "builtin:tenancy").front() != "holds");
}

TEST_CASE("a mesh that the input may hide is a verdict of its own") {
  Snapshot state = snapshot();
  state.coverage.add({kRoll, "tools"}, lost(Collected::Denied));
  CHECK(outcomes(state, "builtin:tenancy") ==
        std::vector<std::string>{"holds", kLacks + "ServiceMeshMemberRoll in tools: denied"});
  state.coverage.add({kRoll, "mesh-a"}, lost(Collected::Denied));
  CHECK(outcomes(state, "builtin:tenancy").front() ==
        kLacks + "ServiceMeshMemberRoll in mesh-a: denied");
}

TEST_CASE("that there is no mesh is known only where meshes would have been seen") {
  Snapshot state = snapshot_from(ns("shop") + pod("shop", "10.128.0.6"));
  CHECK(outcomes(state, "builtin:tenancy") == std::vector<std::string>{"about nothing"});
  CHECK(outcomes(state, "builtin:control-plane") == std::vector<std::string>{"about nothing"});
  state.coverage.add({kRoll, ""}, lost(Collected::Denied));
  const std::vector<std::string> lacks{kLacks + "ServiceMeshMemberRoll in shop: denied"};
  CHECK(outcomes(state, "builtin:tenancy") == lacks);
  CHECK(outcomes(state, "builtin:control-plane") == lacks);
}

TEST_CASE("where coverage is required plain manifests decide nothing") {
  Snapshot state = snapshot();
  state.coverage.required = true;
  CHECK(outcome(state, deny("tools", "shop")).starts_with(kLacks));
  CHECK(outcome(state, deny("tools", "open")).starts_with(kLacks));
  CHECK(outcomes(state, "builtin:tenancy").front().starts_with(kLacks));
}

namespace {

const std::vector<std::string> kNamespaces{"mesh-a", "shop", "tools", "open", "shut"};

bool is_decided(const std::string& outcome) { return outcome == "holds" || outcome == "violated"; }

/// The snapshot without the objects of a kind in these namespaces, and with the ledger saying so.
Snapshot without(const Snapshot& whole, const std::string& kind,
                 const std::set<std::string>& hidden) {
  Snapshot part = whole;
  for (const std::string& where : hidden) {
    const bool is_namespace = kind == "Namespace";
    for (const Object* object : whole.objects.of_kind(kind, is_namespace ? "" : where)) {
      if (!is_namespace || object->key.name == where) part.objects.erase(object->key);
    }
    part.coverage.add({group_and_kind(default_group(kind), kind), is_namespace ? "" : where},
                      lost(Collected::Never));
  }
  NetworkOptions options = network(whole.cluster.network.dialect);
  Diagnostics told;
  part.cluster = project(part.objects, options, told);
  return part;
}

}  // namespace

/// The law that all of C serves: whatever is hidden from the input, and told to be hidden, no
/// verdict contradicts the one about the whole.
TEST_CASE("no verdict over a part contradicts the verdict over the whole") {
  const std::string bare = ns("bare", "maistra.io/member-of: mesh-a");
  for (const Dialect dialect :
       {Dialect::Kubernetes, Dialect::OpenShiftSdn, Dialect::OvnKubernetes}) {
    for (const std::string& more : {std::string(), bare}) {
      const Snapshot whole = snapshot(more, dialect);
      const std::string tenancy = outcomes(whole, "builtin:tenancy").front();
      CHECK(tenancy == (more.empty() ? "holds" : "violated"));
      const std::string name{to_string(dialect)};
      rc::prop(name + (more.empty() ? "" : ", with a member that nothing protects"), [&] {
        const auto kind = *rc::gen::element(std::string("NetworkPolicy"), std::string("Pod"),
                                            std::string("Namespace"));
        const auto hidden =
            *rc::gen::container<std::set<std::string>>(rc::gen::elementOf(kNamespaces));
        const Snapshot part = without(whole, kind, hidden);
        for (const std::string& from : kNamespaces) {
          for (const std::string& to : kNamespaces) {
            for (const AssertionKind what : {AssertionKind::Deny, AssertionKind::Allow}) {
              const Assertion asked = assertion(what, in(from), in(to));
              const std::string seen = outcome(part, asked);
              if (is_decided(seen)) RC_ASSERT(seen == outcome(whole, asked));
            }
          }
          const Assertion asked = assertion(AssertionKind::Deny, in(from), members_of("mesh-a"));
          const std::string seen = outcome(part, asked);
          if (is_decided(seen)) RC_ASSERT(seen == outcome(whole, asked));
        }
        const std::string seen = outcomes(part, "builtin:tenancy").front();
        if (is_decided(seen)) RC_ASSERT(seen == tenancy);
      });
    }
  }
}

}  // namespace meshproof
