#include "model/ip.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>

namespace meshproof {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/// Byte number `index` of a mask with `prefix` leading ones.
std::uint8_t mask_byte(unsigned prefix, std::size_t index) {
  const unsigned before = static_cast<unsigned>(index) * 8;
  if (prefix >= before + 8) return 0xff;
  if (prefix <= before) return 0;
  return static_cast<std::uint8_t>(0xff00u >> (prefix - before));
}

/// A decimal number without sign and without leading zeros.
std::optional<unsigned> parse_prefix(std::string_view text, unsigned limit) {
  unsigned value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc{} || parsed.ptr != end || value > limit) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return value;
}

/// inet_pton takes a C string: a text with a zero byte must not be cut short by it.
bool parse_bytes(int family, std::string_view text, void* bytes) {
  if (text.find('\0') != std::string_view::npos) return false;
  return inet_pton(family, std::string{text}.c_str(), bytes) == 1;
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  IpAddress address;
  if (text.find(':') == std::string_view::npos) {
    if (!parse_bytes(AF_INET, text, address.bytes_.data())) return std::nullopt;
    return address;
  }
  if (!parse_bytes(AF_INET6, text, address.bytes_.data())) return std::nullopt;
  if (std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), address.bytes_.begin())) {
    std::copy(address.bytes_.begin() + 12, address.bytes_.end(), address.bytes_.begin());
    std::fill(address.bytes_.begin() + 4, address.bytes_.end(), std::uint8_t{0});
    return address;
  }
  address.v4_ = false;
  return address;
}

IpAddress IpAddress::v4(std::uint32_t value) {
  IpAddress address;
  for (std::size_t i = 0; i < 4; ++i) {
    address.bytes_.at(i) = static_cast<std::uint8_t>(value >> (24 - 8 * i));
  }
  return address;
}

IpAddress IpAddress::of_bytes(const std::array<std::uint8_t, 16>& bytes, bool v4) {
  IpAddress address;
  address.bytes_ = bytes;
  address.v4_ = v4;
  return address;
}

std::string IpAddress::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(v4_ ? AF_INET : AF_INET6, bytes_.data(), text.data(), INET6_ADDRSTRLEN);
  return text.data();
}

IpAddress IpAddress::plus(std::uint32_t offset) const {
  IpAddress sum = *this;
  std::uint64_t carry = offset;
  for (std::size_t i = width() / 8; i-- > 0 && carry != 0;) {
    carry += sum.bytes_.at(i);
    sum.bytes_.at(i) = static_cast<std::uint8_t>(carry & 0xff);
    carry >>= 8;
  }
  return sum;
}

std::optional<Cidr> Cidr::parse(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  const bool written_as_v6 = text.substr(0, slash).find(':') != std::string_view::npos;
  auto prefix = parse_prefix(text.substr(slash + 1), written_as_v6 ? 128 : 32);
  if (!prefix) return std::nullopt;
  if (written_as_v6 && address->is_v4()) {
    // ::ffff:10.0.0.0/104 is 10.0.0.0/8; a shorter prefix reaches beyond the mapped addresses.
    if (*prefix < 96) return std::nullopt;
    *prefix -= 96;
  }
  return Cidr::of(*address, *prefix);
}

Cidr Cidr::of(IpAddress address, unsigned prefix) {
  Cidr block;
  block.prefix_ = std::min(prefix, address.width());
  auto masked = address.bytes();
  for (std::size_t i = 0; i < masked.size(); ++i) {
    masked.at(i) = static_cast<std::uint8_t>(masked.at(i) & mask_byte(block.prefix_, i));
  }
  block.first_ = IpAddress::of_bytes(masked, address.is_v4());
  return block;
}

IpAddress Cidr::last() const {
  auto bytes = first_.bytes();
  for (std::size_t i = 0; i < first_.width() / 8; ++i) {
    bytes.at(i) = static_cast<std::uint8_t>(bytes.at(i) | (0xff & ~mask_byte(prefix_, i)));
  }
  return IpAddress::of_bytes(bytes, first_.is_v4());
}

bool Cidr::contains(const IpAddress& address) const {
  return address.is_v4() == first_.is_v4() && Cidr::of(address, prefix_).first_ == first_;
}

bool Cidr::contains(const Cidr& block) const {
  return block.prefix_ >= prefix_ && contains(block.first_);
}

std::string Cidr::to_string() const { return first_.to_string() + '/' + std::to_string(prefix_); }

}  // namespace meshproof
