#include "solver/engines/problem.h"

#include <algorithm>
#include <tuple>

namespace meshproof {

Variable Problem::add_variable(std::uint32_t size) {
  sizes_.push_back(size);
  return {static_cast<std::uint32_t>(sizes_.size() - 1)};
}

Formula Problem::add(Node node) {
  const auto [entry, is_new] =
      index_.emplace(std::move(node), static_cast<std::uint32_t>(nodes_.size()));
  if (is_new) nodes_.push_back(entry->first);
  return {entry->second};
}

Formula Problem::is(Variable variable, std::uint32_t value) {
  if (value >= sizes_.at(variable.index)) return falsehood();
  if (sizes_.at(variable.index) == 1) return truth();
  return add({Kind::Is, variable.index, value, {}});
}

Formula Problem::is_any(Variable variable, const std::vector<std::uint32_t>& values) {
  std::vector<std::uint32_t> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  if (sorted.size() == sizes_.at(variable.index)) return truth();
  std::vector<Formula> operands;
  operands.reserve(sorted.size());
  for (const std::uint32_t value : sorted) operands.push_back(is(variable, value));
  return any_of(std::move(operands));
}

Formula Problem::negate(Formula formula) {
  const Node& node = nodes_.at(formula.index);
  if (node.kind == Kind::True) return falsehood();
  if (node.kind == Kind::False) return truth();
  if (node.kind == Kind::Not) return {node.operands.front()};
  return add({Kind::Not, 0, 0, {formula.index}});
}

Formula Problem::assume(PartLabel label) { return add({Kind::Assumed, 0, label, {}}); }

std::vector<PartLabel> Problem::parts() const {
  std::vector<PartLabel> labels;
  for (const Node& node : nodes_) {
    if (node.kind == Kind::Assumed) labels.push_back(node.value);
  }
  std::ranges::sort(labels);
  return labels;
}

Formula Problem::all_of(std::vector<Formula> operands) {
  return connect(Kind::All, std::move(operands));
}

Formula Problem::any_of(std::vector<Formula> operands) {
  return connect(Kind::Any, std::move(operands));
}

Formula Problem::connect(Kind kind, std::vector<Formula> operands) {
  const Formula neutral = constant(kind == Kind::All);
  const Formula dominant = constant(kind == Kind::Any);
  Node node{kind, 0, 0, {}};
  for (const Formula operand : operands) {
    if (operand == dominant) return dominant;
    if (operand == neutral) continue;
    const Node& inner = nodes_.at(operand.index);
    if (inner.kind == kind) {
      node.operands.insert(node.operands.end(), inner.operands.begin(), inner.operands.end());
    } else {
      node.operands.push_back(operand.index);
    }
  }
  std::sort(node.operands.begin(), node.operands.end());
  node.operands.erase(std::unique(node.operands.begin(), node.operands.end()), node.operands.end());
  if (node.operands.empty()) return neutral;
  if (node.operands.size() == 1) return {node.operands.front()};
  return add(std::move(node));
}

bool Problem::evaluate(Formula formula, const Assignment& assignment) const {
  const Node& node = nodes_.at(formula.index);
  const auto holds = [&](std::uint32_t operand) { return evaluate({operand}, assignment); };
  switch (node.kind) {
    case Kind::True:
    case Kind::Assumed:
      return true;
    case Kind::False:
      return false;
    case Kind::Is:
      return assignment.at(node.variable) == node.value;
    case Kind::Not:
      return !holds(node.operands.front());
    case Kind::All:
      return std::all_of(node.operands.begin(), node.operands.end(), holds);
    case Kind::Any:
      return std::any_of(node.operands.begin(), node.operands.end(), holds);
  }
  return false;
}

bool Problem::satisfies(const Assignment& assignment) const {
  if (assignment.size() != sizes_.size()) return false;
  for (std::size_t i = 0; i < sizes_.size(); ++i) {
    if (assignment[i] >= sizes_[i]) return false;
  }
  return std::all_of(required_.begin(), required_.end(),
                     [&](Formula formula) { return evaluate(formula, assignment); });
}

std::strong_ordering operator<=>(const Problem& a, const Problem& b) {
  return std::tie(a.sizes_, a.required_, a.avoided_, a.preferred_, a.nodes_) <=>
         std::tie(b.sizes_, b.required_, b.avoided_, b.preferred_, b.nodes_);
}

bool operator==(const Problem& a, const Problem& b) { return std::is_eq(a <=> b); }

}  // namespace meshproof
