#include "model/port_set.h"

#include <algorithm>

namespace meshproof {
namespace {

using Ranges = std::vector<PortRange>;

constexpr std::array<std::string_view, kProtocols.size()> kNames{"TCP", "UDP", "SCTP", "ICMP"};
constexpr std::uint16_t kLastPort = 65535;

std::size_t index_of(Protocol protocol) { return static_cast<std::size_t>(protocol); }

PortRange whole_range(Protocol protocol) {
  return protocol == Protocol::Icmp ? PortRange{0, 0} : PortRange{1, kLastPort};
}

/// Sorted, disjoint and not touching, from ranges sorted by their first port.
Ranges coalesce(const Ranges& sorted) {
  Ranges merged;
  for (const auto& range : sorted) {
    if (!merged.empty() && range.from <= merged.back().to + 1) {
      merged.back().to = std::max(merged.back().to, range.to);
    } else {
      merged.push_back(range);
    }
  }
  return merged;
}

Ranges intersect(const Ranges& a, const Ranges& b) {
  Ranges both;
  for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end();) {
    const auto from = std::max(i->from, j->from);
    const auto to = std::min(i->to, j->to);
    if (from <= to) both.push_back({from, to});
    if (i->to < j->to) {
      ++i;
    } else {
      ++j;
    }
  }
  return both;
}

Ranges subtract(const Ranges& a, const Ranges& b) {
  Ranges rest;
  auto cut = b.begin();
  for (const auto& range : a) {
    // Wider than a port, so that one past 65535 is a number.
    std::uint32_t from = range.from;
    while (cut != b.end() && cut->to < from) ++cut;
    for (auto at = cut; at != b.end() && at->from <= range.to; ++at) {
      if (at->from > from) {
        rest.push_back(
            {static_cast<std::uint16_t>(from), static_cast<std::uint16_t>(at->from - 1)});
      }
      from = at->to + 1u;
    }
    if (from <= range.to) rest.push_back({static_cast<std::uint16_t>(from), range.to});
  }
  return rest;
}

std::string to_string(const PortRange& range) {
  const std::string from = std::to_string(range.from);
  return range.from == range.to ? from : from + '-' + std::to_string(range.to);
}

/// `TCP 80,8080-8090`; the name alone if every port is in.
std::string to_string(Protocol protocol, const Ranges& ranges) {
  std::string text{to_string(protocol)};
  if (ranges == Ranges{whole_range(protocol)}) return text;
  char separator = ' ';
  for (const auto& range : ranges) {
    text += separator + to_string(range);
    separator = ',';
  }
  return text;
}

}  // namespace

std::string_view to_string(Protocol protocol) { return kNames.at(index_of(protocol)); }

std::optional<Protocol> parse_protocol(std::string_view text) {
  const auto found = std::ranges::find(kNames, text);
  if (found == kNames.end()) return std::nullopt;
  return kProtocols.at(static_cast<std::size_t>(found - kNames.begin()));
}

PortSet PortSet::all() {
  PortSet ports;
  for (const auto protocol : kProtocols) ports.add(protocol, whole_range(protocol));
  return ports;
}

PortSet PortSet::of(Protocol protocol, PortRange range) {
  PortSet ports;
  ports.add(protocol, range);
  return ports;
}

bool PortSet::is_empty() const { return std::ranges::all_of(ranges_, &Ranges::empty); }

bool PortSet::contains(Protocol protocol, std::uint16_t port) const {
  const auto& ranges = this->ranges(protocol);
  const auto after = std::ranges::upper_bound(ranges, port, {}, &PortRange::from);
  return after != ranges.begin() && std::prev(after)->to >= port;
}

const std::vector<PortRange>& PortSet::ranges(Protocol protocol) const {
  return ranges_.at(index_of(protocol));
}

void PortSet::add(Protocol protocol, PortRange range) {
  const PortRange whole = whole_range(protocol);
  range.from = std::max(range.from, whole.from);
  range.to = std::min(range.to, whole.to);
  if (range.from > range.to) return;
  auto& ranges = ranges_.at(index_of(protocol));
  ranges.insert(std::ranges::upper_bound(ranges, range), range);
  ranges = coalesce(ranges);
}

PortSet PortSet::unite(const PortSet& other) const {
  PortSet ports;
  for (std::size_t i = 0; i < ranges_.size(); ++i) {
    Ranges both;
    std::ranges::merge(ranges_.at(i), other.ranges_.at(i), std::back_inserter(both));
    ports.ranges_.at(i) = coalesce(both);
  }
  return ports;
}

PortSet PortSet::intersect(const PortSet& other) const {
  PortSet ports;
  for (std::size_t i = 0; i < ranges_.size(); ++i) {
    ports.ranges_.at(i) = meshproof::intersect(ranges_.at(i), other.ranges_.at(i));
  }
  return ports;
}

PortSet PortSet::subtract(const PortSet& other) const {
  PortSet ports;
  for (std::size_t i = 0; i < ranges_.size(); ++i) {
    ports.ranges_.at(i) = meshproof::subtract(ranges_.at(i), other.ranges_.at(i));
  }
  return ports;
}

std::string to_string(const PortSet& ports) {
  if (ports.is_empty()) return "none";
  if (ports.is_all()) return "all ports";
  std::string text;
  for (const auto protocol : kProtocols) {
    const auto& ranges = ports.ranges(protocol);
    if (ranges.empty()) continue;
    if (!text.empty()) text += " · ";
    text += to_string(protocol, ranges);
  }
  return text;
}

}  // namespace meshproof
