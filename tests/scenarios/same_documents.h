#pragma once

#include <algorithm>
#include <vector>

#include "scenarios/document.h"

namespace meshproof {

/// Whether trees say the same at the same places.
inline bool are_same(const Tree& a, const Tree& b) {
  const auto are_same_fields = [](const TreeField& x, const TreeField& y) {
    return x.key == y.key && x.key_place == y.key_place && are_same(x.value, y.value);
  };
  return a.kind == b.kind && a.text == b.text && a.place == b.place &&
         std::ranges::equal(a.items, b.items, are_same) &&
         std::ranges::equal(a.fields, b.fields, are_same_fields);
}

/// Whether two readings of a text came to the same, diagnostics included.
inline bool are_same(const std::vector<Document>& a, const std::vector<Document>& b) {
  return std::ranges::equal(a, b, [](const Document& x, const Document& y) {
    return are_same(x.tree, y.tree) && x.diagnostics == y.diagnostics;
  });
}

}  // namespace meshproof
