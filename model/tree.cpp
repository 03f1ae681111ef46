#include "model/tree.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace meshproof {

Tree Tree::null() { return {}; }

Tree Tree::boolean(bool value) {
  Tree tree;
  tree.kind = TreeKind::Boolean;
  tree.text = value ? "true" : "false";
  return tree;
}

Tree Tree::number(std::int64_t value) {
  Tree tree;
  tree.kind = TreeKind::Number;
  tree.text = std::to_string(value);
  return tree;
}

Tree Tree::string(std::string value) {
  Tree tree;
  tree.kind = TreeKind::String;
  tree.text = std::move(value);
  return tree;
}

Tree Tree::sequence() {
  Tree tree;
  tree.kind = TreeKind::Sequence;
  return tree;
}

Tree Tree::sequence(std::vector<Tree> items) {
  Tree tree = sequence();
  tree.items = std::move(items);
  return tree;
}

Tree Tree::strings(const std::vector<std::string>& values) {
  Tree tree = sequence();
  for (const auto& value : values) tree.items.push_back(string(value));
  return tree;
}

Tree Tree::mapping(std::initializer_list<TreeField> fields) {
  Tree tree;
  tree.kind = TreeKind::Mapping;
  tree.fields = fields;
  return tree;
}

const Tree* Tree::find(std::string_view key) const {
  const auto field = std::ranges::find(fields, key, &TreeField::key);
  return field == fields.end() ? nullptr : &field->value;
}

Tree* Tree::find(std::string_view key) { return const_cast<Tree*>(std::as_const(*this).find(key)); }

const Tree* Tree::find_path(std::initializer_list<std::string_view> keys) const {
  const Tree* tree = this;
  for (const auto key : keys) {
    tree = tree->find(key);
    if (tree == nullptr) return nullptr;
  }
  return tree;
}

std::string_view Tree::string_at(std::initializer_list<std::string_view> keys) const {
  const Tree* tree = find_path(keys);
  return tree != nullptr && tree->is(TreeKind::String) ? std::string_view{tree->text}
                                                       : std::string_view{};
}

std::optional<std::int64_t> Tree::integer_at(std::initializer_list<std::string_view> keys) const {
  const Tree* tree = find_path(keys);
  return tree == nullptr ? std::nullopt : tree->as_integer();
}

std::optional<bool> Tree::boolean_at(std::initializer_list<std::string_view> keys) const {
  const Tree* tree = find_path(keys);
  if (tree == nullptr || !tree->is(TreeKind::Boolean)) return std::nullopt;
  return tree->text == "true";
}

std::optional<std::int64_t> Tree::as_integer() const {
  if (kind != TreeKind::Number) return std::nullopt;
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
  return value;
}

Tree& Tree::set(std::string_view key, Tree value) {
  kind = TreeKind::Mapping;
  if (Tree* existing = find(key); existing != nullptr) return *existing = std::move(value);
  fields.push_back({std::string{key}, std::move(value)});
  return fields.back().value;
}

Tree& Tree::mapping_at(std::string_view key) {
  Tree* existing = find(key);
  if (existing != nullptr && existing->is(TreeKind::Mapping)) return *existing;
  return set(key, mapping());
}

bool Tree::erase(std::string_view key) {
  return std::erase_if(fields, [&](const TreeField& field) { return field.key == key; }) != 0;
}

bool operator==(const Tree& a, const Tree& b) {
  if (a.kind != b.kind || a.text != b.text || a.items != b.items) return false;
  if (a.fields.size() != b.fields.size()) return false;
  return std::ranges::all_of(a.fields, [&](const TreeField& field) {
    const Tree* other = b.find(field.key);
    return other != nullptr && field.value == *other;
  });
}

Tree merge_patch(Tree target, const Tree& patch) {
  if (!patch.is(TreeKind::Mapping)) return patch;
  if (!target.is(TreeKind::Mapping)) target = Tree::mapping();
  for (const auto& field : patch.fields) {
    if (field.value.is_null()) {
      target.erase(field.key);
      continue;
    }
    Tree* existing = target.find(field.key);
    target.set(field.key, merge_patch(existing != nullptr ? *existing : Tree{}, field.value));
  }
  return target;
}

}  // namespace meshproof
