#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace meshproof {

/// Takes a long result piece by piece; false where it cannot be written, so that nobody goes on.
using TextSink = std::function<bool(std::string_view)>;

/// Collects small pieces of text into large ones for a sink. What is left goes there with flush().
class TextStream {
 public:
  /// Keeps the sink by reference.
  explicit TextStream(const TextSink& sink) : sink_(sink) {}

  void add(std::string_view text) {
    text_ += text;
    if (text_.size() >= kPiece) flush();
  }
  void flush() {
    is_broken_ = is_broken_ || !sink_(text_);
    text_.clear();
  }
  /// The sink wants no more.
  [[nodiscard]] bool is_broken() const { return is_broken_; }

 private:
  static constexpr std::size_t kPiece = 1U << 16U;

  const TextSink& sink_;
  std::string text_;
  bool is_broken_ = false;
};

}  // namespace meshproof
