#include "solver/moments/label_words.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace meshproof {
namespace {

using Values = std::vector<std::string>;

/// All that is said of one key.
struct KeyWords {
  std::optional<std::set<std::string>> one_of;
  std::set<std::string> none_of;
  bool is_there = false;
  bool is_absent = false;

  void add(const LabelWord& word) {
    switch (word.op) {
      case LabelOperator::In: {
        const std::set<std::string> values(word.values.begin(), word.values.end());
        if (!one_of) one_of = values;
        std::erase_if(*one_of, [&](const std::string& value) { return !values.contains(value); });
        break;
      }
      case LabelOperator::NotIn:
        none_of.insert(word.values.begin(), word.values.end());
        break;
      case LabelOperator::Exists:
        is_there = true;
        break;
      case LabelOperator::DoesNotExist:
        is_absent = true;
        break;
    }
  }

  /// False if nothing can be all of it.
  [[nodiscard]] bool say(const std::string& key, LabelWords& words) const {
    if (is_absent) {
      if (one_of || is_there) return false;
      words.push_back({key, LabelOperator::DoesNotExist});
      return true;
    }
    if (one_of) {
      Values values;
      std::ranges::copy_if(*one_of, std::back_inserter(values),
                           [this](const std::string& value) { return !none_of.contains(value); });
      if (values.empty()) return false;
      words.push_back({key, LabelOperator::In, std::move(values)});
      return true;
    }
    if (is_there) words.push_back({key, LabelOperator::Exists});
    if (!none_of.empty()) {
      words.push_back({key, LabelOperator::NotIn, Values(none_of.begin(), none_of.end())});
    }
    return true;
  }
};

std::optional<LabelWords> shortest(const LabelWords& all) {
  std::map<std::string, KeyWords> keys;
  for (const LabelWord& word : all) keys[word.key].add(word);
  LabelWords result;
  for (const auto& [key, said] : keys) {
    if (!said.say(key, result)) return std::nullopt;
  }
  return result;
}

LabelOperator opposite(LabelOperator op) {
  switch (op) {
    case LabelOperator::In:
      return LabelOperator::NotIn;
    case LabelOperator::NotIn:
      return LabelOperator::In;
    case LabelOperator::Exists:
      return LabelOperator::DoesNotExist;
    case LabelOperator::DoesNotExist:
      break;
  }
  return LabelOperator::Exists;
}

std::string_view name_of(LabelOperator op) {
  switch (op) {
    case LabelOperator::In:
      return "In";
    case LabelOperator::NotIn:
      return "NotIn";
    case LabelOperator::Exists:
      return "Exists";
    case LabelOperator::DoesNotExist:
      break;
  }
  return "DoesNotExist";
}

}  // namespace

LabelWords words_of(const LabelSelector& selector, const SymbolTable& symbols) {
  LabelWords words;
  for (const LabelRequirement& requirement : selector.requirements) {
    LabelWord word{std::string{symbols.text(requirement.key)}, requirement.op};
    for (const Symbol value : requirement.values) word.values.emplace_back(symbols.text(value));
    std::ranges::sort(word.values);
    words.push_back(std::move(word));
  }
  const auto short_words = shortest(words);
  if (short_words) return *short_words;
  // Nothing is all of it: said as it stands.
  std::ranges::sort(words);
  return words;
}

std::optional<LabelWords> both_of(const LabelWords& a, const LabelWords& b) {
  LabelWords all = a;
  all.insert(all.end(), b.begin(), b.end());
  return shortest(all);
}

std::vector<LabelWords> others_of(const LabelWords& words) {
  std::vector<LabelWords> result;
  LabelWords so_far;
  for (const LabelWord& word : words) {
    LabelWord other = word;
    other.op = opposite(word.op);
    if (const auto part = both_of(so_far, {other})) result.push_back(*part);
    so_far.push_back(word);
  }
  return result;
}

std::string selector_words(const LabelWords& words) {
  if (words.empty()) return "any labels";
  SymbolTable symbols;
  LabelSelector selector;
  for (const LabelWord& word : words) {
    LabelRequirement requirement{symbols.intern(word.key), word.op, {}};
    for (const std::string& value : word.values)
      requirement.values.push_back(symbols.intern(value));
    selector.requirements.push_back(std::move(requirement));
  }
  return to_string(selector, symbols);
}

Tree selector_tree(const LabelWords& words) {
  Tree labels = Tree::mapping();
  Tree expressions = Tree::sequence();
  for (const LabelWord& word : words) {
    if (word.op == LabelOperator::In && word.values.size() == 1) {
      labels.set(word.key, Tree::string(word.values.front()));
      continue;
    }
    Tree expression = Tree::mapping({{"key", Tree::string(word.key)},
                                     {"operator", Tree::string(std::string{name_of(word.op)})}});
    if (!word.values.empty()) expression.set("values", Tree::strings(word.values));
    expressions.items.push_back(std::move(expression));
  }
  Tree selector = Tree::mapping();
  if (!labels.fields.empty()) selector.set("matchLabels", std::move(labels));
  if (!expressions.items.empty()) selector.set("matchExpressions", std::move(expressions));
  return selector;
}

}  // namespace meshproof
