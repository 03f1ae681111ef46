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

std::vector<MomentVerdict> all_of(const MomentFinding& finding) {
  std::vector<MomentVerdict> verdicts;
  for (const MomentRule rule : kRules) verdicts.push_back({rule, finding, {Decider::Evaluation}});
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
  if (!versions.obstacle().empty()) return all_of(Undecided{versions.obstacle()});
  if (versions.objects().empty()) {
    return all_of(SafeMoments{Universe::Enumerated, "no write changes who reaches whom"});
  }
  const Scene scene(versions, stages, {});
  if (!scene.obstacle().empty()) return all_of(Undecided{scene.obstacle()});
  const std::string scope = scope_of(scene, stages, versions);
  if (scene.changed_projects() == 0) return all_of(SafeMoments{Universe::Enumerated, scope});
  MomentSearch search(scene, stages, options.most_parts);
  if (!search.obstacle().empty()) return all_of(Undecided{search.obstacle()});
  std::vector<MomentVerdict> verdicts;
  for (const MomentRule rule : kRules) {
    Searched found = rule == MomentRule::NoPivot ? search.find_pivot() : search.find_pairs(rule);
    MomentFinding finding = SafeMoments{Universe::Enumerated, scope};
    if (found.bad) {
      auto told = replayed(before, after, stages, scene, *found.bad);
      if (auto* bad = std::get_if<BadMoment>(&told)) {
        finding = std::move(*bad);
      } else {
        finding = std::get<Undecided>(std::move(told));
      }
    } else if (found.maybe) {
      finding = Undecided{doubt(scene, *found.maybe)};
    }
    verdicts.push_back({rule, std::move(finding), {Decider::Evaluation}});
  }
  return verdicts;
}

}  // namespace meshproof
