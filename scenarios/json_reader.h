#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/diagnostic.h"
#include "model/outline.h"
#include "model/tree.h"
#include "scenarios/byte_tally.h"
#include "scenarios/json_items.h"

namespace meshproof {

/// Reads JSON values (RFC 8259) one after the other out of a text that has passed check_text(), and
/// knows the place of every token at little cost, since lines end only between tokens. O(length).
class JsonReader {
 public:
  JsonReader(std::string_view text, FileId file, Diagnostics& diagnostics);
  /// Begins at an item of a document's own `items`, at the place that the offset has.
  JsonReader(std::string_view text, std::size_t offset, Place place, Diagnostics& diagnostics);

  /// Passes over the items of a document's own `items` where they are all mappings and leaves them
  /// to `found`, unread; the sequence in the tree stays empty then. For one document.
  void leave_items_to(JsonItems& found) { left_items_ = &found; }

  /// Moves over white space and `---` lines; false at the end of the text.
  [[nodiscard]] bool find_next();

  /// Makes a tree of the value that stands here. False after an error that ends reading:
  /// `json-syntax`, `too-deep`. `duplicate-key` does not end it.
  [[nodiscard]] bool read(Tree& into) { return value(&into, nullptr); }
  /// The same, but for what the outline does not want: it is checked as well, and left out.
  [[nodiscard]] bool read(Tree& into, const Outline* outline) { return value(&into, outline); }

  /// What comes has been read before without a diagnostic: it is not checked again.
  void trust() { is_trusted_ = true; }

  /// From now on the tally is told what is read of the items of a list, and by tell_read().
  void tell(ByteTally& tally) {
    tally_ = &tally;
    told_ = at_;
  }
  /// Tells it how far reading has come, if there is one.
  void tell_read() {
    if (tally_ != nullptr) tally_->add(static_cast<std::uint64_t>(at_ - std::exchange(told_, at_)));
  }

  /// Where reading has come to.
  [[nodiscard]] const char* at() const { return at_; }

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

  // What is null is not built, only checked; of what has an outline only that is built.
  bool value(Tree* into, const Outline* outline);
  bool mapping(Tree* into, const Outline* outline);
  bool field(Tree* parent, const Outline* outline);
  bool sequence(Tree* into, const Outline* outline);
  bool leave_items(Tree& into);
  bool pass();
  bool scalar(Tree* into);
  bool number(Tree* into);
  bool literal(Tree* into, std::string_view word, TreeKind kind);
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
  JsonItems* left_items_ = nullptr;
  bool is_trusted_ = false;
  ByteTally* tally_ = nullptr;
  const char* told_ = nullptr;         ///< how far the tally knows
  std::vector<Key> keys_;              ///< of all open mappings
  std::deque<std::string> unescaped_;  ///< keys that were written with escapes
};

}  // namespace meshproof
