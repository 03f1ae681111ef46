#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace meshproof {

/// How a file is packed. Foreign: in a way that is not read.
enum class Packing : std::uint8_t { None, Gzip, Tar, Zip, Foreign };

/// So many first bytes of a file tell.
inline constexpr std::size_t kPackingBytes = 512;

/// What the first bytes of a file say, whatever its name. A tar file without the `ustar` mark (of
/// before 1988) is not recognised.
[[nodiscard]] Packing packing_of(std::string_view first_bytes);

/// Why a packed file is not read, with the command that unpacks it; for all but Packing::None.
[[nodiscard]] std::string unpack_advice(std::string_view first_bytes, std::string_view name);

}  // namespace meshproof
