#include "solver/engines/all_pairs/flow_classes.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

namespace meshproof {
namespace {

/// Everything but peers that decides between pods of a class and others (pair_tables.cpp).
using Own = std::tuple<RowId, RowId, bool, bool, bool, bool, NamespaceId>;

class Refinement {
 public:
  explicit Refinement(const PairTables& tables)
      : tables_(tables), pods_(tables.columns.of_kind(ColumnEnd::Kind::Pod)), numbers_(pods_.end) {}

  [[nodiscard]] std::vector<std::uint32_t> run() {
    if (tables_.columns.has_both_families()) {
      std::iota(numbers_.begin(), numbers_.end(), 0U);
      return std::move(numbers_);
    }
    const bool has_multicast = sends_to_groups();
    std::map<Own, std::uint32_t> known;
    for (Column column = pods_.begin; column < pods_.end; ++column) {
      numbers_[column] = known.try_emplace(own_of(column, has_multicast), next_).first->second;
      next_ = std::max(next_, numbers_[column] + 1);
    }
    std::set<ColumnSetId> sets;
    for (const PeerId peer : tables_.peers.all()) {
      sets.insert({tables_.peers.at(peer).yes, tables_.peers.at(peer).possible});
    }
    for (const ColumnSetId set : sets) split(tables_.sets.runs(set));
    return std::move(numbers_);
  }

 private:
  [[nodiscard]] bool sends_to_groups() const {
    const ColumnRun outside = tables_.columns.of_kind(ColumnEnd::Kind::Outside);
    for (Column column = outside.begin; column < outside.end; ++column) {
      if (tables_.is_multicast(column)) return true;
    }
    return false;
  }

  [[nodiscard]] Own own_of(Column column, bool has_multicast) const {
    const ColumnEnd& end = tables_.columns.at(column);
    const bool by_namespace = has_multicast || tables_.has_rules_for_hosts(end.ns) ||
                              !tables_.cluster.egress_policies.empty();
    return {tables_.rows.of(column, Direction::Ingress),
            tables_.rows.of(column, Direction::Egress),
            end.has_ipv4,
            end.has_ipv6,
            tables_.unmodelled.namespaces[end.ns.value],
            tables_.unmodelled.leaving[end.ns.value],
            by_namespace ? end.ns : NamespaceId{}};
  }

  /// Splitting by a set is splitting by what it lacks.
  void split(std::span<const ColumnRun> runs) {
    const ColumnRuns all{pods_};
    const ColumnRuns inside = intersect(runs, all);
    const ColumnRuns outside = subtract(all, inside);
    const auto size = [](const ColumnRuns& some) {
      return std::accumulate(
          some.begin(), some.end(), std::size_t{0},
          [](std::size_t sum, const ColumnRun& run) { return sum + (run.end - run.begin); });
    };
    std::map<std::uint32_t, std::uint32_t> renamed;
    for (const ColumnRun& run : size(inside) <= size(outside) ? inside : outside) {
      for (Column column = run.begin; column < run.end; ++column) {
        const auto [at, is_new] = renamed.try_emplace(numbers_[column], next_);
        if (is_new) ++next_;
        numbers_[column] = at->second;
      }
    }
  }

  const PairTables& tables_;
  const ColumnRun pods_;
  std::vector<std::uint32_t> numbers_;
  std::uint32_t next_ = 0;
};

}  // namespace

std::vector<std::uint32_t> flow_classes(const PairTables& tables) {
  return Refinement(tables).run();
}

}  // namespace meshproof
