#include "tests/solver/tried_moments.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <variant>

#include "model/project.h"
#include "solver/evaluate.h"
#include "solver/moments/moments.h"
#include "solver/moments/safe_order.h"
#include "tests/support/yaml.h"

namespace meshproof {

namespace {

constexpr std::size_t kMostSteps = 12;

struct FlowName {
  std::string src;
  std::string dst;
  std::uint16_t port = 0;

  auto operator<=>(const FlowName&) const = default;
};

/// Flows by the names of their ends, with whether they are open.
using Matrix = std::map<FlowName, bool>;

Matrix matrix_of(const Cluster& cluster, const TriedFlows& flows) {
  const Evaluator evaluator(cluster, PendingPods::WillRun);
  std::vector<std::pair<std::string, FlowEnd>> ends;
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    const Pod& pod = cluster.pods[i];
    ends.emplace_back(cluster.at(pod.ns).name + '/' + pod.name, PodId{i});
  }
  for (const IpAddress& address : flows.outside) ends.emplace_back(address.to_string(), address);
  Matrix matrix;
  for (std::size_t src = 0; src < ends.size(); ++src) {
    for (std::size_t dst = 0; dst < ends.size(); ++dst) {
      if (src == dst || std::min(src, dst) >= cluster.pods.size()) continue;
      for (const std::uint16_t port : flows.ports) {
        const Decision decision =
            evaluator.evaluate({ends[src].second, ends[dst].second, Protocol::Tcp, port});
        matrix[{ends[src].first, ends[dst].first, port}] = decision.is_allowed();
      }
    }
  }
  return matrix;
}

/// One part of a stage with what is open then.
struct Tried {
  std::size_t stage = 0;
  std::vector<std::size_t> in_effect;
  Matrix matrix;
};

class Trial {
 public:
  Trial(const Snapshot& before, const Snapshot& after, const std::vector<Stage>& stages,
        const TriedFlows& flows)
      : before_(before),
        stages_(stages),
        flows_(flows),
        old_(matrix_of(before.cluster, flows)),
        new_(matrix_of(after.cluster, flows)) {
    ObjectStore objects = before.objects;
    for (std::size_t stage = 0; stage < stages.size(); ++stage) {
      try_stage(stage, objects);
      for (const Step& step : stages[stage].steps) write(step, objects);
    }
    Snapshot end = projected(objects);
    if (matrix_of(end.cluster, flows_) != new_)
      throw std::runtime_error{"the stages lead elsewhere"};
  }

  [[nodiscard]] std::vector<MomentVerdict> verdicts() const {
    return {verdict(MomentRule::NoBlackhole, find_flow(true)),
            verdict(MomentRule::NoBreach, find_flow(false)),
            verdict(MomentRule::NoPivot, find_pivot())};
  }

 private:
  static void write(const Step& step, ObjectStore& objects) {
    if (step.object.is_null()) {
      objects.erase(step.key);
    } else {
      objects.put(make_object(step.object));
    }
  }

  [[nodiscard]] Snapshot projected(const ObjectStore& objects) const {
    Snapshot state{objects, before_.coverage, {}};
    Diagnostics told;
    NetworkOptions options;
    options.dialect = before_.cluster.network.dialect;
    if (options.dialect == Dialect::OpenShiftSdn) options.sdn = before_.cluster.network.mode;
    state.cluster = project(objects, options, told, &before_);
    return state;
  }

  /// Writes to one object are seen in their order.
  static bool is_possible(const std::vector<Step>& steps, std::size_t part) {
    std::set<ObjectKey> missing;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const bool is_seen = ((part >> i) & 1U) != 0;
      if (is_seen && missing.contains(steps[i].key)) return false;
      if (!is_seen) missing.insert(steps[i].key);
    }
    return true;
  }

  void try_stage(std::size_t stage, const ObjectStore& at_start) {
    const std::vector<Step>& steps = stages_[stage].steps;
    if (steps.size() > kMostSteps) throw std::runtime_error{"too many steps to try"};
    for (std::size_t part = 0; part < (std::size_t{1} << steps.size()); ++part) {
      if (!is_possible(steps, part)) continue;
      Tried tried{stage, {}, {}};
      ObjectStore objects = at_start;
      for (std::size_t i = 0; i < steps.size(); ++i) {
        if (((part >> i) & 1U) == 0) continue;
        write(steps[i], objects);
        tried.in_effect.push_back(i);
      }
      const Snapshot state = projected(objects);
      tried.matrix = matrix_of(state.cluster, flows_);
      tried_.push_back(std::move(tried));
    }
  }

  [[nodiscard]] static MomentVerdict verdict(MomentRule rule, std::optional<BadMoment> bad) {
    if (bad) {
      bad->rule = rule;
      return {rule, std::move(*bad), {Decider::Evaluation}};
    }
    return {rule, SafeMoments{Universe::Enumerated, "tried out"}, {Decider::Evaluation}};
  }

  [[nodiscard]] BadMoment moment_of(const Tried& tried) const {
    BadMoment bad;
    bad.stage = tried.stage;
    bad.in_effect = tried.in_effect;
    for (std::size_t i = 0; i < stages_[tried.stage].steps.size(); ++i) {
      if (std::ranges::find(tried.in_effect, i) == tried.in_effect.end()) bad.pending.push_back(i);
    }
    bad.story = {"tried out"};
    return bad;
  }

  /// With as few steps in effect as can be, like that of the judge.
  template <typename IsBad>
  [[nodiscard]] const Tried* shortest(const IsBad& is_bad) const {
    const Tried* found = nullptr;
    for (const Tried& tried : tried_) {
      if (!is_bad(tried.matrix)) continue;
      if (found == nullptr || tried.in_effect.size() < found->in_effect.size()) found = &tried;
    }
    return found;
  }

  [[nodiscard]] std::optional<BadMoment> find_flow(bool is_lost) const {
    for (const auto& [flow, was_open] : old_) {
      const auto then = new_.find(flow);
      if (then == new_.end() || was_open != is_lost || then->second != is_lost) continue;
      const Tried* tried = shortest([&](const Matrix& m) { return m.at(flow) != is_lost; });
      if (tried == nullptr) continue;
      BadMoment bad = moment_of(*tried);
      bad.hops = {hop_of(flow, !is_lost, *tried)};
      return bad;
    }
    return std::nullopt;
  }

  [[nodiscard]] static MomentHop hop_of(const FlowName& flow, bool is_open, const Tried& tried) {
    return {flow.src, flow.dst, Protocol::Tcp, flow.port, is_open, tried.in_effect, {}};
  }

  [[nodiscard]] static bool is_only_in(const Matrix& state, const Matrix& other,
                                       const FlowName& flow) {
    return state.at(flow) && !other.at(flow);
  }

  /// Of a hop that only one of the states has and one that only the other one has (W8).
  [[nodiscard]] std::optional<BadMoment> find_pivot() const {
    for (std::size_t stage = 0; stage < stages_.size(); ++stage) {
      for (const auto& [first, was_open] : old_) {
        // Flows from one end stand together.
        for (auto next = old_.lower_bound({first.dst, {}, 0});
             next != old_.end() && next->first.src == first.dst; ++next) {
          const FlowName& second = next->first;
          if (first.src == second.dst) continue;
          if (!is_only_in(old_, new_, first) && !is_only_in(new_, old_, first)) continue;
          const bool is_old = old_.at(first);
          if (!is_only_in(is_old ? new_ : old_, is_old ? old_ : new_, second)) continue;
          const Tried* one = opened(stage, first);
          const Tried* other = one == nullptr ? nullptr : opened(stage, second);
          if (other == nullptr) continue;
          BadMoment bad = moment_of(*one);
          bad.hops = {hop_of(first, true, *one), hop_of(second, true, *other)};
          return bad;
        }
      }
    }
    return std::nullopt;
  }

  [[nodiscard]] const Tried* opened(std::size_t stage, const FlowName& flow) const {
    const Tried* found = nullptr;
    for (const Tried& tried : tried_) {
      if (tried.stage != stage || !tried.matrix.at(flow)) continue;
      if (found == nullptr || tried.in_effect.size() < found->in_effect.size()) found = &tried;
    }
    return found;
  }

  const Snapshot& before_;
  const std::vector<Stage>& stages_;
  const TriedFlows& flows_;
  Matrix old_;
  Matrix new_;
  std::vector<Tried> tried_;
};

}  // namespace

std::vector<MomentVerdict> try_moments(const Snapshot& before, const Snapshot& after,
                                       const std::vector<Stage>& stages) {
  return try_flows(before, after, stages, {});
}

std::vector<MomentVerdict> try_flows(const Snapshot& before, const Snapshot& after,
                                     const std::vector<Stage>& stages, const TriedFlows& flows) {
  return Trial(before, after, stages, flows).verdicts();
}

PlayedChange played_change(std::string_view state, const Change& change,
                           const NetworkOptions& network) {
  PlayedChange played;
  played.change = change;
  played.options = {network, "2.5"};
  const Snapshot input = snapshot_from(state, network);
  auto prediction = predict(input, change, played.options);
  if (!prediction) throw std::runtime_error{prediction.error().at(0).message};
  played.prediction = std::move(*prediction);
  Diagnostics told;
  played.before = {played.prediction.before, input.coverage, {}};
  played.before.cluster = project(played.before.objects, network, told, &input);
  played.after = {played.prediction.after, input.coverage, {}};
  played.after.cluster = project(played.after.objects, network, told, &played.before);
  return played;
}

SafeOrder order_of(const PlayedChange& played) {
  SafeOrderOptions options;
  options.predict = played.options;
  options.judge = try_moments;
  options.digest = "0123abcd";
  return find_safe_order(played.before, played.after, played.change, played.prediction, options);
}

std::vector<std::vector<std::string>> stage_words(const JudgedOrder& order) {
  std::vector<std::vector<std::string>> stages;
  for (const OrderStage& stage : order.stages) {
    std::vector<std::string> words;
    for (const Step& step : stage.writes) {
      const bool is_shown = step.key.kind == "NetworkPolicy" || step.key.kind == "Namespace" ||
                            step.writer == Step::Writer::User;
      if (is_shown) words.push_back(std::string{to_string(step.verb)} + ' ' + to_string(step.key));
    }
    std::ranges::sort(words);
    stages.push_back(std::move(words));
  }
  return stages;
}

std::vector<std::string> broken_rules(const std::vector<MomentVerdict>& verdicts) {
  std::vector<std::string> words;
  for (const MomentVerdict& verdict : verdicts) {
    const std::string rule = verdict.rule == MomentRule::NoBlackhole ? "no-blackhole"
                             : verdict.rule == MomentRule::NoBreach  ? "no-breach"
                                                                     : "no-pivot";
    if (std::holds_alternative<BadMoment>(verdict.finding)) words.push_back(rule);
    if (const auto* open = std::get_if<Undecided>(&verdict.finding)) {
      words.push_back("undecided: " + open->reason);
    }
  }
  return words;
}

}  // namespace meshproof
