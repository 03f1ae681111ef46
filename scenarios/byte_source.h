#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>

namespace meshproof {

/// Gives bytes in order: puts some into `to` and says how many, 0 at the end. Where it cannot go on
/// it gives 0 and writes the reason to `failure`.
using ByteSource = std::function<std::size_t(std::span<char> to, std::string& failure)>;

/// What an open descriptor gives. The descriptor must outlive it.
[[nodiscard]] ByteSource bytes_of(int descriptor);

/// `first`, then what `rest` gives.
[[nodiscard]] ByteSource bytes_after(std::string first, ByteSource rest);

/// Appends up to `count` bytes to `text`; fewer only at the end or with a failure.
void read_bytes(const ByteSource& source, std::size_t count, std::string& text,
                std::string& failure);

}  // namespace meshproof
