#include "scenarios/assertions.h"

#include <array>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "model/project/fields.h"
#include "scenarios/assertion_kinds.h"
#include "scenarios/contradictions.h"
#include "scenarios/exceptions.h"
#include "scenarios/group.h"
#include "scenarios/object_list.h"
#include "scenarios/strict_fields.h"

namespace meshproof {
namespace {

constexpr std::string_view kApiVersion = "meshproof.io/v1";
constexpr std::string_view kBuiltin = "builtin:";

constexpr std::array<std::string_view, 6> kDocumentFields{"apiVersion", "assertions", "exceptions",
                                                          "groups",     "kind",       "metadata"};

/// Those of one document: no other sees them.
Groups read_groups(const Tree& document, Diagnostics& found) {
  Groups groups;
  const Tree* mapping = field(document, "groups", TreeKind::Mapping, found);
  if (mapping == nullptr) return groups;
  for (const TreeField& entry : mapping->fields) {
    auto group = read_group(entry.key, entry.value, found);
    // A broken group is known all the same, so that its users are not told of it.
    groups.emplace(entry.key, group ? std::move(*group) : Group{});
  }
  return groups;
}

class AssertionsReader {
 public:
  explicit AssertionsReader(Diagnostics& found) : found_(&found), exceptions_(found) {}

  void add_document(const Tree& document) {
    const std::string_view kind = document.string_at({"kind"});
    const std::string_view api_version = document.string_at({"apiVersion"});
    if (kind != "Assertions" || api_version != kApiVersion) {
      return add_error(*found_, document.place, "not-assertions",
                       fmt::format("an assertion file has kind Assertions and apiVersion {}, not "
                                   "\"{}\" and \"{}\"",
                                   kApiVersion, kind, api_version));
    }
    refuse_unknown_fields(document, kDocumentFields, *found_);
    const Groups groups = read_groups(document, *found_);
    const auto assertions = object_items(document, "assertions", *found_);
    const bool says_nothing =
        is_absent(document, "assertions") && is_absent(document, "exceptions");
    if (assertions.empty() && says_nothing) {
      add_error(*found_, document.place, "no-assertions", "there is no assertion in this document");
    }
    for (const Tree* tree : assertions) {
      auto assertion = read_assertion(*tree, groups, *found_);
      add_id(*tree, assertion);
      if (assertion) read_.assertions.push_back(std::move(*assertion));
    }
    exceptions_.add_document(document, groups);
  }

  [[nodiscard]] Assertions take(const AssertionReading& reading) {
    // A group that could not be read would contradict anything.
    if (!has_errors(*found_)) find_contradictions(read_.assertions, *found_);
    read_.exceptions = exceptions_.take(ids_, reading.builtins, reading.today);
    return std::move(read_);
  }

 private:
  void add_id(const Tree& tree, const std::optional<Assertion>& assertion) {
    const Tree* id = tree.find("id");
    if (id == nullptr || !id->is(TreeKind::String) || id->text.empty()) return;
    const auto [first, is_new] = places_.emplace(id->text, id->place);
    if (is_new) {
      ids_[id->text] = assertion ? std::optional{assertion->kind} : std::nullopt;
      return;
    }
    add_error(*found_, id->place, "duplicate-id", fmt::format("the id {} stands twice", id->text));
    found_->back().notes.push_back({first->second, "first here"});
  }

  Diagnostics* found_;
  ExceptionRegister exceptions_;
  std::map<std::string, Place> places_;
  AssertionIds ids_;
  Assertions read_;
};

}  // namespace

Result<Assertions> read_assertions(const std::vector<std::string>& names, Sources& sources,
                                   Diagnostics& warnings, const AssertionReading& reading) {
  Diagnostics found;
  std::vector<std::string> builtins;
  AssertionsReader reader{found};
  for (const std::string& name : names) {
    if (name.starts_with(kBuiltin)) {
      builtins.push_back(name);
      continue;
    }
    const std::size_t errors_before = found.size();
    const std::vector<Tree> documents = load_documents({name}, sources, found);
    for (const Tree& document : documents) reader.add_document(document);
    if (documents.empty() && found.size() == errors_before) {
      Diagnostic nothing{.place = {},
                         .code = "no-assertions",
                         .message = "there is no assertion in this file",
                         .notes = {},
                         .subject = name};
      found.push_back(std::move(nothing));
    }
  }
  Assertions read = reader.take(reading);
  read.builtins = std::move(builtins);
  Diagnostics errors = split_errors(std::move(found), warnings);
  if (!errors.empty()) return Result<Assertions>{tl::unexpect, std::move(errors)};
  return read;
}

}  // namespace meshproof
