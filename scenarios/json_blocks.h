#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace meshproof {

/// Which of 64 bytes of a JSON text are what; bit 0 is the first byte.
struct JsonBlock {
  static constexpr std::size_t kBytes = 64;

  std::uint64_t quotes = 0;
  std::uint64_t backslashes = 0;
  std::uint64_t opens = 0;   ///< `{` and `[`
  std::uint64_t closes = 0;  ///< `}` and `]`
  std::uint64_t line_ends = 0;
};

/// Of the first 64 bytes of the text, or all of it if it has less.
[[nodiscard]] JsonBlock block_of(std::string_view text);

/// Follows a JSON text block by block, to know where its strings are. Begins outside of strings.
class JsonStrings {
 public:
  /// The bytes of the next block that are inside of a string, or open one.
  [[nodiscard]] std::uint64_t next(const JsonBlock& block);

 private:
  /// The bytes behind a backslash that is not behind one itself.
  [[nodiscard]] std::uint64_t escaped(std::uint64_t backslashes);

  bool is_escaped_ = false;      ///< the first byte of the next block
  std::uint64_t in_string_ = 0;  ///< all bits, if the last block ended in a string
};

}  // namespace meshproof
