#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "model/cluster.h"
#include "solver/engines/all_pairs/columns.h"

namespace meshproof {

/// A selector known to SelectorSets: equal selectors have equal ids.
using SelectorId = Id<LabelSelector>;

/// What selectors select across namespaces, found by way of the labels, not by asking each
/// namespace or class: every distinct selector is answered once.
class SelectorSets {
 public:
  /// Keeps both by reference.
  SelectorSets(const Cluster& cluster, const Columns& columns);

  [[nodiscard]] SelectorId intern(const LabelSelector& selector);
  [[nodiscard]] const LabelSelector& at(SelectorId id) const { return selectors_[id.value]; }

  /// The namespaces that match, as positions in Columns::namespaces().
  [[nodiscard]] const ColumnRuns& namespaces(SelectorId id);
  /// All classes of the pod network whose labels match.
  [[nodiscard]] const ColumnRuns& pods(SelectorId id);
  /// The classes of these namespaces.
  [[nodiscard]] ColumnRuns classes_of(const ColumnRuns& positions) const;

 private:
  /// What has a label key: by value.
  using Postings = std::map<Symbol, ColumnRuns>;

  template <typename LabelsOf>
  [[nodiscard]] ColumnRuns select(const LabelSelector& selector, std::map<Symbol, Postings>& index,
                                  Column count, const LabelsOf& labels_of);

  const Cluster& cluster_;
  const Columns& columns_;
  std::vector<LabelSelector> selectors_;
  std::map<std::vector<LabelRequirement>, std::uint32_t> ids_;
  std::map<SelectorId, ColumnRuns> namespaces_;
  std::map<SelectorId, ColumnRuns> pods_;
  std::map<Symbol, Postings> namespace_index_;
  std::map<Symbol, Postings> pod_index_;
};

}  // namespace meshproof
