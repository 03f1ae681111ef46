#pragma once

#include <streambuf>
#include <string>
#include <string_view>

#include "scenarios/yaml_chunks.h"

namespace meshproof {

/// Lets the library read a chunk without a copy, followed by a document end marker: the library
/// takes the end of the text for the end of a quoted string, but not this marker.
class YamlBuffer final : public std::streambuf {
 public:
  /// The text of the chunk must outlive this.
  explicit YamlBuffer(const YamlChunk& chunk);

 private:
  void show(std::string_view text);
  int_type underflow() override;

  std::string short_text_;
  std::string_view text_;  ///< that is still to be shown
  std::string_view end_marker_;
};

}  // namespace meshproof
