#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "model/cluster.h"
#include "solver/engines/all_pairs/columns.h"
#include "solver/engines/all_pairs/hash_consed.h"

namespace meshproof {

/// A selector known to SelectorSets: equal selectors have equal ids.
using SelectorId = Id<LabelSelector>;

/// What selectors select across namespaces, found by way of the labels, not by asking each
/// namespace or class: every distinct selector is answered once.
class SelectorSets {
 public:
  /// Keeps both by reference.
  SelectorSets(const Cluster& cluster, const Columns& columns);

  /// The same selectors where some namespaces have other labels. Selectors of pods are answered
  /// once for both. Refers to `base`. O(selectors of the labels that differ × changed).
  SelectorSets(SelectorSets& base, const Cluster& after, const std::vector<NamespaceId>& changed);

  [[nodiscard]] SelectorId intern(const LabelSelector& selector);
  [[nodiscard]] const LabelSelector& at(SelectorId id) const { return book_->selectors[id.value]; }

  /// The namespaces that match, as positions in Columns::namespaces(). Valid until the next call.
  [[nodiscard]] const ColumnRuns& namespaces(SelectorId id);
  /// All classes of the pod network whose labels match. Valid until the next call.
  [[nodiscard]] const ColumnRuns& pods(SelectorId id);
  /// The classes of these namespaces.
  [[nodiscard]] ColumnRuns classes_of(const ColumnRuns& positions) const;

  /// The selectors that select other namespaces than those of the base.
  [[nodiscard]] const std::vector<SelectorId>& changed() const { return changed_selectors_; }

 private:
  using Requirements = std::vector<LabelRequirement>;
  static std::uint64_t hash_of(const Requirements& requirements);
  /// What has a label key, by value: one array for all values, of which there may be very many.
  struct Postings {
    std::vector<Symbol> values;     // sorted
    std::vector<std::size_t> ends;  // of the runs of each
    ColumnRuns runs;

    explicit Postings(std::vector<std::pair<Symbol, Column>> holders);
    [[nodiscard]] std::span<const ColumnRun> of(Symbol value) const;
  };
  using Index = std::map<Symbol, Postings>;
  using Answers = std::vector<std::optional<ColumnRuns>>;  // by selector

  /// What all states share.
  struct Book {
    HashConsed<Requirements, hash_of> requirements;
    std::vector<LabelSelector> selectors;
    std::map<Symbol, std::vector<SelectorId>> by_key;
    Answers pods;
    Index pod_index;
  };

  template <typename LabelsOf>
  [[nodiscard]] ColumnRuns select(const LabelSelector& selector, Index& index, Column count,
                                  const LabelsOf& labels_of) const;
  [[nodiscard]] ColumnRuns patched(SelectorId id);

  const Cluster& cluster_;
  const Columns& columns_;
  std::shared_ptr<Book> book_;
  Answers namespaces_;
  Index namespace_index_;
  SelectorSets* base_ = nullptr;
  std::vector<NamespaceId> changed_;
  std::vector<SelectorId> changed_selectors_;
};

}  // namespace meshproof
