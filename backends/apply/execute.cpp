#include "backends/apply/execute.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "backends/apply/waiting.h"
#include "backends/apply/writing.h"
#include "model/effects.h"

namespace meshproof {
namespace {

class Execute {
 public:
  explicit Execute(ApplyScene& scene) : scene_(scene) {}

  ExecutionRun run() {
    if (const Answer<void> taken = scene_.lease.take(); !taken) {
      result_.because = taken.error().message;
      result_.has_written = has_written();
      // Nothing is left to go on with: the next run may begin anew.
      if (!result_.has_written) (void)scene_.journal.end(RunEnd::Before);
      return std::move(result_);
    }
    if (way() == Way::There) {
      if (const auto trouble = go_there()) turn_back(*trouble);
    }
    if (way() == Way::Back && result_.end == ExecutionEnd::Stopped && !is_over_) go_back();
    scene_.lease.release();
    result_.has_written = has_written();
    result_.meanwhile = basis_changes(scene_.execution, scene_.live.objects(), {});
    return std::move(result_);
  }

 private:
  [[nodiscard]] Way way() const { return scene_.journal.record().way; }
  [[nodiscard]] bool has_written() const { return !scene_.journal.record().intended.empty(); }

  std::optional<Trouble> go_there() {
    const std::size_t count = scene_.execution.stages.size();
    for (std::size_t stage = scene_.journal.record().stage; stage < count; ++stage) {
      if (auto trouble = run_stage(Way::There, stage)) return trouble;
    }
    if (auto trouble =
            wait_for_effects(scene_, effects_of(scene_.execution.stages, scene_.via()))) {
      return trouble;
    }
    finish(RunEnd::After, ExecutionEnd::After);
    return std::nullopt;
  }

  /// Nobody turns back from the way back: it goes as far as it can.
  void go_back() {
    const std::size_t count = scene_.execution.rollback.size();
    for (std::size_t stage = scene_.journal.record().stage; stage < count; ++stage) {
      if (const auto trouble = run_stage(Way::Back, stage)) return stop(*trouble);
    }
    if (const auto trouble = verify_before()) return stop(*trouble);
    finish(RunEnd::Before, ExecutionEnd::Before);
  }

  std::optional<Trouble> run_stage(Way way, std::size_t stage) {
    const ExecutionStage& planned = scene_.stages(way)[stage];
    result_.stages.push_back({.way = way, .stage = stage});
    StageRun& run = result_.stages.back();
    tell(way, stage, "writing");
    for (std::size_t i = 0; i < planned.writes.size(); ++i) {
      if (!is_ours(planned.writes[i], scene_.via())) continue;
      auto trouble = make_write(scene_, {way, stage, i}, run);
      if (trouble && !pass_by(way, planned.writes[i].key, *trouble)) return trouble;
    }
    tell(way, stage, "waiting until it is in effect");
    const auto began = scene_.clock.now();
    if (auto trouble = wait_for_effects(scene_, effects_of(planned, scene_.via()))) return trouble;
    run.seconds = std::chrono::duration<double>(scene_.clock.now() - began).count();
    const unsigned delay = planned.delay_seconds == 0
                               ? 0
                               : scene_.options.network_seconds.value_or(planned.delay_seconds);
    if (delay > 0) tell(way, stage, fmt::format("waiting {} s for the network", delay));
    if (auto trouble = wait_for_network(scene_, delay)) return trouble;
    run.delay_seconds = delay;
    if (way == Way::There) {
      if (auto trouble = check_projects(scene_)) return trouble;
    }
    run.is_in_effect = true;
    if (scene_.journal.in_effect(way, stage)) return std::nullopt;
    return Trouble{
        fmt::format("the journal could not be written: {}", scene_.journal.problem()), {}, true};
  }

  /// On the way back what somebody else has written over is left to them, and told. Where our own
  /// write may be in it the way ends: what comes later is proved to be safe only behind it.
  bool pass_by(Way way, const ObjectKey& key, Trouble& trouble) {
    const bool is_foreign = !trouble.mismatches.empty() && !trouble.ends_all;
    if (way == Way::There || !is_foreign) return false;
    if (may_be_ours(key)) {
      trouble.because =
          fmt::format("{} has been written by us and by somebody else: what is ours in it is left",
                      to_string(key));
      return false;
    }
    std::ranges::copy(trouble.mismatches, std::back_inserter(result_.mismatches));
    foreign_.insert(key);
    return true;
  }

  /// Also where no answer said that it was written.
  [[nodiscard]] bool may_be_ours(const ObjectKey& key) const {
    return std::ranges::any_of(scene_.journal.record().intended, [&](const WriteId& id) {
      return id.way == Way::There && write_of(scene_, id).key == key;
    });
  }

  std::optional<Trouble> verify_before() {
    std::vector<Effect> effects = effects_of(scene_.execution.rollback, scene_.via());
    std::erase_if(effects, [&](const Effect& effect) {
      const auto* object = std::get_if<ObjectEffect>(&effect);
      return object != nullptr && foreign_.contains(object->key);
    });
    return wait_for_effects(scene_, effects);
  }

  void turn_back(const Trouble& trouble) {
    std::ranges::copy(trouble.mismatches, std::back_inserter(result_.mismatches));
    result_.because = trouble.because;
    is_over_ = trouble.ends_all || !scene_.options.turns_back;
    if (is_over_) return;
    if (!has_written()) {
      finish(RunEnd::Before, ExecutionEnd::Before);
      is_over_ = true;
      return;
    }
    is_over_ = !begin_way_back(trouble.because);
  }

  bool begin_way_back(std::string_view because) {
    const std::size_t stages = scene_.execution.stages.size();
    if (scene_.execution.rollback.size() != stages) {
      result_.because += "; the plan has no way back";
      return false;
    }
    const std::size_t reached = std::min(scene_.journal.record().stage, stages - 1);
    tell_words(fmt::format("turning back: {}", because));
    return scene_.journal.turn_back(stages - 1 - reached, because);
  }

  void stop(const Trouble& trouble) {
    std::ranges::copy(trouble.mismatches, std::back_inserter(result_.mismatches));
    if (!result_.because.empty()) result_.because += "; then: ";
    result_.because += trouble.because;
  }

  void finish(RunEnd end, ExecutionEnd told) {
    if (scene_.journal.end(end)) {
      result_.end = told;
    } else {
      result_.because = "the journal could not be written: " + scene_.journal.problem();
    }
  }

  void tell(Way way, std::size_t stage, std::string_view what) const {
    tell_words(fmt::format("{}stage {} of {}: {}", way == Way::Back ? "back, " : "", stage + 1,
                           scene_.stages(way).size(), what));
  }
  void tell_words(std::string_view words) const {
    if (scene_.tell) scene_.tell(words);
  }

  ApplyScene& scene_;
  ExecutionRun result_;
  std::set<ObjectKey> foreign_;  ///< that the way back passed by
  bool is_over_ = false;
};

}  // namespace

ExecutionRun execute(ApplyScene& scene) { return Execute(scene).run(); }

ExecutionRun take_back(ApplyScene& scene, std::string_view because) {
  const RunRecord& record = scene.journal.record();
  ExecutionRun failed;
  failed.because = "the plan has no way back";
  const std::size_t stages = scene.execution.stages.size();
  if (scene.execution.rollback.size() != stages || stages == 0) return failed;
  if (record.way == Way::There) {
    const std::size_t reached = std::min(record.stage, stages - 1);
    if (!scene.journal.turn_back(stages - 1 - reached, because)) {
      failed.because = "the journal could not be written: " + scene.journal.problem();
      return failed;
    }
  }
  return execute(scene);
}

}  // namespace meshproof
