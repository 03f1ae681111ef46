#include "solver/connection_groups.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace meshproof {

void ConnectionGroups::add(EndId src, EndId dst, const PortSet& ports, bool partly) {
  if (ports.is_empty()) return;
  if (src == dst) {
    groups_.push_back({{src}, {dst}, ports, partly});
    return;
  }
  const auto [entry, is_new] =
      port_numbers_.try_emplace(ports, static_cast<std::uint32_t>(ports_.size()));
  if (is_new) ports_.push_back(ports);
  singles_.push_back({dst, entry->second, partly, src});
}

std::vector<ConnectionGroup> ConnectionGroups::take() {
  std::ranges::sort(singles_);
  std::map<std::tuple<std::vector<EndId>, std::uint32_t, bool>, std::vector<EndId>> by_sources;
  for (auto at = singles_.begin(); at != singles_.end();) {
    const Single& first = *at;
    std::vector<EndId> sources;
    for (; at != singles_.end() && std::tie(at->dst, at->ports, at->partly) ==
                                       std::tie(first.dst, first.ports, first.partly);
         ++at) {
      sources.push_back(at->src);
    }
    by_sources[{std::move(sources), first.ports, first.partly}].push_back(first.dst);
  }
  singles_.clear();
  for (auto& [key, destinations] : by_sources) {
    const auto& [sources, ports, partly] = key;
    groups_.push_back({sources, std::move(destinations), ports_[ports], partly});
  }
  return std::move(groups_);
}

}  // namespace meshproof
