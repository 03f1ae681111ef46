#include "solver/engines/label_domain.h"

#include <algorithm>

namespace meshproof {

std::uint32_t LabelDomain::index_of(Symbol value) const {
  if (!value.is_valid()) return 0;
  const auto found = std::lower_bound(values.begin(), values.end(), value);
  if (found == values.end() || *found != value) return other();
  return static_cast<std::uint32_t>(found - values.begin()) + 1;
}

LabelDomain& LabelDomains::at(Symbol key) {
  const auto found = std::ranges::lower_bound(domains_, key, {}, &LabelDomain::key);
  if (found != domains_.end() && found->key == key) return *found;
  return *domains_.insert(found, LabelDomain{key, {}});
}

void LabelDomains::add(Symbol key, Symbol value) {
  if (!key.is_valid()) return;
  LabelDomain& domain = at(key);
  if (!value.is_valid()) return;
  const auto found = std::lower_bound(domain.values.begin(), domain.values.end(), value);
  if (found == domain.values.end() || *found != value) domain.values.insert(found, value);
}

void LabelDomains::add(const LabelSelector& selector) {
  for (const LabelRequirement& requirement : selector.requirements) {
    add(requirement.key);
    for (const Symbol value : requirement.values) add(requirement.key, value);
  }
}

void LabelDomains::add(const LabelDomains& others) {
  for (const LabelDomain& domain : others.all()) {
    add(domain.key);
    for (const Symbol value : domain.values) add(domain.key, value);
  }
}

std::size_t LabelDomains::find(Symbol key) const {
  const auto found = std::ranges::lower_bound(domains_, key, {}, &LabelDomain::key);
  if (found == domains_.end() || found->key != key) return domains_.size();
  return static_cast<std::size_t>(found - domains_.begin());
}

std::vector<std::uint32_t> LabelDomains::project(const Labels& labels) const {
  std::vector<std::uint32_t> projection;
  projection.reserve(domains_.size());
  for (const LabelDomain& domain : domains_) {
    projection.push_back(domain.index_of(labels.find(domain.key)));
  }
  return projection;
}

LabelVariables::LabelVariables(LabelDomains the_domains, Problem& problem)
    : domains(std::move(the_domains)) {
  for (const LabelDomain& domain : domains.all()) {
    variables.push_back(problem.add_variable(domain.size()));
  }
}

Formula LabelVariables::matches(const LabelSelector& selector, Problem& problem) const {
  std::vector<Formula> terms;
  for (const LabelRequirement& requirement : selector.requirements) {
    const std::size_t position = domains.find(requirement.key);
    const LabelDomain& domain = domains.all().at(position);
    const Variable variable = variables.at(position);
    std::vector<std::uint32_t> named;
    for (const Symbol value : requirement.values) named.push_back(domain.index_of(value));
    switch (requirement.op) {
      case LabelOperator::In:
        terms.push_back(problem.is_any(variable, named));
        break;
      case LabelOperator::NotIn:
        terms.push_back(problem.negate(problem.is_any(variable, named)));
        break;
      case LabelOperator::Exists:
        terms.push_back(problem.negate(problem.is(variable, 0)));
        break;
      case LabelOperator::DoesNotExist:
        terms.push_back(problem.is(variable, 0));
        break;
    }
  }
  return problem.all_of(std::move(terms));
}

Formula LabelVariables::has(Symbol key, Symbol value, Problem& problem) const {
  const std::size_t position = domains.find(key);
  if (!key.is_valid() || !value.is_valid() || position == domains.all().size()) {
    return Problem::falsehood();
  }
  const LabelDomain& domain = domains.all()[position];
  const std::uint32_t index = domain.index_of(value);
  if (index == domain.other()) return Problem::falsehood();
  return problem.is(variables[position], index);
}

void LabelVariables::assign(const Labels& labels, Problem::Assignment& assignment) const {
  const std::vector<std::uint32_t> projection = domains.project(labels);
  for (std::size_t i = 0; i < variables.size(); ++i) {
    assignment.at(variables[i].index) = projection[i];
  }
}

std::vector<std::pair<std::string, std::string>> LabelVariables::decode(
    const Problem::Assignment& assignment, const SymbolTable& symbols) const {
  std::vector<std::pair<std::string, std::string>> labels;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    const LabelDomain& domain = domains.all()[i];
    const std::uint32_t value = assignment.at(variables[i].index);
    if (value == 0) continue;
    std::string text;
    if (value < domain.other()) {
      text = symbols.text(domain.values[value - 1]);
    } else {
      text = "other";
      const auto is_named = [&](const std::string& word) {
        return std::ranges::any_of(domain.values,
                                   [&](Symbol named) { return symbols.text(named) == word; });
      };
      while (is_named(text)) text += "-one";
    }
    labels.emplace_back(symbols.text(domain.key), text);
  }
  std::ranges::sort(labels);
  return labels;
}

}  // namespace meshproof
