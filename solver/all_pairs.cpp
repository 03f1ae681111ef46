#include "solver/all_pairs.h"

#include <algorithm>
#include <array>

#include "solver/engines/all_pairs/pair_changes.h"
#include "solver/engines/all_pairs/pair_count.h"
#include "solver/engines/all_pairs/pair_tables.h"

namespace meshproof {

AllPairs::AllPairs(const Cluster& cluster, const std::vector<IpAddress>& outside,
                   const Cluster* also)
    : tables_(std::make_unique<PairTables>(cluster, outside, also)) {}
AllPairs::AllPairs(std::unique_ptr<PairTables> tables) : tables_(std::move(tables)) {}
AllPairs::~AllPairs() = default;
AllPairs::AllPairs(AllPairs&&) noexcept = default;
AllPairs& AllPairs::operator=(AllPairs&&) noexcept = default;

PairPorts AllPairs::between(const PairEnd& src, const PairEnd& dst) const {
  const TwoPorts ports = tables_->between(src, dst);
  const PortSets& known = tables_->ports;
  return {known.at(ports.open), known.at(ports.possible).subtract(known.at(ports.open))};
}

ReachSummary AllPairs::summarize() const { return count_pairs(*tables_); }

std::optional<AllPairs> AllPairs::what_if(const Cluster& after,
                                          const std::vector<NamespaceId>& changed) const {
  if (tables_->is_what_if) return std::nullopt;
  for (const NamespaceId ns : changed) {
    const auto is_covered = [&](PolicyId id) { return tables_->columns.suffice_for(after.at(id)); };
    if (!std::ranges::all_of(after.at(ns).policies, is_covered)) return std::nullopt;
  }
  return AllPairs(std::make_unique<PairTables>(*tables_, after, changed));
}

std::optional<PairChanges> AllPairs::changes_to(const AllPairs& after) const {
  if (tells_families_apart(*after.tables_)) return std::nullopt;
  return find_changes(*tables_, *after.tables_);
}

std::vector<PodId> AllPairs::pods_of(ColumnSetId classes) const {
  std::vector<PodId> result;
  const auto& pods = tables_->cluster.pods;
  for (std::uint32_t i = 0; i < pods.size(); ++i) {
    if (pods[i].host_network || pods[i].is_completed()) continue;
    if (tables_->sets.contains(classes, tables_->columns.of(PodId{i}))) result.push_back({i});
  }
  return result;
}

std::vector<PodId> AllPairs::pods_of(Column pod_class) const {
  const std::array run{ColumnRun{pod_class, pod_class + 1}};
  return pods_of(tables_->sets.intern(run));
}

}  // namespace meshproof
