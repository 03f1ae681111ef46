#include "scenarios/controls.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "model/project/fields.h"
#include "scenarios/document.h"
#include "scenarios/strict_fields.h"

namespace meshproof {
namespace {

constexpr std::array<std::string_view, 5> kCatalogueFields{"apiVersion", "controls", "framework",
                                                           "kind", "version"};
constexpr std::array<std::string_view, 4> kControlFields{"about", "id", "note", "supportedBy"};

std::string known_evidence() {
  std::vector<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(ControlEvidence::Provenance); ++i) {
    words.push_back(to_string(static_cast<ControlEvidence>(i)));
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

Control read_control(const Tree& tree, Diagnostics& found) {
  refuse_unknown_fields(tree, kControlFields, found);
  Control control;
  control.place = tree.place;
  control.id = required_string(tree, "id", found);
  control.about = required_string(tree, "about", found);
  control.note = std::string{tree.string_at({"note"})};
  for (const Tree* word : one_or_more_strings(tree, "supportedBy", found)) {
    if (const auto evidence = parse_control_evidence(word->text)) {
      control.supported_by.push_back(*evidence);
    } else {
      add_error(found, word->place, "unknown-evidence",
                fmt::format("'{}' is nothing that a report has: {}", word->text, known_evidence()));
    }
  }
  return control;
}

ControlCatalogue read_catalogue(const Tree& tree, Diagnostics& found) {
  refuse_unknown_fields(tree, kCatalogueFields, found);
  ControlCatalogue catalogue;
  catalogue.framework = required_string(tree, "framework", found);
  catalogue.version = required_string(tree, "version", found);
  for (const Tree* each : object_items(tree, "controls", found)) {
    catalogue.controls.push_back(read_control(*each, found));
  }
  return catalogue;
}

}  // namespace

Result<std::vector<ControlCatalogue>> read_controls(const std::vector<std::string>& paths,
                                                    Sources& sources) {
  Diagnostics found;
  std::vector<ControlCatalogue> catalogues;
  for (const Tree& document : load_documents(paths, sources, found)) {
    if (document.string_at({"kind"}) != "Controls") {
      add_error(found, document.place, "wrong-type",
                "this is no document of the kind Controls (docs/FORMATS.md)");
      continue;
    }
    catalogues.push_back(read_catalogue(document, found));
  }
  if (has_errors(found)) return tl::make_unexpected(std::move(found));
  return catalogues;
}

std::vector<ControlCatalogue> own_controls(Sources& sources) {
  std::vector<ControlCatalogue> catalogues;
  for (const EmbeddedFile& file : control_files()) {
    Diagnostics none;
    const FileId id = sources.add("docs/controls/" + std::string{file.name});
    for (const Document& document : parse_documents(file.text, id)) {
      catalogues.push_back(read_catalogue(document.tree, none));
    }
  }
  return catalogues;
}

}  // namespace meshproof
