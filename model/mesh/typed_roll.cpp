#include "model/mesh/typed_roll.h"

namespace meshproof {

Tree typed_roll(Tree roll) {
  Tree* spec = roll.find("spec");
  if (spec == nullptr) return roll;
  for (const auto field : {"members", "memberSelectors"}) {
    const Tree* list = spec->find(field);
    if (list != nullptr && list->items.empty()) spec->erase(field);
  }
  return roll;
}

}  // namespace meshproof
