#include "solver/engines/label_cases.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace meshproof {
namespace {

using Selectors = std::vector<const LabelSelector*>;

std::map<Symbol, std::set<Symbol>> values_by_key(const Selectors& selectors) {
  std::map<Symbol, std::set<Symbol>> result;
  for (const LabelSelector* selector : selectors) {
    for (const LabelRequirement& requirement : selector->requirements) {
      std::set<Symbol>& values = result[requirement.key];
      values.insert(requirement.values.begin(), requirement.values.end());
    }
  }
  return result;
}

Symbol unnamed_value(const std::set<Symbol>& named, SymbolTable& symbols) {
  std::string text = "other";
  while (named.contains(symbols.find(text))) text += "-one";
  return symbols.intern(text);
}

/// Whether one of the selector's terms about the key refuses the value.
bool refuses(const LabelSelector& selector, Symbol key, const Labels& only_this_key) {
  return std::ranges::any_of(selector.requirements, [&](const LabelRequirement& requirement) {
    return requirement.key == key && !matches(requirement, only_this_key);
  });
}

}  // namespace

std::optional<std::vector<LabelCase>> label_cases(const Selectors& selectors,
                                                  const MayHave& may_have, std::size_t limit,
                                                  SymbolTable& symbols) {
  std::vector<LabelCase> cases{{{}, std::vector<bool>(selectors.size(), true)}};
  for (const auto& [key, named] : values_by_key(selectors)) {
    std::vector<Symbol> values{Symbol{}};
    values.insert(values.end(), named.begin(), named.end());
    values.push_back(unnamed_value(named, symbols));
    std::erase_if(values, [&, the_key = key](Symbol value) { return !may_have(the_key, value); });

    std::vector<LabelCase> next;
    std::set<std::vector<bool>> known;
    for (const Symbol value : values) {
      Labels label;
      if (value.is_valid()) label.set(key, value);
      std::vector<bool> kept(selectors.size());
      for (std::size_t i = 0; i < selectors.size(); ++i) {
        kept[i] = !refuses(*selectors[i], key, label);
      }
      for (const LabelCase& each : cases) {
        LabelCase longer = each;
        for (std::size_t i = 0; i < selectors.size(); ++i) {
          longer.answers[i] = each.answers[i] && kept[i];
        }
        if (!known.insert(longer.answers).second) continue;
        if (next.size() == limit) return std::nullopt;
        if (value.is_valid()) longer.labels.set(key, value);
        next.push_back(std::move(longer));
      }
    }
    cases = std::move(next);
  }
  return cases;
}

}  // namespace meshproof
