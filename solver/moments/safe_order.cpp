#include "solver/moments/safe_order.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "solver/moments/bridges.h"
#include "solver/moments/change_parts.h"
#include "solver/moments/moments.h"
#include "solver/moments/order_frame.h"
#include "solver/moments/order_stages.h"

namespace meshproof {
namespace {

using FrameKind = FrameAnswer::Kind;

constexpr std::size_t kMostConflicts = 8;

/// Whether the network does what NetworkPolicies say.
bool enforces_policies(const Network& network) {
  return network.dialect != Dialect::OpenShiftSdn || network.mode == SdnMode::NetworkPolicy;
}

class OrderFinder {
 public:
  explicit OrderFinder(const OrderQuestion& question)
      : question_(question), parts_(parts_of(question.before.objects, question.change)) {}

  [[nodiscard]] SafeOrder find() {
    FrameAnswer plain = search_order(question_, parts_, {});
    own_verdicts_ = plain.own_verdicts;
    if (plain.kind == FrameKind::Safe) {
      const bool is_whole =
          std::ranges::all_of(plain.levels, [](std::size_t level) { return level == 0; });
      return found(is_whole ? OrderKind::Operator : OrderKind::Barriers, std::move(plain), {});
    }
    if (!enforces_policies(question_.before.cluster.network)) {
      result_.remarks.emplace_back(
          "the network does not look at NetworkPolicies, so that no temporary policy helps: each "
          "project's network changes in one step");
      return not_found(plain, {});
    }
    if (plain.moments.empty()) return not_found(plain, {});
    return with_bridges(plain);
  }

 private:
  [[nodiscard]] SafeOrder with_bridges(const FrameAnswer& plain) {
    const Bridges bridges = bridges_between(question_.before, question_.after,
                                            question_.prediction.steps, question_.options.digest);
    if (bridges.policies.empty()) {
      result_.remarks.emplace_back("no temporary policy would keep anything");
      return not_found(plain, bridges.incomplete);
    }
    FrameAnswer bridged = search_order(question_, parts_, bridges.policies);
    if (bridged.kind == FrameKind::Safe) {
      return found(OrderKind::Bridges, std::move(bridged), bridges.policies);
    }
    const std::string why_not = !bridges.incomplete.empty()            ? bridges.incomplete
                                : bridged.kind == FrameKind::Undecided ? bridged.reason
                                                                       : std::string();
    if (!bridged.moments.empty() && !bridged.moments.back().moment.story.empty()) {
      result_.remarks.push_back(
          "with temporary policies that keep what both states admit it is "
          "not safe either: " +
          bridged.moments.back().moment.story.front());
    }
    return not_found(plain, why_not);
  }

  [[nodiscard]] SafeOrder found(OrderKind kind, FrameAnswer answer,
                                std::vector<BridgePolicy> bridges) {
    result_.kind = kind;
    result_.order.stages = order_stages(question_.before.objects, answer.prediction, bridges,
                                        question_.options.delay_seconds);
    result_.order.verdicts = std::move(answer.verdicts);
    result_.rollback = rollback_of(question_.before, question_.after, answer.prediction, bridges,
                                   question_.options);
    result_.bridges = std::move(bridges);
    const bool waits = std::ranges::any_of(
        result_.order.stages, [](const OrderStage& stage) { return stage.barrier.has_value(); });
    if (waits) {
      result_.remarks.push_back(
          "no status tells when a policy or a label is in effect: the network "
          "is taken to need " +
          std::to_string(question_.options.delay_seconds) + " s at most once the objects are seen");
    }
    return std::move(result_);
  }

  /// `why_not`: what keeps temporary policies from being excluded; empty if they are.
  [[nodiscard]] SafeOrder not_found(const FrameAnswer& plain, const std::string& why_not) {
    const bool is_proved = plain.kind == FrameKind::Impossible && why_not.empty();
    result_.kind = is_proved ? OrderKind::None : OrderKind::Unknown;
    result_.order.stages = order_stages(question_.before.objects, question_.prediction, {},
                                        question_.options.delay_seconds);
    result_.order.verdicts = own_verdicts_;
    result_.order.judged = stages_of(question_.prediction);
    if (is_proved) {
      result_.order.reason = "every order of these writes has a bad moment";
      add_conflicts(plain);
    } else {
      result_.order.reason = plain.kind == FrameKind::Impossible ? why_not : plain.reason;
    }
    return std::move(result_);
  }

  void add_conflicts(const FrameAnswer& plain) {
    // A moment of a single part is bad in every order, and says all.
    const auto is_alone = [](const LearntMoment& learnt) {
      return learnt.missing == learnt.present && learnt.missing.size() == 1;
    };
    const bool has_lone = std::ranges::any_of(plain.moments, is_alone);
    for (const LearntMoment& learnt : plain.moments) {
      if (result_.conflicts.size() == kMostConflicts) break;
      if (has_lone && !is_alone(learnt)) continue;
      result_.conflicts.push_back({learnt.moment.rule, places_of(learnt.in_effect),
                                   places_of(learnt.pending), learnt.moment.story});
    }
  }

  [[nodiscard]] std::vector<std::size_t> places_of(const std::vector<Step>& steps) const {
    std::vector<std::size_t> places;
    for (const Step& step : steps) {
      const auto& all = question_.prediction.steps;
      const auto found = std::ranges::find_if(all, [&](const Step& each) {
        return each.verb == step.verb && each.key == step.key && each.object == step.object;
      });
      if (found != all.end()) places.push_back(static_cast<std::size_t>(found - all.begin()));
    }
    return places;
  }

  const OrderQuestion& question_;
  const std::vector<ChangePart> parts_;
  std::vector<MomentVerdict> own_verdicts_;
  SafeOrder result_;
};

}  // namespace

SafeOrder find_safe_order(const Snapshot& before, const Snapshot& after, const Change& change,
                          const Prediction& prediction, const SafeOrderOptions& options) {
  const OrderQuestion question{before, after, change, prediction, options};
  return OrderFinder(question).find();
}

}  // namespace meshproof
