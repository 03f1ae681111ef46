#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace meshproof {

/// An IPv4 or IPv6 address. IPv4-mapped IPv6 addresses are read as IPv4. Ordered: IPv4 first, then
/// by numeric value.
class IpAddress {
 public:
  /// Strict: dotted quad without leading zeros, or RFC 4291 text. Empty for anything else.
  static std::optional<IpAddress> parse(std::string_view text);
  static IpAddress v4(std::uint32_t value);
  /// Network byte order; IPv4 uses the first four bytes, the others must be zero.
  static IpAddress of_bytes(const std::array<std::uint8_t, 16>& bytes, bool v4);

  [[nodiscard]] bool is_v4() const { return v4_; }
  /// 32 or 128.
  [[nodiscard]] unsigned width() const { return v4_ ? 32 : 128; }
  /// Network byte order; IPv4 uses the first four bytes.
  [[nodiscard]] const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  [[nodiscard]] std::string to_string() const;
  /// The address `offset` after this one, without wrapping checks.
  [[nodiscard]] IpAddress plus(std::uint32_t offset) const;

  friend auto operator<=>(const IpAddress& a, const IpAddress& b);
  friend bool operator==(const IpAddress&, const IpAddress&) = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
  bool v4_ = true;
};

inline auto operator<=>(const IpAddress& a, const IpAddress& b) {
  if (a.v4_ != b.v4_) return a.v4_ ? std::strong_ordering::less : std::strong_ordering::greater;
  return a.bytes_ <=> b.bytes_;
}

/// A block of addresses of one family.
class Cidr {
 public:
  /// `10.0.0.0/8`; host bits are cleared, as every SDN does (Kubernetes only warns about them).
  static std::optional<Cidr> parse(std::string_view text);
  static Cidr of(IpAddress address, unsigned prefix);

  [[nodiscard]] const IpAddress& first() const { return first_; }
  [[nodiscard]] IpAddress last() const;
  [[nodiscard]] unsigned prefix() const { return prefix_; }
  /// False for an address of the other family.
  [[nodiscard]] bool contains(const IpAddress& address) const;
  [[nodiscard]] bool contains(const Cidr& block) const;
  [[nodiscard]] std::string to_string() const;

  friend auto operator<=>(const Cidr&, const Cidr&) = default;
  friend bool operator==(const Cidr&, const Cidr&) = default;

 private:
  IpAddress first_;
  unsigned prefix_ = 0;
};

}  // namespace meshproof
