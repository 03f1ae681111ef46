#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace meshproof {

/// Takes the next piece of a text; false if it could not be written, and more would be in vain.
using WritePiece = std::function<bool(std::string_view)>;
/// Gives a text in pieces, for one that is too large to be held; ends where a piece was not taken.
using Writing = std::function<void(const WritePiece&)>;

/// Writes beside the file and renames, so that a reader sees the old file or the whole new one and
/// nothing half-written stays. What is no regular file (/dev/stdout, a pipe) is written directly.
/// Returns what went wrong; empty if nothing did.
[[nodiscard]] std::string write_file_atomically(const std::string& path, const Writing& writing);
[[nodiscard]] std::string write_file_atomically(const std::string& path, std::string_view text);

}  // namespace meshproof
