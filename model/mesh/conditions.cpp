#include "model/mesh/conditions.h"

#include <algorithm>
#include <utility>

namespace meshproof {

const Tree* find_condition(const Tree* conditions, std::string_view type) {
  if (conditions == nullptr) return nullptr;
  const auto found = std::ranges::find_if(conditions->items, [&](const Tree& condition) {
    return condition.string_at({"type"}) == type;
  });
  return found == conditions->items.end() ? nullptr : &*found;
}

void set_condition(Tree& conditions, const Condition& condition) {
  Tree next = Tree::mapping();
  if (!condition.message.empty()) next.set("message", Tree::string(condition.message));
  if (!condition.reason.empty()) next.set("reason", Tree::string(condition.reason));
  next.set("status", Tree::string(condition.status));
  next.set("type", Tree::string(condition.type));
  if (!conditions.is(TreeKind::Sequence)) conditions = Tree::sequence();
  const Tree* previous = find_condition(&conditions, condition.type);
  if (previous == nullptr) {
    conditions.items.push_back(std::move(next));
    return;
  }
  const Tree* since = previous->find("lastTransitionTime");
  if (since != nullptr && previous->string_at({"status"}) == condition.status) {
    next.set("lastTransitionTime", *since);
  }
  conditions.items[static_cast<std::size_t>(previous - conditions.items.data())] = std::move(next);
}

}  // namespace meshproof
