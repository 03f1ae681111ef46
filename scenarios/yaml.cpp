// yaml-cpp's event parser, with what it lacks: kubectl's reading of scalars, duplicate keys, merge
// keys, limits. A stream is cut at its document markers first (they cannot stand inside a value),
// and each document gets a parser of its own.
#include "scenarios/yaml.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <istream>
#include <map>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "model/parallel.h"
#include "scenarios/scalar.h"
#include "scenarios/text.h"
#include "scenarios/tree_builder.h"
#include "scenarios/yaml_buffer.h"
#include "scenarios/yaml_chunks.h"
#include "scenarios/yaml_list.h"
#include "scenarios/yaml_scalar.h"
#include "scenarios/yaml_syntax.h"

namespace meshproof {
namespace {

/// What aliases may unfold to in one file.
constexpr std::size_t kAliasBytes = std::size_t{64} << 20;

/// Thrown to leave the library's parser; the diagnostic is already written.
struct Stop {};

struct Anchored {
  Tree tree;
  std::size_t bytes = 0;
  std::size_t depth = 0;
};

Anchored measure(const Tree& tree) {
  Anchored sum{.tree = {}, .bytes = sizeof(Tree) + tree.text.size(), .depth = 0};
  const auto add = [&](const Tree& child, std::size_t key_bytes) {
    const Anchored part = measure(child);
    sum.bytes += part.bytes + key_bytes;
    sum.depth = std::max(sum.depth, part.depth);
  };
  for (const auto& item : tree.items) add(item, 0);
  for (const auto& field : tree.fields) add(field.value, sizeof(TreeField) + field.key.size());
  if (tree.is(TreeKind::Sequence) || tree.is(TreeKind::Mapping)) ++sum.depth;
  return sum;
}

/// What the aliases of a file have unfolded to; its documents are read side by side.
using AliasBytes = std::atomic<std::size_t>;

class EventReader final : public YAML::EventHandler {
 public:
  EventReader(FileId file, std::uint32_t lines_before, AliasBytes& alias_bytes)
      : file_(file), lines_before_(lines_before), alias_bytes_(&alias_bytes) {}

  [[nodiscard]] Document take() { return {builder_.take_root(), std::move(diagnostics_)}; }
  void error(Place place, std::string code, std::string message) {
    diagnostics_.push_back({.place = place,
                            .code = std::move(code),
                            .message = std::move(message),
                            .notes = {},
                            .subject = {}});
  }
  void warn(Place place, std::string code, std::string message) {
    error(place, std::move(code), std::move(message));
    diagnostics_.back().severity = Severity::Warning;
  }
  [[nodiscard]] Place place_of(const YAML::Mark& mark) const {
    const auto at = [](int from_zero) {
      return static_cast<std::uint32_t>(std::max(from_zero, 0));
    };
    return {file_, lines_before_ + at(mark.line) + 1, at(mark.column) + 1};
  }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Tree tree;
    tree.place = place_of(mark);
    if (builder_.wants_key()) refuse(tree.place, "complex-key", "a key must be a string, not null");
    // Where a mapping ends, the library takes a lone word for a key, and puts its value there, too.
    if (!levels_.empty() && levels_.back().is_block && levels_.back().key_place == tree.place) {
      error(tree.place, "yaml-syntax",
            "a key without ':': check the indentation, or whether the text is cut off here");
    }
    finish(std::move(tree), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    const Place place = place_of(mark);
    if (builder_.wants_key() && tag == "?" && text == "<<") {
      levels_.back().merge_comes = true;
      put_key("<<", place);
      return;
    }
    if (tag == "?" && place.column == 1 && text.starts_with(kByteOrderMark)) {
      refuse(place, "yaml-syntax",
             "a byte order mark inside of a document: texts that have one each were put together");
    }
    auto [value, code, message] = resolve_scalar(tag, text);
    if (!code.empty()) error(place, std::move(code), std::move(message));
    if (tag == "?" && is_ambiguous_scalar(text)) {
      warn(place, "ambiguous-scalar",
           fmt::format("{} is a boolean to kubectl, here it is the letter: quote it, \"{}\"", text,
                       text));
    }
    value.place = place;
    if (builder_.wants_key()) {
      add_key(std::move(value), anchor, text);
    } else {
      finish(std::move(value), anchor);
    }
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const Place place = place_of(mark);
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      refuse(place, "recursive-alias", "this alias stands inside of what it is an alias for");
    }
    spend(found->second.bytes, place);
    if (builder_.depth() + found->second.depth > kMaxDepth) refuse_depth(place);
    if (!builder_.wants_key()) return finish(found->second.tree, 0);
    if (!found->second.tree.is(TreeKind::String)) refuse_key(place);
    put_key(found->second.tree.text, place);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    begin(TreeKind::Sequence, mark, tag, anchor);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    begin(TreeKind::Mapping, mark, tag, anchor);
    levels_.back().is_block = style == YAML::EmitterStyle::Block;
  }
  void OnMapEnd() override {
    apply_merges();
    end();
  }

 private:
  struct Level {
    YAML::anchor_t anchor = 0;
    bool is_block = false;     ///< a mapping without braces
    bool merge_comes = false;  ///< the key was `<<`
    std::vector<Tree> merges = {};
    Place key_place = {};  ///< of the last key
  };

  [[noreturn]] void refuse(Place place, std::string code, std::string message) {
    error(place, std::move(code), std::move(message));
    throw Stop{};
  }
  [[noreturn]] void refuse_depth(Place place) {
    refuse(place, "too-deep", fmt::format("nested deeper than {} levels", kMaxDepth));
  }
  [[noreturn]] void refuse_key(Place place) {
    refuse(place, "complex-key", "a key must be a string, not a mapping or a sequence");
  }

  void spend(std::size_t bytes, Place place) {
    if (alias_bytes_->fetch_add(bytes) + bytes <= kAliasBytes) return;
    refuse(place, "alias-bomb",
           fmt::format("the aliases of this file unfold to more than {} MB", kAliasBytes >> 20U));
  }

  void begin(TreeKind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    const Place place = place_of(mark);
    if (!is_collection_tag(tag)) {
      error(place, "custom-tag",
            fmt::format("the tag {} has no meaning in a manifest: leave it out", shown_tag(tag)));
    }
    if (builder_.wants_key()) refuse_key(place);
    if (builder_.depth() >= kMaxDepth) refuse_depth(place);
    builder_.begin(kind, place);
    levels_.push_back({.anchor = anchor});
  }

  void end() {
    const YAML::anchor_t anchor = levels_.back().anchor;
    levels_.pop_back();
    finish(builder_.end(), anchor);
  }

  void finish(Tree tree, YAML::anchor_t anchor) {
    if (anchor != 0) {
      Anchored anchored = measure(tree);
      spend(anchored.bytes, tree.place);
      anchored.tree = tree;
      anchors_.insert_or_assign(anchor, std::move(anchored));
    }
    if (!levels_.empty() && std::exchange(levels_.back().merge_comes, false)) {
      add_merge(tree);
      tree = Tree::null();
    }
    builder_.value(std::move(tree));
  }

  void put_key(std::string text, Place place) {
    levels_.back().key_place = place;
    builder_.key(std::move(text), place);
  }

  void add_key(Tree key, YAML::anchor_t anchor, const std::string& written) {
    const Place place = key.place;
    if (key.is_null()) refuse(place, "complex-key", "a key must be a string, not null");
    if (key.text != written && !key.is(TreeKind::String)) {
      warn(place, "key-not-string",
           fmt::format("the key {} is read as \"{}\": quote it", written, key.text));
    }
    put_key(key.text, place);
    if (anchor == 0) return;
    Anchored anchored = measure(key);
    anchored.tree = std::move(key);
    anchors_.insert_or_assign(anchor, std::move(anchored));
  }

  void add_merge(const Tree& merged) {
    auto& merges = levels_.back().merges;
    const auto refuse_merge = [&](Place place) {
      error(place, "merge-key", "<< needs a mapping, or a sequence of mappings");
    };
    if (merged.is(TreeKind::Mapping)) return merges.push_back(merged);
    if (!merged.is(TreeKind::Sequence)) return refuse_merge(merged.place);
    for (const auto& item : merged.items) {
      if (!item.is(TreeKind::Mapping)) return refuse_merge(item.place);
      merges.push_back(item);
    }
  }

  /// Fields that the mapping writes itself win; of several merged mappings, the first.
  void apply_merges() {
    Level& level = levels_.back();
    Tree& mapping = builder_.innermost();
    const auto merge_field = std::ranges::find(mapping.fields, "<<", &TreeField::key);
    if (level.merges.empty() && merge_field == mapping.fields.end()) return;
    if (merge_field != mapping.fields.end() && merge_field->value.is_null()) {
      mapping.fields.erase(merge_field);
    }
    std::unordered_set<std::string> present;
    for (const auto& field : mapping.fields) present.insert(field.key);
    for (auto& merged : level.merges) {
      for (auto& field : merged.fields) {
        if (present.insert(field.key).second) mapping.fields.push_back(std::move(field));
      }
    }
  }

  FileId file_;
  std::uint32_t lines_before_;
  AliasBytes* alias_bytes_;
  Diagnostics diagnostics_;
  TreeBuilder builder_{diagnostics_};
  std::vector<Level> levels_;
  std::map<YAML::anchor_t, Anchored> anchors_;
};

/// Parses the next document of the text into the reader; false if there is none or its parser gave
/// up.
bool read_document(YAML::Parser& parser, std::string_view text, EventReader& reader) {
  try {
    return parser.HandleNextDocument(reader);
  } catch (const Stop&) {
  } catch (const YAML::Exception& caught) {
    YAML::Mark mark = caught.mark;
    std::string message = syntax_message(caught.msg);
    const auto tab = indenting_tab(text, mark.line);
    if (tab && message.ends_with("check the indentation")) {
      mark.column = static_cast<int>(*tab);
      message = syntax_message(YAML::ErrorMsg::TAB_IN_INDENTATION);
    }
    reader.error(reader.place_of(mark), "yaml-syntax", std::move(message));
  }
  return false;
}

/// The document of one chunk. The library takes a change of indentation (`- a` before `b: c`) for
/// the end of a document; YAML wants a marker there.
Document parse_chunk(const YamlChunk& chunk, FileId file, AliasBytes& alias_bytes,
                     ByteTally* tally) {
  if (chunk.text.empty()) return {};  // the tail of a list
  const std::uint32_t lines_before = chunk.lines_before - (chunk.is_below_items ? 1 : 0);
  YamlBuffer buffer{chunk, tally};
  std::istream stream{&buffer};
  YAML::Parser parser{stream};
  EventReader reader{file, lines_before, alias_bytes};
  const bool more = read_document(parser, chunk.text, reader);
  Document document = reader.take();
  if (!more) return document;
  EventReader second{file, lines_before, alias_bytes};
  (void)read_document(parser, chunk.text, second);
  const Document rest = second.take();
  const bool is_broken = has_errors(rest.diagnostics);
  if (is_broken || !rest.tree.is_null()) {
    EventReader verdict{file, lines_before, alias_bytes};
    const Place place = rest.tree.is_null() ? rest.diagnostics.front().place : rest.tree.place;
    verdict.error(place, "yaml-syntax",
                  "something that is not part of the document above: check the indentation");
    document = verdict.take();
  }
  return document;
}

/// A document that is to be read, and its parts if it is a long list.
struct Reading {
  YamlChunk whole;
  std::optional<YamlList> list;
  std::size_t first = 0;  ///< of its parts among all
};

/// The parts of all documents, those of a list in the order head, items, tail.
std::vector<YamlChunk> parts_of(std::vector<Reading>& readings) {
  std::vector<YamlChunk> parts;
  for (Reading& reading : readings) {
    reading.first = parts.size();
    if (!reading.list) {
      parts.push_back(reading.whole);
      continue;
    }
    parts.push_back(reading.list->head);
    parts.insert(parts.end(), reading.list->items.begin(), reading.list->items.end());
    parts.push_back(reading.list->tail);
  }
  return parts;
}

std::optional<Document> join(const Reading& reading, std::vector<Document>& read) {
  const auto first = read.begin() + static_cast<std::ptrdiff_t>(reading.first);
  if (!reading.list) return std::move(*first);
  const auto tail = first + 1 + static_cast<std::ptrdiff_t>(reading.list->items.size());
  return join_list(std::move(*first),
                   {std::make_move_iterator(first + 1), std::make_move_iterator(tail)},
                   std::move(*tail));
}

}  // namespace

std::vector<Document> parse_yaml(std::string_view text, FileId file, std::size_t list_part,
                                 ByteTally* tally) {
  std::vector<Reading> readings;
  for (const YamlChunk& chunk : split_documents(text)) {
    readings.push_back({chunk, split_list(chunk, list_part)});
  }
  const std::vector<YamlChunk> parts = parts_of(readings);
  std::vector<Document> read(parts.size());
  AliasBytes alias_bytes = 0;
  run_parallel(parts.size(),
               [&](std::size_t i) { read[i] = parse_chunk(parts[i], file, alias_bytes, tally); });
  // Which document went too far must not depend on which was read first.
  const bool are_within_bounds = alias_bytes <= kAliasBytes;
  if (!are_within_bounds) alias_bytes = 0;
  std::vector<Document> documents;
  for (const Reading& reading : readings) {
    std::optional<Document> document;
    if (are_within_bounds) document = join(reading, read);
    if (!document) {
      if (tally != nullptr) tally->take_back(reading.whole.text.size());
      document = parse_chunk(reading.whole, file, alias_bytes, tally);
    }
    documents.push_back(std::move(*document));
  }
  return documents;
}

}  // namespace meshproof
