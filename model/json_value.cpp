#include "model/json_value.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace meshproof {
namespace {

constexpr int kDeepest = 64;

bool is_digit(char c) { return '0' <= c && c <= '9'; }

void append_utf8(std::string& out, std::uint32_t point) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xc0 | point >> 6U);
    put(0x80 | (point & 0x3fU));
  } else if (point < 0x10000) {
    put(0xe0 | point >> 12U);
    put(0x80 | (point >> 6U & 0x3fU));
    put(0x80 | (point & 0x3fU));
  } else {
    put(0xf0 | point >> 18U);
    put(0x80 | (point >> 12U & 0x3fU));
    put(0x80 | (point >> 6U & 0x3fU));
    put(0x80 | (point & 0x3fU));
  }
}

class JsonValueParser {
 public:
  explicit JsonValueParser(std::string_view text) : rest_(text) {}

  std::optional<Tree> whole() {
    Tree tree;
    if (!value(tree, 0)) return std::nullopt;
    skip_space();
    if (!rest_.empty()) return std::nullopt;
    return tree;
  }

 private:
  bool value(Tree& into, int depth) {
    skip_space();
    if (rest_.empty() || depth > kDeepest) return false;
    switch (rest_.front()) {
      case '{':
        return mapping(into, depth);
      case '[':
        return sequence(into, depth);
      case '"':
        into.kind = TreeKind::String;
        return string(into.text);
      case 't':
        return word("true", TreeKind::Boolean, into);
      case 'f':
        return word("false", TreeKind::Boolean, into);
      case 'n':
        return word("null", TreeKind::Null, into);
      default:
        return number(into);
    }
  }

  bool mapping(Tree& into, int depth) {
    into.kind = TreeKind::Mapping;
    take('{');
    if (skip_space(); take('}')) return true;
    do {
      std::string key;
      Tree field;
      if (skip_space(); !string(key)) return false;
      if (skip_space(); !take(':')) return false;
      if (!value(field, depth + 1)) return false;
      into.fields.push_back({std::move(key), std::move(field)});
      skip_space();
    } while (take(','));
    keep_last(into.fields);
    return take('}');
  }

  static void keep_last(std::vector<TreeField>& fields) {
    std::ranges::reverse(fields);
    std::ranges::stable_sort(fields, {}, &TreeField::key);
    const auto repeated = std::ranges::unique(fields, {}, &TreeField::key);
    fields.erase(repeated.begin(), repeated.end());
  }

  bool sequence(Tree& into, int depth) {
    into.kind = TreeKind::Sequence;
    take('[');
    if (skip_space(); take(']')) return true;
    do {
      if (!value(into.items.emplace_back(), depth + 1)) return false;
      skip_space();
    } while (take(','));
    return take(']');
  }

  bool word(std::string_view text, TreeKind kind, Tree& into) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    into.kind = kind;
    if (kind == TreeKind::Boolean) into.text = text;
    return true;
  }

  bool digits() {
    const auto end = std::ranges::find_if_not(rest_, is_digit);
    const auto count = static_cast<std::size_t>(end - rest_.begin());
    rest_.remove_prefix(count);
    return count > 0;
  }

  bool number(Tree& into) {
    const std::string_view start = rest_;
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (!digits()) return false;
    }
    into.kind = TreeKind::Number;
    into.text = start.substr(0, start.size() - rest_.size());
    return true;
  }

  bool string(std::string& into) {
    if (!take('"')) return false;
    while (!rest_.empty()) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c != '\\') {
        into += c;
      } else if (!escape(into)) {
        return false;
      }
    }
    return false;
  }

  bool escape(std::string& into) {
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
    if (rest_.empty()) return false;
    const char c = rest_.front();
    rest_.remove_prefix(1);
    if (const auto at = kNames.find(c); at != std::string_view::npos) {
      into += kMeant[at];
      return true;
    }
    if (c != 'u') return false;
    auto point = four_digits();
    if (!point) return false;
    if (0xd800 <= *point && *point < 0xdc00 && rest_.starts_with("\\u")) {
      const std::string_view before = rest_;
      rest_.remove_prefix(2);
      const auto low = four_digits();
      if (!low) return false;
      if (0xdc00 <= *low && *low < 0xe000) {
        point = 0x10000 + ((*point - 0xd800) << 10U) + (*low - 0xdc00);
      } else {
        rest_ = before;
      }
    }
    constexpr std::uint32_t kReplacement = 0xfffd;
    const bool is_half = 0xd800 <= *point && *point < 0xe000;
    append_utf8(into, is_half ? kReplacement : *point);
    return true;
  }

  std::optional<std::uint32_t> four_digits() {
    if (rest_.size() < 4) return std::nullopt;
    std::uint32_t point = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + 4, point, 16);
    if (error != std::errc{} || end != rest_.data() + 4) return std::nullopt;
    rest_.remove_prefix(4);
    return point;
  }

  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void skip_space() {
    const auto start = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(std::min(start, rest_.size()));
  }

  std::string_view rest_;
};

}  // namespace

std::optional<Tree> parse_json(std::string_view text) { return JsonValueParser(text).whole(); }

}  // namespace meshproof
