#include "solver/engines/all_pairs/selector_sets.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

namespace meshproof {
namespace {

template <typename LabelsOf>
std::vector<std::pair<Symbol, Column>> holders_of(Symbol key, Column count,
                                                  const LabelsOf& labels_of) {
  std::vector<std::pair<Symbol, Column>> holders;
  for (Column i = 0; i < count; ++i) {
    const Symbol value = labels_of(i).find(key);
    if (value.is_valid()) holders.emplace_back(value, i);
  }
  return holders;
}

}  // namespace

SelectorSets::Postings::Postings(std::vector<std::pair<Symbol, Column>> holders) {
  std::ranges::sort(holders);
  for (const auto& [value, at] : holders) {
    const bool is_new = values.empty() || values.back() != value;
    if (!is_new && runs.back().end == at) {
      ++runs.back().end;
    } else {
      runs.push_back({at, at + 1});
    }
    if (is_new) {
      values.push_back(value);
      ends.push_back(0);
    }
    ends.back() = runs.size();
  }
}

std::span<const ColumnRun> SelectorSets::Postings::of(Symbol value) const {
  const auto found = std::ranges::lower_bound(values, value);
  if (found == values.end() || *found != value) return {};
  const auto number = static_cast<std::size_t>(found - values.begin());
  const std::size_t begin = number == 0 ? 0 : ends[number - 1];
  return std::span(runs).subspan(begin, ends[number] - begin);
}

SelectorSets::SelectorSets(const Cluster& cluster, const Columns& columns)
    : cluster_(cluster), columns_(columns), book_(std::make_shared<Book>()) {}

SelectorSets::SelectorSets(SelectorSets& base, const Cluster& after,
                           const std::vector<NamespaceId>& changed)
    : cluster_(after), columns_(base.columns_), book_(base.book_), base_(&base), changed_(changed) {
  std::set<SelectorId> perhaps;
  for (const NamespaceId ns : changed) {
    std::vector<Label> differing;
    std::ranges::set_symmetric_difference(base.cluster_.at(ns).labels.all(),
                                          after.at(ns).labels.all(), std::back_inserter(differing));
    for (const Label& label : differing) {
      const auto found = book_->by_key.find(label.key);
      if (found != book_->by_key.end()) perhaps.insert(found->second.begin(), found->second.end());
    }
  }
  for (const SelectorId id : perhaps) {
    const bool differs = std::ranges::any_of(changed, [&](NamespaceId ns) {
      return matches(at(id), base.cluster_.at(ns).labels) != matches(at(id), after.at(ns).labels);
    });
    if (differs) changed_selectors_.push_back(id);
  }
}

std::uint64_t SelectorSets::hash_of(const Requirements& requirements) {
  std::uint64_t hash = requirements.size();
  for (const LabelRequirement& each : requirements) {
    hash = mixed(hash, each.key.value);
    hash = mixed(hash, static_cast<std::uint64_t>(each.op));
    for (const Symbol value : each.values) hash = mixed(hash, value.value);
  }
  return hash;
}

SelectorId SelectorSets::intern(const LabelSelector& selector) {
  Requirements requirements = selector.requirements;
  if (requirements.size() > 1) std::ranges::sort(requirements);
  const auto [number, is_new] = book_->requirements.intern(requirements);
  const SelectorId id{number};
  if (!is_new) return id;
  book_->selectors.push_back(selector);
  for (const LabelRequirement& each : selector.requirements) {
    book_->by_key[each.key].push_back(id);
  }
  return id;
}

/// SEMANTICS L1, L4, as algebra of sets.
template <typename LabelsOf>
ColumnRuns SelectorSets::select(const LabelSelector& selector, Index& index, Column count,
                                const LabelsOf& labels_of) const {
  const std::array everything{ColumnRun{0, count}};
  ColumnRuns result(count > 0 ? 1 : 0, everything[0]);
  for (const LabelRequirement& requirement : selector.requirements) {
    auto entry = index.find(requirement.key);
    if (entry == index.end()) {
      const auto holders = holders_of(requirement.key, count, labels_of);
      entry = index.emplace(requirement.key, Postings(holders)).first;
    }
    const Postings& postings = entry->second;
    const bool by_value =
        requirement.op == LabelOperator::In || requirement.op == LabelOperator::NotIn;
    ColumnRuns listed;
    if (by_value) {
      for (const Symbol value : requirement.values) listed = unite(listed, postings.of(value));
    } else {
      listed = normal_form(postings.runs);
    }
    const bool wanted =
        requirement.op == LabelOperator::In || requirement.op == LabelOperator::Exists;
    result = wanted ? intersect(result, listed) : subtract(result, listed);
  }
  return result;
}

/// What the base says, but for the namespaces that have changed.
ColumnRuns SelectorSets::patched(SelectorId id) {
  ColumnRuns in;
  ColumnRuns out;
  for (const NamespaceId ns : changed_) {
    const Column position = columns_.position(ns);
    (matches(at(id), cluster_.at(ns).labels) ? in : out).push_back({position, position + 1});
  }
  return unite(subtract(base_->namespaces(id), normal_form(std::move(out))),
               normal_form(std::move(in)));
}

const ColumnRuns& SelectorSets::namespaces(SelectorId id) {
  if (namespaces_.size() <= id.value) namespaces_.resize(book_->selectors.size());
  std::optional<ColumnRuns>& known = namespaces_[id.value];
  if (known) return *known;
  const auto& order = columns_.namespaces();
  const auto labels_of = [&](Column i) -> const Labels& { return cluster_.at(order[i]).labels; };
  known = base_ != nullptr
              ? patched(id)
              : select(at(id), namespace_index_, static_cast<Column>(order.size()), labels_of);
  return *known;
}

const ColumnRuns& SelectorSets::pods(SelectorId id) {
  Answers& answers = book_->pods;
  if (answers.size() <= id.value) answers.resize(book_->selectors.size());
  std::optional<ColumnRuns>& known = answers[id.value];
  if (known) return *known;
  const auto labels_of = [&](Column i) -> const Labels& {
    return cluster_.at(columns_.at(i).pod).labels;
  };
  known = select(at(id), book_->pod_index, columns_.of_kind(ColumnEnd::Kind::Pod).end, labels_of);
  return *known;
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
