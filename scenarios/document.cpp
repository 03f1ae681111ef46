#include "scenarios/document.h"

#include <algorithm>

#include "scenarios/json.h"
#include "scenarios/yaml.h"

namespace meshproof {
namespace {

/// Above this size a text that begins like JSON is not tried as YAML too.
constexpr std::size_t kTriedTwice = std::size_t{16} << 20;

bool is_json(const std::vector<Document>& documents) {
  return documents.back().diagnostics.empty() ||
         documents.back().diagnostics.back().code != "json-syntax";
}

bool is_yaml(const std::vector<Document>& documents) {
  return std::ranges::none_of(documents, [](const Document& document) {
    return std::ranges::find(document.diagnostics, "yaml-syntax", &Diagnostic::code) !=
           document.diagnostics.end();
  });
}

}  // namespace

std::vector<Document> parse_documents(std::string_view text, FileId file) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool looks_like_json =
      first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
  if (!looks_like_json) return parse_yaml(text, file);
  std::vector<Document> as_json = parse_json(text, file);
  if (is_json(as_json) || text.size() > kTriedTwice) return as_json;
  // A flow mapping, or JSON documents between YAML ones.
  std::vector<Document> as_yaml = parse_yaml(text, file);
  return is_yaml(as_yaml) ? as_yaml : as_json;
}

}  // namespace meshproof
