#include "solver/matrix/matrix_places.h"

#include <algorithm>
#include <utility>

#include "solver/engines/all_pairs/flow_classes.h"

namespace meshproof {

MatrixPlaces::MatrixPlaces(PairTables& tables, SenderRows& rows,
                           const std::vector<OutsideBlock>& blocks)
    : tables_(tables),
      rows_(rows),
      flow_classes_(flow_classes(tables)),
      pods_(tables.columns.of_kind(ColumnEnd::Kind::Pod).end) {
  const auto& pods = tables.cluster.pods;
  const bool is_sdn = tables.cluster.network.dialect == Dialect::OpenShiftSdn;
  for (std::uint32_t i = 0; i < pods.size(); ++i) {
    if (pods[i].host_network || pods[i].is_completed()) continue;
    std::vector<PodId>& some = pods_[tables.columns.of(PodId{i})];
    if (some.size() < 2) some.push_back({i});
    // SEMANTICS SDN-G6: there it hangs on the receiver, too.
    is_ipv6_dropped_ =
        is_ipv6_dropped_ || (is_sdn && tables.columns.at(tables.columns.of(PodId{i})).has_ipv6);
  }
  add_projects(blocks);
}

MatrixPlace MatrixPlaces::place_of(NamespaceId ns) const {
  MatrixPlace place;
  place.ns = ns;
  const RowId open = tables_.rows.open();
  std::map<std::uint32_t, std::size_t> known;
  const ColumnRun columns = tables_.columns.of(ns);
  for (Column column = columns.begin; column < columns.end; ++column) {
    for (const PodId pod : pods_[column]) {
      const auto [at, is_new] = known.try_emplace(flow_classes_[column], place.units.size());
      if (!is_new) {
        place.units[at->second].second = pod;
        continue;
      }
      MatrixUnit unit;
      unit.end = PairEnd::of(pod);
      unit.flow = pod;
      unit.column = column;
      unit.ingress = tables_.rows.of(column, Direction::Ingress);
      unit.egress = tables_.rows.of(column, Direction::Egress);
      unit.is_free = unit.egress == open && !is_ipv6_dropped_ &&
                     !tables_.rows.is_isolated(column, Direction::Egress);
      place.units.push_back(unit);
    }
  }
  std::ranges::stable_sort(place.units, {}, [&](const MatrixUnit& unit) {
    return std::pair{unit.egress != open, unit.ingress != open};
  });
  return place;
}

/// What the units of a place may send to most others.
std::vector<std::uint32_t> MatrixPlaces::usual_of(const MatrixPlace& place) {
  std::vector<std::uint32_t> usual;
  for (const MatrixUnit& unit : place.units) usual.push_back(rows_.usual(unit.egress).value);
  std::ranges::sort(usual);
  const auto repeated = std::ranges::unique(usual);
  usual.erase(repeated.begin(), repeated.end());
  return usual;
}

void MatrixPlaces::add_projects(const std::vector<OutsideBlock>& blocks) {
  const Cluster& cluster = tables_.cluster;
  std::map<std::vector<std::uint32_t>, std::vector<MatrixPlace>> alike;
  std::vector<MatrixPlace> without_pods;
  for (const NamespaceId ns : tables_.columns.namespaces()) {
    MatrixPlace place = place_of(ns);
    auto& others = place.units.empty() ? without_pods : alike[usual_of(place)];
    others.push_back(std::move(place));
  }
  by_position_.resize(cluster.namespaces.size());
  const auto add_all = [&](std::vector<MatrixPlace>& places) {
    for (MatrixPlace& place : places) {
      MatrixEnd end{cluster.at(place.ns).name, false, 0};
      const ColumnRun columns = tables_.columns.of(place.ns);
      for (Column column = columns.begin; column < columns.end; ++column) {
        end.pods += tables_.columns.at(column).pods;
      }
      by_position_[tables_.columns.position(place.ns)] = places_.size();
      add(std::move(place), std::move(end));
    }
  };
  for (auto& [usual, places] : alike) add_all(places);
  add_all(without_pods);
  first_block_ = places_.size();
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    MatrixUnit unit;
    unit.end = PairEnd::of_outside(i);
    unit.flow = blocks[i].sample;
    unit.column = tables_.columns.outside(i);
    MatrixPlace place;
    place.units.push_back(unit);
    add(std::move(place), {blocks[i].cidr.to_string(), true, 0});
  }
}

void MatrixPlaces::add(MatrixPlace place, MatrixEnd end) {
  std::vector<std::size_t> set;
  for (MatrixUnit& unit : place.units) {
    unit.sender = sender_of(unit);
    if (std::ranges::find(set, unit.sender) == set.end()) set.push_back(unit.sender);
  }
  const auto [entry, is_new] = sender_set_numbers_.try_emplace(set, sender_sets_.size());
  if (is_new) sender_sets_.push_back(std::move(set));
  place.senders = entry->second;
  places_.push_back(std::move(place));
  ends_.push_back(std::move(end));
}

std::size_t MatrixPlaces::sender_of(const MatrixUnit& unit) {
  const ColumnEnd& end = tables_.columns.at(unit.column);
  MatrixSender sender{.egress = unit.egress, .has_ipv4 = end.has_ipv4, .has_ipv6 = end.has_ipv6};
  if (unit.is_pod()) {
    sender.is_undecided = tables_.is_undecided(end.ns);
  } else {
    sender.is_multicast = tables_.is_multicast(unit.column);
  }
  const auto [entry, is_new] = sender_numbers_.try_emplace(sender, senders_.size());
  if (is_new) senders_.push_back(sender);
  return entry->second;
}

}  // namespace meshproof
