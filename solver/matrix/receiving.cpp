#include "solver/matrix/receiving.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "solver/matrix/meeting.h"

namespace meshproof {

Receiving::Receiving(const MatrixPlaces& places, PairTables& tables, SenderRows& rows,
                     const MatrixPlace& place, ColumnMarks marks)
    : places_(places),
      tables_(tables),
      rows_(rows),
      place_(place),
      marks_(std::move(marks)),
      mark_of_(places.all().size(), kMixed) {
  find_values();
  find_marks();
}

/// What each sender's rules say of each unit here, and what it speaks.
void Receiving::find_values() {
  std::vector<Column> columns;
  for (const MatrixUnit& unit : place_.units) {
    const ColumnViews views(tables_.columns, unit.column);
    columns.insert(columns.end(), views.get().begin(), views.get().end());
  }
  std::vector<std::uint64_t> text;
  for (const MatrixSender& sender : places_.senders()) {
    const bool is_address = !sender.egress.is_valid();
    text = {(is_address ? 1U : 0U) | (sender.has_ipv4 ? 2U : 0U) | (sender.has_ipv6 ? 4U : 0U) |
            (sender.is_undecided ? 8U : 0U) | (sender.is_multicast ? 16U : 0U)};
    for (const Column column : columns) {
      const TwoPorts ports = is_address ? TwoPorts{} : rows_.at(sender.egress, column);
      text.push_back((std::uint64_t{ports.open.value} << 32U) | ports.possible.value);
    }
    values_.push_back(lists_.intern(text).first);
  }
  for (const std::vector<std::size_t>& set : places_.sender_sets()) {
    text.clear();
    for (const std::size_t sender : set) text.push_back(values_[sender]);
    std::ranges::sort(text);
    const auto repeated = std::ranges::unique(text);
    text.erase(repeated.begin(), repeated.end());
    sides_.push_back(lists_.intern(text).first);
  }
}

void Receiving::find_marks() {
  if (!place_.is_project() || tables_.columns.has_both_families()) return;
  const auto& runs = marks_.runs();
  auto run = runs.begin();
  const auto end_of = [&](auto at) {
    return std::next(at) == runs.end() ? kNoColumn : std::next(at)->begin;
  };
  const auto& namespaces = tables_.columns.namespaces();
  for (std::size_t i = 0; i < namespaces.size(); ++i) {
    const ColumnRun columns = tables_.columns.of(namespaces[i]);
    while (end_of(run) <= columns.begin) ++run;
    if (columns.end <= end_of(run)) mark_of_[places_.by_position()[i]] = run->mark;
  }
  for (std::size_t i = places_.first_block(); i < places_.all().size(); ++i) {
    mark_of_[i] = marks_.at(places_.all()[i].units.front().column);
  }
}

bool Receiving::has_rules_of_its_own(const MatrixUnit& unit) const {
  if (place_.is_project() || !unit.is_pod()) return false;
  return tables_.has_rules_for_hosts(tables_.columns.at(unit.column).ns) ||
         !tables_.cluster.egress_policies.empty() ||
         tables_.is_multicast(place_.units.front().column);
}

Receiving::Sort Receiving::sort_of(const MatrixUnit& unit) {
  constexpr std::uint32_t kOwn = 1U << 31U;  // above every mark
  Sort sort{values_[unit.sender], marks_.at(unit.column)};
  if (has_rules_of_its_own(unit)) sort.mark = kOwn | tables_.columns.at(unit.column).ns.value;
  return sort;
}

std::uint32_t Receiving::profile_of(const MatrixPlace& source) {
  std::vector<std::uint64_t> sorts;
  for (const MatrixUnit& unit : source.units) {
    const Sort sort = sort_of(unit);
    sorts.push_back((std::uint64_t{sort.value} << 32U) | sort.mark);
  }
  std::ranges::sort(sorts);
  const auto repeated = std::ranges::unique(sorts);
  sorts.erase(repeated.begin(), repeated.end());
  return sorts_.intern(sorts).first;
}

std::uint32_t Receiving::profile_of(std::size_t source) {
  const MatrixPlace& place = places_.all()[source];
  const std::uint32_t mark = mark_of_[source];
  if (mark == kMixed) return profile_of(place);
  const std::uint64_t key = (std::uint64_t{sides_[place.senders]} << 32U) | mark;
  if (key == last_key_) return last_profile_;
  const auto [entry, is_new] = profiles_.try_emplace(key);
  if (is_new) entry->second = profile_of(place);
  last_key_ = key;
  last_profile_ = entry->second;
  return last_profile_;
}

TwoPorts Receiving::between(const MatrixUnit& unit, std::size_t to) {
  const auto [entry, is_new] = ports_.try_emplace({sort_of(unit), to});
  if (is_new) entry->second = tables_.between(unit.end, place_.units[to].end);
  return entry->second;
}

}  // namespace meshproof
