#include "reports/plan_steps.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "reports/fold.h"
#include "reports/text.h"
#include "reports/tree_diff.h"

namespace meshproof {
namespace {

constexpr std::size_t kChangesShown = 3;

/// A step with what it changes, which only the state just before it can tell.
struct ShownStep {
  const Step* step = nullptr;
  std::vector<std::string> changes;
};

/// A NetID that the state before does not know is only an example of one that is free.
void name_fresh_netids(const ObjectStore& before, const Tree& object,
                       std::vector<std::string>& changes) {
  const auto netid = object.integer_at({"netid"});
  for (const Object* each : before.of_kind("NetNamespace")) {
    if (each->tree->integer_at({"netid"}) == netid) return;
  }
  for (std::string& words : changes) {
    if (words.rfind("netid: ", 0) == 0)
      words.replace(words.find(" → "), words.npos, " → a free one");
  }
}

std::vector<ShownStep> with_changes(const Plan& plan) {
  std::map<ObjectKey, const Tree*> current;
  std::vector<ShownStep> result;
  for (const Step& step : plan.prediction.steps) {
    const Object* old = plan.prediction.before.find(step.key);
    const auto [at, is_new] = current.try_emplace(step.key, old ? &*old->tree : nullptr);
    ShownStep shown{&step, {}};
    if (step.verb == Verb::Update && at->second != nullptr) {
      shown.changes = difference_words(*at->second, step.object);
      // Status and server-side fields are not part of what a step writes.
      std::erase_if(shown.changes, [](const std::string& words) {
        return words.rfind("- status", 0) == 0 || words.rfind("status", 0) == 0;
      });
      if (step.key.kind == "NetNamespace") {
        name_fresh_netids(plan.prediction.before, step.object, shown.changes);
      }
    }
    at->second = step.verb == Verb::Delete ? nullptr : &step.object;
    result.push_back(std::move(shown));
  }
  return result;
}

char sign_of(Verb verb) {
  switch (verb) {
    case Verb::Create:
      return '+';
    case Verb::Delete:
      return '-';
    case Verb::Update:
      break;
  }
  return '~';
}

std::string object_words(const ObjectKey& key) { return printable(to_string(key)); }

std::string step_words(const ShownStep& shown, bool full, std::string_view told = {}) {
  const Step& step = *shown.step;
  std::string text = fmt::format("{} {}", sign_of(step.verb), object_words(step.key));
  if (!shown.changes.empty()) {
    const std::size_t count = full ? shown.changes.size() : kChangesShown;
    const std::vector<std::string> first(
        shown.changes.begin(),
        shown.changes.begin() + static_cast<std::ptrdiff_t>(std::min(count, shown.changes.size())));
    text += fmt::format("   {}", fmt::join(first, ", "));
    if (first.size() < shown.changes.size()) text += ", …";
  } else if (!step.reason.empty() && step.reason != told) {
    text += "   " + printable(step.reason);
  }
  return text;
}

/// What makes two projects' lists of writes the same but for the project's name.
using Shape = std::vector<std::tuple<Verb, std::string, std::string, std::string, int>>;

Shape shape_of(const std::vector<ShownStep>& steps) {
  Shape shape;
  for (const ShownStep& shown : steps) {
    const Step& step = *shown.step;
    const auto neutral = [&](const std::string& name) {
      return name == step.project ? std::string() : name;
    };
    shape.emplace_back(step.verb, step.key.kind, neutral(step.key.ns), neutral(step.key.name),
                       step.rank);
  }
  return shape;
}

struct Project {
  std::string name;
  std::size_t phase = 0;
  std::vector<ShownStep> steps;
  std::vector<std::string> alike;  ///< other projects with the same writes
};

bool is_numbered(const Step& step) { return step.writer == Step::Writer::Operator && !step.aside; }

std::vector<Project> by_project(const std::vector<ShownStep>& steps, bool full) {
  std::vector<Project> projects;
  for (const ShownStep& shown : steps) {
    if (!is_numbered(*shown.step)) continue;
    auto known = std::find_if(projects.begin(), projects.end(), [&](const Project& project) {
      return project.name == shown.step->project && project.phase == shown.step->phase;
    });
    if (known == projects.end()) {
      known = projects.insert(projects.end(), {shown.step->project, shown.step->phase, {}, {}});
    }
    known->steps.push_back(shown);
  }
  if (full) return projects;
  std::vector<Project> folded;
  for (Project& project : projects) {
    const auto same = std::find_if(folded.begin(), folded.end(), [&](const Project& each) {
      return each.phase == project.phase && !project.name.empty() &&
             shape_of(each.steps) == shape_of(project.steps);
    });
    if (same == folded.end()) {
      folded.push_back(std::move(project));
    } else {
      same->alike.push_back(project.name);
    }
  }
  return folded;
}

std::string numbered_steps(const std::vector<ShownStep>& steps, std::size_t width, bool full) {
  std::string text;
  std::size_t number = 0;
  for (std::size_t first = 0; first < steps.size();) {
    std::size_t end = first + 1;
    while (end < steps.size() && steps[end].step->rank == steps[first].step->rank) ++end;
    const bool unordered = end - first > 1;
    ++number;
    for (std::size_t i = first; i < end; ++i) {
      const std::string lead = i == first ? fmt::format("{:>3}  ", number) : "     ";
      const std::string_view open = !unordered ? "" : i == first ? "{" : " ";
      const std::string_view close = unordered && i + 1 == end ? " }" : "";
      // A group's reason is told once.
      const std::string_view told = i == first ? "" : std::string_view(steps[i - 1].step->reason);
      const std::string words = step_words(steps[i], full, told);
      text += wrapped(fmt::format("{}{}{}{}", lead, open, words, close), width, 8) + "\n";
    }
    first = end;
  }
  return text;
}

std::string you_change(const std::vector<ShownStep>& steps, const Sources& sources,
                       std::size_t width, bool full) {
  std::string text;
  for (const ShownStep& shown : steps) {
    if (shown.step->writer != Step::Writer::User) continue;
    std::string words = "  " + step_words(shown, full);
    const Place place = shown.step->object.place;
    if (place.is_known()) words += "   " + printable(sources.format(place, false));
    text += wrapped(words, width, 6) + "\n";
  }
  return text.empty() ? "" : "You change\n" + text;
}

std::string mesh_writes(const std::vector<ShownStep>& steps, std::size_t width, bool full) {
  const std::vector<Project> projects = by_project(steps, full);
  if (projects.empty()) return "The mesh then writes nothing\n";
  std::string text = "The mesh then writes (order inside { } is not fixed)\n";
  const bool titled = projects.size() > 1;
  for (const Project& project : projects) {
    if (titled) {
      text += project.name.empty() ? "  for no project of its own\n"
                                   : fmt::format("  for {}\n", printable(project.name));
    }
    text += numbered_steps(project.steps, width, full);
    if (project.alike.empty()) continue;
    std::vector<std::string> names;
    for (const std::string& name : project.alike) names.push_back(printable(name));
    text +=
        wrapped(fmt::format("     and the same for {}", fmt::join(names, ", ")), width, 8) + "\n";
  }
  return text;
}

std::string asides(const std::vector<ShownStep>& steps, std::size_t width) {
  std::vector<std::pair<ObjectKey, Verb>> written;
  for (const ShownStep& shown : steps) {
    const Step& step = *shown.step;
    if (!step.aside || step.writer == Step::Writer::Others) continue;
    const auto first = std::ranges::find(written, step.key, &std::pair<ObjectKey, Verb>::first);
    if (first == written.end()) {
      written.emplace_back(step.key, step.verb);
    } else if (first->second == Verb::Delete && step.verb == Verb::Create) {
      first->second = Verb::Update;  // made anew
    }
  }
  if (written.empty()) return {};
  std::vector<std::string> words;
  for (const auto& [key, verb] : written) {
    words.push_back(fmt::format("{} {}", sign_of(verb), object_words(key)));
  }
  return wrapped(fmt::format("  aside, at any time: {}", fmt::join(words, ", ")), width, 6) + "\n";
}

std::string sdn_steps(const std::vector<ShownStep>& steps, std::size_t width, bool full) {
  std::string text;
  for (const ShownStep& shown : steps) {
    if (shown.step->writer != Step::Writer::SdnMaster) continue;
    text += wrapped("  " + step_words(shown, full), width, 6) + "\n";
  }
  return text.empty() ? "" : "The SDN master then writes\n" + text;
}

std::string counts(const Plan& plan) {
  const StepCounts count = count_steps(plan);
  return fmt::format("  {} to create, {} to change, {} to delete\n", count.created, count.changed,
                     count.deleted);
}

}  // namespace

StepCounts count_steps(const Plan& plan) {
  std::set<ObjectKey> created;
  std::set<ObjectKey> changed;
  std::set<ObjectKey> deleted;
  for (const Step& step : plan.prediction.steps) {
    if (step.writer == Step::Writer::Others) continue;
    (step.verb == Verb::Create   ? created
     : step.verb == Verb::Delete ? deleted
                                 : changed)
        .insert(step.key);
  }
  std::erase_if(changed, [&](const ObjectKey& key) {
    return created.contains(key) || deleted.contains(key);
  });
  return {created.size(), changed.size(), deleted.size()};
}

std::optional<std::size_t> step_number(const Plan& plan, std::string_view project,
                                       std::string_view kind) {
  std::optional<std::size_t> found;
  const Step* last = nullptr;
  std::size_t number = 0;
  for (const Step& step : plan.prediction.steps) {
    if (!is_numbered(step) || step.project != project) continue;
    if (last != nullptr && last->phase != step.phase) return std::nullopt;
    // Steps of one rank have one number, as numbered_steps() gives it.
    if (last == nullptr || last->rank != step.rank) ++number;
    last = &step;
    if (step.key.kind == kind) found = number;
  }
  return found;
}

std::string step_sections(const Plan& plan, const Sources& sources, std::size_t width, bool full) {
  const std::vector<ShownStep> steps = with_changes(plan);
  return you_change(steps, sources, width, full) + mesh_writes(steps, width, full) +
         asides(steps, width) + sdn_steps(steps, width, full) + counts(plan);
}

}  // namespace meshproof
