#include "scenarios/yaml_scalar.h"

#include <cstdint>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "scenarios/scalar.h"
#include "scenarios/text.h"

namespace meshproof {
namespace {

constexpr std::string_view kCoreTags = "tag:yaml.org,2002:";

std::optional<unsigned> base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<unsigned>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<unsigned>(c - 'a' + 26);
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0' + 52);
  if (c == '+') return 62U;
  if (c == '/') return 63U;
  return std::nullopt;
}

std::optional<std::string> decode_base64(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  unsigned count = 0;
  std::size_t digits = 0;
  std::size_t padding = 0;
  for (const char c : text) {
    if (c == '\n' || c == '\r' || c == ' ' || c == '\t') continue;
    ++digits;
    if (c == '=') {
      ++padding;
      continue;
    }
    const auto digit = base64_digit(c);
    if (!digit || padding != 0) return std::nullopt;
    bits = bits << 6U | *digit;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(static_cast<unsigned char>(bits >> count));
  }
  if (digits % 4 != 0 || padding > 2) return std::nullopt;
  return bytes;
}

ResolvedScalar fine(Tree value) { return {std::move(value), {}, {}}; }

ResolvedScalar fault(std::string_view text, std::string code, std::string message) {
  return {Tree::string(std::string{text}), std::move(code), std::move(message)};
}

ResolvedScalar resolve_core(std::string_view type, std::string_view text) {
  if (type == "str" || type == "timestamp") return fine(Tree::string(std::string{text}));
  if (type == "binary") {
    auto bytes = decode_base64(text);
    if (!bytes) return fault(text, "scalar-tag", "!!binary needs base64");
    return fine(Tree::string(replace_bad_utf8(*bytes)));
  }
  Tree value = resolve_plain_scalar(text).value_or(Tree::string(std::string{text}));
  const bool fits = (type == "null" && value.is_null()) ||
                    (type == "bool" && value.is(TreeKind::Boolean)) ||
                    (type == "float" && value.is(TreeKind::Number)) ||
                    (type == "int" && value.is(TreeKind::Number) && value.as_integer());
  if (!fits) return fault(text, "scalar-tag", fmt::format("\"{}\" is no !!{}", text, type));
  return fine(std::move(value));
}

}  // namespace

ResolvedScalar resolve_scalar(std::string_view tag, std::string_view text) {
  if (tag == "?") {
    auto value = resolve_plain_scalar(text);
    if (value) return fine(std::move(*value));
    return fault(
        text, "number-not-json",
        fmt::format("{} is a number that JSON cannot write: quote it, \"{}\"", text, text));
  }
  if (tag == "!") return fine(Tree::string(std::string{text}));
  if (tag.starts_with(kCoreTags)) {
    const std::string_view type = tag.substr(kCoreTags.size());
    for (const std::string_view known :
         {"str", "timestamp", "binary", "null", "bool", "int", "float"}) {
      if (type == known) return resolve_core(type, text);
    }
  }
  return fault(
      text, "custom-tag",
      fmt::format("the tag {} has no meaning in a manifest: leave it out", shown_tag(tag)));
}

bool is_collection_tag(std::string_view tag) {
  if (tag == "?" || tag == "!" || tag.empty()) return true;
  if (!tag.starts_with(kCoreTags)) return false;
  const std::string_view type = tag.substr(kCoreTags.size());
  return type == "map" || type == "seq";
}

std::string shown_tag(std::string_view tag) {
  if (tag.starts_with(kCoreTags)) return "!!" + std::string{tag.substr(kCoreTags.size())};
  return std::string{tag};
}

}  // namespace meshproof
