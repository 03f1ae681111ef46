#include "scenarios/tree_builder.h"

#include <utility>

#include <fmt/format.h>

namespace meshproof {
namespace {

constexpr std::size_t kSearchedOneByOne = 16;

}  // namespace

void TreeBuilder::begin(TreeKind kind, Place place) {
  Open& opened = open_.emplace_back();
  opened.tree.kind = kind;
  opened.tree.place = place;
}

Tree TreeBuilder::end() {
  Tree tree = std::move(open_.back().tree);
  open_.pop_back();
  return tree;
}

bool TreeBuilder::wants_key() const {
  return !open_.empty() && open_.back().tree.is(TreeKind::Mapping) && !open_.back().has_key;
}

void TreeBuilder::key(std::string text, Place place) {
  Open& open = open_.back();
  auto& fields = open.tree.fields;
  open.has_key = true;
  open.replaces = false;
  open.target = fields.size();
  if (fields.size() < kSearchedOneByOne) {
    for (std::size_t i = 0; i < fields.size() && !open.replaces; ++i) {
      open.replaces = fields[i].key == text;
      if (open.replaces) open.target = i;
    }
  } else {
    if (open.index.empty()) {
      for (std::size_t i = 0; i < fields.size(); ++i) open.index.emplace(fields[i].key, i);
    }
    const auto [entry, is_new] = open.index.emplace(text, fields.size());
    open.replaces = !is_new;
    open.target = entry->second;
  }
  if (open.replaces) {
    diagnostics_->push_back(
        {.place = place,
         .severity = Severity::Error,
         .code = "duplicate-key",
         .message = fmt::format("the key \"{}\" stands twice in one mapping", text),
         .notes = {{fields[open.target].key_place, "first here"}},
         .subject = {}});
    return;
  }
  fields.push_back({std::move(text), {}, place});
}

void TreeBuilder::value(Tree tree) {
  if (open_.empty()) {
    root_ = std::move(tree);
    return;
  }
  Open& open = open_.back();
  if (open.tree.is(TreeKind::Sequence)) {
    open.tree.items.push_back(std::move(tree));
    return;
  }
  open.tree.fields[open.target].value = std::move(tree);
  open.has_key = false;
}

}  // namespace meshproof
