#include "tests/model/replay.h"

#include <map>
#include <set>
#include <utility>

#include "model/edit.h"
#include "model/sdn/net_id.h"

namespace meshproof {
namespace {

void tell_tree(const std::string& path, const Tree* expected, const Tree* actual,
               std::vector<std::string>& lines);

std::string shown(const Tree* tree) {
  if (tree == nullptr) return "nothing";
  switch (tree->kind) {
    case TreeKind::Mapping:
      return "a mapping of " + std::to_string(tree->fields.size());
    case TreeKind::Sequence: {
      std::string text = "[";
      for (const Tree& item : tree->items) text += shown(&item) + " ";
      return text + "]";
    }
    case TreeKind::Null:
    case TreeKind::Boolean:
    case TreeKind::Number:
    case TreeKind::String:
      return '"' + tree->text + '"';
  }
  return "";
}

void tell_mapping(const std::string& path, const Tree& expected, const Tree& actual,
                  std::vector<std::string>& lines) {
  for (const TreeField& field : expected.fields) {
    tell_tree(path + '.' + field.key, &field.value, actual.find(field.key), lines);
  }
  for (const TreeField& field : actual.fields) {
    if (expected.find(field.key) == nullptr) {
      tell_tree(path + '.' + field.key, nullptr, &field.value, lines);
    }
  }
}

void tell_tree(const std::string& path, const Tree* expected, const Tree* actual,
               std::vector<std::string>& lines) {
  if (expected != nullptr && actual != nullptr) {
    if (*expected == *actual) return;
    if (expected->is(TreeKind::Mapping) && actual->is(TreeKind::Mapping)) {
      tell_mapping(path, *expected, *actual, lines);
      return;
    }
    const bool lists = expected->is(TreeKind::Sequence) && actual->is(TreeKind::Sequence);
    if (lists && expected->items.size() == actual->items.size()) {
      for (std::size_t i = 0; i < expected->items.size(); ++i) {
        tell_tree(path + '[' + std::to_string(i) + ']', &expected->items[i], &actual->items[i],
                  lines);
      }
      return;
    }
  }
  lines.push_back(path + ": expected " + shown(expected) + ", is " + shown(actual));
}

Tree compared(const Tree& object) {
  Tree bare = without_server_fields(object, true);
  if (Tree* metadata = bare.find("metadata")) metadata->erase("deletionTimestamp");
  if (bare.string_at({"kind"}) == "NetNamespace") bare.erase("netid");
  return bare;
}

/// The names that have the same network, for each name.
std::map<std::string, std::set<std::string>> sharers(const ObjectStore& objects) {
  std::map<std::uint32_t, std::set<std::string>> by_id;
  for (const Object* object : objects.of_kind("NetNamespace")) {
    by_id[netid_of(*object)].insert(object->key.name);
  }
  std::map<std::string, std::set<std::string>> found;
  for (const auto& [id, names] : by_id) {
    for (const auto& name : names) {
      found[name] = names;
      if (id == 0) found[name].insert("(global)");
    }
  }
  return found;
}

}  // namespace

ObjectStore replay(ObjectStore objects, const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    if (step.object.is_null()) {
      objects.erase(step.key);
      continue;
    }
    Tree next = step.object;
    const Object* old = objects.find(step.key);
    const Tree* status = old == nullptr ? nullptr : old->tree->find("status");
    if (next.find("status") == nullptr && status != nullptr) next.set("status", *status);
    // The API server gives a new Namespace its phase; no step tells it.
    if (old == nullptr && step.key.kind == "Namespace") {
      next.mapping_at("status").set("phase", Tree::string("Active"));
    }
    objects.put(make_object(std::move(next)));
  }
  return objects;
}

std::vector<std::string> differences(const ObjectStore& expected, const ObjectStore& actual) {
  std::vector<std::string> lines;
  for (const Object& object : expected) {
    const ObjectKey& key = object.key;
    const Object* found = actual.find(key);
    if (found == nullptr) {
      lines.push_back(to_string(key) + " is missing");
      continue;
    }
    const Tree wanted = compared(*object.tree);
    const Tree is = compared(*found->tree);
    tell_tree(to_string(key), &wanted, &is, lines);
  }
  for (const Object& object : actual) {
    if (expected.find(object.key) == nullptr)
      lines.push_back(to_string(object.key) + " should not be there");
  }
  if (sharers(expected) != sharers(actual)) lines.emplace_back("networks are shared differently");
  return lines;
}

}  // namespace meshproof
