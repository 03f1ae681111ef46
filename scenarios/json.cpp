// nlohmann's SAX parser knows bytes, not places. The iterator that feeds it watches each character
// go by, in a small automaton of its own, and so knows where the latest token of each sort began.
// The parser may be one character ahead (after a number), never a token.
#include "scenarios/json.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "scenarios/scalar.h"
#include "scenarios/tree_builder.h"

namespace meshproof {
namespace {

struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

/// What has been read so far, and where the tokens in it began.
struct Watch {
  std::size_t passed = 0;
  Position here;
  Position bracket;
  Position string;
  Position literal;
  enum class In : std::uint8_t { Nothing, String, Escape, Literal } in = In::Nothing;

  void pass(char c) {
    switch (in) {
      case In::String:
        if (c == '"') in = In::Nothing;
        if (c == '\\') in = In::Escape;
        break;
      case In::Escape:
        in = In::String;
        break;
      case In::Nothing:
      case In::Literal:
        pass_outside(c);
        break;
    }
    ++passed;
    ++here.column;
    if (c == '\n') here = {.line = here.line + 1, .column = 1};
  }

 private:
  void pass_outside(char c) {
    switch (c) {
      case '"':
        string = here;
        in = In::String;
        break;
      case '{':
      case '[':
      case '}':
      case ']':
        bracket = here;
        in = In::Nothing;
        break;
      case ' ':
      case '\t':
      case '\r':
      case '\n':
      case ',':
      case ':':
        in = In::Nothing;
        break;
      default:
        if (in != In::Literal) literal = here;
        in = In::Literal;
    }
  }
};

class WatchedIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  WatchedIterator(const char** at, Watch* watch) : at_(at), watch_(watch) {}
  explicit WatchedIterator(const char** end) : at_(end) {}

  reference operator*() const { return **at_; }
  WatchedIterator& operator++() {
    watch_->pass(**at_);
    ++*at_;
    return *this;
  }
  friend bool operator==(const WatchedIterator& a, const WatchedIterator& b) {
    return *a.at_ == *b.at_;
  }
  friend bool operator!=(const WatchedIterator& a, const WatchedIterator& b) { return !(a == b); }

 private:
  // The library copies iterators; all copies move together.
  const char** at_;
  Watch* watch_ = nullptr;
};

/// The events of nlohmann's SAX interface.
class EventReader {
 public:
  EventReader(FileId file, const Watch& watch, std::size_t length)
      : file_(file), watch_(&watch), length_(length) {}

  [[nodiscard]] Document take() { return {builder_.take_root(), std::move(diagnostics_)}; }

  bool null() { return add(Tree::null(), watch_->literal); }
  bool boolean(bool value) { return add(Tree::boolean(value), watch_->literal); }
  bool number_integer(std::int64_t value) { return add(Tree::number(value), watch_->literal); }
  bool number_unsigned(std::uint64_t value) { return add_number(std::to_string(value)); }
  bool number_float(double value, const std::string& /*text*/) {
    return add_number(json_number(value));
  }
  bool string(std::string& value) { return add(Tree::string(std::move(value)), watch_->string); }
  bool binary(std::vector<std::uint8_t>& /*value*/) { return false; }
  bool start_object(std::size_t /*size*/) { return begin(TreeKind::Mapping); }
  bool key(std::string& text) {
    builder_.key(std::move(text), place(watch_->string));
    return true;
  }
  bool end_object() { return end(); }
  bool start_array(std::size_t /*size*/) { return begin(TreeKind::Sequence); }
  bool end_array() { return end(); }
  bool parse_error(std::size_t /*position*/, const std::string& token,
                   const nlohmann::json::exception& /*caught*/) {
    const bool at_end = watch_->passed >= length_;
    std::string seen = token.substr(0, std::min<std::size_t>(token.size(), 20));
    if (seen.size() < token.size()) seen += "...";
    error("json-syntax", at_end ? std::string{"the JSON ends in the middle of a value"}
                                : fmt::format("this is not JSON, at {}", seen));
    return false;
  }

 private:
  [[nodiscard]] Place place(Position at) const { return {file_, at.line, at.column}; }
  void error(std::string code, std::string message) {
    const Position at = watch_->here;
    diagnostics_.push_back({.place = {file_, at.line, std::max(at.column, 2U) - 1},
                            .code = std::move(code),
                            .message = std::move(message),
                            .notes = {},
                            .subject = {}});
  }

  bool add(Tree tree, Position at) {
    tree.place = place(at);
    builder_.value(std::move(tree));
    return true;
  }
  bool add_number(std::string text) {
    Tree tree;
    tree.kind = TreeKind::Number;
    tree.text = std::move(text);
    return add(std::move(tree), watch_->literal);
  }
  bool begin(TreeKind kind) {
    if (builder_.depth() >= kMaxDepth) {
      error("too-deep", fmt::format("nested deeper than {} levels", kMaxDepth));
      return false;
    }
    builder_.begin(kind, place(watch_->bracket));
    return true;
  }
  bool end() {
    builder_.value(builder_.end());
    return true;
  }

  FileId file_;
  const Watch* watch_;
  std::size_t length_;  ///< of the text
  Diagnostics diagnostics_;
  TreeBuilder builder_{diagnostics_};
};

/// Moves over white space and `---` lines.
void skip_between(const char*& at, const char* end, Watch& watch) {
  while (at != end) {
    const std::string_view rest{at, static_cast<std::size_t>(end - at)};
    const bool is_marker = watch.here.column == 1 && rest.starts_with("---") &&
                           (rest.size() == 3 || rest[3] == '\n' || rest[3] == '\r');
    const bool is_space = *at == ' ' || *at == '\t' || *at == '\r' || *at == '\n';
    if (!is_marker && !is_space) return;
    for (int i = 0; i < (is_marker ? 3 : 1); ++i) watch.pass(*at++);
    watch.in = Watch::In::Nothing;
  }
}

}  // namespace

std::vector<Document> parse_json(std::string_view text, FileId file) {
  std::vector<Document> documents;
  const char* at = text.data();
  const char* end = text.data() + text.size();
  Watch watch;
  for (skip_between(at, end, watch); at != end; skip_between(at, end, watch)) {
    EventReader reader{file, watch, text.size()};
    const bool ok = nlohmann::json::sax_parse(WatchedIterator{&at, &watch}, WatchedIterator{&end},
                                              &reader, nlohmann::json::input_format_t::json,
                                              /*strict=*/false);
    documents.push_back(reader.take());
    if (!ok) break;
  }
  return documents;
}

}  // namespace meshproof
