#include "reports/diagnostic_text.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "reports/text.h"

namespace meshproof {
namespace {

constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kRed = "\x1b[1;31m";
constexpr std::string_view kYellow = "\x1b[1;33m";
constexpr std::string_view kCyan = "\x1b[1;36m";
constexpr std::string_view kPlain = "\x1b[0m";
constexpr std::size_t kIndent = 2;
constexpr std::size_t kTab = 4;

struct Rank {
  std::string_view name;
  std::string_view colour;
};

Rank rank_of(Severity severity) {
  switch (severity) {
    case Severity::Error:
      return {"error", kRed};
    case Severity::Warning:
      return {"warning", kYellow};
    case Severity::Note:
      break;
  }
  return {"note", kCyan};
}

std::string painted(std::string_view text, std::string_view colour, const DiagnosticStyle& style) {
  return style.colour ? fmt::format("{}{}{}", colour, text, kPlain) : std::string(text);
}

/// The cells of a source line with tabs filled up to the next stop.
std::vector<Cell> source_cells(std::string_view line) {
  std::vector<Cell> result = cells(line);
  std::size_t column = 0;
  for (Cell& cell : result) {
    if (line[cell.byte] == '\t') {
      cell.width = kTab - column % kTab;
      cell.shown = std::string(cell.width, ' ');
    }
    column += cell.width;
  }
  return result;
}

/// The source line and the caret below it. A line that is too long is cut on both sides so that
/// the caret stays in view.
std::string source_lines(const Place& place, const Sources& sources, const DiagnosticStyle& style) {
  const std::string_view line = sources.line(place);
  if (line.empty() || place.column == 0) return {};
  const std::vector<Cell> all = source_cells(line);
  const std::size_t byte = place.column - 1;
  const auto after =
      std::find_if(all.begin(), all.end(), [&](const Cell& cell) { return cell.byte > byte; });
  const std::size_t caret =
      byte >= line.size() ? all.size() : static_cast<std::size_t>(after - all.begin()) - 1;

  const std::size_t room = std::max<std::size_t>(style.width, 40) - kIndent - 2;
  const auto width_of = [&](std::size_t from, std::size_t to) {
    std::size_t width = 0;
    for (std::size_t i = from; i < to; ++i) width += all[i].width;
    return width;
  };
  std::size_t first = 0;
  if (width_of(0, all.size()) > room) {
    while (width_of(first, std::min(caret + 1, all.size())) > room * 2 / 3) ++first;
  }
  std::string shown = first > 0 ? "…" : "";
  std::size_t column = first > 0 ? 1 : 0;
  std::size_t caret_column = column;
  for (std::size_t i = first; i < all.size(); ++i) {
    if (i == caret) caret_column = column;
    if (column + all[i].width > room) {
      shown += "…";
      break;
    }
    shown += all[i].shown;
    column += all[i].width;
  }
  if (caret == all.size()) caret_column = column;
  shown.erase(shown.find_last_not_of(' ') + 1);
  return fmt::format("{0:{1}}{2}\n{0:{1}}{0:{3}}{4}\n", "", kIndent, shown, caret_column,
                     painted("^", kRed, style));
}

std::string where(const Place& place, std::string_view subject, const Sources& sources) {
  if (place.is_known()) return printable(sources.format(place)) + ": ";
  const std::string_view file = sources.name(place.file);
  if (!file.empty()) return printable(file) + ": ";
  return subject.empty() ? "" : printable(subject) + ": ";
}

}  // namespace

std::string diagnostic_text(const Diagnostic& diagnostic, const Sources& sources,
                            const DiagnosticStyle& style) {
  const Rank rank = rank_of(diagnostic.severity);
  std::string result = fmt::format(
      "{}{} {}\n{}", painted(where(diagnostic.place, diagnostic.subject, sources), kBold, style),
      painted(fmt::format("{}[{}]:", rank.name, diagnostic.code), rank.colour, style),
      printable(diagnostic.message), source_lines(diagnostic.place, sources, style));
  for (const DiagnosticNote& note : diagnostic.notes) {
    result += fmt::format("{}{} {}\n{}", painted(where(note.place, {}, sources), kBold, style),
                          painted("note:", kCyan, style), printable(note.message),
                          source_lines(note.place, sources, style));
  }
  return result;
}

std::string diagnostic_count(const Diagnostics& diagnostics) {
  const auto count = [&](Severity severity) {
    return static_cast<std::size_t>(
        std::count_if(diagnostics.begin(), diagnostics.end(),
                      [&](const Diagnostic& each) { return each.severity == severity; }));
  };
  std::string result;
  if (const std::size_t errors = count(Severity::Error)) result = counted(errors, "error");
  if (const std::size_t warnings = count(Severity::Warning)) {
    result += (result.empty() ? "" : ", ") + counted(warnings, "warning");
  }
  return result;
}

}  // namespace meshproof
