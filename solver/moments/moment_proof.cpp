#include "solver/moments/moment_proof.h"

#include <optional>
#include <utility>

#include "solver/checks/flow_proof.h"
#include "solver/moments/moment_frame.h"
#include "solver/moments/pivot_proof.h"

namespace meshproof {

namespace {

class MomentProof {
 public:
  MomentProof(const MomentFrame& frame, MomentRule rule, const MomentProofOptions& options)
      : frame_(frame),
        rule_(rule),
        options_(options),
        proof_(frame.united(), {"builtin:moments", options.limits, options.evidence},
               frame.states().versions) {}

  ProvedMoments prove() {
    result_.undecided = frame_.obstacle(proof_.encoder(), options_.most_projects);
    if (!result_.undecided.empty()) return std::move(result_);
    FlowView now = frame_.states().first;
    for (const StageSteps& steps : frame_.steps()) {
      const auto count = static_cast<std::uint32_t>(frame_.after().cluster.namespaces.size());
      for (std::uint32_t i = 0; i < count && result_.is_proved(); ++i) prove_to({i}, now, steps);
      if (result_.is_proved()) prove_to({}, now, steps);
      steps.apply(now);
    }
    return std::move(result_);
  }

 private:
  /// `now`: the view before the stage.
  void prove_to(NamespaceId destination, const FlowView& now, const StageSteps& all) {
    auto asked = frame_.to(destination);
    if (!asked) return;
    const StageSteps steps = all.only(asked->concerned);
    const MomentClaim claim(frame_.states().first, frame_.states().second, now, steps.words,
                            rule_ == MomentRule::NoBlackhole ? MomentClaim::Rule::NoBlackhole
                                                             : MomentClaim::Rule::NoBreach,
                            std::move(asked->sources));
    FlowProof::Answer answer = proof_.prove(
        claim, destination, [&](const Counterexample& found, bool, std::string& doubt) {
          return confirm(found, steps, doubt);
        });
    result_.undecided = std::move(answer.undecided);
  }

  /// All earlier stages are in effect, and of this one what the solution says.
  std::optional<Violated> confirm(const Counterexample& found, const StageSteps& steps,
                                  std::string& doubt) {
    std::vector<std::size_t> in_effect;
    for (std::size_t j = 0; j < found.own.size(); ++j) {
      if (found.own[j] == 1) in_effect.push_back(steps.steps[j]);
    }
    const Access both = rule_ == MomentRule::NoBlackhole ? Access::Allowed : Access::Denied;
    const Access now = both == Access::Allowed ? Access::Denied : Access::Allowed;
    const Replay moment = frame_.replayed(frame_.moment(steps.stage, in_effect), found);
    for (const auto& [shown, wanted] :
         {std::pair{frame_.replayed(frame_.before(), found), both},
          std::pair{frame_.replayed(frame_.after(), found), both}, std::pair{moment, now}}) {
      if (shown.decision.access == wanted) continue;
      if (doubt.empty()) doubt = not_confirmed(found, shown);
      return std::nullopt;
    }
    result_.broken = moment.src + (now == Access::Denied ? " does not reach " : " reaches ") +
                     moment.dst + " (" + std::string(to_string(found.protocol)) + ' ' +
                     std::to_string(found.port) +
                     ") when of this is in effect: " + frame_.words_of(steps.stage, in_effect);
    result_.manifests = moment.manifests;
    result_.by_existing_pods = moment.manifests.empty();
    return Violated{};
  }

  const MomentFrame& frame_;
  const MomentRule rule_;
  const MomentProofOptions& options_;
  FlowProof proof_;
  ProvedMoments result_;
};

}  // namespace

ProvedMoments prove_moments(const Snapshot& before, const Snapshot& after,
                            const std::vector<Stage>& stages, MomentRule rule,
                            const MomentProofOptions& options) {
  return prove_moments(MomentFrame(before, after, stages), rule, options);
}

ProvedMoments prove_moments(const MomentFrame& frame, MomentRule rule,
                            const MomentProofOptions& options) {
  if (rule == MomentRule::NoPivot) return prove_no_pivot(frame, options);
  return MomentProof(frame, rule, options).prove();
}

}  // namespace meshproof
