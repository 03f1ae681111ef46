#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <variant>

#include "model/edit.h"
#include "model/project.h"
#include "solver/moments/moments.h"
#include "solver/moments/order_stages.h"
#include "solver/moments/versions.h"
#include "solver/reachability.h"

namespace meshproof {
namespace {

/// One write of the user, with what was there before it. Null: nothing.
struct UserWrite {
  ObjectKey key;
  Tree was;
  Tree is;
};

std::map<std::size_t, std::vector<UserWrite>> user_writes(const Snapshot& before,
                                                          const Prediction& prediction) {
  std::map<std::size_t, std::vector<UserWrite>> result;
  std::map<ObjectKey, Tree> current;
  for (const Step& step : prediction.steps) {
    const auto [at, is_first] = current.try_emplace(step.key, Tree::null());
    if (is_first) {
      const Object* old = before.objects.find(step.key);
      if (old != nullptr) at->second = *old->tree;
    }
    // An object with a finalizer is only marked by its deletion.
    const Tree now = step.verb == Verb::Delete ? Tree::null() : step.object;
    if (step.writer == Step::Writer::User) {
      result[step.phase].push_back({step.key, at->second, now});
    }
    at->second = now;
  }
  return result;
}

/// The edits that take a write back.
std::vector<ChangeStep> taken_back(const UserWrite& write) {
  ObjectStore is;
  ObjectStore was;
  if (!write.is.is_null()) is.put(make_object(write.is));
  if (!write.was.is_null()) was.put(make_object(write.was));
  std::vector<ChangeStep> steps;
  for (ChangePhase& phase : change_between(is, was).phases) {
    std::ranges::move(phase.steps, std::back_inserter(steps));
  }
  return steps;
}

Change backwards(const Snapshot& before, const Prediction& prediction) {
  Change change;
  const auto writes = user_writes(before, prediction);
  for (auto phase = writes.rbegin(); phase != writes.rend(); ++phase) {
    ChangePhase edits;
    for (auto write = phase->second.rbegin(); write != phase->second.rend(); ++write) {
      std::ranges::move(taken_back(*write), std::back_inserter(edits.steps));
    }
    if (!edits.steps.empty()) change.phases.push_back(std::move(edits));
  }
  return change;
}

bool is_same(const Object* a, const Object* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return without_server_fields(*a->tree, false) == without_server_fields(*b->tree, false);
}

/// An object that decides flows and that the way back leaves different from what it was.
std::optional<ObjectKey> first_difference(const Snapshot& before, const ObjectStore& restored) {
  for (const ObjectKey& key : before.objects.differing_keys(restored)) {
    const StepEffect effect = effect_of(key, before.cluster.network.dialect);
    if (effect.kind == StepEffect::Kind::None) continue;
    const Object* was = before.objects.find(key);
    const bool was_assumed = key.kind == "Namespace" && was == nullptr &&
                             before.cluster.find_namespace(key.name).is_valid();
    if (!was_assumed && !is_same(was, restored.find(key))) return key;
  }
  return std::nullopt;
}

std::string reason_of(const std::vector<MomentVerdict>& verdicts) {
  for (const MomentVerdict& verdict : verdicts) {
    if (const auto* open = std::get_if<Undecided>(&verdict.finding)) return open->reason;
  }
  for (const MomentVerdict& verdict : verdicts) {
    const auto* bad = std::get_if<BadMoment>(&verdict.finding);
    if (bad != nullptr) return bad->story.empty() ? "a moment is bad" : bad->story.front();
  }
  return {};
}

}  // namespace

WayThereAndBack way_there_and_back(const Snapshot& before, const Snapshot& after,
                                   const Prediction& prediction, const PredictOptions& options,
                                   unsigned delay_seconds) {
  WayThereAndBack way;
  way.there = order_stages(before.objects, prediction, {}, delay_seconds);
  const Result<Prediction> back = predict(after, backwards(before, prediction), options);
  if (!back) {
    way.no_way_back = "the edit cannot be taken back: " + back.error().front().message;
    return way;
  }
  way.back = order_stages(after.objects, *back, {}, delay_seconds);
  return way;
}

JudgedOrder rollback_of(const Snapshot& before, const Snapshot& after, const Prediction& prediction,
                        const std::vector<BridgePolicy>& bridges, const SafeOrderOptions& options) {
  JudgedOrder order;
  const Change change = backwards(before, prediction);
  const Result<Prediction> back = predict(after, change, options.predict);
  if (!back) {
    order.reason = "the edit cannot be taken back: " + back.error().front().message;
    return order;
  }
  order.stages = order_stages(after.objects, *back, bridges, options.delay_seconds);
  std::vector<Stage> stages = stages_of(*back);
  const std::optional<ObjectKey> differing = first_difference(before, back->after);
  if (!differing) {
    order.verdicts = options.judge(after, before, stages);
    order.reason = reason_of(order.verdicts);
    if (!order.reason.empty()) order.judged = std::move(stages);
    return order;
  }
  // Network ids are given anew: what counts then is whether the same flows are open.
  Snapshot restored{back->after, after.coverage, {}};
  Diagnostics told;
  restored.cluster = project(restored.objects, options.predict.network, told, &after);
  const ReachabilityChange left = compare(before, restored);
  if (!left.gained.empty() || !left.lost.empty() || !left.undecided.empty()) {
    order.reason = "the way back leaves " + to_string(*differing) + " different from what it was";
    return order;
  }
  order.verdicts = options.judge(after, restored, stages);
  order.reason = reason_of(order.verdicts);
  if (!order.reason.empty()) order.judged = std::move(stages);
  return order;
}

}  // namespace meshproof
