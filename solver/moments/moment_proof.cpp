#include "solver/moments/moment_proof.h"

#include <set>
#include <utility>

#include "solver/checks/flow_proof.h"
#include "solver/engines/flows/changed_sources.h"
#include "solver/engines/flows/moment_claim.h"
#include "solver/engines/flows/united_states.h"
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

std::string words_of(const Stage& stage, const std::vector<std::uint32_t>& in_effect) {
  std::string text;
  for (std::size_t i = 0; i < in_effect.size(); ++i) {
    if (in_effect[i] == 0) continue;
    text += (text.empty() ? "" : ", ") + std::string(to_string(stage.steps[i].verb)) + ' ' +
            to_string(stage.steps[i].key);
  }
  return text.empty() ? "nothing of it" : text;
}

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
        proof_(united_, {.statement = "moments", .limits = options.limits}, states_.versions) {}

  ProvedMoments prove() {
    result_.undecided = obstacle();
    FlowView now = states_.first;
    for (std::size_t stage = 0; stage < stages_.size() && result_.is_proved(); ++stage) {
      prove_stage(stage, now);
    }
    return std::move(result_);
  }

 private:
  [[nodiscard]] std::string obstacle() const {
    const Network& network = after_.cluster.network;
    if (rule_ == MomentRule::NoPivot) return "paths are judged for the pods of the input only";
    if (!states_.obstacle.empty()) return states_.obstacle;
    if (!network.unknown_because.empty()) return network.unknown_because;
    const bool has_modes = network.dialect == Dialect::OpenShiftSdn;
    if (has_modes && network.mode != SdnMode::NetworkPolicy) {
      return "pods that do not exist yet are only judged in mode networkpolicy";
    }
    if (states_.versions.changing.size() > options_.most_projects) {
      return std::to_string(states_.versions.changing.size()) + " projects change, and " +
             std::to_string(options_.most_projects) + " are the limit";
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
    const StepWords words(after_, united_.cluster, states_);
    std::vector<MomentStepWords> steps;
    for (std::size_t i = 0; i < stages_[stage].steps.size(); ++i) {
      const Step& step = stages_[stage].steps[i];
      steps.push_back(words.of(step));
      for (std::size_t j = 0; stages_[stage].in_order && j < i; ++j) {
        const Step& other = stages_[stage].steps[j];
        if (other.project == step.project && other.rank < step.rank) {
          steps.back().needs.push_back(j);
        }
      }
      const StepEffect effect = effect_of(step.key, after_.cluster.network.dialect);
      const bool is_known = step.key.kind == "NetworkPolicy" || step.key.kind == "Namespace";
      if (effect.kind != StepEffect::Kind::None && !is_known) {
        result_.undecided = "the change writes " + to_string(step.key);
      }
      if (is_known && !seen_.insert(step.key).second) {
        result_.undecided = to_string(step.key) + " is written more than once";
      }
    }
    if (!result_.undecided.empty()) return;
    for (std::uint32_t i = 0; i < after_.cluster.namespaces.size() && result_.is_proved(); ++i) {
      prove_to({i}, stage, now, steps);
    }
    if (result_.is_proved()) prove_to({}, stage, now, steps);
    for (const MomentStepWords& step : steps) {
      for (const PolicyId id : step.creates) now.policies[id] = Problem::truth();
      for (const PolicyId id : step.removes) now.policies[id] = Problem::falsehood();
      for (const NamespaceId ns : step.relabels) now.relabelled[ns] = Problem::truth();
    }
  }

  void prove_to(NamespaceId destination, std::size_t stage, const FlowView& now,
                const std::vector<MomentStepWords>& steps) {
    auto sources = sources_.to(destination);
    if (!sources) return;
    const MomentClaim claim(states_.first, states_.second, now, steps,
                            rule_ == MomentRule::NoBlackhole ? MomentClaim::Rule::NoBlackhole
                                                             : MomentClaim::Rule::NoBreach,
                            std::move(*sources));
    FlowProof::Answer answer = proof_.prove(
        claim, destination, [&](const Counterexample& found, bool, std::string& doubt) {
          return confirm(found, stage, doubt);
        });
    result_.undecided = std::move(answer.undecided);
  }

  /// All earlier stages are in effect, and of this one what the solution says.
  std::optional<Violated> confirm(const Counterexample& found, std::size_t stage,
                                  std::string& doubt) {
    std::vector<StepReference> done;
    for (std::size_t i = 0; i < stage; ++i) {
      for (std::size_t j = 0; j < stages_[i].steps.size(); ++j) done.push_back({i, j});
    }
    for (std::size_t j = 0; j < found.own.size(); ++j) {
      if (found.own[j] == 1) done.push_back({stage, j});
    }
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
                     ") when of this is in effect: " + words_of(stages_[stage], found.own);
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
