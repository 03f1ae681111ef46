#include <algorithm>
#include <map>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "solver/checks/enumerate.h"
#include "solver/checks/groups.h"
#include "solver/checks/lacking.h"
#include "solver/evaluate.h"
#include "solver/moments/moments.h"
#include "solver/moments/scene.h"
#include "solver/moments/slice_state.h"
#include "solver/moments/story.h"
#include "solver/moments/versions.h"
#include "solver/moments/views.h"

namespace meshproof {
namespace {

constexpr std::string_view kMemberOf = "maistra.io/member-of";

std::vector<const Group*> groups_of(const Assertion& assertion) {
  std::vector<const Group*> groups{&assertion.from, &assertion.to};
  for (const Group& group : assertion.between) groups.push_back(&group);
  if (assertion.except_from) groups.push_back(&*assertion.except_from);
  if (assertion.except_to) groups.push_back(&*assertion.except_to);
  for (const ExceptedFlows& flows : assertion.excused) {
    if (flows.from) groups.push_back(&*flows.from);
    if (flows.to) groups.push_back(&*flows.to);
  }
  return groups;
}

std::string why_not(const Assertion& assertion) {
  const bool is_flows = assertion.kind == AssertionKind::Deny ||
                        assertion.kind == AssertionKind::Allow ||
                        assertion.kind == AssertionKind::Isolate;
  if (!is_flows) {
    return std::string(to_string(assertion.kind)) + " is not decided for every moment of a change";
  }
  if (assertion.hops > 1) {
    return "paths of several hops are not decided for every moment of a change";
  }
  const auto groups = groups_of(assertion);
  if (std::ranges::any_of(groups, [](const Group* group) { return group->unbounded; })) {
    return "universe unbounded is not decided for every moment of a change";
  }
  return {};
}

/// What the groups ask for, so that alike projects are alike to them, too.
SceneQuestions questions_of(const Assertion& assertion,
                            const std::vector<const Cluster*>& clusters) {
  SceneQuestions questions;
  questions.atoms.namespace_keys.emplace(kMemberOf);
  const std::vector<const Group*> groups = groups_of(assertion);
  for (const Group* group : groups) {
    const auto add = [](const std::optional<SelectorText>& selector, std::set<std::string>& keys) {
      if (!selector) return;
      for (const SelectorText::Term& term : selector->terms) keys.insert(term.key);
    };
    add(group->namespace_selector, questions.atoms.namespace_keys);
    add(group->pod_selector, questions.atoms.pod_keys);
    questions.atoms.blocks.insert(group->cidrs.begin(), group->cidrs.end());
    questions.atoms.blocks.insert(group->except_cidrs.begin(), group->except_cidrs.end());
  }
  std::map<const Cluster*, std::shared_ptr<GroupResolver>> resolvers;
  for (const Cluster* cluster : clusters) {
    resolvers[cluster] = std::make_shared<GroupResolver>(*cluster);
  }
  questions.signature = [groups, resolvers](const Cluster& cluster, NamespaceId ns) {
    std::string text;
    if (!ns.is_valid()) return text;
    for (const Group* group : groups) {
      text += resolvers.at(&cluster)->has_namespace(*group, ns) ? 'y' : 'n';
    }
    return text;
  };
  return questions;
}

/// A moment in which the assertion is broken.
struct Broken {
  std::size_t stage = 0;
  std::size_t count = 0;
  Violated violated;
  std::vector<const SceneProject*> projects;
  std::vector<StepReference> in_effect;
};

/// One assertion's walk through the moments of pairs of projects.
class EveryStep {
 public:
  EveryStep(const Scene& scene, const std::vector<Stage>& stages, const Assertion& assertion)
      : scene_(scene), stages_(stages), assertion_(assertion) {}

  void run(const MomentOptions& options);

  std::optional<Broken> broken;
  std::string unknown;

 private:
  void look_at(const std::vector<const SceneProject*>& projects,
               const std::vector<const ProjectViews*>& views);
  void judge(SliceState& slice, const std::vector<const SceneProject*>& projects, std::size_t stage,
             const std::vector<const ProjectView*>& views);

  const Scene& scene_;
  const std::vector<Stage>& stages_;
  const Assertion& assertion_;
};

void EveryStep::run(const MomentOptions& options) {
  std::vector<ProjectViews> views;
  const auto& classes = scene_.classes();
  for (std::size_t i = 0; i < classes.size(); ++i) {
    auto own = ProjectViews::of(scene_.project(i, 0), stages_, options.most_parts);
    if (!own) {
      unknown = "project " + scene_.project(i, 0).name + " has more parts of its steps than " +
                std::to_string(options.most_parts);
      return;
    }
    views.push_back(std::move(*own));
  }
  for (std::size_t i = 0; i < classes.size() && scene_.project(i, 0).is_changed(); ++i) {
    look_at({&scene_.project(i, 0)}, {&views[i]});
    for (std::size_t j = i; j < classes.size(); ++j) {
      if (j == i && classes[i].count < 2) continue;
      if (views[i].configs().size() * views[j].configs().size() > options.most_parts) {
        unknown = "projects " + scene_.project(i, 0).name + " and " + scene_.project(j, 0).name +
                  " have more parts of their steps than " + std::to_string(options.most_parts);
        return;
      }
      look_at({&scene_.project(i, 0), &scene_.project(j, j == i ? 1 : 0)}, {&views[i], &views[j]});
    }
  }
}

void EveryStep::look_at(const std::vector<const SceneProject*>& projects,
                        const std::vector<const ProjectViews*>& views) {
  SliceState slice(scene_, projects, true);
  for (std::size_t stage = 0; stage < stages_.size(); ++stage) {
    for (const ProjectView& one : views.front()->at(stage)) {
      if (views.size() == 1) {
        judge(slice, projects, stage, {&one});
        continue;
      }
      for (const ProjectView& other : views.back()->at(stage)) {
        judge(slice, projects, stage, {&one, &other});
      }
    }
  }
}

void EveryStep::judge(SliceState& slice, const std::vector<const SceneProject*>& projects,
                      std::size_t stage, const std::vector<const ProjectView*>& views) {
  std::size_t count = 0;
  for (const ProjectView* view : views) count += view->count;
  if (broken && std::pair{broken->stage, broken->count} <= std::pair{stage, count}) return;
  std::vector<VersionVector> versions;
  for (std::size_t i = 0; i < projects.size(); ++i) {
    VersionVector& own = versions.emplace_back(projects[i]->written, std::uint8_t{0});
    const std::vector<StepReference> steps = steps_of(*projects[i], stage);
    for (std::size_t object = 0; object < projects[i]->written; ++object) {
      for (const StepReference& step : projects[i]->objects[object].written->writes) {
        const auto at = std::ranges::find(steps, step) - steps.begin();
        const bool is_seen =
            step.stage < stage || (step.stage == stage && ((views[i]->steps >> at) & 1U) != 0);
        if (is_seen) ++own[object];
      }
    }
  }
  std::vector<const VersionVector*> pointers;
  for (const VersionVector& own : versions) pointers.push_back(&own);
  slice.set(pointers);
  const Snapshot state{{}, {}, slice.cluster()};
  const Finding finding = Enumeration(state).decide(assertion_);
  if (const auto* undecided = std::get_if<Undecided>(&finding)) {
    if (unknown.empty()) unknown = undecided->reason;
  }
  const auto* violated = std::get_if<Violated>(&finding);
  if (violated == nullptr) return;
  Broken found{stage, count, *violated, projects, {}};
  for (std::size_t i = 0; i < projects.size(); ++i) {
    const std::vector<StepReference> steps = steps_of(*projects[i], stage);
    for (std::size_t k = 0; k < steps.size(); ++k) {
      if (((views[i]->steps >> k) & 1U) != 0) found.in_effect.push_back(steps[k]);
    }
  }
  broken = std::move(found);
}

std::optional<FlowEnd> end_named(const Cluster& cluster, const std::string& name) {
  if (const auto address = IpAddress::parse(name)) return FlowEnd{*address};
  const std::size_t slash = name.find('/');
  if (slash == std::string::npos) return std::nullopt;
  const PodId pod =
      cluster.find_pod(cluster.find_namespace(name.substr(0, slash)), name.substr(slash + 1));
  if (!pod.is_valid()) return std::nullopt;
  return FlowEnd{pod};
}

/// The violation with its moment, if evaluate() finds it in the whole partial state.
Finding told(const Snapshot& before, const std::vector<Stage>& stages, Broken broken) {
  std::vector<StepReference> steps = broken.in_effect;
  for (std::size_t stage = 0; stage < broken.stage; ++stage) {
    for (std::size_t i = 0; i < stages[stage].steps.size(); ++i) steps.push_back({stage, i});
  }
  std::vector<Tree> manifests;
  for (const SceneProject* project : broken.projects) {
    for (const SceneEnd& end : project->ends) {
      if (!end.manifest.is_null()) manifests.push_back(end.manifest);
    }
  }
  const Snapshot state = partial_state(before, stages, steps, manifests);
  const auto src = end_named(state.cluster, broken.violated.src);
  const auto dst = end_named(state.cluster, broken.violated.dst);
  const Access expected = broken.violated.is_open ? Access::Allowed : Access::Denied;
  Violated& violated = broken.violated;
  const Evaluator evaluator(state.cluster, PendingPods::WillRun);
  if (!src || !dst ||
      evaluator.evaluate({*src, *dst, violated.protocol, violated.port}).access != expected) {
    return Undecided{fmt::format("evaluation does not confirm what {} has with {} in a moment",
                                 violated.src, violated.dst)};
  }
  std::vector<std::size_t> in_effect;
  for (const StepReference& step : broken.in_effect) in_effect.push_back(step.index);
  std::ranges::sort(in_effect);
  std::vector<std::size_t> pending;
  for (const SceneProject* project : broken.projects) {
    const auto own = pending_of(*project, broken.stage, in_effect);
    pending.insert(pending.end(), own.begin(), own.end());
  }
  const Stage& stage = stages[broken.stage];
  violated.all = in_effect.empty() ? "while no write of its stage has taken effect"
                                   : "in effect: " + writes_in_words(stage, in_effect);
  if (!pending.empty()) violated.all += "; not yet: " + writes_in_words(stage, pending);
  return violated;
}

/// A violation of the state before or after, which is a moment, too.
std::optional<Finding> of_whole_state(const Snapshot& state, const Assertion& assertion,
                                      std::string_view when) {
  Finding finding = Enumeration(state).decide(assertion);
  if (auto* violated = std::get_if<Violated>(&finding)) {
    violated->all = std::string(when) + (violated->all.empty() ? "" : "; ") + violated->all;
    return finding;
  }
  if (std::holds_alternative<Holds>(finding)) return std::nullopt;
  return finding;
}

}  // namespace

Finding judge_every_step(const Snapshot& before, const Snapshot& after,
                         const std::vector<Stage>& stages, const Assertion& assertion,
                         const MomentOptions& options) {
  if (std::string why = why_not(assertion); !why.empty()) return Undecided{std::move(why)};
  if (!before.coverage.is_silent()) {
    Snapshot marked_before = mark_uncollected(before);
    const Snapshot marked_after = mark_uncollected(after);
    const GroupResolver groups(marked_before.cluster);
    const Lacking lacking = lacking_for(assertion, marked_before, groups);
    Snapshot silent_before = std::move(marked_before);
    silent_before.coverage = {};
    Snapshot silent_after = marked_after;
    silent_after.coverage = {};
    return limited(judge_every_step(silent_before, silent_after, stages, assertion, options),
                   lacking);
  }
  if (auto finding = of_whole_state(before, assertion, "in the state before")) return *finding;
  if (auto finding = of_whole_state(after, assertion, "in the state after")) return *finding;
  const ObjectVersions versions(before, after, stages);
  if (!versions.obstacle().empty()) return Undecided{versions.obstacle()};
  if (versions.objects().empty()) return Enumeration(after).decide(assertion);
  const Scene scene(versions, stages, questions_of(assertion, versions.clusters()));
  if (!scene.obstacle().empty()) return Undecided{scene.obstacle()};
  EveryStep walk(scene, stages, assertion);
  walk.run(options);
  if (walk.broken) return told(before, stages, std::move(*walk.broken));
  if (!walk.unknown.empty()) return Undecided{std::move(walk.unknown)};
  return Holds{Universe::Enumerated, "every moment between the states before and after"};
}

}  // namespace meshproof
