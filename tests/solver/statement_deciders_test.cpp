#include <algorithm>

#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

#include "solver/checks/sentence.h"
#include "solver/checks/statement_proof.h"
#include "tests/solver/quotient.h"
#include "tests/solver/random_mesh.h"
#include "tests/solver/random_statement.h"
#include "tests/support/yaml.h"

/// The two deciders of unbounded deny, allow and isolate: Z3, and the finite cases.
namespace meshproof {
namespace {

const std::string kOpen = R"(
apiVersion: v1
kind: Namespace
metadata: {name: mesh, labels: {maistra.io/member-of: mesh}}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {maistra.io/member-of: mesh}}
---
apiVersion: v1
kind: Namespace
metadata: {name: tools}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.0.6}
---
apiVersion: v1
kind: Pod
metadata: {name: probe, namespace: tools}
spec: {containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.0.7}
)";

std::string policy_of_shop(const std::string& name, const std::string& spec) {
  return "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: " + name +
         ", namespace: shop}\nspec: {" + spec + "}\n";
}

const std::string kClosed =
    kOpen + policy_of_shop("members",
                           "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: "
                           "{maistra.io/member-of: mesh}}}]}]");
const std::string kLegacy =
    policy_of_shop("legacy", "podSelector: {matchLabels: {legacy: x}}, ingress: [{}]");
const std::string kSilent = policy_of_shop("silent", "podSelector: {matchLabels: {silent: x}}");

/// With any labels, of any project, to any pod of shop.
Assertion nobody_reaches_shop() {
  Assertion one;
  one.id = "NO-1";
  one.from.name = "outsiders";
  one.from.not_member_of = "mesh";
  one.from.unbounded = true;
  one.to.name = "shop";
  one.to.namespace_names = {"shop"};
  one.to.unbounded = true;
  return one;
}

struct Tally {
  std::size_t held = 0;
  std::size_t broken = 0;
  std::size_t decided_twice = 0;
};

/// One random statement about one random mesh. Gives what the two deciders say of each other if
/// they do not agree.
struct RandomQuestion {
  std::string yaml;
  NetworkOptions network;
  Assertion assertion;
};

RandomQuestion random_question(const Choose& choose) {
  const RandomMesh mesh = random_mesh(choose);
  return {to_yaml(mesh) + random_pods(choose), options_of(mesh), random_unbounded(choose)};
}

std::string describe(const std::optional<SelectorText>& selector) {
  if (!selector) return "-";
  const SelectorText::Term& term = selector->terms.front();
  std::string text = term.key + ' ' + term.op;
  for (const std::string& value : term.values) text += ' ' + value;
  return text;
}

std::string describe(const Group& group) {
  std::string text = group.name + (group.unbounded ? " (unbounded)" : "") + ": memberOf " +
                     group.member_of.value_or("-") + ", notMemberOf " +
                     group.not_member_of.value_or("-") + ", mesh " + group.mesh.value_or("-") +
                     ", projects " + describe(group.namespace_selector) + ", pods " +
                     describe(group.pod_selector) + ", named";
  for (const std::string& name : group.namespace_names) text += ' ' + name;
  for (const Cidr& cidr : group.cidrs) text += ' ' + cidr.to_string();
  for (const Cidr& cidr : group.except_cidrs) text += " but " + cidr.to_string();
  return text + (group.except_cluster ? " but the cluster\n" : "\n");
}

std::string to_text(const RandomQuestion& question) {
  const Assertion& one = question.assertion;
  std::string text = question.yaml + '\n' + to_sentence(one) + '\n';
  for (const Group* group : {&one.from, &one.to}) text += describe(*group);
  for (const Group& group : one.between) text += describe(group);
  for (const auto* except : {&one.except_from, &one.except_to}) {
    if (*except) text += "except " + describe(**except);
  }
  for (const ExceptedFlows& flows : one.excused) {
    for (const auto* end : {&flows.from, &flows.to}) {
      if (*end) text += "excused " + describe(**end);
    }
  }
  return text;
}

/// What the two say of each other; empty if they agree.
std::string disagreement_about(const RandomQuestion& question, Tally& tally) {
  const Snapshot snapshot = snapshot_from(question.yaml, question.network);
  StatementProof proof(snapshot);
  const Finding finding = proof.decide(question.assertion);
  tally.held += std::holds_alternative<Holds>(finding) ? 1U : 0U;
  tally.broken += std::holds_alternative<Violated>(finding) ? 1U : 0U;
  const auto& deciders = proof.deciders();
  const bool is_twice = std::ranges::find(deciders, Decider::Quotient) != deciders.end();
  tally.decided_twice += is_twice ? 1U : 0U;
  const auto* undecided = std::get_if<Undecided>(&finding);
  const bool is_disagreement =
      undecided != nullptr && undecided->reason.find("engines disagree") != std::string::npos;
  return is_disagreement ? undecided->reason : std::string();
}

}  // namespace

TEST_CASE(
    "an unbounded assertion names both deciders, and Z3 alone where there are too many cases") {
  const Snapshot snapshot = snapshot_from(kClosed);
  StatementProof proof(snapshot);
  REQUIRE(std::holds_alternative<Holds>(proof.decide(nobody_reaches_shop())));
  CHECK(proof.deciders() ==
        std::vector<Decider>{Decider::Evaluation, Decider::Z3, Decider::Quotient});
  StatementOptions few;
  few.quotient.cases = 3;
  StatementProof once(snapshot, few);
  const Finding finding = once.decide(nobody_reaches_shop());
  REQUIRE(std::holds_alternative<Holds>(finding));
  CHECK(once.deciders() == std::vector<Decider>{Decider::Evaluation, Decider::Z3});
  const std::string& scope = std::get<Holds>(finding).scope;
  CHECK(scope.find("; by Z3 alone, the finite cases were not decided: project shop: ") !=
        std::string::npos);
  CHECK(scope.find(" cases, and 3 are the limit") != std::string::npos);
}

TEST_CASE("what the pods of the input break is decided by the evaluator alone") {
  Assertion one = nobody_reaches_shop();
  one.kind = AssertionKind::Allow;
  const Snapshot snapshot = snapshot_from(kClosed);
  StatementProof proof(snapshot);
  CHECK(std::holds_alternative<Violated>(proof.decide(one)));
  CHECK(proof.deciders() == std::vector<Decider>{Decider::Evaluation});
}

TEST_CASE("deciders of an unbounded assertion that disagree leave it undecided, and it is kept") {
  std::vector<Disagreement> kept;
  StatementOptions options;
  options.evidence.disagreement = [&](const Disagreement& one) {
    kept.push_back(one);
    return std::string("kept somewhere");
  };
  Assertion one = nobody_reaches_shop();
  std::string yaml = kClosed;
  std::string expected;
  SECTION("the proof holds and a case is let in") {
    options.second_decider = [](const StatementQuestion&) -> QuotientAnswer {
      return CaseBreaks{"a", "b", Protocol::Tcp, 80};
    };
    expected =
        "the solver proves that nobody gets in, and of the finite cases a reaches b on TCP 80";
  }
  SECTION("the solver lets somebody in and every case is refused") {
    yaml += kLegacy;
    options.second_decider = [](const StatementQuestion&) -> QuotientAnswer {
      return NoCaseBreaks{7};
    };
    expected = "the solver lets somebody in, and every one of 7 finite cases is refused";
  }
  SECTION("everybody is let in by the proof, and a case is refused") {
    one.kind = AssertionKind::Allow;
    yaml = kOpen;
    options.second_decider = [](const StatementQuestion&) -> QuotientAnswer {
      return CaseBreaks{"a", "b", Protocol::Tcp, 80, false};
    };
    expected =
        "the solver proves that nobody is kept out, and of the finite cases a does not reach "
        "b on TCP 80";
  }
  SECTION("the solver keeps somebody out and every case is let in") {
    one.kind = AssertionKind::Allow;
    yaml = kOpen + kSilent;
    options.second_decider = [](const StatementQuestion&) -> QuotientAnswer {
      return NoCaseBreaks{7, false};
    };
    expected = "the solver keeps somebody out, and every one of 7 finite cases is let in";
  }
  const Snapshot snapshot = snapshot_from(yaml);
  StatementProof proof(snapshot, options);
  const Finding finding = proof.decide(one);
  const auto* undecided = std::get_if<Undecided>(&finding);
  REQUIRE(undecided != nullptr);
  CHECK(undecided->reason ==
        "engines disagree about project shop: " + expected + "; kept somewhere");
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].statement == "NO-1");
  CHECK(kept[0].about == "shop");
  CHECK(kept[0].objects.find("Namespace", "", "tools") != nullptr);
}

TEST_CASE("a disagreement about pods of the input keeps them") {
  std::vector<Disagreement> kept;
  StatementOptions options;
  options.evidence.disagreement = [&](const Disagreement& one) {
    kept.push_back(one);
    return std::string("kept somewhere");
  };
  options.second_decider = [](const StatementQuestion&) -> QuotientAnswer {
    return CaseBreaks{"a", "b", Protocol::Tcp, 80};
  };
  Assertion one = nobody_reaches_shop();
  one.from.unbounded = false;
  const Snapshot snapshot = snapshot_from(kClosed);
  StatementProof proof(snapshot, options);
  CHECK(std::holds_alternative<Undecided>(proof.decide(one)));
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].objects.find("Pod", "tools", "probe") != nullptr);
  CHECK(kept[0].objects.find("Pod", "shop", "web") == nullptr);
}

TEST_CASE("the finite cases find planted faults of policies as the solver does") {
  const std::string peer =
      "{namespaceSelector: {matchLabels: {maistra.io/member-of: mesh}}, podSelector: {matchLabels: "
      "{app: web}}}";
  const auto answer_to = [](const std::string& from) {
    const std::string red =
        policy_of_shop("red", "podSelector: {matchLabels: {app: db}}, ingress: [{" + from +
                                  ", ports: [{port: 8080}]}]");
    const Snapshot snapshot = snapshot_from(kClosed + red);
    StatementProof proof(snapshot);
    const Finding finding = proof.decide(nobody_reaches_shop());
    REQUIRE(std::ranges::find(proof.deciders(), Decider::Quotient) != proof.deciders().end());
    return finding;
  };
  REQUIRE(std::holds_alternative<Holds>(answer_to("from: [" + peer + "]")));
  for (const std::string fault :
       {"from: [{namespaceSelector: {matchLabels: {team: mesh}}, podSelector: {}}]",
        "from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}]",
        "from: [{namespaceSelector: {matchExpressions: [{key: maistra.io/member-of, operator: "
        "NotIn, values: [mesh]}]}}]",
        "from: [{namespaceSelector: {matchLabels: {app: web}}, podSelector: {matchLabels: "
        "{maistra.io/member-of: mesh}}}]",
        "from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/9]}}]", "from: []"}) {
    INFO(fault);
    CHECK(std::holds_alternative<Violated>(answer_to(fault)));
  }
}

TEST_CASE("the solver and the finite cases agree about random unbounded statements",
          "[agreement]") {
  Tally tally;
  rc::prop("the solver and the finite cases agree about random unbounded statements", [&] {
    const RandomQuestion question =
        random_question([](unsigned count) { return *rc::gen::inRange(0u, count); });
    const std::string disagreement = disagreement_about(question, tally);
    RC_LOG(to_text(question) + disagreement);
    RC_ASSERT(disagreement.empty());
  });
  CHECK(tally.held > 0);
  CHECK(tally.broken > 0);
  CHECK(tally.decided_twice > 0);
}

TEST_CASE("the solver and the finite cases agree about 100,000 random unbounded statements",
          "[agreement][slow]") {
  Tally tally;
  std::uint64_t state = 11;
  const Choose choose = [&](unsigned count) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<unsigned>((state >> 33U) % count);
  };
  for (int i = 0; i < 100'000; ++i) {
    const RandomQuestion question = random_question(choose);
    const std::string disagreement = disagreement_about(question, tally);
    if (disagreement.empty()) continue;
    FAIL("question " << i << ":\n" << to_text(question) << disagreement);
  }
  WARN("100,000 random statements: " << tally.held << " hold, " << tally.broken << " are violated, "
                                     << tally.decided_twice << " were decided twice");
  CHECK(tally.held > 1000);
  CHECK(tally.broken > 1000);
  CHECK(tally.decided_twice > 10'000);
}

}  // namespace meshproof
