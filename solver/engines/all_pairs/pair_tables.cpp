#include "solver/engines/all_pairs/pair_tables.h"

#include <algorithm>

namespace meshproof {
namespace {

constexpr TwoPorts kOpen{PortSets::kAll, PortSets::kAll};
constexpr TwoPorts kClosed{PortSets::kNone, PortSets::kNone};
constexpr TwoPorts kUndecided{PortSets::kNone, PortSets::kAll};
constexpr PortRange kDns{53, 53};  // SEMANTICS SDN-E5

TwoPorts of(Certainty holds) {
  switch (holds) {
    case Certainty::No:
      return kClosed;
    case Certainty::Maybe:
      return kUndecided;
    case Certainty::Yes:
      return kOpen;
  }
  return kUndecided;
}

/// SEMANTICS F10.
bool is_multicast_address(const IpAddress& address) {
  return address.is_v4() ? (address.bytes()[0] & 0xf0U) == 0xe0U : address.bytes()[0] == 0xffU;
}

bool is_sdn(const Network& network) { return network.dialect == Dialect::OpenShiftSdn; }

}  // namespace

PortSet as_shown(const PortSet& ports, const Network& network) {
  if (!is_sdn(network)) return ports;
  const std::uint16_t dropped = network.vxlan_port;
  const PortSet alone = PortSet::of(Protocol::Udp, {dropped, dropped});
  const bool is_around =
      dropped > 1 && ports.contains(Protocol::Udp, static_cast<std::uint16_t>(dropped - 1));
  return is_around ? ports.unite(alone) : ports.subtract(alone);
}

PairTables::PairTables(const Cluster& the_cluster, const std::vector<IpAddress>& outside,
                       const Cluster* also, const PairTables* beside)
    : cluster(the_cluster),
      shared_columns(std::make_shared<const Columns>(cluster, outside, also)),
      columns(*shared_columns),
      shared_vnids(std::make_shared<const Vnids>(cluster)),
      vnids(*shared_vnids),
      shared_sets(std::make_shared<ColumnSets>()),
      sets(*shared_sets),
      shared_ports(beside == nullptr ? std::make_shared<PortSets>() : beside->shared_ports),
      ports(*shared_ports),
      peers(cluster, columns, vnids, sets),
      rows(cluster, columns, vnids, peers, ports),
      firewalls(cluster, columns, vnids, peers.addresses()),
      unmodelled(cluster),
      carried(PortSets::kAll) {
  if (!is_sdn(cluster.network)) return;
  const std::uint16_t vxlan = cluster.network.vxlan_port;
  carried = ports.intern(PortSet::all().subtract(PortSet::of(Protocol::Udp, {vxlan, vxlan})));
}

PairTables::PairTables(PairTables& base, const Cluster& after,
                       const std::vector<NamespaceId>& changed)
    : cluster(after),
      is_what_if(true),
      shared_columns(base.shared_columns),
      columns(*shared_columns),
      shared_vnids(base.vnids.has_sharers() ? std::make_shared<const Vnids>(after)
                                            : base.shared_vnids),
      vnids(*shared_vnids),
      shared_sets(base.shared_sets),
      sets(*shared_sets),
      shared_ports(base.shared_ports),
      ports(*shared_ports),
      peers(base.peers, after, vnids, changed),
      rows(base.rows, after, vnids, peers, changed),
      firewalls(base.firewalls, after, vnids),
      unmodelled(after),
      carried(base.carried) {}

TwoPorts PairTables::both(TwoPorts a, TwoPorts b) {
  return {ports.intersect(a.open, b.open), ports.intersect(a.possible, b.possible)};
}

TwoPorts PairTables::either(TwoPorts a, TwoPorts b) {
  return {ports.unite(a.open, b.open), ports.unite(a.possible, b.possible)};
}

TwoPorts PairTables::at(RowId id, Column column) {
  TwoPorts result = kClosed;
  for (const RowTerm& term : rows.at(id)) {
    const TwoSets& peer = peers.at(term.peer);
    if (!sets.contains(peer.possible, column)) continue;
    result.possible = ports.unite(result.possible, term.ports);
    const bool is_sure = peer.yes == peer.possible || sets.contains(peer.yes, column);
    if (is_sure) result.open = ports.unite(result.open, term.ports);
  }
  return result;
}

bool PairTables::is_mute(Column column) const {
  const ColumnEnd& end = columns.at(column);
  const bool is_ipv6_only = end.view == ColumnEnd::View::Ipv6 || (end.has_ipv6 && !end.has_ipv4);
  return is_ipv6_only && is_sdn(cluster.network);
}

PairTables::End PairTables::sender(const PairEnd& end) const {
  if (end.outside) return {{}, {}, columns.outside(*end.outside), false};
  if (end.node.is_valid()) return {{}, end.node, columns.sender(end.node), false};
  const Pod& pod = cluster.at(end.pod);
  if (pod.host_network) return {end.pod, pod.node, columns.sender(end.pod), false};
  return {end.pod, pod.node, columns.of(end.pod), true};
}

PairTables::End PairTables::receiver(const PairEnd& end) const {
  if (end.outside) return {{}, {}, columns.outside(*end.outside), false};
  if (end.node.is_valid()) return {{}, end.node, columns.receiver(end.node), false};
  const Pod& pod = cluster.at(end.pod);
  if (pod.host_network) return {end.pod, pod.node, columns.receiver(end.pod), false};
  return {end.pod, pod.node, columns.of(end.pod), true};
}

bool PairTables::is_multicast(Column column) const {
  if (columns.at(column).kind != ColumnEnd::Kind::Outside) return false;
  return is_multicast_address(columns.addresses(column).front());
}

/// SEMANTICS H2.
Certainty PairTables::on_one_node(const End& src, const End& dst) const {
  if (!src.node.is_valid() || !dst.node.is_valid()) return Certainty::Maybe;
  return src.node == dst.node ? Certainty::Yes : Certainty::No;
}

TwoPorts PairTables::between(const PairEnd& src, const PairEnd& dst) {
  if (!cluster.network.unknown_because.empty()) return kUndecided;  // SEMANTICS U3
  return between(sender(src), receiver(dst));
}

bool PairTables::share_family(const End& src, const End& dst, bool ipv4) const {
  const ColumnEnd& from = columns.at(src.column);
  const ColumnEnd& to = columns.at(dst.column);
  return ipv4 ? from.has_ipv4 && to.has_ipv4 : from.has_ipv6 && to.has_ipv6;
}

TwoPorts PairTables::between(const End& src, const End& dst) {
  if (src.pod.is_valid() && src.pod == dst.pod) return kOpen;  // SEMANTICS F3
  if (is_multicast(src.column)) return kClosed;                // SEMANTICS F10
  if (!src.is_on_network && !dst.is_on_network) return kOpen;  // SEMANTICS F7
  if (is_multicast(dst.column)) return heed_unmodelled(src, dst, to_multicast(src, dst));
  // SEMANTICS F8
  TwoPorts result = kClosed;
  bool have_family = false;
  for (const bool ipv4 : {true, false}) {
    if (!share_family(src, dst, ipv4)) continue;
    have_family = true;
    result = either(result, in_one_family(src, dst, columns.narrowed(src.column, ipv4),
                                          columns.narrowed(dst.column, ipv4)));
  }
  return have_family ? result : in_one_family(src, dst, src.column, dst.column);
}

TwoPorts PairTables::in_one_family(const End& src, const End& dst, Column from, Column to) {
  return heed_unmodelled(src, dst, admitted(src, dst, from, to));
}

TwoPorts PairTables::admitted(const End& src, const End& dst, Column from, Column to) {
  if (is_mute(from) || is_mute(to)) return kClosed;
  const bool sdn = is_sdn(cluster.network);
  TwoPorts result = kOpen;
  if (src.is_on_network)
    result = both(at(rows.of(from, Direction::Egress), to), {carried, carried});
  if (src.is_on_network && !dst.is_on_network && sdn) {
    result = both(result, past_firewall(src, dst, to));
    result = both(result, past_machine_config(src, dst));
  }
  if (!dst.is_on_network) return result;
  TwoPorts ingress = at(rows.of(to, Direction::Ingress), from);
  const bool is_host = columns.at(src.column).kind == ColumnEnd::Kind::HostSends;
  const bool is_undefined = sdn && vnids.has_undefined_policies(cluster.at(dst.pod).ns);
  // SEMANTICS H2
  if (is_host && !is_undefined) ingress = either(ingress, of(on_one_node(src, dst)));
  return both(result, ingress);
}

TwoPorts PairTables::past_firewall(const End& src, const End& dst, Column to) {
  if (cluster.network.mode == SdnMode::Subnet) return kOpen;
  const TwoPorts decided = of(firewalls.between(cluster.at(src.pod).ns, to));
  const bool is_host = columns.at(dst.column).kind == ColumnEnd::Kind::HostAnswers;
  const Certainty own_node = is_host ? on_one_node(src, dst) : Certainty::No;
  if (decided == kOpen || own_node == Certainty::No) return decided;
  PortSet dns = PortSet::of(Protocol::Tcp, kDns);
  dns.add(Protocol::Udp, kDns);
  const PortsId exempt = ports.intern(dns);
  const TwoPorts others{ports.subtract(decided.open, exempt),
                        ports.subtract(decided.possible, exempt)};
  return either(others, both({exempt, exempt}, of(own_node)));
}

TwoPorts PairTables::past_machine_config(const End& src, const End& dst) {
  const bool is_host = columns.at(dst.column).kind == ColumnEnd::Kind::HostAnswers;
  const Certainty own_node = is_host ? on_one_node(src, dst) : Certainty::No;
  const PortsId shut = ports.intern(PortSet::of(Protocol::Tcp, kMachineConfigPorts));
  const PortsId rest = ports.subtract(PortSets::kAll, shut);
  return either({rest, rest}, of(own_node));
}

TwoPorts PairTables::to_multicast(const End& src, const End& dst) {
  const Namespace& ns = cluster.at(cluster.at(src.pod).ns);
  const Network& network = cluster.network;
  TwoPorts egress = at(rows.of(src.column, Direction::Egress), dst.column);
  switch (network.dialect) {
    case Dialect::Kubernetes:
      break;
    case Dialect::OvnKubernetes:  // SEMANTICS OVN-26
      return ns.multicast ? kUndecided : kClosed;
    case Dialect::OpenShiftSdn: {  // SEMANTICS SDN-G7
      bool enabled = network.mode != SdnMode::Subnet && ns.net_namespace.is_valid() &&
                     columns.at(dst.column).has_ipv4;
      for (const NetNamespace& net : cluster.net_namespaces) {
        const bool shares = enabled && net.netid == cluster.at(ns.net_namespace).netid;
        if (shares) enabled = net.multicast;
      }
      if (!enabled) return kClosed;
      if (network.mode == SdnMode::Multitenant) return kUndecided;
    }
  }
  egress.open = PortSets::kNone;
  return egress;
}

/// SEMANTICS U1.
TwoPorts PairTables::heed_unmodelled(const End& src, const End& dst, TwoPorts decided) const {
  const auto is_in = [&](const std::vector<bool>& namespaces, const End& end) {
    return end.pod.is_valid() && namespaces[cluster.at(end.pod).ns.value];
  };
  const bool leaves = src.is_on_network && !dst.is_on_network;
  if (leaves && is_in(unmodelled.leaving, src)) decided.open = PortSets::kNone;
  const bool is_any = unmodelled.everywhere || is_in(unmodelled.namespaces, src) ||
                      is_in(unmodelled.namespaces, dst);
  return is_any ? kUndecided : decided;
}

bool PairTables::has_rules_for_hosts(NamespaceId ns) const {
  const bool may_have_firewall =
      !cluster.egress_policies.empty() &&
      (!cluster.at(ns).egress_policies.empty() || !vnids.is_ordinary(ns));
  return may_have_firewall || vnids.has_undefined_policies(ns) || unmodelled.leaving[ns.value];
}

}  // namespace meshproof
