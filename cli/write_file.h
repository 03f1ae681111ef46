#pragma once

#include <string>
#include <string_view>

namespace meshproof {

/// Writes beside the file and renames, so that a reader sees the old file or the whole new one and
/// nothing half-written stays. What is no regular file (/dev/stdout, a pipe) is written directly.
/// Returns what went wrong; empty if nothing did.
[[nodiscard]] std::string write_file_atomically(const std::string& path, std::string_view text);

}  // namespace meshproof
