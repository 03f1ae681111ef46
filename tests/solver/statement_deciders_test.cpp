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
