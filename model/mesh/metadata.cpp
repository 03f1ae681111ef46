#include "model/mesh/metadata.h"

#include <algorithm>

namespace meshproof {
namespace {

void set_in(Tree& object, std::string_view mapping, std::string_view key, std::string_view value) {
  object.mapping_at("metadata").mapping_at(mapping).set(key, Tree::string(std::string{value}));
}

void erase_in(Tree& object, std::string_view mapping, std::string_view key) {
  Tree* metadata = object.find("metadata");
  Tree* entries = metadata == nullptr ? nullptr : metadata->find(mapping);
  if (entries == nullptr) return;
  entries->erase(key);
  if (entries->fields.empty()) metadata->erase(mapping);
}

}  // namespace

void set_label(Tree& object, std::string_view key, std::string_view value) {
  set_in(object, "labels", key, value);
}

void erase_label(Tree& object, std::string_view key) { erase_in(object, "labels", key); }

void set_annotation(Tree& object, std::string_view key, std::string_view value) {
  set_in(object, "annotations", key, value);
}

void erase_annotation(Tree& object, std::string_view key) { erase_in(object, "annotations", key); }

std::string_view annotation(const Object& object, std::string_view key) {
  return object.tree->string_at({"metadata", "annotations", key});
}

bool has_annotation(const Object& object, std::string_view key) {
  return object.tree->find_path({"metadata", "annotations", key}) != nullptr;
}

std::vector<std::string> finalizers(const Tree& object) {
  return strings_at(object, {"metadata", "finalizers"});
}

bool has_finalizer(const Object& object, std::string_view finalizer) {
  const auto names = finalizers(*object.tree);
  return std::ranges::find(names, finalizer) != names.end();
}

void add_finalizer(Tree& object, std::string_view finalizer) {
  auto names = finalizers(object);
  names.emplace_back(finalizer);
  object.mapping_at("metadata").set("finalizers", Tree::strings(names));
}

void remove_finalizer(Tree& object, std::string_view finalizer) {
  auto names = finalizers(object);
  std::erase(names, finalizer);
  Tree& metadata = object.mapping_at("metadata");
  if (names.empty()) {
    metadata.erase("finalizers");
  } else {
    metadata.set("finalizers", Tree::strings(names));
  }
}

std::int64_t generation(const Object& object) {
  return object.tree->integer_at({"metadata", "generation"}).value_or(1);
}

std::vector<std::string> strings_at(const Tree& object,
                                    std::initializer_list<std::string_view> path) {
  std::vector<std::string> texts;
  const Tree* sequence = object.find_path(path);
  if (sequence == nullptr) return texts;
  for (const Tree& item : sequence->items) {
    if (item.is(TreeKind::String)) texts.push_back(item.text);
  }
  return texts;
}

}  // namespace meshproof
