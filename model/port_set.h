#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meshproof {

enum class Protocol : std::uint8_t { Tcp, Udp, Sctp, Icmp };
inline constexpr std::array kProtocols{Protocol::Tcp, Protocol::Udp, Protocol::Sctp,
                                       Protocol::Icmp};

/// `TCP`, `UDP`, `SCTP`, `ICMP`.
[[nodiscard]] std::string_view to_string(Protocol protocol);
/// Exact upper-case names only, as the API server accepts them.
[[nodiscard]] std::optional<Protocol> parse_protocol(std::string_view text);

/// Inclusive. ICMP uses only port 0.
struct PortRange {
  std::uint16_t from = 0;
  std::uint16_t to = 0;

  auto operator<=>(const PortRange&) const = default;
};

/// Ports per protocol, in canonical form (sorted, disjoint, not touching), so equality is equality
/// of sets. TCP, UDP and SCTP range over 1..65535; port 0 of those is no port that one connects to
/// and never in a set. ICMP is either in (port 0) or out.
class PortSet {
 public:
  static PortSet none() { return {}; }
  /// Every port of every protocol.
  static PortSet all();
  static PortSet of(Protocol protocol, PortRange range);

  [[nodiscard]] bool is_empty() const;
  [[nodiscard]] bool is_all() const { return *this == all(); }
  [[nodiscard]] bool contains(Protocol protocol, std::uint16_t port) const;
  [[nodiscard]] const std::vector<PortRange>& ranges(Protocol protocol) const;

  void add(Protocol protocol, PortRange range);
  [[nodiscard]] PortSet unite(const PortSet& other) const;
  [[nodiscard]] PortSet intersect(const PortSet& other) const;
  [[nodiscard]] PortSet subtract(const PortSet& other) const;

  auto operator<=>(const PortSet&) const = default;

 private:
  std::array<std::vector<PortRange>, kProtocols.size()> ranges_;
};

/// `TCP 80,8080-8090 · UDP 53`; `all ports` for the full set, `none` for the empty one.
[[nodiscard]] std::string to_string(const PortSet& ports);

}  // namespace meshproof
