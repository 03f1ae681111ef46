#include "model/edit.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "model/merge_difference.h"

namespace meshproof {
namespace {

constexpr std::array<std::string_view, 5> kServerMetadata = {
    "resourceVersion", "uid", "creationTimestamp", "managedFields", "selfLink"};

// What a client can write but a state comparison must not see.
constexpr std::array<std::string_view, 4> kBookkeeping = {"generation", "deletionTimestamp",
                                                          "finalizers", "ownerReferences"};

void erase_server_metadata(Tree& object) {
  Tree* metadata = object.find("metadata");
  if (metadata == nullptr) return;
  for (const auto field : kServerMetadata) metadata->erase(field);
}

void replace_field(Tree& target, std::string_view field, const Tree* value) {
  if (value == nullptr) {
    target.erase(field);
  } else {
    target.set(field, *value);
  }
}

/// What two states of an object are compared by.
Tree compared_form(const Tree& object) {
  Tree form = without_server_fields(object, false);
  if (Tree* metadata = form.find("metadata")) {
    for (const auto field : kBookkeeping) metadata->erase(field);
    for (const auto field : {"labels", "annotations"}) {
      const Tree* mapping = metadata->find(field);
      if (mapping != nullptr && mapping->fields.empty()) metadata->erase(field);
    }
  }
  form.erase("apiVersion");
  return form;
}

/// Labels and annotations are compared key by key even where one side has none: somebody else may
/// have written some by then.
void keep_mapping(Tree& object, std::string_view field) {
  Tree& metadata = object.mapping_at("metadata");
  if (metadata.find(field) == nullptr) metadata.set(field, Tree::mapping());
}

Edit edit_of(const Object& existing, const Object& wanted) {
  Tree from = compared_form(*existing.tree);
  Tree to = compared_form(*wanted.tree);
  for (const auto field : {"labels", "annotations"}) {
    keep_mapping(from, field);
    keep_mapping(to, field);
  }
  const ObjectKey& key = existing.key;
  return PatchObject{{key.group, key.kind, key.ns, key.name, true}, merge_difference(from, to)};
}

std::vector<std::string> listed_members(const Tree& roll) {
  std::vector<std::string> names;
  const Tree* members = roll.find_path({"spec", "members"});
  if (members == nullptr) return names;
  for (const Tree& member : members->items) names.push_back(member.text);
  return names;
}

/// True if the target of a roll lists nobody that it does not list now.
bool only_shrinks(const ObjectStore& before, const Tree& target) {
  const Object* existing = before.find(key_of(target));
  if (existing == nullptr) return false;
  const auto now = listed_members(*existing->tree);
  const auto then = listed_members(target);
  return std::ranges::all_of(
      then, [&](const std::string& name) { return std::ranges::find(now, name) != now.end(); });
}

ChangeStep deletion_of(const Object& object) {
  return {DeleteObject{{object.key.group, object.key.kind, object.key.ns, object.key.name, true}},
          object.place()};
}

}  // namespace

Tree without_server_fields(const Tree& object, bool keep_status) {
  Tree bare = object;
  erase_server_metadata(bare);
  if (!keep_status) bare.erase("status");
  return bare;
}

Tree applied_object(const Object* existing, const Tree& wanted) {
  if (existing == nullptr) {
    Tree created = wanted;
    erase_server_metadata(created);
    return created;
  }
  Tree next = *existing->tree;
  std::erase_if(next.fields, [&](const TreeField& field) {
    return field.key != "metadata" && field.key != "status" && wanted.find(field.key) == nullptr;
  });
  for (const TreeField& field : wanted.fields) {
    if (field.key != "metadata" && field.key != "status") next.set(field.key, field.value);
  }
  Tree& metadata = next.mapping_at("metadata");
  for (const auto field : {"labels", "annotations"}) {
    replace_field(metadata, field, wanted.find_path({"metadata", field}));
  }
  return next;
}

Tree merged_object(const Object* existing, const Tree& manifest) {
  Tree patch = manifest;
  erase_server_metadata(patch);
  if (existing == nullptr) return patch;
  patch.erase("status");
  if (Tree* metadata = patch.find("metadata")) metadata->erase("generation");
  return merge_patch(*existing->tree, patch);
}

Change change_between(const ObjectStore& before, const ObjectStore& target) {
  std::vector<ChangeStep> shrinking;
  std::vector<ChangeStep> applied;
  for (const Object& object : target) {
    const ObjectKey& key = object.key;
    const Object* existing = before.find(key);
    if (existing != nullptr && compared_form(*existing->tree) == compared_form(*object.tree)) {
      continue;
    }
    const bool first = key.kind == "ServiceMeshMemberRoll" && only_shrinks(before, *object.tree);
    Edit edit = existing == nullptr ? Edit{ApplyObject{*object.tree}} : edit_of(*existing, object);
    (first ? shrinking : applied).push_back({std::move(edit), object.place()});
  }
  ChangePhase phase{std::move(shrinking)};
  for (const Object& object : before) {
    if (target.find(object.key) == nullptr) phase.steps.push_back(deletion_of(object));
  }
  std::ranges::move(applied, std::back_inserter(phase.steps));
  Change change;
  if (!phase.steps.empty()) change.phases.push_back(std::move(phase));
  return change;
}

}  // namespace meshproof
