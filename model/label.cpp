#include "model/label.h"

#include <algorithm>

namespace meshproof {
namespace {

std::string joined(const std::vector<Symbol>& values, const SymbolTable& symbols) {
  std::string text;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i != 0) text += ',';
    text += symbols.text(values[i]);
  }
  return text;
}

std::string to_string(const LabelRequirement& requirement, const SymbolTable& symbols) {
  std::string key{symbols.text(requirement.key)};
  switch (requirement.op) {
    case LabelOperator::In:
      if (requirement.values.size() == 1) {
        return key + '=' + std::string{symbols.text(requirement.values.front())};
      }
      return key + " in (" + joined(requirement.values, symbols) + ')';
    case LabelOperator::NotIn:
      if (requirement.values.size() == 1) {
        return key + "!=" + std::string{symbols.text(requirement.values.front())};
      }
      return key + " notin (" + joined(requirement.values, symbols) + ')';
    case LabelOperator::Exists:
      return key;
    case LabelOperator::DoesNotExist:
      return '!' + key;
  }
  return key;
}

}  // namespace

void Labels::set(Symbol key, Symbol value) {
  const auto at = std::ranges::lower_bound(labels_, key, {}, &Label::key);
  if (at != labels_.end() && at->key == key) {
    at->value = value;
  } else {
    labels_.insert(at, {key, value});
  }
}

Symbol Labels::find(Symbol key) const {
  const auto at = std::ranges::lower_bound(labels_, key, {}, &Label::key);
  return at != labels_.end() && at->key == key ? at->value : Symbol{};
}

bool matches(const LabelRequirement& requirement, const Labels& labels) {
  const Symbol value = labels.find(requirement.key);
  const bool listed = value.is_valid() && std::ranges::binary_search(requirement.values, value);
  switch (requirement.op) {
    case LabelOperator::In:
      return listed;
    case LabelOperator::NotIn:
      return !listed;
    case LabelOperator::Exists:
      return value.is_valid();
    case LabelOperator::DoesNotExist:
      return !value.is_valid();
  }
  return false;
}

bool matches(const LabelSelector& selector, const Labels& labels) {
  return std::ranges::all_of(selector.requirements, [&](const LabelRequirement& requirement) {
    return matches(requirement, labels);
  });
}

std::string to_string(const LabelSelector& selector, const SymbolTable& symbols) {
  if (selector.matches_everything()) return "all";
  std::string text;
  for (const auto& requirement : selector.requirements) {
    if (!text.empty()) text += ',';
    text += to_string(requirement, symbols);
  }
  return text;
}

}  // namespace meshproof
