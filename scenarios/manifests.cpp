#include "scenarios/manifests.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "model/object.h"
#include "model/spelling.h"
#include "scenarios/document.h"
#include "scenarios/json_text.h"
#include "scenarios/list_items.h"
#include "scenarios/listings.h"
#include "scenarios/plain_objects.h"
#include "scenarios/unrendered.h"
#include "scenarios/written_coverage.h"

namespace meshproof {

bool is_helm_test(const Tree& tree) {
  const std::string_view hook = tree.string_at({"metadata", "annotations", "helm.sh/hook"});
  return hook.find("test") != std::string_view::npos;
}

namespace {

bool is_list(const Tree& tree, std::string_view kind) {
  if (kind == "List") return true;
  return kind.ends_with("List") && kind.size() > 4 &&
         (tree.find("items") != nullptr || tree.string_at({"metadata", "name"}).empty());
}

Diagnostic at(Place place, std::string code, std::string message,
              Severity severity = Severity::Error) {
  return {.place = place,
          .severity = severity,
          .code = std::move(code),
          .message = std::move(message),
          .notes = {},
          .subject = {}};
}

/// The field that stands for `wanted`, misspelt perhaps; null if there is none.
const TreeField* meant_as(const Tree& tree, std::string_view wanted) {
  const auto found = std::ranges::find_if(tree.fields, [&](const TreeField& field) {
    return !nearest_word(field.key, std::array{wanted}).empty();
  });
  return found == tree.fields.end() ? nullptr : &*found;
}

bool has_mapping(const Tree& tree, std::string_view key) {
  const Tree* value = tree.find(key);
  return value != nullptr && value->is(TreeKind::Mapping);
}

/// False for a document that lacks apiVersion or kind because it is something else, like the values
/// of a chart, which a walk through a directory meets.
bool is_meant_as_object(const Tree& tree, bool walked) {
  const bool api_version = meant_as(tree, "apiVersion") != nullptr;
  const bool kind = meant_as(tree, "kind") != nullptr;
  if (api_version && kind) return true;
  if (!walked && !tree.string_at({"metadata", "name"}).empty()) return true;
  return (api_version || kind) && (has_mapping(tree, "metadata") || has_mapping(tree, "spec"));
}

bool holds_objects(const Tree& sequence) {
  return std::ranges::any_of(sequence.items, [](const Tree& item) {
    return item.find("apiVersion") != nullptr && item.find("kind") != nullptr;
  });
}

/// The kind that the items of a list have by the list's own; empty for a `List`.
std::string item_kind_of(std::string_view kind) {
  return kind == "List" ? std::string{} : std::string{kind.substr(0, kind.size() - 4)};
}

/// One file's way into Manifests.
class Unfolding {
 public:
  Unfolding(const SourceText& source, Manifests& manifests, Diagnostics& diagnostics)
      : source_(&source), manifests_(&manifests), diagnostics_(&diagnostics) {}

  /// `plain` is what was read of the document's own items, if they were left unread.
  void add(Tree tree, PlainObjects* plain = nullptr) {
    if (tree.is_null()) return;
    if (holds_objects(tree)) return add_bare_list(tree);
    const Tree* api_version = tree.find("apiVersion");
    const Tree* kind = tree.find("kind");
    if (api_version == nullptr || kind == nullptr) return add_untyped(tree);
    bool usable = true;
    for (const auto& [key, value] :
         {std::pair{"apiVersion", api_version}, std::pair{"kind", kind}}) {
      if (value->is(TreeKind::String) && !value->text.empty()) continue;
      report(at(value->place, "wrong-type", fmt::format("{} must be a nonempty string", key)));
      usable = false;
    }
    if (!usable) return;
    found_ = true;
    if (kind->text == "Status" && api_version->text == "v1") return add_status(tree);
    if (is_list(tree, kind->text)) return add_list(std::move(tree), plain);
    add_object(std::move(tree));
  }

  /// After the last document: what kind of file this is, if it held no object.
  void finish() {
    if (found_ || source_->walked) {
      manifests_->skipped += foreign_.size();
      for (const Foreign& each : foreign_) {
        if (source_->walked && !each.has_parts) continue;
        report(at(each.place, "skipped-document",
                  "no apiVersion and kind: this is no object, and is left out", Severity::Warning));
      }
      return;
    }
    for (const Foreign& each : foreign_) {
      report(at(each.place, "not-an-object",
                "no apiVersion and kind: this is not a manifest; a chart's values go to helm "
                "template, whose output can be read"));
    }
    if (foreign_.empty() && !has_errors(*diagnostics_)) {
      Diagnostic note = at({}, "no-objects", "there is no object in this file", Severity::Note);
      note.subject = source_->name;
      report(std::move(note));
    }
  }

 private:
  void report(Diagnostic diagnostic) { diagnostics_->push_back(std::move(diagnostic)); }

  /// A document without apiVersion, kind or both: a mistake, or something else than an object.
  void add_untyped(const Tree& tree) {
    if (!tree.is(TreeKind::Mapping) || !is_meant_as_object(tree, source_->walked)) {
      foreign_.push_back({tree.place, has_mapping(tree, "metadata") || has_mapping(tree, "spec")});
      return;
    }
    found_ = true;
    if (tree.find("kind") == nullptr) {
      report_missing(tree, "missing-kind", "kind");
    } else {
      report_missing(tree, "missing-api-version", "apiVersion");
    }
  }

  void report_missing(const Tree& tree, std::string code, std::string_view key) {
    const TreeField* meant = meant_as(tree, key);
    const Place place = meant == nullptr ? tree.place : meant->key_place;
    std::string message = fmt::format("this object has no {}", key);
    if (meant != nullptr) message += fmt::format(": \"{}\" is spelled {}", meant->key, key);
    report(at(place, std::move(code), std::move(message)));
  }

  void add_bare_list(const Tree& sequence) {
    found_ = true;
    report(at(sequence.place, "not-an-object",
              "a list of objects without kind: List: put it below items of one, or write --- "
              "between the objects"));
  }

  void add_object(Tree tree) {
    if (auto refused = refuse_unrendered(tree, *source_); refused) {
      return report(std::move(*refused));
    }
    if (is_helm_test(tree)) {
      return report(at(tree.place, "helm-test-dropped",
                       "a test hook of a chart is not part of the cluster", Severity::Note));
    }
    manifests_->objects.push_back(std::move(tree));
  }

  void add_list(Tree list, PlainObjects* plain) {
    const std::string kind{list.string_at({"kind"})};
    const std::string api_version{list.string_at({"apiVersion"})};
    const std::string item_kind = item_kind_of(kind);
    if (!item_kind.empty()) {
      manifests_->listed.push_back(group_and_kind(group_of(api_version), item_kind));
    }
    Tree* items = list.find("items");
    if (items == nullptr) {
      return report(
          at(list.place, "list-without-items", fmt::format("this {} has no items", kind)));
    }
    if (!items->is_null() && !items->is(TreeKind::Sequence)) {
      return report(at(items->place, "wrong-type", "items must be a list of objects"));
    }
    note_listings(list, item_kind,
                  plain != nullptr ? std::move(plain->listed) : items_of(list, item_kind));
    if (plain != nullptr) {
      if (manifests_->plain.empty()) {
        manifests_->plain = std::move(plain->objects);
      } else {
        std::ranges::move(plain->objects, std::back_inserter(manifests_->plain));
      }
      items->items = std::move(plain->others);
    }
    for (Tree& item : items->items) {
      if (!item.is(TreeKind::Mapping)) {
        report(at(item.place, "wrong-type", "an item of a list must be an object"));
        continue;
      }
      if (!item_kind.empty()) add_type(item, api_version, item_kind);
      if (item.find("apiVersion") == nullptr && item.find("kind") == nullptr) {
        report(at(item.place, "missing-kind", "this object has no kind"));
        continue;
      }
      add(std::move(item));
    }
  }

  void add_listing(Part part, Listing listing) {
    listing.origin = source_->named;
    manifests_->listings.emplace_back(std::move(part), std::move(listing));
  }

  /// What the list tells about the parts that it was asked for.
  void note_listings(const Tree& list, const std::string& item_kind, const ListItems& items) {
    const std::string_view version = list.string_at({"metadata", "resourceVersion"});
    if (!version.empty()) manifests_->resource_versions[source_->named].emplace(version);
    if (item_kind.empty()) {
      if (auto written = read_written_coverage(list, *diagnostics_); written) {
        for (auto& [part, listing] : written->listings) add_listing(part, std::move(listing));
        if (written->knows_all) manifests_->snapshots.insert(source_->named);
        if (written->taken) manifests_->taken.emplace(source_->named, std::move(*written->taken));
        return;
      }
    }
    if (is_cut_off(list)) return note_cut_off(list, item_kind, items);
    if (source_->gathered && source_->gathered->is_list) {
      for (auto& [part, listing] :
           listings_of_gathered(*source_->gathered, list, item_kind, items)) {
        add_listing(part, std::move(listing));
      }
      return;
    }
    if (!source_->gathered) {
      manifests_->plain_lists.push_back(plain_list(items, source_->named));
    }
    if (auto whole = listing_of_typed_list(list, item_kind, items); whole) {
      add_listing(std::move(whole->first), std::move(whole->second));
    }
  }

  void note_cut_off(const Tree& list, const std::string& item_kind, const ListItems& items) {
    std::string what = item_kind;
    if (what.empty()) what = items.count() == 0 ? "List" : items.first_kind();
    for (auto& [part, listing] : listings_of_cut_off(list, item_kind, items)) {
      if (source_->gathered) part.ns = source_->gathered->ns;
      add_listing(part, std::move(listing));
    }
    report(at(list.find_path({"metadata", "continue"})->place, "list-cut-off",
              fmt::format("the list of {} objects was cut off after {}: metadata.continue is set; "
                          "read it again without a limit",
                          what, items.count()),
              Severity::Warning));
  }

  /// Dumps of many requests hold the answers to those that failed, too.
  void add_status(const Tree& status) {
    if (status.string_at({"status"}) == "Success") {
      ++manifests_->skipped;
      return;
    }
    auto [part, listing] = listing_of_status(status);
    report(at(status.place, "request-failed",
              fmt::format("the answer to a request that failed: {}; what it asked for is missing",
                          listing.reason.empty() ? "no reason given" : listing.reason),
              Severity::Warning));
    add_listing(std::move(part), std::move(listing));
  }

  struct Foreign {
    Place place;
    bool has_parts = false;  ///< metadata or spec, like an object
  };

  const SourceText* source_;
  Manifests* manifests_;
  Diagnostics* diagnostics_;
  bool found_ = false;
  std::vector<Foreign> foreign_;
};

/// True if no error kept the parser from reading all of the document.
bool is_whole(const Document& document) {
  constexpr std::array<std::string_view, 5> kStopping{"alias-bomb", "json-syntax",
                                                      "recursive-alias", "too-deep", "yaml-syntax"};
  return std::ranges::none_of(document.diagnostics, [&](const Diagnostic& told) {
    return std::ranges::find(kStopping, told.code) != kStopping.end();
  });
}

/// What a walk meets beside manifests (the configuration of other tools) has its own tags and keys.
bool is_foreign(const Document& document, const SourceText& source) {
  return source.walked && is_whole(document) && document.tree.is(TreeKind::Mapping) &&
         document.tree.find("kind") == nullptr && !is_meant_as_object(document.tree, true);
}

struct ReadDocument {
  Document document;
  std::optional<PlainObjects> plain;
};

/// What was left unread of a document, which has to be a list without a mistake.
std::optional<PlainObjects> read_left_items(const Document& document, const SourceText& source,
                                            ByteTally* tally) {
  const Tree& tree = document.tree;
  const std::string_view kind = tree.string_at({"kind"});
  const std::string_view api_version = tree.string_at({"apiVersion"});
  const bool is_clean_list =
      document.diagnostics.empty() && !api_version.empty() && !kind.empty() && is_list(tree, kind);
  if (!is_clean_list) return std::nullopt;
  std::string item_kind = item_kind_of(kind);
  const auto text = std::make_shared<const JsonText>(
      source.text, item_kind.empty() ? "" : std::string{api_version}, std::move(item_kind));
  return read_plain_objects(document.items, text, tally);
}

std::vector<ReadDocument> read_documents(const SourceText& source, ItemReading reading,
                                         ByteTally* tally) {
  std::vector<ReadDocument> read;
  for (Document& document : parse_documents(*source.text, source.file, reading, tally)) {
    ReadDocument& last = read.emplace_back(ReadDocument{std::move(document), {}});
    if (last.document.items.text.empty()) continue;
    last.plain = read_left_items(last.document, source, tally);
    if (last.plain) continue;
    // What is wrong is told by who reads all of it.
    if (tally != nullptr) tally->restart();
    return read_documents(source, ItemReading::Whole, tally);
  }
  return read;
}

}  // namespace

void add_manifests(const SourceText& source, Manifests& manifests, Diagnostics& diagnostics,
                   ItemReading reading, ByteTally* tally) {
  if (auto refused = refuse_kustomization(source); refused) {
    diagnostics.push_back(std::move(*refused));
    return;
  }
  if (source.gathered) manifests.gathered.push_back({*source.gathered, source.named});
  Diagnostics found;
  Unfolding unfolding{source, manifests, found};
  Diagnostics syntax;
  for (auto& [document, plain] : read_documents(source, reading, tally)) {
    const bool is_object = document.tree.find("kind") != nullptr;
    const bool is_broken = has_errors(document.diagnostics) && !is_foreign(document, source);
    // Doubtful keys matter only in what is read.
    if (is_broken || is_object) std::ranges::move(document.diagnostics, std::back_inserter(syntax));
    if (!is_broken) unfolding.add(std::move(document.tree), plain ? &*plain : nullptr);
  }
  if (has_errors(syntax)) {
    if (auto reason = explain_syntax(source); reason) {
      syntax.clear();
      // One word about a chart explains all of its templates.
      const bool is_new = manifests.explained.insert(reason->message).second;
      if (is_new || !source.walked) syntax.push_back(std::move(*reason));
    }
  }
  std::ranges::move(syntax, std::back_inserter(found));
  unfolding.finish();
  std::ranges::move(found, std::back_inserter(diagnostics));
}

}  // namespace meshproof
