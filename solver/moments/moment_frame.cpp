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
      words_(write_words()),
      sources_(states_, united_.cluster),
      alike_(united_.cluster, states_.versions, relabelled(), sources_.wide()) {}

/// What the steps write that decides flows between pods.
std::vector<std::vector<MomentStepWords>> MomentFrame::write_words() const {
  std::map<std::pair<std::string, std::string>, MomentStepWords> policies;
  const auto words_of_policy = [&](PolicyId id) -> MomentStepWords& {
    const NetworkPolicy& policy = united_.cluster.at(id);
    return policies[{united_.cluster.at(policy.ns).name, policy.name}];
  };
  // Not in effect in the state before: the step brings it.
  for (const auto& [id, formula] : states_.first.policies)
    words_of_policy(id).creates.push_back(id);
  for (const auto& [id, formula] : states_.second.policies) {
    words_of_policy(id).removes.push_back(id);
  }
  std::vector<std::vector<MomentStepWords>> all;
  for (const Stage& stage : stages_) {
    std::vector<MomentStepWords>& words = all.emplace_back(stage.steps.size());
    for (std::size_t i = 0; i < stage.steps.size(); ++i) {
      const ObjectKey& key = stage.steps[i].key;
      if (key.kind == "NetworkPolicy") {
        const auto found = policies.find({key.ns, key.name});
        if (found != policies.end()) words[i] = found->second;
      } else if (key.kind == "Namespace") {
        const NamespaceId ns = united_.cluster.find_namespace(key.name);
        if (ns.is_valid() && states_.first.relabelled.contains(ns)) words[i].relabels.push_back(ns);
      }
    }
  }
  return all;
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
  for (std::size_t stage = 0; stage < words_.size(); ++stage) {
    for (const MomentStepWords& words : words_[stage]) {
      for (const NamespaceId ns : words.relabels) found.emplace(ns, stage);
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
  for (const std::vector<MomentStepWords>& stage : words_) {
    for (const MomentStepWords& written : stage) {
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
      MomentStepWords written = words_[number][i];
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

std::optional<AskedSources> MomentFrame::to(NamespaceId destination) const {
  auto found = sources_.to(destination);
  if (!found) return std::nullopt;
  AskedSources asked{std::move(*found), alike_.beside(destination), false};
  asked.from_changing_only = !asked.sources.namespaces.empty();
  if (asked.from_changing_only) {
    asked.sources.namespaces = asked.concerned;
  } else {
    asked.sources.without = states_.versions.changing;
  }
  if (destination.is_valid()) asked.concerned.insert(destination);
  for (const NamespaceId ns : asked.concerned) asked.sources.without.erase(ns);
  asked.sources.key += " to " + std::to_string(destination.value);
  return asked;
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
