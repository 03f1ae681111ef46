#include "solver/moments/moment_frame.h"

#include <utility>

#include "solver/checks/flow_proof.h"
#include "solver/moments/versions.h"

namespace meshproof {

void StageSteps::add(MomentStepWords one, std::size_t step, NamespaceId ns) {
  words.push_back(std::move(one));
  steps.push_back(step);
  of.push_back(ns);
}

StageSteps StageSteps::only(const std::set<NamespaceId>& namespaces) const {
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

void StageSteps::apply(FlowView& view) const {
  for (const MomentStepWords& step : words) {
    for (const PolicyId id : step.creates) view.policies[id] = Problem::truth();
    for (const PolicyId id : step.removes) view.policies[id] = Problem::falsehood();
    for (const NamespaceId ns : step.relabels) view.relabelled[ns] = Problem::truth();
  }
}

MomentFrame::MomentFrame(const Snapshot& before, const Snapshot& after,
                         const std::vector<Stage>& stages)
    : before_(before),
      after_(after),
      stages_(stages),
      states_(unite(before.cluster, after.cluster)),
      united_{after.objects, after.coverage, std::move(states_.cluster)},
      sources_(states_, united_.cluster),
      alike_(united_.cluster, states_.versions, relabelled()) {}

/// What a step writes that decides flows between pods.
MomentStepWords MomentFrame::written_by(const Step& step) const {
  MomentStepWords words;
  if (step.key.kind == "NetworkPolicy") {
    words.creates = named(states_.first, step.key);
    words.removes = named(states_.second, step.key);
  }
  const NamespaceId ns = after_.cluster.find_namespace(step.key.name);
  const bool relabels =
      step.key.kind == "Namespace" && ns.is_valid() && states_.first.relabelled.contains(ns);
  if (relabels) words.relabels.push_back(ns);
  return words;
}

/// Policies that are not in effect in the view, of this name.
std::vector<PolicyId> MomentFrame::named(const FlowView& view, const ObjectKey& key) const {
  std::vector<PolicyId> found;
  for (const auto& [id, formula] : view.policies) {
    const NetworkPolicy& policy = united_.cluster.at(id);
    const std::string& project = after_.cluster.at(policy.ns).name;
    if (policy.name == key.name && project == key.ns) found.push_back(id);
  }
  return found;
}

/// Whose policy or labels these are; invalid if it is nothing that decides flows.
NamespaceId MomentFrame::namespace_of(const MomentStepWords& words) const {
  if (!words.relabels.empty()) return words.relabels.front();
  for (const auto* policies : {&words.creates, &words.removes}) {
    if (!policies->empty()) return united_.cluster.at(policies->front()).ns;
  }
  return {};
}

std::map<NamespaceId, std::size_t> MomentFrame::relabelled() const {
  std::map<NamespaceId, std::size_t> found;
  for (std::size_t stage = 0; stage < stages_.size(); ++stage) {
    for (const Step& step : stages_[stage].steps) {
      for (const NamespaceId ns : written_by(step).relabels) found.emplace(ns, stage);
    }
  }
  return found;
}

std::string MomentFrame::obstacle(const FlowEncoder& encoder, std::size_t most_projects) const {
  const Network& network = after_.cluster.network;
  if (!states_.obstacle.empty()) return states_.obstacle;
  if (!network.unknown_because.empty()) return network.unknown_because;
  const bool has_modes = network.dialect == Dialect::OpenShiftSdn;
  if (has_modes && network.mode != SdnMode::NetworkPolicy) {
    return "pods that do not exist yet are only judged in mode networkpolicy";
  }
  if (alike_.size() > most_projects) {
    return "kinds of projects that change: " + std::to_string(alike_.size()) +
           ", and the limit is " + std::to_string(most_projects);
  }
  if (!are_all_written()) return "the states differ by more than the steps write";
  if (std::string kind = unmodelled_for(after_.cluster, {}); !kind.empty()) return kind;
  if (sources_.egress_changes()) {
    return "rules about egress change, and flows that leave the cluster are judged for pods of the "
           "input only";
  }
  if (std::string step = unknown_step(); !step.empty()) return step;
  return encoder.shared_network([](NamespaceId, std::uint32_t) { return true; });
}

bool MomentFrame::are_all_written() const {
  std::set<PolicyId> policies;
  std::set<NamespaceId> namespaces;
  for (const Stage& stage : stages_) {
    for (const Step& step : stage.steps) {
      const MomentStepWords written = written_by(step);
      policies.insert(written.creates.begin(), written.creates.end());
      policies.insert(written.removes.begin(), written.removes.end());
      namespaces.insert(written.relabels.begin(), written.relabels.end());
    }
  }
  return policies.size() == states_.first.policies.size() + states_.second.policies.size() &&
         namespaces.size() == states_.first.relabelled.size();
}

std::string MomentFrame::unknown_step() const {
  std::set<ObjectKey> seen;
  for (const Stage& stage : stages_) {
    for (const Step& step : stage.steps) {
      const StepEffect effect = effect_of(step.key, after_.cluster.network.dialect);
      const bool is_known = step.key.kind == "NetworkPolicy" || step.key.kind == "Namespace";
      if (effect.kind != StepEffect::Kind::None && !is_known) {
        return "the change writes " + to_string(step.key);
      }
      if (is_known && !seen.insert(step.key).second) {
        return to_string(step.key) + " is written more than once";
      }
    }
  }
  return {};
}

std::vector<StageSteps> MomentFrame::steps() const {
  std::vector<StageSteps> all;
  for (std::size_t number = 0; number < stages_.size(); ++number) {
    const Stage& stage = stages_[number];
    StageSteps result{number, {}, {}, {}};
    for (std::size_t i = 0; i < stage.steps.size(); ++i) {
      const Step& step = stage.steps[i];
      MomentStepWords written = written_by(step);
      const NamespaceId ns = namespace_of(written);
      if (!ns.is_valid()) continue;
      for (std::size_t j = 0; stage.in_order && j < result.steps.size(); ++j) {
        const Step& other = stage.steps[result.steps[j]];
        const bool is_waited_for = other.project == step.project && other.rank < step.rank;
        if (is_waited_for && result.of[j] == ns) written.needs.push_back(j);
      }
      result.add(std::move(written), i, ns);
    }
    all.push_back(std::move(result));
  }
  return all;
}

Replay MomentFrame::replayed(const Snapshot& state, Counterexample found) const {
  for (PodId* pod : {&found.existing_source, &found.existing_destination}) {
    if (!pod->is_valid()) continue;
    const Pod& wanted = after_.cluster.at(*pod);
    const NamespaceId ns = state.cluster.find_namespace(after_.cluster.at(wanted.ns).name);
    *pod = ns.is_valid() ? state.cluster.find_pod(ns, wanted.name) : PodId{};
  }
  return replay(state, found);
}

Snapshot MomentFrame::moment(std::size_t stage, const std::vector<std::size_t>& in_effect) const {
  std::vector<StepReference> done;
  for (std::size_t i = 0; i < stage; ++i) {
    for (std::size_t j = 0; j < stages_[i].steps.size(); ++j) done.push_back({i, j});
  }
  for (const std::size_t step : in_effect) done.push_back({stage, step});
  return partial_state(before_, stages_, done);
}

std::string MomentFrame::words_of(std::size_t stage,
                                  const std::vector<std::size_t>& in_effect) const {
  std::string text;
  for (const std::size_t i : in_effect) {
    const Step& step = stages_[stage].steps[i];
    text +=
        (text.empty() ? "" : ", ") + std::string(to_string(step.verb)) + ' ' + to_string(step.key);
  }
  return text.empty() ? "nothing of it" : text;
}

}  // namespace meshproof
