#include "solver/matrix/matrix_builder.h"

#include <algorithm>
#include <utility>

namespace meshproof {
namespace {

constexpr std::array kDirections{Direction::Ingress, Direction::Egress};
constexpr std::size_t kIngress = static_cast<std::size_t>(Direction::Ingress);
constexpr std::size_t kEgress = static_cast<std::size_t>(Direction::Egress);

std::vector<IpAddress> samples_of(const std::vector<OutsideBlock>& blocks) {
  std::vector<IpAddress> samples;
  for (const OutsideBlock& block : blocks) samples.push_back(block.sample);
  return samples;
}

void append(MatrixRow& row, std::size_t place, std::uint32_t value) {
  if (!row.empty() && row.back().value == value) return;
  row.push_back({static_cast<std::uint32_t>(place), value});
}

}  // namespace

MatrixBuilder::MatrixBuilder(const Cluster& cluster, const std::vector<OutsideBlock>& blocks)
    : cluster_(cluster),
      tables_(cluster, samples_of(blocks)),
      rows_(tables_),
      peers_(tables_),
      places_(tables_, rows_, blocks),
      meetings_(tables_, rows_),
      causes_(cluster) {
  find_senders();
  find_plain_causes();
}

void MatrixBuilder::find_senders() {
  for (const MatrixPlace& place : places_.all()) {
    Sending sending{
        ColumnMarks(tables_.columns, tables_.sets, peers_.sets_of(place, Direction::Egress))};
    sending.is_free = place.is_project() && std::ranges::all_of(place.units, &MatrixUnit::is_free);
    sending.free_causes.resize(place.units.size());
    sendings_.push_back(std::move(sending));
  }
  sent_.resize(sendings_.size());
}

void MatrixBuilder::find_plain_causes() {
  for (const Direction direction : kDirections) {
    Plain& plain = plain_.at(static_cast<std::size_t>(direction));
    const bool inwards = direction == Direction::Ingress;
    plain.no_pod_here =
        causes_.plain(direction, inwards ? "the destination has no pod on the pod network"
                                         : "the source has no pod on the pod network");
    plain.no_pod_there =
        causes_.plain(direction, inwards ? "the source has no pod on the pod network"
                                         : "the destination has no pod on the pod network");
    plain.only_pod = causes_.plain(direction, "there is one pod only: it always reaches itself");
    plain.outside = causes_.plain(direction, "no rule of the cluster acts at addresses outside");
    plain.silence = causes_.plain(
        direction, inwards ? "no rule limits what comes in here" : "no rule limits what is sent");
  }
}

NamespaceMatrix MatrixBuilder::run() {
  matrix_.ends = places_.ends();
  for (std::size_t i = 0; i < places_.all().size(); ++i) {
    if (places_.all()[i].units.empty()) {
      receive_nothing(i);
    } else {
      receive(i);
    }
  }
  for (const Sending& sending : sendings_) matrix_.egress_of.push_back(row_of(sending.row));
  matrix_.causes = causes_.take();
  return std::move(matrix_);
}

void MatrixBuilder::receive_nothing(std::size_t place) {
  matrix_.cells_of.push_back(row_of({{0, cell_of({}, 0)}}));
  matrix_.ingress_of.push_back(row_of({{0, plain_[kIngress].no_pod_here}}));
  for (std::size_t source = 0; source < sendings_.size(); ++source) {
    const MatrixPlace& from = places_.all()[source];
    const Plain& plain = plain_[kEgress];
    add_egress(source, place,
               from.units.empty()   ? plain.no_pod_here
               : !from.is_project() ? plain.outside
                                    : plain.no_pod_there);
  }
}

void MatrixBuilder::receive(std::size_t place) {
  const MatrixPlace& to = places_.all()[place];
  const ColumnMarks marks(tables_.columns, tables_.sets, peers_.sets_of(to, Direction::Ingress));
  Destination destination{place, Receiving(places_, tables_, rows_, to, marks), marks};
  for (std::size_t source = 0; source < sendings_.size(); ++source) {
    receive_from(source, destination);
  }
  matrix_.cells_of.push_back(row_of(destination.cells));
  matrix_.ingress_of.push_back(row_of(destination.ingress));
}

void MatrixBuilder::add_egress(std::size_t source, std::size_t place, std::uint32_t cause) {
  if (sent_[source].last == cause) return;
  sent_[source].last = cause;
  append(sendings_[source].row, place, cause);
}

void MatrixBuilder::put(Destination& destination, std::size_t source, std::uint32_t cell,
                        std::uint32_t ingress, std::uint32_t egress) {
  append(destination.cells, source, cell);
  append(destination.ingress, source, ingress);
  add_egress(source, destination.place, egress);
}

void MatrixBuilder::receive_from(std::size_t source, Destination& destination) {
  const MatrixPlace& from = places_.all()[source];
  const bool is_to_project = places_.all()[destination.place].is_project();
  const Plain& in = plain_[kIngress];
  const Plain& out = plain_[kEgress];
  if (from.units.empty()) {
    const std::uint32_t ingress = is_to_project ? in.no_pod_there : in.outside;
    return put(destination, source, cell_of({}, 0), ingress, out.no_pod_here);
  }
  if (!from.is_project() && !is_to_project) {
    return put(destination, source, cell_of({}, 0), in.outside, out.outside);
  }
  if (source == destination.place) return receive_from_itself(destination);
  const Answer& answer = answer_of(source, destination);
  append(destination.ingress, source, answer.ingress);
  if (answer.cell) append(destination.cells, source, *answer.cell);
  send(source, answer, destination);
}

void MatrixBuilder::receive_from_itself(Destination& destination) {
  const std::size_t source = destination.place;
  const MatrixPlace& place = places_.all()[source];
  const Meeting meeting = meetings_.within(place);
  if (!meeting.is_pair) {
    return put(destination, source, cell_of({}, 0), plain_[kIngress].only_pod,
               plain_[kEgress].only_pod);
  }
  std::uint32_t because = 0;
  if (meeting.undecided) {
    const auto ingress = ingress_doubt(*meeting.undecided, source, destination);
    because = ingress ? *ingress : egress_cause(*meeting.undecided, source, destination).number;
  }
  put(destination, source, cell_of(meeting, because),
      ingress_cause(meeting.flow, source, destination).number,
      egress_cause(meeting.flow, source, destination).number);
}

const MatrixBuilder::Answer& MatrixBuilder::answer_of(std::size_t source,
                                                      Destination& destination) {
  Receiving& receiving = destination.receiving;
  const std::uint32_t profile = receiving.profile_of(source);
  if (profile >= destination.answers.size()) destination.answers.resize(profile + 1);
  std::optional<Answer>& known = destination.answers[profile];
  if (known) return *known;
  const MatrixPlace& from = places_.all()[source];
  std::vector<std::size_t> units;
  std::vector<Receiving::Sort> sorts;
  for (std::size_t i = 0; i < from.units.size(); ++i) {
    const Receiving::Sort sort = receiving.sort_of(from.units[i]);
    if (std::ranges::find(sorts, sort) != sorts.end()) continue;
    sorts.push_back(sort);
    units.push_back(i);
  }
  Answer& answer = known.emplace();
  answer.meeting = meetings_.of(
      from, units, places_.all()[destination.place],
      [&](std::size_t unit, std::size_t to) { return receiving.between(from.units[unit], to); });
  const Meeting& meeting = answer.meeting;
  answer.ingress = ingress_cause(meeting.flow, source, destination).number;
  answer.flow_sort = receiving.sort_of(from.units[meeting.flow.from]);
  if (!meeting.undecided) {
    answer.cell = cell_of(meeting, 0);
    return answer;
  }
  answer.undecided_sort = receiving.sort_of(from.units[meeting.undecided->from]);
  const auto ingress = ingress_doubt(*meeting.undecided, source, destination);
  if (ingress) answer.cell = cell_of(meeting, *ingress);
  return answer;
}

void MatrixBuilder::send(std::size_t source, const Answer& answer, Destination& destination) {
  const MatrixPlace& to = places_.all()[destination.place];
  const bool is_settled = answer.cell && to.is_project() && sent_[source].free != kNoCause;
  if (is_settled) return add_egress(source, destination.place, sent_[source].free);
  Sending& sending = sendings_[source];
  const MatrixPlace& from = places_.all()[source];
  const auto sent_by = [&](MatrixPick pick, std::size_t unit) {
    pick.from = unit;
    pick.flow.src = from.units[unit].flow;
    return pick;
  };
  if (!answer.cell) {
    const std::size_t unit = unit_of(from, answer.undecided_sort, destination);
    const MatrixPick pick = sent_by(*answer.meeting.undecided, unit);
    const std::uint32_t because = egress_cause(pick, source, destination).number;
    append(destination.cells, source, cell_of(answer.meeting, because));
  }
  const bool is_free = to.is_project() && sending.is_free;
  const std::size_t unit = is_free ? 0 : unit_of(from, answer.flow_sort, destination);
  // One cause for all that a free unit sends to other projects.
  std::optional<std::uint32_t>* known = nullptr;
  if (to.is_project() && from.units[unit].is_free) known = &sending.free_causes[unit];
  if (known != nullptr && *known) return add_egress(source, destination.place, **known);
  const MatrixPick pick = sent_by(answer.meeting.flow, unit);
  const std::uint32_t cause = egress_cause(pick, source, destination).number;
  if (known != nullptr) *known = cause;
  if (is_free) sent_[source].free = cause;
  add_egress(source, destination.place, cause);
}

std::size_t MatrixBuilder::unit_of(const MatrixPlace& source, Receiving::Sort sort,
                                   Destination& destination) {
  for (std::size_t i = 0; i + 1 < source.units.size(); ++i) {
    if (destination.receiving.sort_of(source.units[i]) == sort) return i;
  }
  return source.units.size() - 1;
}

MatrixCauses::Cause MatrixBuilder::ingress_cause(const MatrixPick& pick, std::size_t source,
                                                 Destination& destination) {
  const MatrixUnit& unit = places_.all()[source].units[pick.from];
  const FlowKey key{pick.to, destination.marks.at(unit.column),
                    kind_of(unit, source == destination.place), pick.flow.protocol, pick.flow.port};
  const auto [entry, is_new] = destination.asked.causes.try_emplace(key);
  if (is_new) {
    entry->second = causes_.of(pick.flow, Direction::Ingress, destination.asked.known,
                               silence_of(places_.all()[destination.place], Direction::Ingress));
  }
  return entry->second;
}

/// SEMANTICS U1: what is not modelled comes before what is merely not known.
std::optional<std::uint32_t> MatrixBuilder::ingress_doubt(const MatrixPick& pick,
                                                          std::size_t source,
                                                          Destination& destination) {
  const auto is_undecided = [&](std::size_t place) {
    const MatrixPlace& at = places_.all()[place];
    return at.is_project() && tables_.is_undecided(at.ns);
  };
  if (is_undecided(source) && !is_undecided(destination.place)) return std::nullopt;
  const auto ingress = ingress_cause(pick, source, destination);
  if (ingress.access != Access::Unknown) return std::nullopt;
  return ingress.number;
}

MatrixCauses::Cause MatrixBuilder::egress_cause(const MatrixPick& pick, std::size_t source,
                                                const Destination& destination) {
  const MatrixPlace& from = places_.all()[source];
  const MatrixPlace& to = places_.all()[destination.place];
  const std::uint32_t silence = silence_of(from, Direction::Egress);
  Sending& sending = sendings_[source];
  if (destination.receiving.has_rules_of_its_own(from.units[pick.from])) {
    return causes_.of(pick.flow, Direction::Egress, sending.asked.known, silence);
  }
  const MatrixUnit& unit = to.units[pick.to];
  const FlowKey key{pick.from, sending.marks.at(unit.column),
                    kind_of(unit, source == destination.place), pick.flow.protocol, pick.flow.port};
  const auto [entry, is_new] = sending.asked.causes.try_emplace(key);
  if (is_new)
    entry->second = causes_.of(pick.flow, Direction::Egress, sending.asked.known, silence);
  return entry->second;
}

MatrixBuilder::Kind MatrixBuilder::kind_of(const MatrixUnit& unit, bool is_own) const {
  if (unit.is_pod()) return is_own ? Kind::OwnPod : Kind::Pod;
  return tables_.is_multicast(unit.column) ? Kind::Group : Kind::Address;
}

std::uint32_t MatrixBuilder::silence_of(const MatrixPlace& own, Direction direction) const {
  const Plain& plain = plain_.at(static_cast<std::size_t>(direction));
  return own.is_project() ? plain.silence : plain.outside;
}

std::uint32_t MatrixBuilder::cell_of(const Meeting& meeting, std::uint32_t because) {
  const PortsId unknown = shown(meeting.unknown);
  if (unknown == PortSets::kNone) because = 0;
  const PortsId some = shown(meeting.some);
  const PortsId every = shown(meeting.every);
  const auto [entry, is_new] =
      known_cells_.try_emplace({some.value, every.value, unknown.value, because},
                               static_cast<std::uint32_t>(matrix_.cells.size()));
  if (is_new) {
    const PortSets& ports = tables_.ports;
    matrix_.cells.push_back({ports.at(some), ports.at(every), ports.at(unknown), because});
  }
  return entry->second;
}

PortsId MatrixBuilder::shown(PortsId ports) {
  const auto [entry, is_new] = shown_.try_emplace(ports);
  if (is_new) {
    entry->second = tables_.ports.intern(as_shown(tables_.ports.at(ports), cluster_.network));
  }
  return entry->second;
}

std::uint32_t MatrixBuilder::row_of(const MatrixRow& row) {
  const auto [number, is_new] = known_rows_.intern(row);
  if (is_new) matrix_.rows.push_back(row);
  return number;
}

}  // namespace meshproof
