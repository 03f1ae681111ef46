#include "solver/uses/label_terms.h"

#include <algorithm>

namespace meshproof {

std::optional<SelectorText> label_terms(const Tree* selector) {
  if (selector == nullptr || !selector->is(TreeKind::Mapping)) return std::nullopt;
  SelectorText terms;
  if (const Tree* labels = selector->find("matchLabels")) {
    for (const TreeField& label : labels->fields) {
      terms.terms.push_back({label.key, "In", {label.value.text}});
    }
  }
  const Tree* expressions = selector->find("matchExpressions");
  if (expressions == nullptr) return terms;
  for (const Tree& expression : expressions->items) {
    SelectorText::Term term{std::string(expression.string_at({"key"})),
                            std::string(expression.string_at({"operator"})),
                            {}};
    if (const Tree* values = expression.find("values")) {
      for (const Tree& value : values->items) term.values.push_back(value.text);
    }
    terms.terms.push_back(std::move(term));
  }
  return terms;
}

bool matches(const SelectorText& selector, const Tree* labels) {
  return std::ranges::all_of(selector.terms, [&](const SelectorText::Term& term) {
    const Tree* value = labels == nullptr ? nullptr : labels->find(term.key);
    const bool is_listed =
        value != nullptr && std::ranges::find(term.values, value->text) != term.values.end();
    if (term.op == "In") return is_listed;
    if (term.op == "NotIn") return !is_listed;
    if (term.op == "Exists") return value != nullptr;
    return term.op == "DoesNotExist" && value == nullptr;
  });
}

}  // namespace meshproof
