#include "solver/moments/moment_proof.h"

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "solver/checks/flow_proof.h"
#include "solver/engines/flows/changed_sources.h"
#include "solver/engines/flows/moment_claim.h"
#include "solver/engines/flows/united_states.h"
#include "solver/moments/alike_sources.h"
#include "solver/moments/versions.h"

namespace meshproof {

namespace {

/// What a step writes that decides flows between pods, in the united states.
class StepWords {
 public:
  StepWords(const Snapshot& after, const Cluster& united, const UnitedStates& states)
      : after_(after.cluster), united_(united), states_(states) {}

  MomentStepWords of(const Step& step) const {
    MomentStepWords words;
    if (step.key.kind == "NetworkPolicy") {
      words.creates = named(states_.first, step.key);
      words.removes = named(states_.second, step.key);
    }
    const NamespaceId ns = after_.find_namespace(step.key.name);
    const bool relabels =
        step.key.kind == "Namespace" && ns.is_valid() && states_.first.relabelled.contains(ns);
    if (relabels) words.relabels.push_back(ns);
    return words;
  }

  /// Whose policy or labels these are; invalid if it is nothing that decides flows.
  [[nodiscard]] NamespaceId namespace_of(const MomentStepWords& words) const {
    if (!words.relabels.empty()) return words.relabels.front();
    for (const auto* policies : {&words.creates, &words.removes}) {
      if (!policies->empty()) return united_.at(policies->front()).ns;
    }
    return {};
  }

 private:
  /// Policies that are not in effect in the view, of this name.
  [[nodiscard]] std::vector<PolicyId> named(const FlowView& view, const ObjectKey& key) const {
    std::vector<PolicyId> found;
    for (const auto& [id, formula] : view.policies) {
      const NetworkPolicy& policy = united_.at(id);
      if (policy.name == key.name && after_.at(policy.ns).name == key.ns) found.push_back(id);
    }
    return found;
  }

  const Cluster& after_;
  const Cluster& united_;
  const UnitedStates& states_;
};

std::string words_of(const Stage& stage, const std::vector<std::size_t>& in_effect) {
  std::string text;
  for (const std::size_t i : in_effect) {
    text += (text.empty() ? "" : ", ") + std::string(to_string(stage.steps[i].verb)) + ' ' +
            to_string(stage.steps[i].key);
  }
  return text.empty() ? "nothing of it" : text;
}

/// The steps of a stage that decide flows.
struct StageSteps {
  std::size_t stage = 0;
  std::vector<MomentStepWords> words;  ///< MomentStepWords::needs: positions in this list
  std::vector<std::size_t> steps;      ///< their positions in the stage
  std::vector<NamespaceId> of;         ///< whose policy or labels they write

  void add(MomentStepWords one, std::size_t step, NamespaceId ns) {
    words.push_back(std::move(one));
    steps.push_back(step);
    of.push_back(ns);
  }

  /// Those of some namespaces alone.
  [[nodiscard]] StageSteps only(const std::set<NamespaceId>& namespaces) const {
    StageSteps result{stage, {}, {}, {}};
    std::map<std::size_t, std::size_t> position;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (!namespaces.contains(of[i])) continue;
      position.emplace(i, result.words.size());
      MomentStepWords one = words[i];
      one.needs.clear();
      for (const std::size_t needed : words[i].needs) one.needs.push_back(position.at(needed));
      result.add(std::move(one), steps[i], of[i]);
    }
    return result;
  }
};

class MomentProof {
 public:
  MomentProof(const Snapshot& before, const Snapshot& after, const std::vector<Stage>& stages,
              MomentRule rule, const MomentProofOptions& options)
      : before_(before),
        after_(after),
        stages_(stages),
        rule_(rule),
        options_(options),
        states_(unite(before.cluster, after.cluster)),
        united_{after.objects, after.coverage, std::move(states_.cluster)},
        sources_(states_, united_.cluster),
        alike_(united_.cluster, states_.versions, relabelled()),
        proof_(united_, {"builtin:moments", options.limits, options.evidence}, states_.versions) {}

  ProvedMoments prove() {
    result_.undecided = obstacle();
    FlowView now = states_.first;
    for (std::size_t stage = 0; stage < stages_.size() && result_.is_proved(); ++stage) {
      prove_stage(stage, now);
    }
    return std::move(result_);
  }

 private:
  /// Namespaces that get their new labels, and in which stage.
  [[nodiscard]] std::map<NamespaceId, std::size_t> relabelled() const {
    const StepWords words(after_, united_.cluster, states_);
    std::map<NamespaceId, std::size_t> found;
    for (std::size_t stage = 0; stage < stages_.size(); ++stage) {
      for (const Step& step : stages_[stage].steps) {
        for (const NamespaceId ns : words.of(step).relabels) found.emplace(ns, stage);
      }
    }
    return found;
  }

  [[nodiscard]] std::string obstacle() const {
    const Network& network = after_.cluster.network;
    if (rule_ == MomentRule::NoPivot) return "paths are judged for the pods of the input only";
    if (!states_.obstacle.empty()) return states_.obstacle;
    if (!network.unknown_because.empty()) return network.unknown_because;
    const bool has_modes = network.dialect == Dialect::OpenShiftSdn;
    if (has_modes && network.mode != SdnMode::NetworkPolicy) {
      return "pods that do not exist yet are only judged in mode networkpolicy";
    }
    if (alike_.size() > options_.most_projects) {
      return "kinds of projects that change: " + std::to_string(alike_.size()) +
             ", and the limit is " + std::to_string(options_.most_projects);
    }
    if (!are_all_written()) return "the states differ by more than the steps write";
    if (std::string kind = unmodelled_for(after_.cluster, {}); !kind.empty()) return kind;
    return proof_.encoder().shared_network([](NamespaceId, std::uint32_t) { return true; });
  }

  [[nodiscard]] bool are_all_written() const {
    const StepWords words(after_, united_.cluster, states_);
    std::set<PolicyId> policies;
    std::set<NamespaceId> namespaces;
    for (const Stage& stage : stages_) {
      for (const Step& step : stage.steps) {
        const MomentStepWords written = words.of(step);
        policies.insert(written.creates.begin(), written.creates.end());
        policies.insert(written.removes.begin(), written.removes.end());
        namespaces.insert(written.relabels.begin(), written.relabels.end());
      }
    }
    return policies.size() == states_.first.policies.size() + states_.second.policies.size() &&
           namespaces.size() == states_.first.relabelled.size();
  }

  /// `now`: the view before the stage; made the one after it.
  void prove_stage(std::size_t stage, FlowView& now) {
    const StageSteps steps = read(stage);
    if (!result_.undecided.empty()) return;
    for (std::uint32_t i = 0; i < after_.cluster.namespaces.size() && result_.is_proved(); ++i) {
      prove_to({i}, now, steps);
    }
    if (result_.is_proved()) prove_to({}, now, steps);
    for (const MomentStepWords& step : steps.words) {
      for (const PolicyId id : step.creates) now.policies[id] = Problem::truth();
      for (const PolicyId id : step.removes) now.policies[id] = Problem::falsehood();
      for (const NamespaceId ns : step.relabels) now.relabelled[ns] = Problem::truth();
    }
  }

  [[nodiscard]] StageSteps read(std::size_t number) {
    const StepWords words(after_, united_.cluster, states_);
    const Stage& stage = stages_[number];
    StageSteps result{number, {}, {}, {}};
    for (std::size_t i = 0; i < stage.steps.size(); ++i) {
      const Step& step = stage.steps[i];
      const StepEffect effect = effect_of(step.key, after_.cluster.network.dialect);
      const bool is_known = step.key.kind == "NetworkPolicy" || step.key.kind == "Namespace";
      if (effect.kind != StepEffect::Kind::None && !is_known) {
        result_.undecided = "the change writes " + to_string(step.key);
      }
      if (is_known && !seen_.insert(step.key).second) {
        result_.undecided = to_string(step.key) + " is written more than once";
      }
      MomentStepWords written = words.of(step);
      const NamespaceId ns = words.namespace_of(written);
      if (!ns.is_valid()) continue;
      for (std::size_t j = 0; stage.in_order && j < result.steps.size(); ++j) {
        const Step& other = stage.steps[result.steps[j]];
        const bool is_waited_for = other.project == step.project && other.rank < step.rank;
        if (is_waited_for && result.of[j] == ns) written.needs.push_back(j);
      }
      result.add(std::move(written), i, ns);
    }
    return result;
  }

  void prove_to(NamespaceId destination, const FlowView& now, const StageSteps& all) {
    auto sources = sources_.to(destination);
    if (!sources) return;
    std::set<NamespaceId> concerned = alike_.beside(destination);
    if (sources->namespaces.empty()) {
      sources->without = states_.versions.changing;
    } else {
      sources->namespaces = concerned;
    }
    if (destination.is_valid()) concerned.insert(destination);
    for (const NamespaceId ns : concerned) sources->without.erase(ns);
    sources->key += " to " + std::to_string(destination.value);
    const StageSteps steps = all.only(concerned);
    const MomentClaim claim(states_.first, states_.second, now, steps.words,
                            rule_ == MomentRule::NoBlackhole ? MomentClaim::Rule::NoBlackhole
                                                             : MomentClaim::Rule::NoBreach,
                            std::move(*sources));
    FlowProof::Answer answer = proof_.prove(
        claim, destination, [&](const Counterexample& found, bool, std::string& doubt) {
          return confirm(found, steps, doubt);
        });
    result_.undecided = std::move(answer.undecided);
  }

  /// All earlier stages are in effect, and of this one what the solution says.
  std::optional<Violated> confirm(const Counterexample& found, const StageSteps& steps,
                                  std::string& doubt) {
    std::vector<StepReference> done;
    for (std::size_t i = 0; i < steps.stage; ++i) {
      for (std::size_t j = 0; j < stages_[i].steps.size(); ++j) done.push_back({i, j});
    }
    std::vector<std::size_t> in_effect;
    for (std::size_t j = 0; j < found.own.size(); ++j) {
      if (found.own[j] == 1) in_effect.push_back(steps.steps[j]);
    }
    for (const std::size_t step : in_effect) done.push_back({steps.stage, step});
    const Access both = rule_ == MomentRule::NoBlackhole ? Access::Allowed : Access::Denied;
    const Access now = both == Access::Allowed ? Access::Denied : Access::Allowed;
    const Replay moment = replayed(partial_state(before_, stages_, done), found);
    for (const auto& [shown, wanted] :
         {std::pair{replayed(before_, found), both}, std::pair{replayed(after_, found), both},
          std::pair{moment, now}}) {
      if (shown.decision.access == wanted) continue;
      if (doubt.empty()) doubt = not_confirmed(found, shown);
      return std::nullopt;
    }
    result_.broken = moment.src + (now == Access::Denied ? " does not reach " : " reaches ") +
                     moment.dst + " (" + std::string(to_string(found.protocol)) + ' ' +
                     std::to_string(found.port) +
                     ") when of this is in effect: " + words_of(stages_[steps.stage], in_effect);
    result_.manifests = moment.manifests;
    result_.by_existing_pods = moment.manifests.empty();
    return Violated{};
  }

  /// Ids of pods are those of the state after.
  [[nodiscard]] Replay replayed(const Snapshot& state, Counterexample found) const {
    for (PodId* pod : {&found.existing_source, &found.existing_destination}) {
      if (!pod->is_valid()) continue;
      const Pod& wanted = after_.cluster.at(*pod);
      const NamespaceId ns = state.cluster.find_namespace(after_.cluster.at(wanted.ns).name);
      *pod = ns.is_valid() ? state.cluster.find_pod(ns, wanted.name) : PodId{};
    }
    return replay(state, found);
  }

  const Snapshot& before_;
  const Snapshot& after_;
  const std::vector<Stage>& stages_;
  const MomentRule rule_;
  const MomentProofOptions options_;
  UnitedStates states_;
  const Snapshot united_;
  const ChangedSources sources_;
  const AlikeSources alike_;
  FlowProof proof_;
  std::set<ObjectKey> seen_;
  ProvedMoments result_;
};

}  // namespace

ProvedMoments prove_moments(const Snapshot& before, const Snapshot& after,
                            const std::vector<Stage>& stages, MomentRule rule,
                            const MomentProofOptions& options) {
  return MomentProof(before, after, stages, rule, options).prove();
}

}  // namespace meshproof
