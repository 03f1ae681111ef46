#include "solver/engines/all_pairs/selector_sets.h"

#include <algorithm>
#include <array>

namespace meshproof {
namespace {

void append(ColumnRuns& runs, Column at) {
  if (!runs.empty() && runs.back().end == at) {
    ++runs.back().end;
  } else {
    runs.push_back({at, at + 1});
  }
}

}  // namespace

SelectorSets::SelectorSets(const Cluster& cluster, const Columns& columns)
    : cluster_(cluster), columns_(columns) {}

SelectorId SelectorSets::intern(const LabelSelector& selector) {
  std::vector<LabelRequirement> requirements = selector.requirements;
  std::ranges::sort(requirements);
  const auto [entry, is_new] =
      ids_.try_emplace(std::move(requirements), static_cast<std::uint32_t>(selectors_.size()));
  if (is_new) selectors_.push_back(selector);
  return {entry->second};
}

/// SEMANTICS L1, L4, as algebra of sets.
template <typename LabelsOf>
ColumnRuns SelectorSets::select(const LabelSelector& selector, std::map<Symbol, Postings>& index,
                                Column count, const LabelsOf& labels_of) {
  const std::array everything{ColumnRun{0, count}};
  ColumnRuns result(count > 0 ? 1 : 0, everything[0]);
  for (const LabelRequirement& requirement : selector.requirements) {
    const auto [entry, is_new] = index.try_emplace(requirement.key);
    Postings& postings = entry->second;
    for (Column i = 0; is_new && i < count; ++i) {
      const Symbol value = labels_of(i).find(requirement.key);
      if (value.is_valid()) append(postings[value], i);
    }
    const bool by_value =
        requirement.op == LabelOperator::In || requirement.op == LabelOperator::NotIn;
    ColumnRuns listed;
    if (by_value) {
      for (const Symbol value : requirement.values) {
        const auto found = postings.find(value);
        if (found != postings.end()) listed = unite(listed, found->second);
      }
    } else {
      for (const auto& [value, runs] : postings)
        listed.insert(listed.end(), runs.begin(), runs.end());
      listed = normal_form(std::move(listed));
    }
    const bool wanted =
        requirement.op == LabelOperator::In || requirement.op == LabelOperator::Exists;
    result = wanted ? intersect(result, listed) : subtract(result, listed);
  }
  return result;
}

const ColumnRuns& SelectorSets::namespaces(SelectorId id) {
  const auto known = namespaces_.find(id);
  if (known != namespaces_.end()) return known->second;
  const auto& order = columns_.namespaces();
  const auto labels_of = [&](Column i) -> const Labels& { return cluster_.at(order[i]).labels; };
  return namespaces_[id] =
             select(at(id), namespace_index_, static_cast<Column>(order.size()), labels_of);
}

const ColumnRuns& SelectorSets::pods(SelectorId id) {
  const auto known = pods_.find(id);
  if (known != pods_.end()) return known->second;
  const auto labels_of = [&](Column i) -> const Labels& {
    return cluster_.at(columns_.at(i).pod).labels;
  };
  return pods_[id] =
             select(at(id), pod_index_, columns_.of_kind(ColumnEnd::Kind::Pod).end, labels_of);
}

ColumnRuns SelectorSets::classes_of(const ColumnRuns& positions) const {
  ColumnRuns result;
  const auto& order = columns_.namespaces();
  for (const ColumnRun& run : positions) {
    const ColumnRun classes{columns_.of(order[run.begin]).begin,
                            columns_.of(order[run.end - 1]).end};
    if (classes.begin == classes.end) continue;
    if (!result.empty() && result.back().end == classes.begin) {
      result.back().end = classes.end;
    } else {
      result.push_back(classes);
    }
  }
  return result;
}

}  // namespace meshproof
