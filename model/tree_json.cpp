#include "model/tree_json.h"

#include <cstdint>
#include <string_view>

#include "model/utf8.h"

namespace meshproof {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// A control character, quote or backslash.
void append_escaped(std::string& out, char c) {
  constexpr std::string_view kNamed = "\"\"\\\\\bb\ff\nn\rr\tt";
  for (std::size_t i = 0; i < kNamed.size(); i += 2) {
    if (kNamed[i] != c) continue;
    out += '\\';
    out += kNamed[i + 1];
    return;
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto value = static_cast<std::uint8_t>(c);
  out += "\\u00";
  out += kDigits[value >> 4U];
  out += kDigits[value & 15U];
}

bool stands_for_itself(char c) {
  const auto value = static_cast<std::uint8_t>(c);
  return value >= 0x20 && value < 0x7F && c != '"' && c != '\\';
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size() && stands_for_itself(text[plain])) ++plain;
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const std::size_t length = utf8_length(text, 0);
    if (length == 1 && text.front() != 0x7F) {
      append_escaped(out, text.front());
    } else {
      out += length == 0 ? kReplacement : text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

void append_break(std::string& out, std::size_t indent) {
  out += '\n';
  out.append(indent, ' ');
}

void append_items(std::string& out, const Tree& tree, std::size_t indent) {
  out += '[';
  for (std::size_t i = 0; i < tree.items.size(); ++i) {
    if (i != 0) out += ',';
    append_break(out, indent + 1);
    append_json(out, tree.items[i], indent + 1);
  }
  if (!tree.items.empty()) append_break(out, indent);
  out += ']';
}

void append_fields(std::string& out, const Tree& tree, std::size_t indent) {
  out += '{';
  for (std::size_t i = 0; i < tree.fields.size(); ++i) {
    if (i != 0) out += ',';
    append_break(out, indent + 1);
    append_string(out, tree.fields[i].key);
    out += ": ";
    append_json(out, tree.fields[i].value, indent + 1);
  }
  if (!tree.fields.empty()) append_break(out, indent);
  out += '}';
}

}  // namespace

void append_json(std::string& out, const Tree& tree, std::size_t indent) {
  switch (tree.kind) {
    case TreeKind::Null:
      out += "null";
      break;
    case TreeKind::Boolean:
    case TreeKind::Number:
      out += tree.text;
      break;
    case TreeKind::String:
      append_string(out, tree.text);
      break;
    case TreeKind::Sequence:
      append_items(out, tree, indent);
      break;
    case TreeKind::Mapping:
      append_fields(out, tree, indent);
      break;
  }
}

}  // namespace meshproof
