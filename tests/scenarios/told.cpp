#include "tests/scenarios/told.h"

#include <utility>

#include "scenarios/object_list.h"

namespace meshproof {
namespace {

std::string line_of(const Diagnostic& told, const Sources& sources) {
  constexpr const char* kSeverities[] = {"note", "warning", "error"};
  const std::string where = told.place.is_known() ? sources.format(told.place) : told.subject;
  std::string line = where + ": " + kSeverities[static_cast<int>(told.severity)] + '[' + told.code +
                     "]: " + told.message;
  for (const DiagnosticNote& note : told.notes) {
    line += " (" + sources.format(note.place) + ": " + note.message + ')';
  }
  return line;
}

std::vector<std::string> errors_first(Diagnostics found, const Sources& sources) {
  Diagnostics rest;
  Diagnostics told = split_errors(std::move(found), rest);
  told.insert(told.end(), rest.begin(), rest.end());
  return lines_of(told, sources);
}

}  // namespace

std::vector<std::string> lines_of(const Diagnostics& diagnostics, const Sources& sources) {
  std::vector<std::string> lines;
  for (const Diagnostic& told : diagnostics) lines.push_back(line_of(told, sources));
  return lines;
}

std::vector<std::string> told_of(std::string_view text, std::string name) {
  Sources sources;
  Diagnostics found;
  (void)read_text(std::move(name), std::string{text}, {}, sources, found);
  return errors_first(std::move(found), sources);
}

InputReading reading_of(const std::vector<std::string>& paths, std::string_view folder) {
  Sources sources;
  Diagnostics found;
  InputReading reading{read_inputs(paths, {}, sources, found), {}};
  for (const std::string& line : errors_first(std::move(found), sources)) {
    reading.told.push_back(folder.empty() ? line : without(line, folder));
  }
  return reading;
}

InputReading reading_of(std::string_view text, const ReadOptions& options) {
  Sources sources;
  Diagnostics found;
  InputReading reading{read_text("a.yaml", std::string{text}, options, sources, found), {}};
  reading.told = errors_first(std::move(found), sources);
  return reading;
}

std::string without(std::string text, std::string_view part) {
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part)) {
    text.erase(at, part.size());
  }
  return text;
}

}  // namespace meshproof
