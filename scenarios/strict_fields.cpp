#include "scenarios/strict_fields.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "model/project/fields.h"
#include "model/spelling.h"
#include "scenarios/document.h"
#include "scenarios/files.h"
#include "scenarios/source_text.h"

namespace meshproof {

void refuse_unknown_fields(const Tree& mapping, std::span<const std::string_view> known,
                           Diagnostics& diagnostics) {
  for (const TreeField& entry : mapping.fields) {
    if (std::ranges::find(known, entry.key) != known.end()) continue;
    add_error(
        diagnostics, entry.key_place, "unknown-field",
        fmt::format("there is no field \"{}\" here{}", entry.key, suggestion(entry.key, known)));
  }
}

std::string suggestion(std::string_view word, std::span<const std::string_view> candidates) {
  const std::string_view nearest = nearest_word(word, candidates);
  return nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest);
}

std::string required_string(const Tree& mapping, std::string_view key, Diagnostics& diagnostics) {
  const Tree* value = mapping.find(key);
  if (value == nullptr || value->is_null()) {
    add_error(diagnostics, mapping.place, "missing-field", fmt::format("{} is missing", key));
    return {};
  }
  if (!value->is(TreeKind::String) || value->text.empty()) {
    add_error(diagnostics, value->place, "wrong-type",
              fmt::format("{} must be a nonempty string, not {}", key, describe(*value)));
    return {};
  }
  return value->text;
}

std::vector<const Tree*> one_or_more_strings(const Tree& mapping, std::string_view key,
                                             Diagnostics& diagnostics) {
  std::vector<const Tree*> strings;
  const Tree* value = mapping.find(key);
  if (value == nullptr) return strings;
  const auto add = [&](const Tree& text) {
    if (text.is(TreeKind::String) && !text.text.empty()) return strings.push_back(&text);
    add_error(
        diagnostics, text.place, "wrong-type",
        fmt::format("{} must be a nonempty string or a list of them, not {}", key, describe(text)));
  };
  if (!value->is(TreeKind::Sequence)) {
    add(*value);
    return strings;
  }
  for (const Tree& item : value->items) add(item);
  return strings;
}

std::vector<Tree> load_documents(const std::vector<std::string>& paths, Sources& sources,
                                 Diagnostics& diagnostics) {
  std::vector<Tree> trees;
  for (const InputFile& file : find_files(paths, diagnostics)) {
    const auto source = load_file(file, sources, diagnostics);
    if (!source) continue;
    for (Document& document : parse_documents(*source->text, source->file)) {
      const bool is_broken = has_errors(document.diagnostics);
      std::ranges::move(document.diagnostics, std::back_inserter(diagnostics));
      if (!is_broken && !document.tree.is_null()) trees.push_back(std::move(document.tree));
    }
  }
  return trees;
}

}  // namespace meshproof
