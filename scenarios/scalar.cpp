#include "scenarios/scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <system_error>

namespace meshproof {
namespace {

enum class Word { Null, True, False, NotFinite };

struct WordRow {
  std::string_view text;
  Word word;
};

constexpr std::array kWords = std::to_array<WordRow>({
    {"", Word::Null},          {"~", Word::Null},         {"null", Word::Null},
    {"Null", Word::Null},      {"NULL", Word::Null},      {"yes", Word::True},
    {"Yes", Word::True},       {"YES", Word::True},       {"true", Word::True},
    {"True", Word::True},      {"TRUE", Word::True},      {"on", Word::True},
    {"On", Word::True},        {"ON", Word::True},        {"no", Word::False},
    {"No", Word::False},       {"NO", Word::False},       {"false", Word::False},
    {"False", Word::False},    {"FALSE", Word::False},    {"off", Word::False},
    {"Off", Word::False},      {"OFF", Word::False},      {".nan", Word::NotFinite},
    {".NaN", Word::NotFinite}, {".NAN", Word::NotFinite}, {".inf", Word::NotFinite},
    {".Inf", Word::NotFinite}, {".INF", Word::NotFinite},
});

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_sign(char c) { return c == '+' || c == '-'; }

const WordRow* find_word(std::string_view text) {
  // `+.inf` and `-.inf` are words, `+.nan` is not; neither is `-yes`.
  if (text.size() == 5 && is_sign(text[0]) && text[4] != 'n' && text[4] != 'N') {
    const WordRow* word = find_word(text.substr(1));
    return word != nullptr && word->word == Word::NotFinite ? word : nullptr;
  }
  const auto row = std::ranges::find(kWords, text, &WordRow::text);
  return row == kWords.end() ? nullptr : &*row;
}

/// The base that a prefix says; removes the prefix. A leading zero means octal.
int take_base(std::string_view& digits) {
  if (digits.size() < 2 || digits[0] != '0') return 10;
  const char letter = digits[1];
  const int base = letter == 'x' || letter == 'X'   ? 16
                   : letter == 'o' || letter == 'O' ? 8
                   : letter == 'b' || letter == 'B' ? 2
                                                    : 0;
  digits.remove_prefix(base == 0 ? 1 : 2);
  return base == 0 ? 8 : base;
}

std::optional<std::string> integer_text(std::string_view text) {
  const bool negative = text.starts_with('-');
  const bool has_sign = is_sign(text[0]);
  if (has_sign) text.remove_prefix(1);
  const int base = take_base(text);
  std::uint64_t magnitude = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, magnitude, base);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
  constexpr std::uint64_t kLargest = INT64_MAX;
  if (has_sign && magnitude > kLargest + (negative ? 1 : 0)) return std::nullopt;
  return (negative && magnitude != 0 ? "-" : "") + std::to_string(magnitude);
}

/// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool is_decimal_fraction(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t first = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at - first;
  };
  if (at < text.size() && is_sign(text[at])) ++at;
  const std::size_t whole = digits();
  std::size_t fraction = 0;
  if (at < text.size() && text[at] == '.') {
    ++at;
    fraction = digits();
  }
  if (whole + fraction == 0) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && is_sign(text[at])) ++at;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

std::optional<double> fraction_value(std::string_view text) {
  if (!is_decimal_fraction(text)) return std::nullopt;
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc{}) return std::nullopt;
  return value;
}

Tree number_with_text(std::string text) {
  Tree tree;
  tree.kind = TreeKind::Number;
  tree.text = std::move(text);
  return tree;
}

}  // namespace

std::optional<Tree> resolve_plain_scalar(std::string_view text) {
  if (const WordRow* word = find_word(text); word != nullptr) {
    if (word->word == Word::NotFinite) return std::nullopt;
    return word->word == Word::Null ? Tree::null() : Tree::boolean(word->word == Word::True);
  }
  const char first = text[0];
  if (is_digit(first) || is_sign(first)) {
    std::string plain{text};
    std::erase(plain, '_');
    if (auto integer = integer_text(plain); integer) return number_with_text(std::move(*integer));
    if (auto value = fraction_value(plain); value) return number_with_text(json_number(*value));
  }
  if (first == '.') {
    if (auto value = fraction_value(text); value) return number_with_text(json_number(*value));
  }
  return Tree::string(std::string{text});
}

bool is_ambiguous_scalar(std::string_view text) {
  return text == "y" || text == "Y" || text == "n" || text == "N";
}

std::string json_number(double value) {
  // The API server writes -0, and reads that as the integer 0 when it stores the object.
  if (value == 0) return "0";
  const double magnitude = std::abs(value);
  const bool fixed = magnitude >= 1e-6 && magnitude < 1e21;
  std::array<char, 64> buffer{};
  const auto written =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                    fixed ? std::chars_format::fixed : std::chars_format::scientific);
  std::string text{buffer.data(), written.ptr};
  // The API server writes 1e-7 where C++ writes 1e-07.
  if (const auto zero = text.find("e-0"); zero != std::string::npos) text.erase(zero + 2, 1);
  return text;
}

}  // namespace meshproof
