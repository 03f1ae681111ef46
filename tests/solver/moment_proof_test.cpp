#include "solver/moments/moment_proof.h"

#include <catch2/catch.hpp>

#include "solver/moments/moments.h"
#include "tests/solver/moments_scene.h"

/// One question for all parts of the steps against the judge that looks at every part.
namespace meshproof {

namespace {

constexpr MomentRule kRules[] = {MomentRule::NoBlackhole, MomentRule::NoBreach,
                                 MomentRule::NoPivot};

/// The two say the same of the pods of the scene; the proof may know a pod to come that breaks
/// what holds for them.
void check_agreement(const MomentScene& scene, const std::vector<Stage>& stages,
                     std::size_t& proved, std::size_t& broken) {
  const std::vector<MomentVerdict> judged = judge_moments(scene.before, scene.after, stages);
  for (const MomentRule rule : kRules) {
    const ProvedMoments answer = prove_moments(scene.before, scene.after, stages, rule);
    INFO(to_string(rule) << ": " << answer.broken << answer.undecided);
    CHECK(answer.undecided.empty());
    for (const MomentVerdict& verdict : judged) {
      if (verdict.rule != rule) continue;
      if (std::holds_alternative<BadMoment>(verdict.finding)) {
        CHECK_FALSE(answer.broken.empty());
      } else {
        CHECK(std::holds_alternative<SafeMoments>(verdict.finding));
        CHECK_FALSE(answer.by_existing_pods);
      }
    }
    (answer.is_proved() ? proved : broken) += 1;
  }
}

}  // namespace

TEST_CASE("moments: one question for all parts of the steps agrees with looking at each") {
  std::size_t proved = 0;
  std::size_t broken = 0;
  for (const std::vector<bool>& isolated :
       {std::vector<bool>{false}, {true}, {false, false}, {true, false}, {true, true}}) {
    for (const MomentScene& scene : {joining(isolated), leaving(isolated)}) {
      check_agreement(scene, any_order(scene), proved, broken);
      check_agreement(scene, operator_order(scene), proved, broken);
      check_agreement(scene, labels_first(scene), proved, broken);
    }
  }
  CHECK(proved > 10);
  CHECK(broken > 10);
}

TEST_CASE("moments: of projects that are alike as sources one speaks for all in a proof") {
  std::size_t proved = 0;
  std::size_t broken = 0;
  for (const std::vector<bool>& isolated :
       {std::vector<bool>{false, false, true}, {true, true, true}, {true, false, true}}) {
    for (const MomentScene& scene : {joining(isolated), leaving(isolated)}) {
      check_agreement(scene, any_order(scene), proved, broken);
      check_agreement(scene, operator_order(scene), proved, broken);
    }
  }
  CHECK(proved > 4);
  CHECK(broken > 4);
  const MomentScene many = joining(std::vector<bool>(40, true));
  for (const MomentRule rule : kRules) {
    CHECK(prove_moments(many.before, many.after, any_order(many), rule).is_proved());
  }
  std::vector<bool> one_open(40, true);
  one_open[17] = false;
  const MomentScene open = joining(one_open);
  const ProvedMoments answer =
      prove_moments(open.before, open.after, any_order(open), MomentRule::NoBlackhole);
  CHECK(answer.by_existing_pods);
  CHECK(answer.broken.find("NetworkPolicy x17/") != std::string::npos);
}

TEST_CASE("moments: what is proved of them is of every pod that could exist") {
  const MomentScene scene = joining({true, true});
  CHECK(prove_moments(scene.before, scene.after, any_order(scene), MomentRule::NoBlackhole)
            .is_proved());
  const std::vector<MomentVerdict> verdicts =
      judge_prediction(scene.before, scene.after, any_order(scene));
  const auto* safe = std::get_if<SafeMoments>(&verdicts.front().finding);
  REQUIRE(safe != nullptr);
  CHECK(safe->universe == Universe::Unbounded);
  CHECK(verdicts.front().deciders == std::vector{Decider::Evaluation, Decider::Z3});
}

TEST_CASE("moments: a proof says the flow and the part that breaks a rule, as small as can be") {
  const MomentScene scene = joining({false});
  const ProvedMoments answer =
      prove_moments(scene.before, scene.after, any_order(scene), MomentRule::NoBlackhole);
  CHECK(answer.by_existing_pods);
  CHECK(answer.broken.find(" does not reach ") != std::string::npos);
  CHECK(answer.broken.find("when of this is in effect: create NetworkPolicy x0/") !=
        std::string::npos);
}

TEST_CASE("moments: what a proof cannot be asked is undecided") {
  const MomentScene scene = joining({false, false});
  const std::vector<Stage> stages = any_order(scene);
  MomentProofOptions options;
  options.most_projects = 0;
  CHECK(prove_moments(scene.before, scene.after, stages, MomentRule::NoBreach, options).undecided ==
        "kinds of projects that change: 1, and the limit is 0");
  std::vector<Stage> shorter = stages;
  shorter.front().steps.pop_back();
  CHECK(prove_moments(scene.before, scene.after, shorter, MomentRule::NoBreach).undecided ==
        "the states differ by more than the steps write");
}

}  // namespace meshproof
