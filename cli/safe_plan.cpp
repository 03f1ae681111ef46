#include "cli/safe_plan.h"

#include <string>

#include "backends/sha256.h"
#include "model/tree_json.h"
#include "solver/moments/moments.h"
#include "solver/moments/safe_order.h"

namespace meshproof {
namespace {

/// Names a change: what the user writes, to which objects.
std::string digest_of(const Prediction& prediction) {
  std::string text;
  for (const Step& step : prediction.steps) {
    if (step.writer != Step::Writer::User) continue;
    text += to_string(step.verb);
    text += ' ' + to_string(step.key) + '\n';
    append_json(text, step.object);
    text += '\n';
  }
  return short_sha256(text).substr(0, 8);
}

}  // namespace

void add_safe_order(Session& session, const OrderedChange& ordered, Plan& plan) {
  session.timing.enter("order");
  SafeOrderOptions options;
  options.predict = ordered.told;
  const MomentOptions asked{.hops = session.options.hops};
  options.judge = [asked](const Snapshot& before, const Snapshot& after,
                          const std::vector<Stage>& stages) {
    return judge_moments(before, after, stages, asked);
  };
  options.digest = digest_of(plan.prediction);
  plan.safe_order =
      find_safe_order(ordered.before, ordered.after, ordered.change, plan.prediction, options);
}

}  // namespace meshproof
