#include "solver/moments/change_parts.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "model/edit.h"

namespace meshproof {
namespace {

constexpr std::string_view kRoll = "ServiceMeshMemberRoll";

/// The objects that a change has edited so far, as the user leaves them.
class EditedObjects {
 public:
  explicit EditedObjects(const ObjectStore& before) : objects_(before) {}

  [[nodiscard]] const Object* find(const ObjectKey& key) const { return objects_.find(key); }

  void make(const Edit& edit) {
    if (const auto* apply = std::get_if<ApplyObject>(&edit)) {
      objects_.put(make_object(applied_object(find(key_of(apply->object)), apply->object)));
    } else if (const auto* merge = std::get_if<MergeObject>(&edit)) {
      objects_.put(make_object(merged_object(find(key_of(merge->object)), merge->object)));
    } else if (const auto* patch = std::get_if<PatchObject>(&edit)) {
      const Object* old = find(patch->target.key());
      if (old != nullptr) objects_.put(make_object(merge_patch(*old->tree, patch->merge)));
    } else if (const auto* erase = std::get_if<DeleteObject>(&edit)) {
      objects_.erase(erase->target.key());
    }
  }

 private:
  ObjectStore objects_;
};

ObjectKey key_of_edit(const Edit& edit) {
  if (const auto* apply = std::get_if<ApplyObject>(&edit)) return key_of(apply->object);
  if (const auto* merge = std::get_if<MergeObject>(&edit)) return key_of(merge->object);
  if (const auto* patch = std::get_if<PatchObject>(&edit)) return patch->target.key();
  if (const auto* erase = std::get_if<DeleteObject>(&edit)) return erase->target.key();
  return {};
}

/// spec.members where it is a list of plain names, each once, and there are no selectors.
std::optional<std::vector<std::string>> members_of(const Object* roll) {
  std::vector<std::string> names;
  if (roll == nullptr) return names;
  if (roll->tree->find_path({"spec", "memberSelectors"}) != nullptr) return std::nullopt;
  const Tree* members = roll->tree->find_path({"spec", "members"});
  if (members == nullptr || members->is_null()) return names;
  if (!members->is(TreeKind::Sequence)) return std::nullopt;
  for (const Tree& item : members->items) {
    const bool is_name = item.is(TreeKind::String) && !item.text.empty() && item.text != "*";
    if (!is_name || std::ranges::find(names, item.text) != names.end()) return std::nullopt;
    names.push_back(item.text);
  }
  return names;
}

struct RollEdit {
  std::vector<std::string> before;
  std::vector<std::string> after;
};

/// Whether a step of a phase only exchanges names on a roll, and is the only one for that roll.
std::optional<RollEdit> roll_edit(const EditedObjects& objects, const ChangePhase& phase,
                                  std::size_t step) {
  const ObjectKey key = key_of_edit(phase.steps[step].edit);
  if (key.kind != kRoll) return std::nullopt;
  for (std::size_t i = 0; i < phase.steps.size(); ++i) {
    const Edit& edit = phase.steps[i].edit;
    const bool is_note = std::holds_alternative<ChangeNote>(edit);
    if (is_note || (i != step && key_of_edit(edit) == key)) return std::nullopt;
  }
  EditedObjects then = objects;
  then.make(phase.steps[step].edit);
  if (then.find(key) == nullptr) return std::nullopt;
  const auto old_names = members_of(objects.find(key));
  const auto new_names = members_of(then.find(key));
  if (!old_names || !new_names) return std::nullopt;
  return RollEdit{*old_names, *new_names};
}

std::string project_of(const ObjectKey& key) {
  const bool is_project = key.kind == "Namespace" || key.kind == "NetNamespace";
  return is_project ? key.name : key.ns;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

/// The edit that leaves just these members on the roll, which is as the whole edit makes it where
/// it is new.
Edit roll_with(const EditedObjects& objects, const Edit& whole, const ObjectKey& key,
               const std::vector<std::string>& members) {
  if (objects.find(key) != nullptr) {
    const Tree spec = Tree::mapping({{"members", Tree::strings(members)}});
    return PatchObject{{key.group, key.kind, key.ns, key.name, true},
                       Tree::mapping({{"spec", spec}})};
  }
  EditedObjects made = objects;
  made.make(whole);
  Tree roll = *made.find(key)->tree;
  roll.mapping_at("spec").set("members", Tree::strings(members));
  return ApplyObject{std::move(roll)};
}

/// One level of a phase.
class LevelMaker {
 public:
  LevelMaker(const std::vector<ChangePart>& parts, const std::vector<std::size_t>& levels,
             std::size_t phase)
      : parts_(parts), levels_(levels), phase_(phase) {}

  [[nodiscard]] ChangePhase make(const EditedObjects& at_start, const ChangePhase& whole,
                                 std::size_t level) const {
    ChangePhase result;
    for (std::size_t step = 0; step < whole.steps.size(); ++step) {
      if (!is_written(step, level)) continue;
      ChangeStep part = whole.steps[step];
      if (!is_written_later(step, level)) {
        result.steps.push_back(std::move(part));
        continue;
      }
      const ObjectKey key = key_of_edit(part.edit);
      const auto edit = roll_edit(at_start, whole, step);
      part.edit = roll_with(at_start, part.edit, key, members_at(*edit, step, level));
      result.steps.push_back(std::move(part));
    }
    return result;
  }

 private:
  [[nodiscard]] bool is_written(std::size_t step, std::size_t level) const {
    return has_part(step, [level](std::size_t each) { return each == level; });
  }

  [[nodiscard]] bool is_written_later(std::size_t step, std::size_t level) const {
    return has_part(step, [level](std::size_t each) { return each > level; });
  }

  template <typename Test>
  [[nodiscard]] bool has_part(std::size_t step, const Test& test) const {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const bool is_here = parts_[i].phase == phase_ && parts_[i].step == step;
      if (is_here && test(levels_[i])) return true;
    }
    return false;
  }

  [[nodiscard]] std::vector<std::string> members_at(const RollEdit& edit, std::size_t step,
                                                    std::size_t level) const {
    std::vector<std::string> members = edit.before;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const ChangePart& part = parts_[i];
      if (part.phase != phase_ || part.step != step || levels_[i] > level) continue;
      if (part.kind == ChangePart::Kind::Leave) std::erase(members, part.ns);
      if (part.kind == ChangePart::Kind::Join) members.push_back(part.ns);
    }
    return members;
  }

  const std::vector<ChangePart>& parts_;
  const std::vector<std::size_t>& levels_;
  std::size_t phase_;
};

}  // namespace

std::vector<ChangePart> parts_of(const ObjectStore& before, const Change& change) {
  std::vector<ChangePart> parts;
  EditedObjects objects(before);
  for (std::size_t phase = 0; phase < change.phases.size(); ++phase) {
    const std::vector<ChangeStep>& steps = change.phases[phase].steps;
    for (std::size_t step = 0; step < steps.size(); ++step) {
      const ObjectKey key = key_of_edit(steps[step].edit);
      const auto roll = roll_edit(objects, change.phases[phase], step);
      const std::size_t known = parts.size();
      if (roll) {
        for (const std::string& name : roll->before) {
          if (contains(roll->after, name)) continue;
          parts.push_back({ChangePart::Kind::Leave, name, key, phase, step});
        }
        for (const std::string& name : roll->after) {
          if (contains(roll->before, name)) continue;
          parts.push_back({ChangePart::Kind::Join, name, key, phase, step});
        }
      }
      if (parts.size() == known) {
        parts.push_back({ChangePart::Kind::Whole, project_of(key), key, phase, step});
      }
    }
    for (const ChangeStep& step : steps) objects.make(step.edit);
  }
  return parts;
}

Change in_levels(const ObjectStore& before, const Change& change,
                 const std::vector<ChangePart>& parts, const std::vector<std::size_t>& levels) {
  Change result = change;
  result.phases.clear();
  EditedObjects objects(before);
  for (std::size_t phase = 0; phase < change.phases.size(); ++phase) {
    const ChangePhase& whole = change.phases[phase];
    const LevelMaker maker(parts, levels, phase);
    std::size_t count = 1;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].phase == phase) count = std::max(count, levels[i] + 1);
    }
    for (std::size_t level = 0; level < count; ++level) {
      result.phases.push_back(maker.make(objects, whole, level));
    }
    for (const ChangeStep& step : whole.steps) objects.make(step.edit);
  }
  return result;
}

}  // namespace meshproof
