#include "scenarios/document.h"

#include <algorithm>
#include <array>

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

/// Read to the end as YAML: what is wrong, if anything, is a value.
bool is_yaml(const std::vector<Document>& documents) {
  constexpr std::array<std::string_view, 4> kOfValues{"custom-tag", "duplicate-key",
                                                      "number-not-json", "scalar-tag"};
  const auto is_of_value = [&](const Diagnostic& told) {
    return told.severity != Severity::Error ||
           std::ranges::find(kOfValues, told.code) != kOfValues.end();
  };
  return std::ranges::all_of(documents, [&](const Document& document) {
    return std::ranges::all_of(document.diagnostics, is_of_value);
  });
}

}  // namespace

std::vector<Document> parse_documents(std::string_view text, FileId file, ItemReading items,
                                      ByteTally* tally) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool looks_like_json =
      first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
  if (!looks_like_json) return parse_yaml(text, file, kYamlListPart, tally);
  std::vector<Document> as_json = parse_json(text, file, items, tally);
  if (is_json(as_json) || text.size() > kTriedTwice) return as_json;
  // A flow mapping, or JSON documents between YAML ones.
  if (tally != nullptr) tally->restart();
  std::vector<Document> as_yaml = parse_yaml(text, file, kYamlListPart, tally);
  return is_yaml(as_yaml) ? as_yaml : as_json;
}

}  // namespace meshproof
