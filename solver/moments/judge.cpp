#include <algorithm>
#include <array>
#include <bit>

#include <fmt/format.h>

#include "solver/checks/groups.h"
#include "solver/checks/lacking.h"
#include "solver/moments/moments.h"
#include "solver/moments/scene.h"
#include "solver/moments/search.h"
#include "solver/moments/story.h"
#include "solver/moments/versions.h"

namespace meshproof {
namespace {

constexpr std::array kRules{MomentRule::NoBlackhole, MomentRule::NoBreach, MomentRule::NoPivot};

using MomentFinding = std::variant<SafeMoments, BadMoment, Undecided>;

std::vector<MomentVerdict> all_of(const MomentFinding& finding, const MomentOptions& options) {
  std::vector<MomentVerdict> verdicts;
  for (const MomentRule rule : kRules) {
    verdicts.push_back({rule, finding, {Decider::Evaluation}, options.hops});
  }
  return verdicts;
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string scope_of(const Scene& scene, const std::vector<Stage>& stages,
                     const ObjectVersions& versions) {
  std::size_t writes = 0;
  bool once = true;
  for (const WrittenObject& object : versions.objects()) {
    writes += object.writes.size();
    once = once && object.writes.size() == 1;
  }
  const bool is_free = once && stages.size() == 1 && !stages.front().in_order;
  const auto has_steps = [&](const SceneClass& one) {
    return scene.projects()[one.projects.front()].is_changed();
  };
  const auto classes = static_cast<std::size_t>(std::ranges::count_if(scene.classes(), has_steps));
  std::size_t ends = 0;
  for (const SceneProject& project : scene.projects()) {
    for (const SceneEnd& end : project.ends) ends += end.count;
  }
  return fmt::format(
      "{} of {} in {} of {}, {}; not spoken of: hosts, connections that are open already, {}",
      is_free ? fmt::format("2^{} parts", writes) : "all parts that may be in effect",
      counted(writes, "write", "writes"), counted(scene.changed_projects(), "project", "projects"),
      counted(classes, "class", "classes"),
      scene.has_hypothetical_ends()
          ? "pods that the policies of an input without pods can tell apart"
          : counted(ends, "pod", "pods"),
      "pods that the change itself makes or deletes");
}

/// What any statement about all pods rests on.
Lacking lacking_for_all(const Snapshot& state) {
  Assertion everything;
  everything.from.name = "anybody";
  everything.to.name = "anybody";
  return lacking_for(everything, state, GroupResolver(state.cluster));
}

std::string doubt(const Scene& scene, const FoundMoment& found) {
  const auto name_of = [&](const FoundEnd& end) {
    if (!end.project) return scene.outside()[end.end].to_string();
    const SceneProject& project = scene.project(end.project->of_class, end.project->number);
    return project.name + '/' + project.ends[end.end].pod.name;
  };
  const FoundHop& hop = found.hops.front();
  return fmt::format("in some moment it is not known whether {} reaches {}", name_of(hop.from),
                     name_of(hop.to));
}

struct Question {
  const Snapshot& before;
  const Snapshot& after;
  const std::vector<Stage>& stages;
};

MomentFinding finding_of(const Question& question, const Scene& scene, const Searched& found,
                         const std::string& scope) {
  if (found.bad) {
    auto told = replayed(question.before, question.after, question.stages, scene, *found.bad);
    if (auto* bad = std::get_if<BadMoment>(&told)) return std::move(*bad);
    return std::get<Undecided>(std::move(told));
  }
  if (!found.unknown.empty()) return Undecided{found.unknown};
  if (found.maybe) return Undecided{doubt(scene, *found.maybe)};
  return SafeMoments{Universe::Enumerated, scope};
}

/// Paths of more than two hops, which may lead over projects that the change does not touch, so
/// that these are told apart by what they say of each other. `search`: of the other paths.
MomentFinding judge_longer(const Question& question, const ObjectVersions& versions,
                           MomentSearch& search, const MomentOptions& options,
                           const std::string& scope) {
  const std::string all = fmt::format("{}; paths of up to {} hops", scope, options.hops);
  if (!search.may_have_pivots()) return SafeMoments{Universe::Enumerated, all};
  SceneQuestions questions;
  questions.of_all_flows = true;
  const Scene scene(versions, question.stages, questions);
  if (!scene.obstacle().empty()) return Undecided{scene.obstacle()};
  MomentSearch longer(scene, question.stages, options.most_parts);
  if (!longer.obstacle().empty()) return Undecided{longer.obstacle()};
  return finding_of(question, scene, longer.find_longer_pivot(options.hops), all);
}

/// Of states that may lack something: no rule holds over a part that was not collected.
std::vector<MomentVerdict> judge_marked(const Snapshot& before, const Snapshot& after,
                                        const std::vector<Stage>& stages,
                                        const MomentOptions& options) {
  Snapshot marked_before = mark_uncollected(before);
  const Snapshot marked_after = mark_uncollected(after);
  const Lacking lacking = lacking_for_all(marked_before);
  marked_before.coverage = {};
  std::vector<MomentVerdict> verdicts = judge_moments(marked_before, marked_after, stages, options);
  for (MomentVerdict& verdict : verdicts) {
    const bool is_bad = std::holds_alternative<BadMoment>(verdict.finding);
    const bool is_unknown = std::holds_alternative<Undecided>(verdict.finding);
    if (lacking.is_empty() || is_unknown || (is_bad && lacking.network.empty())) continue;
    const auto& why = lacking.network.empty() ? lacking.ends : lacking.network;
    verdict.finding = Undecided{why.front()};
  }
  return verdicts;
}

}  // namespace

std::vector<MomentVerdict> judge_moments(const Snapshot& before, const Snapshot& after,
                                         const std::vector<Stage>& stages,
                                         const MomentOptions& options) {
  if (!before.coverage.is_silent()) return judge_marked(before, after, stages, options);
  const ObjectVersions versions(before, after, stages);
  if (!versions.obstacle().empty()) return all_of(Undecided{versions.obstacle()}, options);
  if (versions.objects().empty()) {
    return all_of(SafeMoments{Universe::Enumerated, "no write changes who reaches whom"}, options);
  }
  const Scene scene(versions, stages, {});
  if (!scene.obstacle().empty()) return all_of(Undecided{scene.obstacle()}, options);
  const std::string scope = scope_of(scene, stages, versions);
  if (scene.changed_projects() == 0)
    return all_of(SafeMoments{Universe::Enumerated, scope}, options);
  MomentSearch search(scene, stages, options.most_parts);
  if (!search.obstacle().empty()) return all_of(Undecided{search.obstacle()}, options);
  const Question question{before, after, stages};
  std::vector<MomentVerdict> verdicts;
  for (const MomentRule rule : kRules) {
    const bool is_pivot = rule == MomentRule::NoPivot;
    const Searched found = is_pivot ? search.find_pivot() : search.find_pairs(rule);
    MomentFinding finding = finding_of(question, scene, found, scope);
    if (is_pivot && !found.bad && options.hops > 2) {
      MomentFinding longer = judge_longer(question, versions, search, options, scope);
      const bool counts = !found.maybe || std::holds_alternative<BadMoment>(longer);
      if (counts) finding = std::move(longer);
    }
    verdicts.push_back({rule, std::move(finding), {Decider::Evaluation}, options.hops});
  }
  return verdicts;
}

}  // namespace meshproof
