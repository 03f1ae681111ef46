#include "solver/engines/flow_statement.h"

#include <algorithm>

namespace meshproof {
namespace {

LabelOperator operator_of(std::string_view word) {
  if (word == "In") return LabelOperator::In;
  if (word == "NotIn") return LabelOperator::NotIn;
  return word == "Exists" ? LabelOperator::Exists : LabelOperator::DoesNotExist;
}

}  // namespace

std::set<PodId> given_pods(const FlowStatement& statement) {
  std::set<PodId> pods(statement.from.existing.begin(), statement.from.existing.end());
  pods.insert(statement.to.existing.begin(), statement.to.existing.end());
  for (const ExceptedWords& flows : statement.excepted) {
    for (const auto* words : {&flows.from, &flows.to}) {
      if (*words) pods.insert((*words)->existing.begin(), (*words)->existing.end());
    }
  }
  return pods;
}

bool may_be_future(const Group& group, const Cluster& cluster) {
  if (group.member_of || group.mesh) return false;
  return group.namespace_names.empty() ||
         std::ranges::any_of(group.namespace_names, [&](const std::string& name) {
           return !cluster.find_namespace(name).is_valid();
         });
}

LabelSelector selector_of(const SelectorText& text, SymbolTable& symbols) {
  LabelSelector selector;
  for (const SelectorText::Term& term : text.terms) {
    LabelRequirement requirement{symbols.intern(term.key), operator_of(term.op), {}};
    for (const std::string& value : term.values) {
      requirement.values.push_back(symbols.intern(value));
    }
    std::ranges::sort(requirement.values);
    selector.requirements.push_back(std::move(requirement));
  }
  return selector;
}

}  // namespace meshproof
