#include "scenarios/yaml_chunks.h"

#include <algorithm>
#include <utility>

namespace meshproof {
namespace {

/// Whether a line is a key as kubectl writes them, or the document's marker. Anything else at the
/// left edge (directives, byte order marks, merge keys, anchors, tags) may mean another thing where
/// a part begins.
bool begins_with_word(std::string_view row) {
  const auto letter = static_cast<unsigned>(row.front()) | 0x20U;
  return (letter >= 'a' && letter <= 'z') || row.starts_with("---");
}

}  // namespace

std::vector<YamlChunk> split_documents(std::string_view text) {
  std::vector<YamlChunk> chunks;
  std::size_t start = 0;
  std::uint32_t start_line = 0;
  std::uint32_t line = 0;
  bool in_document = false;
  bool after_directive = false;
  bool marked_end = false;
  const auto cut = [&](std::size_t at) {
    if (at > start) chunks.push_back({text.substr(start, at - start), start_line});
    start = at;
    start_line = line;
  };
  for (std::size_t at = 0; at < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view row = text.substr(at, end - at);
    const auto is_marker = [&](std::string_view marker) {
      return row.starts_with(marker) &&
             (row.size() == 3 || std::string_view{" \t\r"}.find(row[3]) != std::string_view::npos);
    };
    if (is_marker("---")) {
      if (!after_directive) cut(at);
      after_directive = false;
      in_document = true;
    } else if (is_marker("...")) {
      in_document = false;
      marked_end = true;
    } else if (!in_document && row.starts_with('%')) {
      if (!after_directive) cut(at);
      after_directive = true;
    } else if (row.find_first_not_of(" \t\r") != std::string_view::npos &&
               row[row.find_first_not_of(" \t\r")] != '#') {
      in_document = true;
    }
    at = std::min(end + 1, text.size());
    if (std::exchange(marked_end, false)) {
      ++line;
      cut(at);
      --line;
    }
  }
  cut(text.size());
  return chunks;
}

std::optional<YamlList> split_list(const YamlChunk& document, std::size_t part) {
  const std::string_view text = document.text;
  if (text.size() <= part) return std::nullopt;
  YamlList list;
  std::size_t start = 0;
  std::uint32_t start_line = document.lines_before;
  std::uint32_t line = document.lines_before;
  bool has_item = false;
  enum class Within : std::uint8_t { Head, Items, Tail } within = Within::Head;
  const auto cut = [&](std::size_t at) {
    const YamlChunk chunk{text.substr(start, at - start), start_line, within == Within::Items};
    start = at;
    start_line = line;
    return chunk;
  };
  for (std::size_t at = 0; at < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const std::string_view row = text.substr(at, end - at);
    const bool is_item = row.starts_with("- ") || row == "-\n";
    const bool is_at_edge = std::string_view{" #\t\r\n"}.find(row[0]) == row.npos;
    const bool is_key = is_at_edge && !is_item;
    if (is_at_edge && !begins_with_word(row) && !(within == Within::Items && is_item)) {
      return std::nullopt;
    }
    const std::size_t word = row.find_first_not_of(" \t\r\n");
    const bool is_empty = word == std::string_view::npos || row[word] == '#';
    if (within == Within::Head && row == "items:\n") {
      ++line;
      list.head = cut(end);
      --line;
      within = Within::Items;
    } else if (within == Within::Items && !has_item && !is_empty) {
      // Items that are indented would go on like that in the parts behind.
      if (!is_item) return std::nullopt;
      has_item = true;
    } else if (within == Within::Items && at > start && is_key) {
      list.items.push_back(cut(at));
      within = Within::Tail;
    } else if (within == Within::Items && is_item && at - start >= part) {
      list.items.push_back(cut(at));
    }
    if (within == Within::Tail && row.starts_with("items:")) return std::nullopt;
    at = end;
  }
  if (within == Within::Head) return std::nullopt;
  if (within == Within::Items && start < text.size()) list.items.push_back(cut(text.size()));
  list.tail = cut(text.size());
  if (list.items.size() < 2) return std::nullopt;
  return list;
}

}  // namespace meshproof
