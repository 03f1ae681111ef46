#include "scenarios/json_reader.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <system_error>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "scenarios/document.h"
#include "scenarios/json_string.h"
#include "scenarios/scalar.h"

namespace meshproof {
namespace {

constexpr std::size_t kShownBytes = 20;
constexpr std::size_t kDepthOfItems = 2;
constexpr std::size_t kUsualFields = 4;
constexpr std::size_t kComparedOneByOne = 16;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Where a token that is not there could end.
bool ends_token(char c) {
  return std::string_view{" \t\r\n,:[]{}\""}.find(c) != std::string_view::npos;
}

/// Equal for equal texts, and rarely for others that stand in one mapping.
std::uint32_t mark_of(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
  };
  const std::size_t last = text.size() - 1;
  return static_cast<std::uint32_t>(text.size()) * 0x9e3779b1U ^ byte(0) ^ byte(last / 2) << 8U ^
         byte(last) << 16U ^ byte(last - last / 4) << 24U;
}

/// The text of a number as the API server writes it: integers that fit into 64 bits as they are,
/// others as fractions. Empty for one that is too large for any.
std::string canonical_number(std::string_view text, bool is_integer) {
  if (is_integer && text.size() < 19) return text == "-0" ? "0" : std::string{text};
  const char* end = text.data() + text.size();
  const auto fits = [&](auto value) {
    return std::from_chars(text.data(), end, value).ec == std::errc{};
  };
  if (is_integer && (fits(std::int64_t{}) || fits(std::uint64_t{}))) return std::string{text};
  double value = 0;
  if (std::from_chars(text.data(), end, value).ec == std::errc{}) return json_number(value);
  // What is too near to zero for a double is zero, as in the API server; from_chars tells it from
  // what is too large in no other way than by the exponent's sign.
  return text.find("e-") != text.npos || text.find("E-") != text.npos ? "0" : "";
}

}  // namespace

JsonReader::JsonReader(std::string_view text, FileId file, Diagnostics& diagnostics)
    : at_(text.data()),
      end_(at_ + text.size()),
      line_start_(at_),
      line_(1),
      file_(file),
      diagnostics_(&diagnostics) {}

JsonReader::JsonReader(std::string_view text, std::size_t offset, Place place,
                       Diagnostics& diagnostics)
    : at_(text.data() + offset),
      end_(text.data() + text.size()),
      line_start_(at_ - (place.column - 1)),
      line_(place.line),
      file_(place.file),
      diagnostics_(&diagnostics),
      depth_(kDepthOfItems) {}

Place JsonReader::place() const {
  return {file_, line_, static_cast<std::uint32_t>(at_ - line_start_) + 1};
}

void JsonReader::end_line() {
  ++at_;
  ++line_;
  line_start_ = at_;
}

void JsonReader::skip_space() {
  while (at_ != end_) {
    if (*at_ == '\n') {
      end_line();
      at_ = find_not_blank(at_, end_);
    } else if (*at_ == ' ' || *at_ == '\t' || *at_ == '\r') {
      ++at_;
    } else {
      return;
    }
  }
}

bool JsonReader::find_next() {
  skip_space();
  while (at_ == line_start_) {
    const std::string_view rest{at_, static_cast<std::size_t>(end_ - at_)};
    if (!rest.starts_with("---") || (rest.size() > 3 && rest[3] != '\n' && rest[3] != '\r')) break;
    at_ += 3;
    skip_space();
  }
  return at_ != end_;
}

bool JsonReader::fail(std::string message) {
  Place where = place();
  if (at_ == end_ && where.column > 1) --where.column;
  diagnostics_->push_back({.place = where,
                           .code = "json-syntax",
                           .message = std::move(message),
                           .notes = {},
                           .subject = {}});
  return false;
}

bool JsonReader::fail_here() {
  if (at_ == end_) return fail("the JSON ends in the middle of a value");
  const char* after = at_ + 1;
  if (!ends_token(*at_)) after = std::find_if(after, end_, ends_token);
  // Not through the middle of a UTF-8 character.
  if (after - at_ > static_cast<std::ptrdiff_t>(kShownBytes)) after = at_ + kShownBytes;
  while (after != end_ && (static_cast<unsigned char>(*after) & 0xc0U) == 0x80) ++after;
  return fail(fmt::format("this is not JSON, at {}", std::string_view{at_, after}));
}

bool JsonReader::value(Tree* into, const Outline* outline) {
  if (at_ == end_) return fail_here();
  if (into != nullptr) into->place = place();
  const bool has_parts = *at_ == '{' || *at_ == '[';
  if (has_parts && into == nullptr && is_trusted_) return pass();
  switch (*at_) {
    case '{':
      return mapping(into, outline);
    case '[':
      return sequence(into, outline);
    default:
      return scalar(into);
  }
}

bool JsonReader::pass() {
  JsonPosition position{at_, line_start_, line_};
  if (!pass_brackets(position, end_)) return false;
  at_ = position.at;
  line_start_ = position.line_start;
  line_ = position.line;
  return true;
}

bool JsonReader::enter() {
  if (depth_ < kMaxDepth) {
    ++depth_;
    ++at_;
    skip_space();
    return true;
  }
  diagnostics_->push_back({.place = place(),
                           .code = "too-deep",
                           .message = fmt::format("nested deeper than {} levels", kMaxDepth),
                           .notes = {},
                           .subject = {}});
  return false;
}

/// After a member: over the comma, or over the closing bracket.
bool JsonReader::next_member(char closing, bool& is_last) {
  skip_space();
  is_last = is_at(closing);
  if (!is_last && !is_at(',')) return fail_here();
  ++at_;
  if (is_last) {
    --depth_;
  } else {
    skip_space();
  }
  return true;
}

bool JsonReader::mapping(Tree* into, const Outline* outline) {
  if (!enter()) return false;
  if (into != nullptr) into->kind = TreeKind::Mapping;
  if (is_at('}')) {
    ++at_;
    --depth_;
    return true;
  }
  const std::size_t first_key = keys_.size();
  for (bool is_last = false; !is_last;) {
    if (!field(into, outline) || !next_member('}', is_last)) return false;
  }
  if (!is_trusted_) tell_duplicates(first_key);
  keys_.resize(first_key);
  if (keys_.empty()) unescaped_.clear();
  return true;
}

bool JsonReader::field(Tree* parent, const Outline* outline) {
  const Place key_place = place();
  Written written;
  if (!is_at('"') || !string(written)) return is_at('"') ? false : fail_here();
  std::string_view key = written.text;
  if (written.has_escapes) key = unescaped_.emplace_back(unescape_json(key));
  if (!is_trusted_) keys_.push_back({key, mark_of(key), key_place});
  skip_space();
  if (!is_at(':')) return fail_here();
  ++at_;
  skip_space();
  if (parent == nullptr) return value(nullptr, nullptr);
  const Outline::Field* wanted = outline == nullptr ? nullptr : outline->find(key);
  if (outline != nullptr && wanted == nullptr && !outline->other_keys)
    return value(nullptr, nullptr);
  // Most mappings have a few fields: growing one by one would move each several times.
  if (parent->fields.capacity() == 0) parent->fields.reserve(kUsualFields);
  Tree& made = parent->fields.emplace_back(TreeField{std::string{key}, {}, key_place}).value;
  if (left_items_ != nullptr && depth_ == 1 && key == "items" && leave_items(made)) return true;
  if (outline == nullptr) return value(&made, nullptr);
  made.place = place();
  return wanted == nullptr ? value(nullptr, nullptr) : value(&made, wanted->value);
}

bool JsonReader::leave_items(Tree& into) {
  if (!is_at('[')) return false;
  if (!find_items({at_, end_}, place(), *left_items_)) return false;
  into.kind = TreeKind::Sequence;
  into.place = place();
  tell_read();
  at_ += left_items_->text.size();
  told_ = at_;
  line_ = left_items_->end.line;
  line_start_ = at_ - (left_items_->end.column - 1);
  left_items_ = nullptr;
  return true;
}

bool JsonReader::sequence(Tree* into, const Outline* outline) {
  if (!enter()) return false;
  if (into != nullptr) into->kind = TreeKind::Sequence;
  if (is_at(']')) {
    ++at_;
    --depth_;
    return true;
  }
  for (bool is_last = false; !is_last;) {
    Tree* item = into == nullptr ? nullptr : &into->items.emplace_back();
    if (!value(item, outline) || !next_member(']', is_last)) return false;
    if (tally_ != nullptr && depth_ == kDepthOfItems) tell_read();
  }
  return true;
}

bool JsonReader::scalar(Tree* into) {
  switch (*at_) {
    case '"': {
      Written written;
      if (!string(written)) return false;
      if (into == nullptr) return true;
      into->kind = TreeKind::String;
      into->text = written.has_escapes ? unescape_json(written.text) : std::string{written.text};
      return true;
    }
    case 't':
      return literal(into, "true", TreeKind::Boolean);
    case 'f':
      return literal(into, "false", TreeKind::Boolean);
    case 'n':
      return literal(into, "null", TreeKind::Null);
    default:
      return number(into);
  }
}

bool JsonReader::literal(Tree* into, std::string_view word, TreeKind kind) {
  const std::string_view rest{at_, static_cast<std::size_t>(end_ - at_)};
  const bool goes_on = rest.size() > word.size() && !ends_token(rest[word.size()]);
  if (!rest.starts_with(word) || goes_on) return fail_here();
  at_ += word.size();
  if (into == nullptr) return true;
  into->kind = kind;
  if (kind == TreeKind::Boolean) into->text = word;
  return true;
}

bool JsonReader::number(Tree* into) {
  const char* at = at_;
  const auto digits = [&] {
    const char* first = at;
    while (at != end_ && is_digit(*at)) ++at;
    return at != first;
  };
  if (*at == '-') ++at;
  const bool leads_with_zero = at != end_ && *at == '0';
  const char* whole = at;
  if (!digits() || (leads_with_zero && at - whole > 1)) return fail_here();
  bool is_integer = true;
  if (at != end_ && *at == '.') {
    is_integer = false;
    ++at;
    if (!digits()) return fail_here();
  }
  if (at != end_ && (*at == 'e' || *at == 'E')) {
    is_integer = false;
    ++at;
    if (at != end_ && (*at == '+' || *at == '-')) ++at;
    if (!digits()) return fail_here();
  }
  if (at != end_ && !ends_token(*at)) return fail_here();
  const std::string_view text{at_, at};
  std::string canonical = canonical_number(text, is_integer);
  if (canonical.empty()) {
    return fail(fmt::format("the number {} is too large", text.substr(0, kShownBytes)));
  }
  at_ = at;
  if (into == nullptr) return true;
  into->kind = TreeKind::Number;
  into->text = std::move(canonical);
  return true;
}

bool JsonReader::string(Written& written) {
  const char* const first = ++at_;
  while (true) {
    at_ = find_string_stop(at_, end_);
    if (at_ == end_) return fail_here();
    if (*at_ == '"') break;
    if (*at_ != '\\') return fail("a line ends, or a tab stands, inside of a string");
    written.has_escapes = true;
    const std::size_t length = json_escape_length({at_, static_cast<std::size_t>(end_ - at_)});
    if (length == 0) return fail("this escape in a string is none that JSON has");
    at_ += length;
  }
  written.text = {first, at_};
  ++at_;
  return true;
}

void JsonReader::tell_duplicate(const Key& first, const Key& second) {
  diagnostics_->push_back(
      {.place = second.place,
       .severity = Severity::Error,
       .code = "duplicate-key",
       .message = fmt::format("the key \"{}\" stands twice in one mapping", second.text),
       .notes = {{first.place, "first here"}},
       .subject = {}});
}

void JsonReader::tell_duplicates(std::size_t first_key) {
  const std::span<Key> keys = std::span{keys_}.subspan(first_key);
  const auto is_same = [](const Key& a, const Key& b) {
    return a.mark == b.mark && a.text == b.text;
  };
  if (keys.size() <= kComparedOneByOne) {
    for (std::size_t i = 1; i < keys.size(); ++i) {
      for (std::size_t before = 0; before < i; ++before) {
        if (!is_same(keys[before], keys[i])) continue;
        tell_duplicate(keys[before], keys[i]);
        break;
      }
    }
    return;
  }
  std::ranges::sort(keys, {}, [](const Key& key) {
    return std::tuple{key.mark, key.text, key.place};
  });
  for (std::size_t i = 1, first = 0; i < keys.size(); ++i) {
    if (is_same(keys[first], keys[i])) {
      tell_duplicate(keys[first], keys[i]);
    } else {
      first = i;
    }
  }
}

}  // namespace meshproof
