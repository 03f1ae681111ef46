#include "solver/moments/transition.h"

namespace meshproof {
namespace {

constexpr std::uint8_t bit(FlowKind kind) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(kind));
}

constexpr std::uint8_t kAllKinds = 0xF;

/// Three states of the ports of one pair.
struct States {
  const PairPorts& before;
  const PairPorts& after;
  const PairPorts& moment;

  [[nodiscard]] PortSet known() const {
    return PortSet::all().subtract(before.unknown).subtract(after.unknown);
  }
  [[nodiscard]] PortSet of(FlowKind kind) const {
    const PortSet& b = before.open;
    const PortSet& a = after.open;
    switch (kind) {
      case FlowKind::Neither:
        return known().subtract(b).subtract(a);
      case FlowKind::OnlyAfter:
        return known().intersect(a).subtract(b);
      case FlowKind::OnlyBefore:
        return known().intersect(b).subtract(a);
      case FlowKind::Both:
        return b.intersect(a);
    }
    return {};
  }
};

Transition transition_of(const States& states) {
  Transition result;
  const PairPorts& moment = states.moment;
  for (const FlowKind kind :
       {FlowKind::Neither, FlowKind::OnlyAfter, FlowKind::OnlyBefore, FlowKind::Both}) {
    const PortSet ports = states.of(kind);
    if (!ports.intersect(moment.open).is_empty()) result.open |= bit(kind);
    if (!ports.intersect(moment.unknown).is_empty()) result.maybe_open |= bit(kind);
  }
  result.breach = (result.open & bit(FlowKind::Neither)) != 0;
  result.maybe_breach = (result.maybe_open & bit(FlowKind::Neither)) != 0;
  const PortSet kept = states.of(FlowKind::Both);
  const PortSet lost = kept.subtract(moment.open);
  result.blackhole = !lost.subtract(moment.unknown).is_empty();
  result.maybe_blackhole = !lost.intersect(moment.unknown).is_empty();
  // Of what the states themselves do not know anything may come.
  const PortSet unclear = states.before.unknown.unite(states.after.unknown);
  if (unclear.is_empty()) return result;
  const PortSet perhaps_both = unclear.intersect(states.before.open.unite(states.before.unknown))
                                   .intersect(states.after.open.unite(states.after.unknown));
  const PortSet perhaps_neither = unclear.subtract(states.before.open).subtract(states.after.open);
  const PortSet perhaps_open = moment.open.unite(moment.unknown);
  result.maybe_blackhole = result.maybe_blackhole || !perhaps_both.subtract(moment.open).is_empty();
  result.maybe_breach = result.maybe_breach || !perhaps_neither.intersect(perhaps_open).is_empty();
  if (!unclear.intersect(perhaps_open).is_empty()) result.maybe_open = kAllKinds;
  return result;
}

}  // namespace

const Transition& Transitions::of(PairPortsId before, PairPortsId after, PairPortsId moment) {
  const auto [at, is_new] = known_.try_emplace({before, after, moment});
  if (is_new) {
    at->second = transition_of({book_.at(before), book_.at(after), book_.at(moment)});
  }
  return at->second;
}

PortSet Transitions::ports(PairPortsId before, PairPortsId after, PairPortsId moment, FlowKind kind,
                           bool open) const {
  const States states{book_.at(before), book_.at(after), book_.at(moment)};
  const PortSet ports = states.of(kind);
  if (open) return ports.intersect(states.moment.open);
  return ports.subtract(states.moment.open).subtract(states.moment.unknown);
}

}  // namespace meshproof
