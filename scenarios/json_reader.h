#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "model/diagnostic.h"
#include "model/tree.h"

namespace meshproof {

/// Reads JSON values (RFC 8259) one after the other out of a text that has passed check_text(), and
/// knows the place of every token at little cost, since lines end only between tokens. O(length).
class JsonReader {
 public:
  JsonReader(std::string_view text, FileId file, Diagnostics& diagnostics);

  /// Moves over white space and `---` lines; false at the end of the text.
  [[nodiscard]] bool find_next();

  /// Makes a tree of the value that stands here. False after an error that ends reading:
  /// `json-syntax`, `too-deep`. `duplicate-key` does not end it.
  [[nodiscard]] bool read(Tree& into);

 private:
  struct Key {
    std::string_view text;
    std::uint32_t mark = 0;  ///< of equal texts equal
    Place place;
  };
  /// A string as it is written, without its quotes.
  struct Written {
    std::string_view text;
    bool has_escapes = false;
  };

  bool mapping(Tree& into);
  bool field(Tree& parent);
  bool sequence(Tree& into);
  bool scalar(Tree& into);
  bool number(Tree& into);
  bool literal(Tree& into, std::string_view word, TreeKind kind);
  bool string(Written& written);
  bool next_member(char closing, bool& is_last);
  bool enter();
  void tell_duplicates(std::size_t first_key);
  void tell_duplicate(const Key& first, const Key& second);

  void skip_space();
  void end_line();
  [[nodiscard]] bool is_at(char c) const { return at_ != end_ && *at_ == c; }
  [[nodiscard]] Place place() const;
  bool fail(std::string message);
  bool fail_here();

  const char* at_;
  const char* end_;
  const char* line_start_;
  std::uint32_t line_;
  FileId file_;
  Diagnostics* diagnostics_;
  std::size_t depth_ = 0;
  std::vector<Key> keys_;              ///< of all open mappings
  std::deque<std::string> unescaped_;  ///< keys that were written with escapes
};

}  // namespace meshproof
