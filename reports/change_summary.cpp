#include "reports/change_summary.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/hazard_report.h"
#include "reports/moment_report.h"
#include "reports/plan_report.h"
#include "reports/plan_writes.h"
#include "reports/used_report.h"

namespace meshproof {
namespace {

/// Columns of the sections: of a page, not of a terminal.
constexpr std::size_t kWidth = 100;

std::vector<std::string> members_of(const Tree* roll) {
  const Tree* members = roll == nullptr ? nullptr : roll->find_path({"spec", "members"});
  std::vector<std::string> names;
  if (members == nullptr) return names;
  for (const Tree& each : members->items) names.push_back(each.text);
  return names;
}

/// The first of them, and how many more there are.
std::string first_words(const std::vector<std::string>& words) {
  constexpr std::size_t kNamed = 10;
  if (words.size() <= kNamed) return fmt::format("{}", fmt::join(words, ", "));
  const std::vector<std::string> first(words.begin(), words.begin() + kNamed);
  return fmt::format("{} and {} more", fmt::join(first, ", "), words.size() - kNamed);
}

std::vector<std::string> only_in(const std::vector<std::string>& one,
                                 const std::vector<std::string>& other) {
  std::vector<std::string> names;
  for (const std::string& name : one) {
    if (std::ranges::find(other, name) == other.end()) names.push_back(name);
  }
  return names;
}

/// What one write of the user does: of a roll, whom it adds and takes off.
std::vector<std::string> edit_words(const Step& step, const ObjectStore& before) {
  std::vector<std::string> words;
  if (step.key.kind == "ServiceMeshMemberRoll") {
    const Object* object = before.find(step.key);
    const std::vector<std::string> was = members_of(object == nullptr ? nullptr : &*object->tree);
    const std::vector<std::string> is = members_of(&step.object);
    if (const auto added = only_in(is, was); !added.empty()) {
      words.push_back(fmt::format("adding {} to {}", first_words(added), step.key.ns));
    }
    if (const auto gone = only_in(was, is); !gone.empty()) {
      words.push_back(fmt::format("removing {} from {}", first_words(gone), step.key.ns));
    }
  }
  if (!words.empty()) return words;
  const std::string_view verb = step.verb == Verb::Create   ? "creating"
                                : step.verb == Verb::Delete ? "deleting"
                                                            : "changing";
  return {fmt::format("{} {}", verb, to_string(step.key))};
}

std::vector<std::string> edits_of(const Plan& plan) {
  constexpr std::size_t kNamed = 3;
  std::vector<std::string> edits;
  for (const Step& step : plan.prediction.steps) {
    if (step.writer != Step::Writer::User) continue;
    std::ranges::move(edit_words(step, plan.prediction.before), std::back_inserter(edits));
  }
  if (edits.size() > kNamed) {
    const std::size_t more = edits.size() - kNamed;
    edits.resize(kNamed);
    edits.push_back(fmt::format("{} more edits", more));
  }
  return edits;
}

LostUse lost_use(const ChangedUse& use, const Locate& locate) {
  LostUse lost{used_flow_words(use), {}, {}};
  for (const UseSign& sign : use.signs) {
    lost.evidence += (lost.evidence.empty() ? "" : "; ") + sign.words;
    if (!lost.where.is_known()) lost.where = locate(sign.place);
  }
  return lost;
}

ReportedWrite reported(const ListedWrite& write, const Locate& locate) {
  const Step& step = *write.step;
  const bool is_of_user = step.writer == Step::Writer::User;
  return {.number = write.number,
          .verb = std::string{to_string(step.verb)},
          .object = to_string(step.key),
          .detail = write.changes.empty() ? step.reason : first_words(write.changes),
          .where = is_of_user ? locate(step.object.place) : SourceLine{}};
}

WriteGroup reported(std::string title, const std::vector<ListedWrite>& writes,
                    const Locate& locate) {
  WriteGroup group{std::move(title), {}, {}};
  for (const ListedWrite& write : writes) group.writes.push_back(reported(write, locate));
  return group;
}

std::vector<WriteGroup> groups_of(const Plan& plan, const Locate& locate) {
  const ListedWrites writes = list_writes(plan, false);
  std::vector<WriteGroup> groups{reported("You change", writes.user, locate)};
  for (const WriteList& list : writes.mesh) {
    const std::string title = list.project.empty() ? "The mesh writes for no project of its own"
                                                   : "The mesh writes for " + list.project;
    groups.push_back(reported(title, list.writes, locate));
    groups.back().alike = list.alike;
  }
  WriteGroup aside{"Aside, at any time", {}, {}};
  for (const AsideWrite& write : aside_writes(plan)) {
    aside.writes.push_back({0, std::string{to_string(write.verb)}, to_string(write.key), {}, {}});
  }
  groups.push_back(std::move(aside));
  groups.push_back(reported("The SDN master writes", writes.sdn, locate));
  std::erase_if(groups, [](const WriteGroup& each) { return each.writes.empty(); });
  return groups;
}

}  // namespace

Place edit_place(const Plan& plan) {
  for (const Step& step : plan.prediction.steps) {
    if (step.writer != Step::Writer::User) continue;
    const Object* before = plan.prediction.before.find(step.key);
    const Tree* object =
        step.verb == Verb::Delete && before != nullptr ? &*before->tree : &step.object;
    const Tree* members = object->find_path({"spec", "members"});
    const Place place =
        members != nullptr && members->place.is_known() ? members->place : object->place;
    if (place.is_known()) return place;
    if (before != nullptr) return before->place();
  }
  return {};
}

ChangeSummary summarize_change(const Plan& plan, const Sources& sources, const Locate& locate) {
  ChangeSummary summary;
  summary.edits = edits_of(plan);
  const StepCounts steps = count_steps(plan);
  summary.created = steps.created;
  summary.updated = steps.changed;
  summary.deleted = steps.deleted;
  summary.writes = groups_of(plan, locate);
  summary.hazards = reported_hazards(plan.hazards);
  summary.moments = reported_moments(plan.moments, plan.stages);
  for (const ChangedUse& use : plan.uses.lost) summary.lost_uses.push_back(lost_use(use, locate));
  summary.lost = plan.reachability.lost.count();
  summary.gained = plan.reachability.gained.count();
  summary.undecided = plan.reachability.undecided.size();
  summary.keep = keep_words(plan.uses.lost);
  summary.undo = plan.undo;
  summary.sections = plan_sections(plan, sources, kWidth, false);
  return summary;
}

}  // namespace meshproof
