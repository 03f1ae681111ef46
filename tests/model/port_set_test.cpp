#include "model/port_set.h"

#include <bitset>

#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

namespace meshproof {
namespace {

/// The slow truth: one bit for each port of each protocol.
struct NaivePorts {
  std::array<std::bitset<65536>, kProtocols.size()> bits;

  void add(Protocol protocol, PortRange range) {
    for (std::uint32_t port = range.from; port <= range.to; ++port) {
      if ((port == 0) == (protocol == Protocol::Icmp)) set(protocol).set(port);
    }
  }
  std::bitset<65536>& set(Protocol protocol) { return bits.at(static_cast<std::size_t>(protocol)); }
  bool operator==(const NaivePorts&) const = default;
};

NaivePorts bits_of(const PortSet& ports) {
  NaivePorts naive;
  for (const auto protocol : kProtocols) {
    for (const auto& range : ports.ranges(protocol)) naive.add(protocol, range);
  }
  return naive;
}

/// Ranges that often touch, overlap, or lie at the ends of the line.
PortRange arbitrary_range() {
  const auto end =
      rc::gen::weightedOneOf<std::uint16_t>({{6, rc::gen::inRange<std::uint16_t>(0, 20)},
                                             {2, rc::gen::inRange<std::uint16_t>(65520, 65535)},
                                             {1, rc::gen::just<std::uint16_t>(65535)},
                                             {1, rc::gen::arbitrary<std::uint16_t>()}});
  const auto a = *end;
  const auto b = *end;
  return {std::min(a, b), std::max(a, b)};
}

struct Both {
  PortSet ports;
  NaivePorts naive;
};

Both arbitrary_ports() {
  Both both;
  const auto count = *rc::gen::inRange(0, 6);
  for (int i = 0; i < count; ++i) {
    const auto protocol = *rc::gen::elementOf(kProtocols);
    const auto range = arbitrary_range();
    both.ports.add(protocol, range);
    both.naive.add(protocol, range);
  }
  return both;
}

bool is_canonical(const PortSet& ports) {
  for (const auto protocol : kProtocols) {
    std::int64_t after = -1;
    for (const auto& range : ports.ranges(protocol)) {
      if (range.from > range.to || range.from <= after) return false;
      after = range.to + 1;
    }
  }
  return true;
}

TEST_CASE("adding ranges gives the canonical set of their ports") {
  rc::prop("add agrees with bits", [] {
    const auto a = arbitrary_ports();
    RC_ASSERT(is_canonical(a.ports));
    RC_ASSERT(bits_of(a.ports) == a.naive);
    RC_ASSERT(a.ports.is_empty() == (a.naive == NaivePorts{}));
  });
}

TEST_CASE("union, intersection and difference agree with a set of bits") {
  rc::prop("algebra agrees with bits", [] {
    const auto a = arbitrary_ports();
    const auto b = arbitrary_ports();
    NaivePorts united;
    NaivePorts common;
    NaivePorts rest;
    for (std::size_t i = 0; i < kProtocols.size(); ++i) {
      united.bits.at(i) = a.naive.bits.at(i) | b.naive.bits.at(i);
      common.bits.at(i) = a.naive.bits.at(i) & b.naive.bits.at(i);
      rest.bits.at(i) = a.naive.bits.at(i) & ~b.naive.bits.at(i);
    }
    const auto unite = a.ports.unite(b.ports);
    const auto intersect = a.ports.intersect(b.ports);
    const auto subtract = a.ports.subtract(b.ports);
    RC_ASSERT(bits_of(unite) == united);
    RC_ASSERT(bits_of(intersect) == common);
    RC_ASSERT(bits_of(subtract) == rest);
    RC_ASSERT(is_canonical(unite) && is_canonical(intersect) && is_canonical(subtract));
    RC_ASSERT(subtract.unite(intersect) == a.ports);
  });
}

TEST_CASE("a set contains exactly the ports of its ranges") {
  rc::prop("contains agrees with bits", [] {
    const auto a = arbitrary_ports();
    const auto protocol = *rc::gen::elementOf(kProtocols);
    const auto port = arbitrary_range().from;
    RC_ASSERT(a.ports.contains(protocol, port) == bits_of(a.ports).set(protocol).test(port));
  });
}

TEST_CASE("all ports and no ports are neutral") {
  rc::prop("a & all == a, a | none == a, a - all == none", [] {
    const auto ports = arbitrary_ports().ports;
    RC_ASSERT(ports.intersect(PortSet::all()) == ports);
    RC_ASSERT(ports.unite(PortSet::none()) == ports);
    RC_ASSERT(ports.subtract(PortSet::all()).is_empty());
    RC_ASSERT(ports.unite(PortSet::all()).is_all());
  });
}

TEST_CASE("port 0 belongs to ICMP alone") {
  CHECK(PortSet::of(Protocol::Tcp, {0, 0}).is_empty());
  CHECK(PortSet::of(Protocol::Tcp, {0, 80}) == PortSet::of(Protocol::Tcp, {1, 80}));
  CHECK(PortSet::of(Protocol::Icmp, {0, 0}).contains(Protocol::Icmp, 0));
  CHECK(PortSet::of(Protocol::Icmp, {1, 80}).is_empty());
  CHECK_FALSE(PortSet::all().contains(Protocol::Udp, 0));
  CHECK(PortSet::all().contains(Protocol::Udp, 65535));
}

TEST_CASE("a set of ports is printed by protocol") {
  struct Row {
    std::vector<std::pair<Protocol, PortRange>> ranges;
    const char* text;
  };
  const auto row = GENERATE(values<Row>({
      {{}, "none"},
      {{{Protocol::Tcp, {80, 80}}}, "TCP 80"},
      {{{Protocol::Tcp, {8080, 8090}}, {Protocol::Tcp, {80, 80}}, {Protocol::Udp, {53, 53}}},
       "TCP 80,8080-8090 · UDP 53"},
      {{{Protocol::Sctp, {1, 65535}}, {Protocol::Icmp, {0, 0}}}, "SCTP · ICMP"},
      {{{Protocol::Tcp, {1, 65535}},
        {Protocol::Udp, {1, 65535}},
        {Protocol::Sctp, {1, 65535}},
        {Protocol::Icmp, {0, 0}}},
       "all ports"},
  }));
  DYNAMIC_SECTION(row.text) {
    PortSet ports;
    for (const auto& [protocol, range] : row.ranges) ports.add(protocol, range);
    CHECK(to_string(ports) == row.text);
  }
}

TEST_CASE("protocols are upper-case names only") {
  for (const auto protocol : kProtocols) CHECK(parse_protocol(to_string(protocol)) == protocol);
  for (const auto* text : {"tcp", "Tcp", "", "TCP ", "6"}) CHECK_FALSE(parse_protocol(text));
}

}  // namespace
}  // namespace meshproof
