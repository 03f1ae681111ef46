#include "reports/plan_writes.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "reports/tree_diff.h"

namespace meshproof {
namespace {

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

/// Every step, with what it changes.
std::vector<ListedWrite> with_changes(const Plan& plan, std::size_t most_items) {
  std::map<ObjectKey, const Tree*> current;
  std::vector<ListedWrite> result;
  for (const Step& step : plan.prediction.steps) {
    const Object* old = plan.prediction.before.find(step.key);
    const auto [at, is_new] = current.try_emplace(step.key, old ? &*old->tree : nullptr);
    ListedWrite write{&step, 0, {}};
    if (step.verb == Verb::Update && at->second != nullptr) {
      write.changes = difference_words(*at->second, step.object, most_items);
      // Status and server-side fields are not part of what a step writes.
      std::erase_if(write.changes, [](const std::string& words) {
        return words.rfind("- status", 0) == 0 || words.rfind("status", 0) == 0;
      });
      if (step.key.kind == "NetNamespace") {
        name_fresh_netids(plan.prediction.before, step.object, write.changes);
      }
    }
    at->second = step.verb == Verb::Delete ? nullptr : &step.object;
    result.push_back(std::move(write));
  }
  return result;
}

/// What makes two projects' lists of writes the same but for the project's name.
using Shape = std::vector<std::tuple<Verb, std::string, std::string, std::string, int>>;

Shape shape_of(const WriteList& list) {
  Shape shape;
  for (const ListedWrite& write : list.writes) {
    const Step& step = *write.step;
    const auto neutral = [&](const std::string& name) {
      return name == step.project ? std::string() : name;
    };
    shape.emplace_back(step.verb, step.key.kind, neutral(step.key.ns), neutral(step.key.name),
                       step.rank);
  }
  return shape;
}

bool is_numbered(const Step& step) { return step.writer == Step::Writer::Operator && !step.aside; }

void add_numbers(WriteList& list) {
  std::size_t number = 0;
  const Step* last = nullptr;
  for (ListedWrite& write : list.writes) {
    if (last == nullptr || last->rank != write.step->rank) ++number;
    write.number = number;
    last = write.step;
  }
}

std::vector<WriteList> folded(std::vector<WriteList> lists) {
  std::map<std::pair<std::size_t, Shape>, std::size_t> known;
  std::vector<WriteList> result;
  for (WriteList& list : lists) {
    const std::size_t phase = list.writes.front().step->phase;
    const auto [at, is_new] = known.try_emplace({phase, shape_of(list)}, result.size());
    const bool is_alike = !is_new && !list.project.empty() && !result[at->second].project.empty();
    if (is_alike) {
      result[at->second].alike.push_back(list.project);
    } else {
      result.push_back(std::move(list));
    }
  }
  return result;
}

}  // namespace

ListedWrites list_writes(const Plan& plan, bool full) {
  constexpr std::size_t kItemsShown = 20;
  const std::size_t most_items = full ? std::numeric_limits<std::size_t>::max() : kItemsShown;
  std::map<std::pair<std::size_t, std::string>, std::size_t> known;
  ListedWrites lists;
  for (ListedWrite& write : with_changes(plan, most_items)) {
    const Step& step = *write.step;
    if (step.writer == Step::Writer::User) {
      lists.user.push_back(std::move(write));
    } else if (step.writer == Step::Writer::SdnMaster) {
      lists.sdn.push_back(std::move(write));
    } else if (is_numbered(step)) {
      const auto [at, is_new] = known.try_emplace({step.phase, step.project}, lists.mesh.size());
      if (is_new) lists.mesh.push_back({step.project, {}, {}});
      lists.mesh[at->second].writes.push_back(std::move(write));
    }
  }
  for (WriteList& list : lists.mesh) add_numbers(list);
  if (!full) lists.mesh = folded(std::move(lists.mesh));
  return lists;
}

std::vector<AsideWrite> aside_writes(const Plan& plan) {
  std::map<ObjectKey, std::size_t> known;
  std::vector<AsideWrite> written;
  for (const Step& step : plan.prediction.steps) {
    if (!step.aside || step.writer == Step::Writer::Others) continue;
    const auto [at, is_new] = known.try_emplace(step.key, written.size());
    if (is_new) {
      written.push_back({step.key, step.verb});
    } else if (written[at->second].verb == Verb::Delete && step.verb == Verb::Create) {
      written[at->second].verb = Verb::Update;  // made anew
    }
  }
  return written;
}

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
    // As add_numbers() gives them.
    if (last == nullptr || last->rank != step.rank) ++number;
    last = &step;
    if (step.key.kind == kind) found = number;
  }
  return found;
}

}  // namespace meshproof
