#include <algorithm>

#include "solver/evaluate_context.h"

/// Which ports a rule admits (SEMANTICS P10–P12 and the dialects' deviations).
namespace meshproof {
namespace {

/// SEMANTICS P11: the number that the destination pod gives the name, with the same protocol.
bool name_means(const EvaluationContext& context, const PolicyPort& entry, const Packet& packet) {
  if (!packet.dst.is_pod()) return false;
  return std::ranges::any_of(context.pod(packet.dst).ports, [&](const ContainerPort& port) {
    return port.name == entry.name && port.protocol == entry.protocol && port.port == packet.port;
  });
}

/// SEMANTICS OVN-4: any number listed for the protocol silences the entries without one.
bool has_number(const std::vector<PolicyPort>& ports, Protocol protocol) {
  return std::ranges::any_of(ports, [&](const PolicyPort& entry) {
    return entry.protocol == protocol && entry.range.has_value();
  });
}

Match entry_matches(const EvaluationContext& context, const std::vector<PolicyPort>& ports,
                    const PolicyPort& entry, const Packet& packet) {
  if (entry.protocol != packet.protocol) return Match::no("P10");
  if (entry.range) {
    const bool inside = packet.port >= entry.range->from && packet.port <= entry.range->to;
    const bool quirk = context.dialect.ranges_admit_port_zero && packet.port == 0 &&
                       entry.range->from < entry.range->to;
    if (quirk) return Match::yes("SDN-P10");
    return Match::when(inside, "P10");
  }
  const NamedPorts names = context.dialect.named_ports;
  if (names == NamedPorts::NoNumber) {
    if (!has_number(ports, entry.protocol)) return Match::yes(entry.name.empty() ? "P10" : "OVN-4");
    return {Truth::No, "OVN-4",
            "an entry without a number admits nothing beside one with a number"};
  }
  if (entry.name.empty()) return Match::yes("P10");
  if (names == NamedPorts::Ignored) {
    return {Truth::No, "SDN-P1", "the SDN ignores the named port " + entry.name};
  }
  if (name_means(context, entry, packet)) return Match::yes("P11");
  return {Truth::No, "P11",
          packet.dst.name + " has no " + std::string(to_string(entry.protocol)) + " port " +
              std::to_string(packet.port) + " named " + entry.name};
}

}  // namespace

PortMatch ports_match(const EvaluationContext& context, const std::vector<PolicyPort>& ports,
                      const Packet& packet) {
  if (ports.empty()) return {Match::yes("P10"), -1};
  PortMatch best{Match::no("P10"), -1};
  for (std::size_t i = 0; i < ports.size(); ++i) {
    Match match = entry_matches(context, ports, ports[i], packet);
    if (match.truth == Truth::Yes) return {std::move(match), static_cast<int>(i)};
    if (!match.why.empty() && best.match.why.empty())
      best = {std::move(match), static_cast<int>(i)};
  }
  return best;
}

std::string port_text(Protocol protocol, std::uint16_t port) {
  if (protocol == Protocol::Icmp) return "ICMP";
  return std::string(to_string(protocol)) + ' ' + std::to_string(port);
}

}  // namespace meshproof
