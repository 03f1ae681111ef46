#include "reports/yaml.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "reports/json.h"

namespace meshproof {
namespace {

/// Words that a YAML reader takes for something else than a string, in lower case.
constexpr std::array<std::string_view, 12> kReserved{"true", "false", "yes",  "no",  "on",  "off",
                                                     "y",    "n",     "null", "inf", "nan", "~"};

/// Letters, digits and `-_./`, beginning with a letter: no number, no mark of the syntax.
bool is_plain(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto fits = [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '/';
  };
  if (text.empty() || !is_letter(text.front()) || !std::ranges::all_of(text, fits)) return false;
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return std::ranges::find(kReserved, lower) == kReserved.end();
}

/// What JSON quotes YAML reads alike.
std::string quoted(const std::string& text) {
  return Json(text).dump(-1, ' ', true, Json::error_handler_t::replace);
}

std::string scalar(const Tree& tree) {
  switch (tree.kind) {
    case TreeKind::Null:
      return "null";
    case TreeKind::String:
      return is_plain(tree.text) ? tree.text : quoted(tree.text);
    case TreeKind::Boolean:
    case TreeKind::Number:
      return tree.text;
    case TreeKind::Sequence:
      return "[]";
    case TreeKind::Mapping:
      return "{}";
  }
  return {};
}

bool is_block(const Tree& tree) { return !tree.items.empty() || !tree.fields.empty(); }

void append(const Tree& tree, std::size_t indent, bool continues_line, std::string& out);

void append_fields(const Tree& tree, std::size_t indent, bool continues_line, std::string& out) {
  bool is_first = continues_line;
  for (const TreeField& field : tree.fields) {
    if (!is_first) out.append(indent, ' ');
    is_first = false;
    out += is_plain(field.key) ? field.key : quoted(field.key);
    out += ':';
    if (!is_block(field.value)) {
      out += ' ' + scalar(field.value) + '\n';
      continue;
    }
    out += '\n';
    // Items stand under their key, as kubectl writes them.
    const bool is_list = field.value.is(TreeKind::Sequence);
    append(field.value, is_list ? indent : indent + 2, false, out);
  }
}

void append_items(const Tree& tree, std::size_t indent, bool continues_line, std::string& out) {
  bool is_first = continues_line;
  for (const Tree& item : tree.items) {
    if (!is_first) out.append(indent, ' ');
    is_first = false;
    out += "- ";
    append(item, indent + 2, true, out);
  }
}

void append(const Tree& tree, std::size_t indent, bool continues_line, std::string& out) {
  if (!is_block(tree)) {
    if (!continues_line) out.append(indent, ' ');
    out += scalar(tree) + '\n';
  } else if (tree.is(TreeKind::Mapping)) {
    append_fields(tree, indent, continues_line, out);
  } else {
    append_items(tree, indent, continues_line, out);
  }
}

}  // namespace

std::string yaml_text(const Tree& tree) {
  std::string out;
  append(tree, 0, false, out);
  return out;
}

}  // namespace meshproof
