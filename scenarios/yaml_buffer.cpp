#include "scenarios/yaml_buffer.h"

#include <algorithm>
#include <utility>

namespace meshproof {
namespace {

constexpr std::string_view kItemsLine = "items:\n";

/// As many bytes at the beginning the library may put back, so they have to lie in one piece.
constexpr std::size_t kPutBack = 4;

/// Of a long text as much as is told of at once.
constexpr std::size_t kPiece = std::size_t{256} << 10U;

}  // namespace

YamlBuffer::YamlBuffer(const YamlChunk& chunk, ByteTally* tally)
    : text_(chunk.text),
      end_marker_(text_.ends_with('\n') ? "...\n" : "\n...\n"),
      tally_(tally),
      untold_(text_.size()) {
  if (chunk.is_below_items) {
    show(kItemsLine);
    return;
  }
  if (text_.size() < kPutBack) {
    short_text_.append(text_).append(std::exchange(end_marker_, {}));
    text_ = short_text_;
  }
  show_piece();
}

YamlBuffer::~YamlBuffer() {
  if (tally_ != nullptr) tally_->add(untold_);
}

void YamlBuffer::show_piece() {
  const std::string_view piece = text_.substr(0, kPiece);
  text_.remove_prefix(piece.size());
  show(piece);
  shown_ = std::min(piece.size(), untold_);
}

void YamlBuffer::show(std::string_view text) {
  char* begin = const_cast<char*>(text.data());
  setg(begin, begin, begin + text.size());
}

YamlBuffer::int_type YamlBuffer::underflow() {
  const std::size_t read = std::exchange(shown_, 0);
  untold_ -= read;
  if (tally_ != nullptr) tally_->add(read);
  if (!text_.empty()) {
    show_piece();
  } else if (!end_marker_.empty()) {
    show(std::exchange(end_marker_, {}));
  } else {
    return traits_type::eof();
  }
  return traits_type::to_int_type(*gptr());
}

}  // namespace meshproof
