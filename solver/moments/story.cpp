#include "solver/moments/story.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "solver/checks/port_samples.h"
#include "solver/evaluate.h"

namespace meshproof {
namespace {

/// Of more writes than these only the number is told.
constexpr std::size_t kWritesTold = 6;

/// An end by name, so that it can be found in every state.
struct NamedEnd {
  std::string ns;
  std::string pod;
  std::optional<IpAddress> address;

  [[nodiscard]] std::string text() const { return address ? address->to_string() : ns + '/' + pod; }
};

NamedEnd named(const Scene& scene, const FoundEnd& end) {
  if (!end.project) return {{}, {}, scene.outside()[end.end]};
  const SceneProject& project = scene.project(end.project->of_class, end.project->number);
  const SceneEnd& one = project.ends[end.end];
  return {project.name, end.is_second ? one.second : one.pod.name, {}};
}

/// What one would have to create for the end to be there.
std::optional<Tree> manifest(const Scene& scene, const FoundEnd& end) {
  if (!end.project) return std::nullopt;
  const SceneEnd& one = scene.project(end.project->of_class, end.project->number).ends[end.end];
  if (one.manifest.is_null()) return std::nullopt;
  Tree tree = one.manifest;
  if (!end.is_second) return tree;
  tree.mapping_at("metadata").set("name", Tree::string(one.second));
  if (!one.second_addresses.empty()) {
    const std::string text = one.second_addresses.front().to_string();
    Tree& status = tree.mapping_at("status");
    status.set("podIP", Tree::string(text));
    status.set("podIPs", Tree::sequence({Tree::mapping({{"ip", Tree::string(text)}})}));
  }
  return tree;
}

std::optional<FlowEnd> find(const Cluster& cluster, const NamedEnd& end) {
  if (end.address) return FlowEnd{*end.address};
  const PodId pod = cluster.find_pod(cluster.find_namespace(end.ns), end.pod);
  if (!pod.is_valid()) return std::nullopt;
  return FlowEnd{pod};
}

std::string port_words(const MomentHop& hop) {
  if (hop.protocol == Protocol::Icmp) return "ICMP";
  return fmt::format("{} {}", to_string(hop.protocol), hop.port);
}

/// Everything that a moment is told by.
class Retelling {
 public:
  Retelling(const Snapshot& before, const Snapshot& after, const std::vector<Stage>& stages,
            const Scene& scene, const FoundMoment& found)
      : before_(before), after_(after), stages_(stages), scene_(scene), found_(found) {}

  [[nodiscard]] std::variant<BadMoment, Undecided> run();

 private:
  [[nodiscard]] std::vector<StepReference> everything(
      const std::vector<StepReference>& in_effect) const;
  [[nodiscard]] Decision decide(const Cluster& cluster, std::size_t hop) const;
  [[nodiscard]] std::string check_states();
  void fill_steps();
  [[nodiscard]] std::string until() const;
  void tell();

  const Snapshot& before_;
  const Snapshot& after_;
  const std::vector<Stage>& stages_;
  const Scene& scene_;
  const FoundMoment& found_;
  BadMoment bad_;
};

/// The steps of the stages before are all in effect.
std::vector<StepReference> Retelling::everything(
    const std::vector<StepReference>& in_effect) const {
  std::vector<StepReference> steps = in_effect;
  for (std::size_t stage = 0; stage < found_.stage; ++stage) {
    for (std::size_t i = 0; i < stages_[stage].steps.size(); ++i) steps.push_back({stage, i});
  }
  return steps;
}

Decision Retelling::decide(const Cluster& cluster, std::size_t hop) const {
  const auto src = find(cluster, named(scene_, found_.hops[hop].from));
  const auto dst = find(cluster, named(scene_, found_.hops[hop].to));
  if (!src || !dst) {
    Reason reason;
    reason.text = "an end of the flow is not there";
    return {Access::Unknown, {std::move(reason)}};
  }
  const Evaluator evaluator(cluster, PendingPods::WillRun);
  return evaluator.evaluate({*src, *dst, bad_.hops[hop].protocol, bad_.hops[hop].port});
}

/// Empty if the states before and after are as the search says.
std::string Retelling::check_states() {
  std::vector<Access> was;
  std::vector<Access> is;
  const Snapshot begin = partial_state(before_, stages_, {}, bad_.manifests);
  std::vector<StepReference> all;
  for (std::size_t stage = 0; stage < stages_.size(); ++stage) {
    for (std::size_t i = 0; i < stages_[stage].steps.size(); ++i) all.push_back({stage, i});
  }
  const Snapshot end = partial_state(before_, stages_, all, bad_.manifests);
  for (std::size_t i = 0; i < found_.hops.size(); ++i) {
    was.push_back(decide(begin.cluster, i).access);
    is.push_back(decide(end.cluster, i).access);
  }
  const auto all_are = [](const std::vector<Access>& accesses, Access access) {
    return std::ranges::all_of(accesses, [&](Access one) { return one == access; });
  };
  const auto any_is = [](const std::vector<Access>& accesses, Access access) {
    return std::ranges::find(accesses, access) != accesses.end();
  };
  const bool agrees = found_.rule == MomentRule::NoBlackhole
                          ? all_are(was, Access::Allowed) && all_are(is, Access::Allowed)
                          : any_is(was, Access::Denied) && any_is(is, Access::Denied);
  return agrees ? "" : "evaluation of the states before and after does not confirm it";
}

std::variant<BadMoment, Undecided> Retelling::run() {
  bad_.rule = found_.rule;
  bad_.stage = found_.stage;
  for (const FoundHop& hop : found_.hops) {
    for (const FoundEnd* end : {&hop.from, &hop.to}) {
      auto tree = manifest(scene_, *end);
      if (tree && std::ranges::find(bad_.manifests, *tree) == bad_.manifests.end()) {
        bad_.manifests.push_back(std::move(*tree));
      }
    }
    const auto dst = find(before_.cluster, named(scene_, hop.to));
    const PortSample port =
        shown_port(before_.cluster, dst.value_or(FlowEnd{IpAddress{}}), hop.ports);
    bad_.hops.push_back({named(scene_, hop.from).text(),
                         named(scene_, hop.to).text(),
                         port.protocol,
                         port.port,
                         hop.is_open,
                         {},
                         {}});
  }
  for (std::size_t i = 0; i < found_.hops.size(); ++i) {
    const FoundHop& hop = found_.hops[i];
    const Snapshot state =
        partial_state(before_, stages_, everything(hop.in_effect), bad_.manifests);
    Decision decision = decide(state.cluster, i);
    const Access expected = hop.is_open ? Access::Allowed : Access::Denied;
    if (decision.access != expected) {
      return Undecided{fmt::format("{} to {} on {}: {}", bad_.hops[i].src, bad_.hops[i].dst,
                                   port_words(bad_.hops[i]), decision.reasons.front().text)};
    }
    bad_.hops[i].reasons = std::move(decision.reasons);
    for (const StepReference& step : hop.in_effect) bad_.hops[i].in_effect.push_back(step.index);
    std::ranges::sort(bad_.hops[i].in_effect);
  }
  if (std::string why = check_states(); !why.empty()) return Undecided{std::move(why)};
  fill_steps();
  tell();
  return std::move(bad_);
}

void Retelling::fill_steps() {
  for (const MomentHop& hop : bad_.hops) {
    std::vector<std::size_t> all;
    std::ranges::set_union(bad_.in_effect, hop.in_effect, std::back_inserter(all));
    bad_.in_effect = std::move(all);
  }
  for (const ClassMember& member : found_.projects) {
    const std::vector<std::size_t> own =
        pending_of(scene_.project(member.of_class, member.number), found_.stage, bad_.in_effect);
    bad_.pending.insert(bad_.pending.end(), own.begin(), own.end());
  }
  std::ranges::sort(bad_.pending);
}

/// The one write that ends the moment, or that all of them do.
std::string Retelling::until() const {
  const std::vector<Step>& steps = stages_[found_.stage].steps;
  if (bad_.pending.size() == 1) return write_in_words(steps[bad_.pending.front()]);
  for (const std::size_t next : bad_.pending) {
    for (std::size_t i = 0; i < found_.hops.size(); ++i) {
      std::vector<StepReference> in_effect = everything(found_.hops[i].in_effect);
      in_effect.push_back({found_.stage, next});
      const Snapshot state = partial_state(before_, stages_, in_effect, bad_.manifests);
      const Access ended = found_.hops[i].is_open ? Access::Denied : Access::Allowed;
      if (decide(state.cluster, i).access == ended) return write_in_words(steps[next]);
    }
  }
  return {};
}

void Retelling::tell() {
  const auto in_words = [&](const std::vector<std::size_t>& indices) {
    return writes_in_words(stages_[found_.stage], indices);
  };
  const std::string_view stage = found_.stage > 0 ? " of this stage" : "";
  bad_.story.push_back(bad_.in_effect.empty()
                           ? fmt::format("no write{} has taken effect yet", stage)
                           : fmt::format("in effect{}: {}", stage, in_words(bad_.in_effect)));
  if (!bad_.pending.empty()) {
    bad_.story.push_back("not yet: " + in_words(bad_.pending));
  }
  const auto sees_the_same = [&](const MomentHop& hop) {
    return hop.in_effect == bad_.hops.front().in_effect;
  };
  if (!std::ranges::all_of(bad_.hops, sees_the_same)) {
    for (const MomentHop& hop : bad_.hops) {
      bad_.story.push_back(fmt::format("where {} → {} is decided, {}", hop.src, hop.dst,
                                       hop.in_effect.empty()
                                           ? "none of them is seen yet"
                                           : "seen so far: " + in_words(hop.in_effect)));
    }
  }
  std::string flow;
  if (found_.rule == MomentRule::NoPivot) {
    flow = bad_.hops.front().src;
    for (std::size_t i = 0; i < bad_.hops.size(); ++i) {
      flow += fmt::format("{} reaches {} ({})", i == 0 ? "" : ", which", bad_.hops[i].dst,
                          port_words(bad_.hops[i]));
    }
    flow += ": no such path before or after";
  } else {
    const bool is_open = bad_.hops[0].is_open;
    flow = fmt::format("{} {} {} ({}), which it {} before and after", bad_.hops[0].src,
                       is_open ? "reaches" : "does not reach", bad_.hops[0].dst,
                       port_words(bad_.hops[0]), is_open ? "does not" : "does");
  }
  const std::string end = until();
  bad_.story.push_back(flow +
                       (end.empty() ? ", until the other writes take effect" : ", until " + end));
}

}  // namespace

std::string write_in_words(const Step& step) {
  const std::string object = to_string(step.key);
  switch (step.verb) {
    case Verb::Create:
      return object + " is created";
    case Verb::Delete:
      return object + " is deleted";
    case Verb::Update:
      return step.key.kind == "Namespace" ? "the labels of " + object + " change"
                                          : object + " changes";
  }
  return object;
}

std::string writes_in_words(const Stage& stage, const std::vector<std::size_t>& indices) {
  if (indices.size() > kWritesTold) return fmt::format("{} writes", indices.size());
  std::vector<std::string> writes;
  for (const std::size_t index : indices) writes.push_back(write_in_words(stage.steps[index]));
  return fmt::format("{}", fmt::join(writes, ", "));
}

std::vector<std::size_t> pending_of(const SceneProject& project, std::size_t stage,
                                    const std::vector<std::size_t>& in_effect) {
  std::vector<std::size_t> pending;
  for (const StepReference& step : steps_of(project, stage)) {
    if (!std::ranges::binary_search(in_effect, step.index)) pending.push_back(step.index);
  }
  std::ranges::sort(pending);
  return pending;
}

std::variant<BadMoment, Undecided> replayed(const Snapshot& before, const Snapshot& after,
                                            const std::vector<Stage>& stages, const Scene& scene,
                                            const FoundMoment& found) {
  return Retelling(before, after, stages, scene, found).run();
}

}  // namespace meshproof
