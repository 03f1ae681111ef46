#include "scenarios/yaml_buffer.h"

#include <cstddef>
#include <utility>

namespace meshproof {
namespace {

constexpr std::string_view kItemsLine = "items:\n";

/// As many bytes at the beginning the library may put back, so they have to lie in one piece.
constexpr std::size_t kPutBack = 4;

}  // namespace

YamlBuffer::YamlBuffer(const YamlChunk& chunk)
    : text_(chunk.text), end_marker_(text_.ends_with('\n') ? "...\n" : "\n...\n") {
  if (chunk.is_below_items) {
    show(kItemsLine);
    return;
  }
  if (text_.size() < kPutBack) {
    short_text_.append(text_).append(std::exchange(end_marker_, {}));
    text_ = short_text_;
  }
  show(std::exchange(text_, {}));
}

void YamlBuffer::show(std::string_view text) {
  char* begin = const_cast<char*>(text.data());
  setg(begin, begin, begin + text.size());
}

YamlBuffer::int_type YamlBuffer::underflow() {
  if (text_.empty() && end_marker_.empty()) return traits_type::eof();
  show(std::exchange(text_.empty() ? end_marker_ : text_, {}));
  return traits_type::to_int_type(*gptr());
}

}  // namespace meshproof
