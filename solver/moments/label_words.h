#pragma once

#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "model/label.h"
#include "model/symbol.h"
#include "model/tree.h"

/// Selectors in words of their own, for policies that are written. Only the files of bridges()
/// include this.
namespace meshproof {

struct LabelWord {
  std::string key;
  LabelOperator op = LabelOperator::Exists;
  std::vector<std::string> values = {};  ///< sorted

  auto operator<=>(const LabelWord&) const = default;
};

/// All must hold; by key, as short as can be said.
using LabelWords = std::vector<LabelWord>;

[[nodiscard]] LabelWords words_of(const LabelSelector& selector, const SymbolTable& symbols);

/// What both mean together; nothing if no label set can be both.
[[nodiscard]] std::optional<LabelWords> both_of(const LabelWords& a, const LabelWords& b);

/// What the words do not mean, in parts that exclude each other; none if they mean everything.
[[nodiscard]] std::vector<LabelWords> others_of(const LabelWords& words);

/// `app=web,tier in (a,b),!legacy`, as kubectl says it; `any labels` for no words.
[[nodiscard]] std::string selector_words(const LabelWords& words);

/// As a metav1.LabelSelector.
[[nodiscard]] Tree selector_tree(const LabelWords& words);

}  // namespace meshproof
