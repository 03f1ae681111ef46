#include "scenarios/yaml_list.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace meshproof {
namespace {

template <typename Thing>
void move_all(std::vector<Thing>& from, std::vector<Thing>& to) {
  std::ranges::move(from, std::back_inserter(to));
}

/// The items of a part, which was read below a line `items:`; null if that is not all that it has.
Tree* items_of(Document& part) {
  if (has_errors(part.diagnostics) || part.tree.fields.size() != 1) return nullptr;
  Tree& items = part.tree.fields.front().value;
  return items.is(TreeKind::Sequence) ? &items : nullptr;
}

}  // namespace

std::optional<Document> join_list(Document head, std::vector<Document> items, Document tail) {
  const bool are_read = !has_errors(head.diagnostics) && !has_errors(tail.diagnostics) &&
                        (tail.tree.is_null() || tail.tree.is(TreeKind::Mapping));
  if (!are_read || head.tree.fields.empty()) return std::nullopt;
  TreeField& field = head.tree.fields.back();
  if (field.key != "items" || !field.value.is_null()) return std::nullopt;
  for (Document& part : items) {
    Tree* some = items_of(part);
    if (some == nullptr) return std::nullopt;
    if (field.value.is_null()) {
      field.value = std::move(*some);
    } else {
      move_all(some->items, field.value.items);
    }
    move_all(part.diagnostics, head.diagnostics);
  }
  for (TreeField& each : tail.tree.fields) {
    if (head.tree.find(each.key) != nullptr) return std::nullopt;
    head.tree.fields.push_back(std::move(each));
  }
  move_all(tail.diagnostics, head.diagnostics);
  return head;
}

}  // namespace meshproof
