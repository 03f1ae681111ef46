#include "solver/matrix/meeting.h"

#include "solver/checks/port_samples.h"

namespace meshproof {
ColumnViews::ColumnViews(const Columns& all, Column whole) : columns{whole} {
  const ColumnEnd& end = all.at(whole);
  if (!end.has_ipv4 || !end.has_ipv6) return;
  columns = {whole, all.narrowed(whole, true), all.narrowed(whole, false)};
  count = columns.size();
}

MatrixPick Meetings::pick(const Candidate& candidate, PortsId ports) const {
  const PortsId among = ports == PortSets::kNone ? PortSets::kAll : ports;
  const PortSample shown = shown_port(tables_.cluster, candidate.dst, tables_.ports.at(among));
  return {candidate.from, candidate.to, {candidate.src, candidate.dst, shown.protocol, shown.port}};
}

/// In any family that an end speaks.
TwoPorts Meetings::one_way(const MatrixUnit& src, const MatrixUnit& dst, Direction direction) {
  TwoPorts result{PortSets::kNone, PortSets::kNone};
  if (direction == Direction::Ingress) {
    if (!dst.is_pod()) return {};
    for (const Column column : ColumnViews(tables_.columns, src.column).get()) {
      result = tables_.either(result, tables_.at(dst.ingress, column));
    }
  } else {
    if (!src.is_pod()) return {};
    for (const Column column : ColumnViews(tables_.columns, dst.column).get()) {
      result = tables_.either(result, rows_.at(src.egress, column));
    }
  }
  return result;
}

std::optional<MatrixPick> Meetings::best_one_way(const MatrixPlace& src, const MatrixPlace& dst,
                                                 const std::vector<Candidate>& candidates,
                                                 Direction direction) {
  std::optional<MatrixPick> possible;
  for (const Candidate& each : candidates) {
    const TwoPorts ports = one_way(src.units[each.from], dst.units[each.to], direction);
    if (ports.open != PortSets::kNone) return pick(each, ports.open);
    if (!possible && ports.possible != PortSets::kNone) possible = pick(each, ports.possible);
  }
  return possible;
}

Meeting Meetings::settle(const MatrixPlace& src, const MatrixPlace& dst,
                         const std::vector<Candidate>& candidates) {
  Meeting result;
  if (candidates.empty()) return result;
  result.is_pair = true;
  result.every = candidates.front().ports.open;
  PortsId possible = PortSets::kNone;
  PortSets& sets = tables_.ports;
  std::optional<MatrixPick> open;
  for (const Candidate& each : candidates) {
    result.some = sets.unite(result.some, each.ports.open);
    result.every = sets.intersect(result.every, each.ports.open);
    possible = sets.unite(possible, each.ports.possible);
    if (!open && each.ports.open != PortSets::kNone) open = pick(each, each.ports.open);
  }
  result.unknown = sets.subtract(possible, result.some);
  if (result.unknown != PortSets::kNone) {
    for (const Candidate& each : candidates) {
      const PortsId ports = sets.subtract(each.ports.possible, result.some);
      if (!result.undecided && ports != PortSets::kNone) result.undecided = pick(each, ports);
    }
  }
  const auto& decided = open ? open : result.undecided;
  if (decided) {
    result.flow = *decided;
    return result;
  }
  // What one direction lets through the other one refuses.
  const auto incoming = best_one_way(src, dst, candidates, Direction::Ingress);
  const auto outgoing = best_one_way(src, dst, candidates, Direction::Egress);
  const MatrixPick refused = pick(candidates.front(), PortSets::kNone);
  result.flow = incoming ? *incoming : outgoing ? *outgoing : refused;
  return result;
}

Meeting Meetings::of(const MatrixPlace& src, const std::vector<std::size_t>& from,
                     const MatrixPlace& dst, const PortsBetween& between) {
  std::vector<Candidate> candidates;
  for (const std::size_t one : from) {
    for (std::size_t other = 0; other < dst.units.size(); ++other) {
      candidates.push_back(
          {one, other, src.units[one].flow, dst.units[other].flow, between(one, other)});
    }
  }
  return settle(src, dst, candidates);
}

Meeting Meetings::within(const MatrixPlace& place) {
  std::vector<Candidate> candidates;
  for (std::size_t one = 0; one < place.units.size(); ++one) {
    for (std::size_t other = 0; other < place.units.size(); ++other) {
      const MatrixUnit& from = place.units[one];
      PairEnd to = place.units[other].end;
      if (one == other) {
        if (!from.second.is_valid()) continue;
        to = PairEnd::of(from.second);
      }
      candidates.push_back({one, other, from.flow, to.pod, tables_.between(from.end, to)});
    }
  }
  return settle(place, place, candidates);
}

}  // namespace meshproof
