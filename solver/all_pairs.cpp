#include "solver/all_pairs.h"

#include "solver/engines/all_pairs/pair_count.h"
#include "solver/engines/all_pairs/pair_tables.h"

namespace meshproof {

AllPairs::AllPairs(const Cluster& cluster, const std::vector<IpAddress>& outside)
    : tables_(std::make_unique<PairTables>(cluster, outside)) {}
AllPairs::~AllPairs() = default;
AllPairs::AllPairs(AllPairs&&) noexcept = default;
AllPairs& AllPairs::operator=(AllPairs&&) noexcept = default;

PairPorts AllPairs::between(const PairEnd& src, const PairEnd& dst) const {
  const TwoPorts ports = tables_->between(src, dst);
  const PortSets& known = tables_->ports;
  return {known.at(ports.open), known.at(ports.possible).subtract(known.at(ports.open))};
}

ReachSummary AllPairs::summarize() const { return count_pairs(*tables_); }

}  // namespace meshproof
