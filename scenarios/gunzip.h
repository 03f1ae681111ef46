#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "scenarios/byte_source.h"

namespace meshproof {

/// How far packed input may grow, so that a small file cannot fill the memory or the day.
struct UnpackLimits {
  std::uint64_t passed = std::uint64_t{16} << 30;      ///< bytes unpacked, kept or not
  std::uint64_t kept = std::uint64_t{2} << 30;         ///< bytes of manifests
  std::uint64_t ratio = 500;                           ///< unpacked to packed ...
  std::uint64_t ratio_from = std::uint64_t{64} << 20;  ///< ... beyond so many unpacked
};

/// Why so much may not come out of so little; empty while it may.
[[nodiscard]] std::string too_dense(std::uint64_t unpacked, std::uint64_t packed,
                                    const UnpackLimits& limits);

/// The bytes that a gzip stream holds, of several members in a row too, with length and checksum
/// verified. Fails with the reason where it is damaged, cut off or beyond the limits.
[[nodiscard]] ByteSource gunzip(ByteSource packed, const UnpackLimits& limits);

}  // namespace meshproof
