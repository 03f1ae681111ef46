#include "cli/source_locator.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "reports/source_uri.h"
#include "scenarios/read.h"

namespace meshproof {
namespace {

constexpr std::string_view kOrigin = "config.kubernetes.io/origin";
constexpr std::string_view kSource = "# Source: ";

/// As a checkout names it.
std::string shown_path(const std::string& name) {
  const std::filesystem::path path(name);
  std::error_code ignored;
  const std::filesystem::path here = std::filesystem::current_path(ignored);
  const std::filesystem::path plain = path.lexically_normal();
  if (!plain.is_absolute() || here.empty()) return plain.generic_string();
  const std::filesystem::path relative = plain.lexically_relative(here);
  const bool is_below = !relative.empty() && *relative.begin() != "..";
  return (is_below ? relative : plain).generic_string();
}

/// In characters, as columns of bytes are none for a reader of another program.
std::uint32_t column_in_characters(std::string_view line, std::uint32_t column) {
  if (column == 0 || line.empty()) return column;
  const std::string_view before = line.substr(0, column - 1);
  const auto begins = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; };
  return static_cast<std::uint32_t>(std::ranges::count_if(before, begins)) + 1;
}

/// The rest of the line after a mark that begins one; empty if there is none.
std::string_view marked_line(std::string_view text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos || (at != 0 && text[at - 1] != '\n')) return {};
  const std::string_view rest = text.substr(at + mark.size());
  std::string_view line = rest.substr(0, rest.find('\n'));
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
  return line;
}

/// The path of an annotation, which is a small YAML document; of another repository none.
std::string origin_path(std::string_view annotation) {
  if (!marked_line(annotation, "repo: ").empty()) return {};
  return std::string{marked_line(annotation, "path: ")};
}

}  // namespace

SourceLine with_address(SourceLine line, const std::string& url) {
  if (url.empty()) return line;
  const std::filesystem::path path(line.path);
  const bool is_below = path.is_relative() && !path.empty() && *path.begin() != "..";
  std::error_code ignored;
  const bool is_shown = is_below && path.extension() != ".gz" && path.extension() != ".tgz" &&
                        std::filesystem::is_regular_file(path, ignored);
  if (is_shown) line.address = source_address(url, line);
  return line;
}

const SourceLocator::Lines& SourceLocator::lines_of(FileId file) const {
  const auto [at, is_new] = files_.try_emplace(file);
  Lines& lines = at->second;
  if (!is_new) return lines;
  const std::string_view text = sources_.text(file);
  lines.documents.push_back(0);
  for (std::size_t begin = 0; begin < text.size();
       begin = std::min(text.find('\n', begin), text.size() - 1) + 1) {
    lines.begins.push_back(begin);
    if (begin > 0 && text.substr(begin).starts_with("---")) lines.documents.push_back(begin);
  }
  return lines;
}

std::string_view SourceLocator::line_at(const Place& place) const {
  const Lines& lines = lines_of(place.file);
  if (place.line > lines.begins.size()) return {};
  const std::string_view rest = sources_.text(place.file).substr(lines.begins[place.line - 1]);
  return rest.substr(0, rest.find('\n'));
}

const SourceLocator::Document& SourceLocator::document_at(const Place& place) const {
  const std::string_view text = sources_.text(place.file);
  const Lines& lines = lines_of(place.file);
  const bool has_line = place.line <= lines.begins.size();
  const std::size_t here = has_line ? lines.begins[place.line - 1] : 0;
  const auto next = std::ranges::upper_bound(lines.documents, here);
  const std::size_t from = *std::prev(next);
  const std::size_t to = next == lines.documents.end() ? text.size() : *next;
  const auto [at, is_new] = documents_.try_emplace({place.file, from});
  Document& document = at->second;
  if (!is_new) return document;
  const std::string_view part = text.substr(from, to - from);
  const bool is_marked = part.find(kOrigin) != part.npos || part.find(kSource) != part.npos;
  if (!is_marked) return document;
  Sources unused;
  Diagnostics ignored;
  const Input input = read_text("rendered", std::string{part}, {}, unused, ignored);
  if (input.objects.size() != 1) return document;
  const Object& object = *input.objects.begin();
  document.kind = object.key.kind;
  document.name = object.key.name;
  if (const Tree* annotations = object.annotations(); annotations != nullptr) {
    document.origin = origin_path(annotations->string_at({kOrigin}));
  }
  if (document.origin.empty()) document.origin = std::string{marked_line(part, kSource)};
  return document;
}

SourceLine SourceLocator::line_in(const Document& document) const {
  const auto [at, is_new] =
      lines_.try_emplace({document.origin, document.kind + "/" + document.name});
  SourceLine& line = at->second;
  if (!is_new) return line;
  const std::string path = (std::filesystem::path(root_) / document.origin).generic_string();
  line.path = shown_path(path);
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return line;
  Sources files;
  Diagnostics unread;
  const Input input = read_inputs({path}, {}, files, unread);
  for (const Object& object : input.objects) {
    const bool is_it = object.key.kind == document.kind &&
                       document.name.find(object.key.name) != std::string::npos;
    if (!is_it) continue;
    line.line = object.place().line;
    if (object.key.name == document.name) break;
  }
  return line;
}

SourceLine SourceLocator::operator()(const Place& place) const {
  if (!place.is_known()) return {};
  const std::string name{sources_.name(place.file)};
  const Document& document = document_at(place);
  if (!document.origin.empty()) {
    SourceLine line = line_in(document);
    line.rendered = sources_.format(place, false);
    return with_address(std::move(line), url_);
  }
  return with_address(
      {shown_path(name), place.line, column_in_characters(line_at(place), place.column)}, url_);
}

}  // namespace meshproof
