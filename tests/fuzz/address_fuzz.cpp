#include <arpa/inet.h>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>

#include "model/ip.h"

namespace meshproof {
namespace {

/// Addresses are those that the C library reads, and say the same when written and read again.
void check_address(const std::string& text) {
  std::array<std::uint8_t, 16> bytes{};
  const bool has_zero = text.find('\0') != std::string::npos;
  const bool is_v4 = !has_zero && inet_pton(AF_INET, text.c_str(), bytes.data()) == 1;
  const bool is_v6 = !has_zero && inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
  const auto address = IpAddress::parse(text);
  if (address.has_value() != (is_v4 || is_v6)) std::abort();
  if (!address) return;
  if (IpAddress::parse(address->to_string()) != address) std::abort();
  if (address->is_v4() == is_v4 && address->bytes() != bytes) std::abort();
}

void check_block(const std::string& text) {
  const auto block = Cidr::parse(text);
  if (!block) return;
  if (Cidr::parse(block->to_string()) != block) std::abort();
  if (!block->contains(block->first()) || !block->contains(block->last())) std::abort();
  if (block->last() < block->first() || !block->contains(*block)) std::abort();
  if (block->prefix() == 0) return;
  const Cidr wider = Cidr::of(block->first(), block->prefix() - 1);
  if (!wider.contains(*block) || block->contains(wider)) std::abort();
}

}  // namespace
}  // namespace meshproof

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  meshproof::check_address(text);
  meshproof::check_block(text);
  return 0;
}
