#include <map>

#include "solver/moments/moments.h"
#include "solver/moments/versions.h"

namespace meshproof {

std::vector<Stage> stages_of(const Prediction& prediction, bool in_order) {
  std::map<std::size_t, Stage> by_phase;
  for (const Step& step : prediction.steps) {
    // The dialect only adds kinds of which nothing is known; those of other dialects do no harm.
    const StepEffect effect = effect_of(step.key, Dialect::Kubernetes);
    if (step.aside || effect.kind == StepEffect::Kind::None) continue;
    if (effect.kind == StepEffect::Kind::Ends) continue;
    Stage& stage = by_phase[step.phase];
    stage.in_order = in_order;
    stage.steps.push_back(step);
  }
  std::vector<Stage> stages;
  for (auto& [phase, stage] : by_phase) {
    if (!stages.empty()) stages.back().waits_for = "the operator comes to rest";
    stages.push_back(std::move(stage));
  }
  return stages;
}

}  // namespace meshproof
