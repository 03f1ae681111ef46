#pragma once

#include <cstddef>
#include <streambuf>
#include <string>
#include <string_view>

#include "scenarios/byte_tally.h"
#include "scenarios/yaml_chunks.h"

namespace meshproof {

/// Lets the library read a chunk without a copy, followed by a document end marker: the library
/// takes the end of the text for the end of a quoted string, but not this marker.
class YamlBuffer final : public std::streambuf {
 public:
  /// The text of the chunk must outlive this. What the library has taken of it is told to `tally`,
  /// the rest when the library is done, unless that is null.
  YamlBuffer(const YamlChunk& chunk, ByteTally* tally);
  YamlBuffer(const YamlBuffer&) = delete;
  YamlBuffer& operator=(const YamlBuffer&) = delete;
  ~YamlBuffer() override;

 private:
  void show(std::string_view text);
  void show_piece();
  int_type underflow() override;

  std::string short_text_;
  std::string_view text_;  ///< that is still to be shown
  std::string_view end_marker_;
  ByteTally* tally_;
  std::size_t untold_;     ///< bytes of the chunk
  std::size_t shown_ = 0;  ///< of them in the piece that is shown
};

}  // namespace meshproof
