#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "cli/endpoint.h"

namespace meshproof {
namespace {

constexpr std::string_view kSpace = " \t";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

/// Splits at commas that stand in no parentheses.
std::vector<std::string_view> split_terms(std::string_view text) {
  std::vector<std::string_view> terms;
  std::size_t start = 0;
  int depth = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i == text.size() || (text[i] == ',' && depth == 0)) {
      terms.push_back(trimmed(text.substr(start, i - start)));
      start = i + 1;
    } else if (text[i] == '(') {
      ++depth;
    } else if (text[i] == ')') {
      --depth;
    }
  }
  return terms;
}

struct Term {
  std::string_view key;
  LabelOperator op = LabelOperator::Exists;
  std::vector<std::string_view> values;
};

bool is_key(std::string_view text) {
  return !text.empty() && text.find_first_of(" \t=!(),") == std::string_view::npos;
}

bool is_value(std::string_view text) {
  return text.find_first_of(" \t=!(),") == std::string_view::npos;
}

/// `tier in (a, b)` after the key.
bool parse_set(std::string_view rest, Term& term) {
  const bool is_not = rest.rfind("notin", 0) == 0;
  if (!is_not && rest.rfind("in", 0) != 0) return false;
  term.op = is_not ? LabelOperator::NotIn : LabelOperator::In;
  rest = trimmed(rest.substr(is_not ? 5 : 2));
  if (rest.size() < 2 || rest.front() != '(' || rest.back() != ')') return false;
  term.values = split_terms(rest.substr(1, rest.size() - 2));
  return true;
}

bool parse_term(std::string_view text, Term& term) {
  if (text.rfind('!', 0) == 0) {
    term = {trimmed(text.substr(1)), LabelOperator::DoesNotExist, {}};
    return is_key(term.key);
  }
  const std::size_t equals = text.find('=');
  if (equals != std::string_view::npos) {
    const bool is_not = equals > 0 && text[equals - 1] == '!';
    const bool is_double = equals + 1 < text.size() && text[equals + 1] == '=';
    term = {trimmed(text.substr(0, equals - (is_not ? 1 : 0))),
            is_not ? LabelOperator::NotIn : LabelOperator::In,
            {trimmed(text.substr(equals + (is_double ? 2 : 1)))}};
  } else {
    const std::size_t space = text.find_first_of(kSpace);
    term.key = text.substr(0, space);
    if (space != std::string_view::npos && !parse_set(trimmed(text.substr(space)), term)) {
      return false;
    }
  }
  return is_key(term.key) && std::all_of(term.values.begin(), term.values.end(), is_value);
}

}  // namespace

Result<LabelSelector> parse_selector(std::string_view text, const SymbolTable& symbols) {
  LabelSelector selector;
  if (trimmed(text).empty()) return selector;
  for (const std::string_view part : split_terms(text)) {
    Term term;
    if (!parse_term(part, term)) {
      return tl::make_unexpected(Diagnostics{
          {{},
           Severity::Error,
           "bad-selector",
           fmt::format("'{}' is no term of a label selector; terms are key=value, key!=value, "
                       "key in (a,b), key notin (a,b), key, !key",
                       part),
           {},
           "command line"}});
    }
    // A word that the cluster does not know becomes the invalid symbol, which no label has.
    LabelRequirement requirement{symbols.find(term.key), term.op, {}};
    for (const std::string_view value : term.values) {
      requirement.values.push_back(symbols.find(value));
    }
    std::sort(requirement.values.begin(), requirement.values.end());
    selector.requirements.push_back(std::move(requirement));
  }
  return selector;
}

}  // namespace meshproof
