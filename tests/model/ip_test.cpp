#include "model/ip.h"

#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

namespace meshproof {
namespace {

TEST_CASE("an address is read strictly") {
  struct Row {
    const char* text;
    const char* printed;  ///< empty: refused
  };
  const auto row = GENERATE(values<Row>({
      {"10.128.0.4", "10.128.0.4"},
      {"0.0.0.0", "0.0.0.0"},
      {"255.255.255.255", "255.255.255.255"},
      {"010.0.0.1", ""},
      {"10.0.0.01", ""},
      {"0x0a.0.0.1", ""},
      {"10.0.1", ""},
      {"10", ""},
      {"256.0.0.1", ""},
      {" 10.0.0.1", ""},
      {"10.0.0.1 ", ""},
      {"", ""},
      {"::", "::"},
      {"fd01:0:0:1::4", "fd01:0:0:1::4"},
      {"FD01::A", "fd01::a"},
      {"::ffff:10.0.0.1", "10.0.0.1"},
      {"::ffff:0a00:0001", "10.0.0.1"},
      {"::10.0.0.1", "::10.0.0.1"},
      {"fe80::1%eth0", ""},
      {"[::1]", ""},
      {"1::2::3", ""},
  }));
  DYNAMIC_SECTION("`" << row.text << "`") {
    const auto address = IpAddress::parse(row.text);
    CHECK((address ? address->to_string() : "") == row.printed);
  }
}

TEST_CASE("a zero byte does not cut an address short") {
  CHECK_FALSE(IpAddress::parse(std::string_view{"10.0.0.1\0x", 10}));
}

TEST_CASE("a block of addresses is read strictly and its host bits are cleared") {
  struct Row {
    const char* text;
    const char* printed;  ///< empty: refused
  };
  const auto row = GENERATE(values<Row>({
      {"10.0.0.0/8", "10.0.0.0/8"},
      {"10.128.3.4/14", "10.128.0.0/14"},
      {"0.0.0.0/0", "0.0.0.0/0"},
      {"10.0.0.1/32", "10.0.0.1/32"},
      {"10.0.0.0/33", ""},
      {"10.0.0.0/08", ""},
      {"10.0.0.0/+8", ""},
      {"10.0.0.0/", ""},
      {"10.0.0.0", ""},
      {"/8", ""},
      {"10.0.0.0/8/8", ""},
      {"fd01::/48", "fd01::/48"},
      {"fd01::1/64", "fd01::/64"},
      {"::/0", "::/0"},
      {"::/129", ""},
      {"::ffff:10.0.0.0/104", "10.0.0.0/8"},
      {"::ffff:10.0.0.0/40", ""},
  }));
  DYNAMIC_SECTION("`" << row.text << "`") {
    const auto block = Cidr::parse(row.text);
    CHECK((block ? block->to_string() : "") == row.printed);
  }
}

TEST_CASE("a block holds its own family only") {
  const auto everything = *Cidr::parse("0.0.0.0/0");
  const auto everything_v6 = *Cidr::parse("::/0");
  const auto address = *IpAddress::parse("10.0.0.1");
  const auto address_v6 = *IpAddress::parse("fd01::1");
  CHECK(everything.contains(address));
  CHECK_FALSE(everything.contains(address_v6));
  CHECK(everything_v6.contains(address_v6));
  CHECK_FALSE(everything_v6.contains(address));
  CHECK_FALSE(everything_v6.contains(everything));
}

TEST_CASE("every IPv4 address comes back from its text") {
  rc::prop("parse(print(a)) == a", [](std::uint32_t value) {
    const auto address = IpAddress::v4(value);
    RC_ASSERT(IpAddress::parse(address.to_string()) == address);
    RC_ASSERT(IpAddress::parse("::ffff:" + address.to_string()) == address);
  });
}

TEST_CASE("every IPv6 address comes back from its text") {
  rc::prop("parse(print(a)) == a", [](std::array<std::uint8_t, 16> bytes) {
    bytes.front() |= 1;  // Not one of the IPv4-mapped addresses.
    const auto address = IpAddress::of_bytes(bytes, false);
    RC_ASSERT(IpAddress::parse(address.to_string()) == address);
  });
}

TEST_CASE("a block holds what lies between its first and its last address") {
  rc::prop("contains(a) == (first <= a <= last)", [](std::uint32_t base, std::uint32_t other) {
    const auto prefix = *rc::gen::inRange(0u, 33u);
    const auto block = Cidr::of(IpAddress::v4(base), prefix);
    const auto address =
        *rc::gen::element(IpAddress::v4(other), block.first(), block.last(), block.last().plus(1));
    RC_ASSERT(block.contains(address) == (block.first() <= address && address <= block.last()));
    RC_ASSERT(Cidr::parse(block.to_string()) == block);
  });
}

TEST_CASE("one block holds another if it holds both its ends") {
  rc::prop("contains(b) == contains(first) and contains(last)", [](std::uint32_t base) {
    const auto a = Cidr::of(IpAddress::v4(base), *rc::gen::inRange(0u, 33u));
    const auto near = IpAddress::v4(base ^ (1u << *rc::gen::inRange(0, 32)));
    const auto b = Cidr::of(near, *rc::gen::inRange(0u, 33u));
    RC_ASSERT(a.contains(b) == (a.contains(b.first()) && a.contains(b.last())));
  });
}

TEST_CASE("counting on from an address carries over") {
  CHECK(IpAddress::parse("10.0.255.255")->plus(2).to_string() == "10.1.0.1");
  CHECK(IpAddress::parse("fd01::ffff:ffff")->plus(1).to_string() == "fd01::1:0:0");
}

TEST_CASE("IPv4 addresses come before IPv6 ones") {
  CHECK(*IpAddress::parse("255.0.0.1") < *IpAddress::parse("::1"));
  CHECK(*IpAddress::parse("9.0.0.1") < *IpAddress::parse("10.0.0.1"));
}

}  // namespace
}  // namespace meshproof
