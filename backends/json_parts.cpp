#include "backends/json_parts.h"

#include <algorithm>
#include <cstddef>

namespace meshproof {
namespace {

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

bool ends_word(char c) { return is_space(c) || c == ',' || c == ']' || c == '}' || c == ':'; }

/// Goes over a JSON text. Pointers, because every byte of a large list passes here.
class Scan {
 public:
  explicit Scan(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  bool pass(char wanted) {
    skip_space();
    if (at_ == end_ || *at_ != wanted) return false;
    ++at_;
    return true;
  }

  bool is_over() {
    skip_space();
    return at_ == end_;
  }

  /// Empty if there is none, or it does not end.
  std::string_view pass_value() {
    skip_space();
    const char* const begin = at_;
    if (at_ == end_) return {};
    const bool is_whole = *at_ == '"'                  ? pass_string()
                          : *at_ == '{' || *at_ == '[' ? pass_brackets()
                                                       : pass_word();
    return is_whole ? std::string_view{begin, static_cast<std::size_t>(at_ - begin)}
                    : std::string_view{};
  }

 private:
  void skip_space() {
    while (at_ != end_ && is_space(*at_)) ++at_;
  }

  bool pass_string() {
    for (++at_; at_ != end_; ++at_) {
      if (*at_ == '"') {
        ++at_;
        return true;
      }
      if (*at_ == '\\' && ++at_ == end_) return false;
    }
    return false;
  }

  bool pass_brackets() {
    std::size_t depth = 0;
    while (at_ != end_) {
      const char c = *at_;
      if (c == '"') {
        if (!pass_string()) return false;
        continue;
      }
      ++at_;
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && --depth == 0) return true;
    }
    return false;
  }

  bool pass_word() {
    const char* const begin = at_;
    while (at_ != end_ && !ends_word(*at_)) ++at_;
    return at_ != begin;
  }

  const char* at_;
  const char* end_;
};

}  // namespace

std::optional<std::vector<JsonField>> json_fields(std::string_view text) {
  Scan scan{text};
  std::vector<JsonField> fields;
  if (!scan.pass('{')) return std::nullopt;
  bool is_over = scan.pass('}');
  while (!is_over) {
    const std::string_view key = scan.pass_value();
    if (!key.starts_with('"') || !scan.pass(':')) return std::nullopt;
    const std::string_view value = scan.pass_value();
    if (value.empty()) return std::nullopt;
    fields.push_back({key.substr(1, key.size() - 2), value});
    is_over = scan.pass('}');
    if (!is_over && !scan.pass(',')) return std::nullopt;
  }
  if (!scan.is_over()) return std::nullopt;
  return fields;
}

std::optional<std::vector<std::string_view>> json_array_items(std::string_view text) {
  Scan scan{text};
  std::vector<std::string_view> items;
  if (!scan.pass('[')) return std::nullopt;
  bool is_over = scan.pass(']');
  while (!is_over) {
    const std::string_view item = scan.pass_value();
    if (item.empty()) return std::nullopt;
    items.push_back(item);
    is_over = scan.pass(']');
    if (!is_over && !scan.pass(',')) return std::nullopt;
  }
  if (!scan.is_over()) return std::nullopt;
  return items;
}

std::string_view json_value(const std::vector<JsonField>& fields, std::string_view key) {
  const auto found = std::ranges::find(fields, key, &JsonField::key);
  return found == fields.end() ? std::string_view{} : found->value;
}

}  // namespace meshproof
