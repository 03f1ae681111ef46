#include "reports/state_json.h"

#include <nlohmann/json.hpp>

#include "model/tree.h"

namespace meshproof {
namespace {

void append_string(std::string& out, const std::string& text) {
  out += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void append(std::string& out, const Tree& tree, std::size_t indent);

void append_break(std::string& out, std::size_t indent) {
  out += '\n';
  out.append(indent, ' ');
}

void append_items(std::string& out, const Tree& tree, std::size_t indent) {
  out += '[';
  for (std::size_t i = 0; i < tree.items.size(); ++i) {
    if (i != 0) out += ',';
    append_break(out, indent + 1);
    append(out, tree.items[i], indent + 1);
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
    append(out, tree.fields[i].value, indent + 1);
  }
  if (!tree.fields.empty()) append_break(out, indent);
  out += '}';
}

void append(std::string& out, const Tree& tree, std::size_t indent) {
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

}  // namespace

std::string state_json(const ObjectStore& objects) {
  std::string out = "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [";
  bool first = true;
  for (const auto& [key, object] : objects.all()) {
    out += first ? "\n" : ",\n";
    first = false;
    append(out, *object.tree, 0);
  }
  return out + "\n]}\n";
}

}  // namespace meshproof
