#include "solver/moments/order_frame.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <variant>

#include "model/mesh/ranks.h"
#include "solver/moments/level_search.h"
#include "solver/moments/moments.h"
#include "solver/moments/project_likeness.h"
#include "solver/moments/versions.h"

namespace meshproof {
namespace {

/// Projects that are alike are told apart only while there are not more things to order than this.
constexpr std::size_t kMostThings = 24;

/// `payments` of `payments/api`; empty for what lies in no project.
std::string project_of(const std::string& end) {
  const std::size_t slash = end.find('/');
  return slash == std::string::npos ? std::string() : end.substr(0, slash);
}

/// An order of the parts: where in the change that is played each one stands.
struct Layout {
  std::vector<std::size_t> levels;  ///< of the parts
  std::vector<std::size_t> phases;  ///< of the parts, in the played change
  Change change;
};

/// Which part of the change each step belongs to.
class StepOwners {
 public:
  StepOwners(const std::vector<ChangePart>& parts, const Layout& layout) : parts_(parts) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      by_project_[{layout.phases[i], parts[i].ns}].push_back(i);
      by_phase_[layout.phases[i]].push_back(i);
    }
  }

  /// The stages' steps are of one phase each. Nothing: it is not known.
  [[nodiscard]] std::vector<std::optional<std::size_t>> of(const Stage& stage) const {
    std::map<std::string, int> first_rank;
    for (const Step& step : stage.steps) {
      const auto [at, is_new] = first_rank.try_emplace(step.project, step.rank);
      if (!is_new) at->second = std::min(at->second, step.rank);
    }
    std::vector<std::optional<std::size_t>> owners;
    for (const Step& step : stage.steps) {
      owners.push_back(owner_of(step, first_rank.at(step.project)));
    }
    return owners;
  }

 private:
  using Candidates = std::vector<std::size_t>;

  [[nodiscard]] std::optional<std::size_t> owner_of(const Step& step, int first_rank) const {
    const auto phase = by_phase_.find(step.phase);
    if (phase == by_phase_.end()) return std::nullopt;
    if (step.writer == Step::Writer::User) {
      return only_one(phase->second, [&](const ChangePart& part) { return part.key == step.key; });
    }
    const auto found = by_project_.find({step.phase, step.project});
    if (step.project.empty() || found == by_project_.end()) {
      return only_one(phase->second, [](const ChangePart&) { return true; });
    }
    const auto is_roll_part = [](const ChangePart& part) {
      return part.kind != ChangePart::Kind::Whole;
    };
    const bool has_roll_part = std::ranges::any_of(
        found->second, [&](std::size_t each) { return is_roll_part(parts_[each]); });
    if (!has_roll_part) return only_one(found->second, [](const ChangePart&) { return true; });
    if (const auto alone = only_one(found->second, is_roll_part)) return alone;
    // A project that leaves one mesh and joins another: the operator numbers these two apart.
    const bool is_first = step.rank / kRanksOfOneSequence == first_rank / kRanksOfOneSequence;
    return only_one(found->second, [&](const ChangePart& part) {
      return part.kind == (is_first ? ChangePart::Kind::Leave : ChangePart::Kind::Join);
    });
  }

  template <typename Test>
  [[nodiscard]] std::optional<std::size_t> only_one(const Candidates& candidates,
                                                    const Test& test) const {
    std::optional<std::size_t> found;
    for (const std::size_t each : candidates) {
      if (!test(parts_[each])) continue;
      if (found) return std::nullopt;
      found = each;
    }
    return found;
  }

  const std::vector<ChangePart>& parts_;
  std::map<std::pair<std::size_t, std::string>, Candidates> by_project_;
  std::map<std::size_t, Candidates> by_phase_;
};

class FrameSearch {
 public:
  FrameSearch(const OrderQuestion& question, const std::vector<ChangePart>& parts,
              const std::vector<BridgePolicy>& bridges)
      : question_(question),
        parts_(parts),
        bridges_(bridges),
        units_(alike_parts(question.before, parts)) {}

  [[nodiscard]] FrameAnswer run() {
    for (std::size_t tried = 0; tried < question_.options.most_orders; ++tried) {
      const std::optional<Layout> layout = next_layout();
      if (!layout) return std::move(answer_);
      if (!judge(*layout)) return std::move(answer_);
    }
    give_up("the search stopped after " + std::to_string(question_.options.most_orders) +
            " orders");
    return std::move(answer_);
  }

 private:
  void give_up(std::string reason) {
    answer_.kind = FrameAnswer::Kind::Undecided;
    answer_.reason = std::move(reason);
  }

  /// The next order to try; nothing where the answer is known.
  [[nodiscard]] std::optional<Layout> next_layout() {
    for (;;) {
      LevelAnswer found = fewest_levels(level_problem(), question_.options.most_tries);
      if (found.levels) return layout_of(*found.levels);
      if (found.was_cut) {
        give_up("too many orders of the parts of the edit are possible");
        return std::nullopt;
      }
      if (refine()) continue;
      answer_.kind = FrameAnswer::Kind::Impossible;
      if (is_vague_) give_up("it is not known which part of the edit some writes follow");
      return std::nullopt;
    }
  }

  [[nodiscard]] LevelProblem level_problem() const {
    LevelProblem problem;
    problem.count = units_.size();
    const std::vector<std::size_t> unit = units_of_parts();
    for (std::size_t a = 0; a < parts_.size(); ++a) {
      if (parts_[a].kind != ChangePart::Kind::Leave) continue;
      for (std::size_t b = 0; b < parts_.size(); ++b) {
        const bool is_move = parts_[b].kind == ChangePart::Kind::Join &&
                             parts_[b].ns == parts_[a].ns && parts_[b].phase == parts_[a].phase;
        if (is_move) problem.not_after.push_back({unit[a], unit[b]});
      }
    }
    for (const LearntMoment& learnt : answer_.moments) {
      std::set<Separation> clause;
      for (const auto& [first, then] : separations(learnt)) {
        if (unit[first] != unit[then]) clause.insert({unit[first], unit[then]});
      }
      problem.clauses.emplace_back(clause.begin(), clause.end());
    }
    return problem;
  }

  /// Pairs of parts of one phase that avoid the moment if the first comes before the second.
  [[nodiscard]] std::vector<Separation> separations(const LearntMoment& learnt) const {
    std::vector<Separation> result;
    for (const std::size_t missing : learnt.missing) {
      for (const std::size_t present : learnt.present) {
        const bool is_pair = missing != present && parts_[missing].phase == parts_[present].phase;
        if (is_pair) result.push_back({missing, present});
      }
    }
    return result;
  }

  [[nodiscard]] std::vector<std::size_t> units_of_parts() const {
    std::vector<std::size_t> unit(parts_.size());
    for (std::size_t i = 0; i < units_.size(); ++i) {
      for (const std::size_t part : units_[i]) unit[part] = i;
    }
    return unit;
  }

  /// Takes apart what was taken to be alike where that can avoid a moment; true if it did.
  bool refine() {
    const std::vector<std::size_t> unit = units_of_parts();
    std::set<std::size_t> split;
    for (const LearntMoment& learnt : answer_.moments) {
      for (const auto& [first, then] : separations(learnt)) {
        if (unit[first] == unit[then]) split.insert(unit[first]);
      }
    }
    if (split.empty()) return false;
    std::vector<std::vector<std::size_t>> finer;
    for (std::size_t i = 0; i < units_.size(); ++i) {
      if (!split.contains(i)) {
        finer.push_back(units_[i]);
        continue;
      }
      for (const std::size_t part : units_[i]) finer.push_back({part});
    }
    if (finer.size() > kMostThings) {
      is_vague_ = true;
      return false;
    }
    units_ = std::move(finer);
    return true;
  }

  [[nodiscard]] Layout layout_of(const std::vector<std::size_t>& unit_levels) const {
    Layout layout;
    const std::vector<std::size_t> unit = units_of_parts();
    std::map<std::size_t, std::set<std::size_t>> used;  // levels of each phase
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      used[parts_[i].phase].insert(unit_levels[unit[i]]);
    }
    std::vector<std::size_t> start;
    std::size_t next = bridges_.empty() ? 0 : 1;
    for (std::size_t phase = 0; phase < question_.change.phases.size(); ++phase) {
      start.push_back(next);
      next += std::max<std::size_t>(1, used[phase].size());
    }
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const std::set<std::size_t>& levels = used[parts_[i].phase];
      const auto at = levels.find(unit_levels[unit[i]]);
      layout.levels.push_back(static_cast<std::size_t>(std::distance(levels.begin(), at)));
      layout.phases.push_back(start[parts_[i].phase] + layout.levels.back());
    }
    layout.change = in_levels(question_.before.objects, question_.change, parts_, layout.levels);
    if (!bridges_.empty()) add_bridges(layout.change);
    return layout;
  }

  void add_bridges(Change& change) const {
    ChangePhase create;
    ChangePhase remove;
    for (const BridgePolicy& bridge : bridges_) {
      const ObjectKey key = key_of(bridge.manifest);
      create.steps.push_back({ApplyObject{bridge.manifest}, {}});
      remove.steps.push_back({DeleteObject{{key.group, key.kind, key.ns, key.name, true}}, {}});
    }
    change.phases.insert(change.phases.begin(), std::move(create));
    change.phases.push_back(std::move(remove));
  }

  /// True if there is another order to try.
  [[nodiscard]] bool judge(const Layout& layout) {
    const bool is_own =
        bridges_.empty() &&
        std::ranges::all_of(layout.levels, [](std::size_t level) { return level == 0; });
    if (is_own) {
      answer_.prediction = question_.prediction;
    } else {
      Result<Prediction> played =
          predict(question_.before, layout.change, question_.options.predict);
      if (!played) {
        give_up("the edit cannot be split: " + played.error().front().message);
        return false;
      }
      answer_.prediction = std::move(*played);
    }
    const std::vector<Stage> stages = stages_of(answer_.prediction);
    answer_.verdicts = question_.options.judge(question_.before, question_.after, stages);
    answer_.levels = layout.levels;
    if (is_own) answer_.own_verdicts = answer_.verdicts;
    return learn(layout, stages);
  }

  [[nodiscard]] bool learn(const Layout& layout, const std::vector<Stage>& stages) {
    const std::size_t known = answer_.moments.size();
    std::string undecided;
    std::vector<std::vector<std::optional<std::size_t>>> owners;
    const StepOwners find_owner(parts_, layout);
    for (const Stage& stage : stages) owners.push_back(find_owner.of(stage));
    for (const MomentVerdict& verdict : answer_.verdicts) {
      if (const auto* bad = std::get_if<BadMoment>(&verdict.finding)) {
        answer_.moments.push_back(learnt_of(*bad, stages, owners));
      } else if (const auto* open = std::get_if<Undecided>(&verdict.finding)) {
        undecided = open->reason;
      }
    }
    if (answer_.moments.size() == known) {
      answer_.kind = undecided.empty() ? FrameAnswer::Kind::Safe : FrameAnswer::Kind::Undecided;
      answer_.reason = std::move(undecided);
      return false;
    }
    for (std::size_t i = known; i < answer_.moments.size(); ++i) {
      const bool is_avoided =
          std::ranges::any_of(separations(answer_.moments[i]), [&](const Separation& each) {
            return layout.levels[each.first] < layout.levels[each.then];
          });
      if (!is_avoided) continue;
      give_up("a bad moment was found in an order that should avoid it");
      return false;
    }
    return true;
  }

  [[nodiscard]] LearntMoment learnt_of(
      const BadMoment& bad, const std::vector<Stage>& stages,
      const std::vector<std::vector<std::optional<std::size_t>>>& owners) {
    std::set<std::size_t> missing;
    std::set<std::size_t> present;
    for (const MomentHop& hop : bad.hops) {
      const std::vector<std::size_t>& seen = bad.hops.size() == 1 ? bad.in_effect : hop.in_effect;
      const std::set<std::string> projects{project_of(hop.src), project_of(hop.dst)};
      for (std::size_t stage = 0; stage < stages.size(); ++stage) {
        for (std::size_t i = 0; i < stages[stage].steps.size(); ++i) {
          if (!counts(stages[stage].steps[i], projects)) continue;
          const bool is_seen =
              stage < bad.stage || (stage == bad.stage && std::ranges::find(seen, i) != seen.end());
          const std::optional<std::size_t>& owner = owners[stage][i];
          is_vague_ = is_vague_ || (!owner && !is_bridge(stages[stage].steps[i]));
          if (owner) (is_seen ? present : missing).insert(*owner);
        }
      }
    }
    LearntMoment learnt{
        bad, {missing.begin(), missing.end()}, {present.begin(), present.end()}, {}, {}};
    if (bad.stage < stages.size()) {
      const std::vector<Step>& steps = stages[bad.stage].steps;
      for (const std::size_t i : bad.in_effect) learnt.in_effect.push_back(steps.at(i));
      for (const std::size_t i : bad.pending) learnt.pending.push_back(steps.at(i));
    }
    return learnt;
  }

  /// Whether a flow between ends in these projects can hang on the step.
  [[nodiscard]] bool counts(const Step& step, const std::set<std::string>& projects) const {
    const StepEffect effect = effect_of(step.key, question_.before.cluster.network.dialect);
    return effect.kind != StepEffect::Kind::Project || projects.contains(effect.project);
  }

  [[nodiscard]] bool is_bridge(const Step& step) const {
    return std::ranges::any_of(bridges_, [&](const BridgePolicy& bridge) {
      return step.key.kind == "NetworkPolicy" && step.key.ns == bridge.ns &&
             step.key.name == bridge.name;
    });
  }

  const OrderQuestion& question_;
  const std::vector<ChangePart>& parts_;
  const std::vector<BridgePolicy>& bridges_;
  std::vector<std::vector<std::size_t>> units_;  ///< groups of parts, on one level each
  bool is_vague_ = false;
  FrameAnswer answer_;
};

}  // namespace

FrameAnswer search_order(const OrderQuestion& question, const std::vector<ChangePart>& parts,
                         const std::vector<BridgePolicy>& bridges) {
  return FrameSearch(question, parts, bridges).run();
}

}  // namespace meshproof
