#include "model/merge_difference.h"

namespace meshproof {

Tree merge_difference(const Tree& before, const Tree& after) {
  if (!before.is(TreeKind::Mapping) || !after.is(TreeKind::Mapping)) return after;
  Tree patch = Tree::mapping();
  for (const TreeField& field : before.fields) {
    if (after.find(field.key) == nullptr) patch.set(field.key, Tree::null());
  }
  for (const TreeField& field : after.fields) {
    const Tree* old = before.find(field.key);
    if (old == nullptr) {
      patch.set(field.key, field.value);
    } else if (!(*old == field.value)) {
      patch.set(field.key, merge_difference(*old, field.value));
    }
  }
  return patch;
}

}  // namespace meshproof
