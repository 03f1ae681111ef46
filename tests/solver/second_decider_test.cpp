#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

#include "model/project.h"
#include "solver/checks/tenancy_proof.h"
#include "solver/verify.h"
#include "tests/solver/quotient.h"
#include "tests/solver/random_mesh.h"
#include "tests/support/yaml.h"

/// The second decider: what it says, what becomes of it beside the proof's answer, and what is kept
/// where the two do not agree.
namespace meshproof {
namespace {

std::string project(const std::string& name, const std::string& labels) {
  return "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + ", labels: {" + labels +
         "}}\n";
}

std::string policy_of(const std::string& ns, const std::string& name, const std::string& spec) {
  return "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {namespace: " + ns +
         ", name: " + name + "}\nspec: {" + spec + "}\n";
}

const std::string kFromMesh =
    "ingress: [{from: [{namespaceSelector: {matchLabels: {maistra.io/member-of: cp}}}]}]";
const std::string kMesh = project("cp", "maistra.io/member-of: cp") +
                          project("shop", "maistra.io/member-of: cp") + project("red", "team: red");

NetworkOptions network(Dialect dialect) {
  NetworkOptions options;
  options.dialect = dialect;
  if (dialect == Dialect::OpenShiftSdn) options.sdn = SdnMode::NetworkPolicy;
  return options;
}

QuotientAnswer decide(const std::string& yaml, Dialect dialect, QuotientLimits limits = {}) {
  const Cluster cluster = cluster_from(yaml, network(dialect));
  QuotientDecider decider(cluster, limits);
  return decider.decide({"cp", cluster.find_namespace("shop"), {}});
}

std::string text_of(const QuotientAnswer& answer) {
  if (const auto* all = std::get_if<NoCaseBreaks>(&answer)) {
    return all->cases > 0 ? "all refused" : "no case";
  }
  if (const auto* flow = std::get_if<CaseBreaks>(&answer)) {
    return flow->src + " -> " + flow->dst + " on " + std::string(to_string(flow->protocol)) + ' ' +
           std::to_string(flow->port);
  }
  return "not decided: " + std::get<NotDecided>(answer).reason;
}

/// The verdict about the one mesh.
Verdict tenancy_of(const std::string& yaml, const VerifyOptions& options) {
  const Snapshot snapshot = snapshot_from(yaml, network(Dialect::OvnKubernetes));
  Assertions asked;
  asked.builtins = {"builtin:tenancy"};
  const std::vector<Verdict> verdicts = verify(snapshot, asked, options);
  REQUIRE(verdicts.size() == 1);
  return verdicts.front();
}

const std::string kClosed = kMesh + policy_of("shop", "basic", "podSelector: {}, " + kFromMesh);
const std::string kOpen =
    kMesh + policy_of("shop", "basic", "podSelector: {matchLabels: {app: web}}, " + kFromMesh);

/// Random meshes, decided by the solver and natively. False if the two do not agree.
bool agree(const RandomMesh& mesh, std::size_t& held, std::size_t& broken) {
  const Snapshot snapshot = snapshot_from(to_yaml(mesh), options_of(mesh));
  TenancyProof proof(snapshot, TenancyOptions{});
  const Finding finding = proof.prove("cp", {snapshot.cluster.find_namespace("shop")});
  held += std::holds_alternative<Holds>(finding) ? 1U : 0U;
  broken += std::holds_alternative<Violated>(finding) ? 1U : 0U;
  const auto* undecided = std::get_if<Undecided>(&finding);
  return undecided == nullptr || !undecided->reason.starts_with("engines disagree");
}

}  // namespace

TEST_CASE("the finite cases are refused where every policy of a member refuses outsiders") {
  for (const Dialect dialect :
       {Dialect::Kubernetes, Dialect::OpenShiftSdn, Dialect::OvnKubernetes}) {
    CHECK(text_of(decide(kClosed, dialect)) == "all refused");
  }
}

TEST_CASE("of the finite cases the one that gets in is named") {
  CHECK(text_of(decide(kOpen, Dialect::OvnKubernetes)) ==
        "a pod of project red at 0.0.0.0 -> a pod of project shop at 0.0.0.1 on TCP 8080");
}

TEST_CASE("a selector that means default lets the outside in, also where the input lacks default") {
  const std::string policies =
      policy_of("shop", "basic",
                "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: "
                "kubernetes.io/metadata.name, operator: In, values: [default]}]}}]}]");
  for (const std::string& present : {std::string(), project("default", "")}) {
    const Snapshot snapshot =
        snapshot_from(kMesh + present + policies, network(Dialect::OpenShiftSdn));
    TenancyProof proof(snapshot, TenancyOptions{});
    const Finding finding = proof.prove("cp", {snapshot.cluster.find_namespace("shop")});
    CHECK(std::holds_alternative<Violated>(finding));
    CHECK(text_of(decide(kMesh + present + policies, Dialect::OpenShiftSdn)) != "all refused");
  }
}

TEST_CASE("more cases than the limit are not decided, and the reason says how many there are") {
  CHECK(text_of(decide(kClosed, Dialect::OvnKubernetes, {.cases = 3})) ==
        "not decided: 32 cases, and 3 are the limit");
}

TEST_CASE("label sets that no selector can tell apart are one case, however many keys there are") {
  std::string selectors;
  for (int key = 0; key < 30; ++key) {
    selectors += (key == 0 ? "" : ", ") + ("k" + std::to_string(key)) + ": v";
  }
  const std::string yaml =
      kClosed +
      policy_of("shop", "many", "podSelector: {matchLabels: {" + selectors + "}}, ingress: []");
  CHECK(text_of(decide(yaml, Dialect::OvnKubernetes)) == "all refused");
}

TEST_CASE("a verdict of tenancy names both deciders where both decided") {
  const Verdict holds = tenancy_of(kClosed, {});
  CHECK(holds.holds());
  CHECK(holds.deciders == std::vector<Decider>{Decider::Z3, Decider::Quotient});
  const Verdict violated = tenancy_of(kOpen, {});
  CHECK(std::holds_alternative<Violated>(violated.finding));
  CHECK(violated.deciders ==
        std::vector<Decider>{Decider::Z3, Decider::Quotient, Decider::Evaluation});
}

TEST_CASE("where the second decider has too many cases the verdict says that it is Z3's alone") {
  VerifyOptions options;
  options.quotient_cases = 1;
  const Verdict verdict = tenancy_of(kClosed, options);
  REQUIRE(verdict.holds());
  CHECK(verdict.deciders == std::vector<Decider>{Decider::Z3});
  CHECK(std::get<Holds>(verdict.finding)
            .scope.ends_with("; by Z3 alone, the finite cases were not decided: project shop: 32 "
                             "cases, and 1 are the "
                             "limit"));
}

TEST_CASE("deciders that disagree leave the verdict undecided and what it takes to see it again") {
  VerifyOptions options;
  std::vector<Disagreement> kept;
  options.evidence.disagreement = [&](const Disagreement& one) {
    kept.push_back(one);
    return std::string("kept somewhere");
  };
  SECTION("the proof holds and a case gets in") {
    options.second_decider = [](const IsolationQuestion&) -> QuotientAnswer {
      return CaseBreaks{"a", "b", Protocol::Tcp, 80};
    };
    const Verdict verdict = tenancy_of(kClosed, options);
    CHECK(std::get<Undecided>(verdict.finding).reason ==
          "engines disagree about project shop: the solver proves that nobody gets in, and of the "
          "finite cases a reaches b on TCP 80; kept somewhere");
    REQUIRE(kept.size() == 1);
    CHECK(kept[0].smt2.find("(set-info :status unsat)") != std::string::npos);
  }
  SECTION("the solver lets somebody in and every case is refused") {
    options.second_decider = [](const IsolationQuestion&) -> QuotientAnswer {
      return NoCaseBreaks{7};
    };
    const Verdict verdict = tenancy_of(kOpen, options);
    CHECK(std::get<Undecided>(verdict.finding).reason ==
          "engines disagree about project shop: the solver lets somebody in, and every one of 7 "
          "finite cases is refused; kept somewhere");
    REQUIRE(kept.size() == 1);
    CHECK(kept[0].smt2.find("(set-info :status sat)") != std::string::npos);
  }
  CHECK(kept[0].statement == "builtin:tenancy");
  CHECK(kept[0].about == "shop");
  CHECK(kept[0].objects.find("NetworkPolicy", "shop", "basic") != nullptr);
  CHECK(kept[0].objects.find("Namespace", "", "red") != nullptr);
}

TEST_CASE("a solver that runs out of work leaves tenancy undecided") {
  VerifyOptions options;
  options.solver_work = 1;
  const Verdict verdict = tenancy_of(kClosed, options);
  const auto& undecided = std::get<Undecided>(verdict.finding);
  CHECK(undecided.reason.starts_with("shop: the solver gave up: "));
}

TEST_CASE("a question that is too large leaves tenancy undecided and says why") {
  const Snapshot snapshot = snapshot_from(kClosed, network(Dialect::OvnKubernetes));
  TenancyOptions options;
  options.limits.formulas = 5;
  TenancyProof proof(snapshot, options);
  const Finding finding = proof.prove("cp", {snapshot.cluster.find_namespace("shop")});
  const auto& undecided = std::get<Undecided>(finding);
  CHECK(undecided.reason.starts_with("shop: the question is too large: "));
}

TEST_CASE("the solver and the finite cases agree about random meshes", "[agreement]") {
  std::size_t held = 0;
  std::size_t broken = 0;
  rc::prop("the solver and the finite cases agree about random meshes", [&] {
    const RandomMesh mesh =
        random_mesh([](unsigned count) { return *rc::gen::inRange(0u, count); });
    RC_LOG(to_yaml(mesh));
    RC_ASSERT(agree(mesh, held, broken));
  });
  CHECK(held > 0);
  CHECK(broken > 0);
}

TEST_CASE("the solver and the finite cases agree about 100,000 random meshes",
          "[agreement][slow]") {
  std::size_t held = 0;
  std::size_t broken = 0;
  std::uint64_t state = 7;
  const Choose choose = [&](unsigned count) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<unsigned>((state >> 33U) % count);
  };
  for (int i = 0; i < 100'000; ++i) {
    const RandomMesh mesh = random_mesh(choose);
    if (agree(mesh, held, broken)) continue;
    FAIL("mesh " << i << ":\n" << to_yaml(mesh));
  }
  WARN("100,000 random meshes: " << held << " hold, " << broken << " are violated");
  CHECK(held > 1000);
  CHECK(broken > 1000);
}

}  // namespace meshproof
