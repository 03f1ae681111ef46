#include "scenarios/manifests.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "model/object.h"
#include "scenarios/document.h"

namespace meshproof {
namespace {

Diagnostic at(Place place, std::string code, std::string message,
              Severity severity = Severity::Error) {
  return {.place = place,
          .severity = severity,
          .code = std::move(code),
          .message = std::move(message),
          .notes = {},
          .subject = {}};
}

std::string group_and_kind(std::string_view api_version, std::string_view kind) {
  const std::string_view group = group_of(api_version);
  return group.empty() ? std::string{kind} : fmt::format("{}/{}", group, kind);
}

/// The place of the first `{{` that stands where YAML has a value, a key or a line; unknown if
/// there is none. Inside of quoted strings such braces are text like any other.
Place find_template(const SourceText& source) {
  std::uint32_t line = 1;
  const std::string_view text = *source.text;
  for (std::size_t start = 0; start < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view row = text.substr(start, end - start);
    const std::size_t brace = row.find("{{");
    if (brace != std::string_view::npos &&
        row.substr(0, brace).find_first_of("\"'#") == std::string_view::npos) {
      return {source.file, line, static_cast<std::uint32_t>(brace + 1)};
    }
    start = end + 1;
  }
  return {};
}

bool is_kustomization_name(std::string_view name) {
  const std::string_view base = name.substr(name.rfind('/') + 1);
  return base == "kustomization.yaml" || base == "kustomization.yml" || base == "Kustomization";
}

std::string folder_of(std::string_view name) {
  const auto slash = name.rfind('/');
  return slash == std::string_view::npos ? "." : std::string{name.substr(0, slash)};
}

bool is_list(const Tree& tree, std::string_view kind) {
  if (kind == "List") return true;
  return kind.ends_with("List") && kind.size() > 4 &&
         (tree.find("items") != nullptr || tree.string_at({"metadata", "name"}).empty());
}

bool is_helm_test(const Tree& tree) {
  const std::string_view hook = tree.string_at({"metadata", "annotations", "helm.sh/hook"});
  return hook.find("test") != std::string_view::npos;
}

/// One file's way into Manifests.
class Unfolding {
 public:
  Unfolding(const SourceText& source, Manifests& manifests, Diagnostics& diagnostics)
      : source_(&source), manifests_(&manifests), diagnostics_(&diagnostics) {}

  void add(Tree tree) {
    if (tree.is_null()) return;
    if (!tree.is(TreeKind::Mapping)) return add_foreign(tree);
    const Tree* api_version = tree.find("apiVersion");
    const Tree* kind = tree.find("kind");
    if (api_version == nullptr && kind == nullptr) return add_foreign(tree);
    if (api_version == nullptr || kind == nullptr) return add_half(tree, kind != nullptr);
    bool usable = true;
    for (const auto& [key, value] :
         {std::pair{"apiVersion", api_version}, std::pair{"kind", kind}}) {
      if (value->is(TreeKind::String) && !value->text.empty()) continue;
      report(at(value->place, "wrong-type", fmt::format("{} must be a nonempty string", key)));
      usable = false;
    }
    if (!usable) return;
    found_ = true;
    if (is_list(tree, kind->text)) return add_list(std::move(tree));
    add_object(std::move(tree));
  }

  /// After the last document: what kind of file this is, if it held no object.
  void finish() {
    if (found_ || source_->walked) {
      manifests_->skipped += foreign_.size();
      return;
    }
    for (const Place place : foreign_) {
      report(at(place, "not-an-object",
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

  void add_foreign(const Tree& tree) { foreign_.push_back(tree.place); }

  /// A document with only one of apiVersion and kind: meant as an object if it has a name.
  void add_half(const Tree& tree, bool has_kind) {
    if (tree.string_at({"metadata", "name"}).empty()) return add_foreign(tree);
    found_ = true;
    report(has_kind ? at(tree.place, "missing-api-version", "this object has no apiVersion")
                    : at(tree.place, "missing-kind", "this object has no kind"));
  }

  void add_object(Tree tree) {
    if (tree.string_at({"apiVersion"}).starts_with("kustomize.config.k8s.io/")) {
      return report(at(tree.place, "kustomization",
                       fmt::format("a kustomization is not a manifest: give the output of "
                                   "oc kustomize {}",
                                   folder_of(source_->name))));
    }
    if (is_helm_test(tree)) {
      return report(at(tree.place, "helm-test-dropped",
                       "a test hook of a chart is not part of the cluster", Severity::Note));
    }
    manifests_->objects.push_back(std::move(tree));
  }

  void add_list(Tree list) {
    const std::string kind{list.string_at({"kind"})};
    const std::string api_version{list.string_at({"apiVersion"})};
    const std::string item_kind = kind == "List" ? "" : kind.substr(0, kind.size() - 4);
    if (!item_kind.empty()) {
      manifests_->listed.push_back(group_and_kind(api_version, item_kind));
    }
    Tree* items = list.find("items");
    if (items == nullptr) {
      return report(
          at(list.place, "list-without-items", fmt::format("this {} has no items", kind)));
    }
    if (!items->is_null() && !items->is(TreeKind::Sequence)) {
      return report(at(items->place, "wrong-type", "items must be a list of objects"));
    }
    note_truncation(list, item_kind);
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

  /// Items of a typed list lack the apiVersion and kind that the list's own kind implies.
  static void add_type(Tree& item, const std::string& api_version, const std::string& kind) {
    if (item.find("apiVersion") != nullptr || item.find("kind") != nullptr) return;
    std::vector<TreeField> fields;
    for (const auto& [key, text] :
         {std::pair{"apiVersion", api_version}, std::pair{"kind", kind}}) {
      Tree value = Tree::string(text);
      value.place = item.place;
      fields.push_back({key, std::move(value), item.place});
    }
    std::ranges::move(item.fields, std::back_inserter(fields));
    item.fields = std::move(fields);
  }

  void note_truncation(const Tree& list, const std::string& item_kind) {
    const Tree* token = list.find_path({"metadata", "continue"});
    if (token == nullptr || token->is_null() || token->text.empty()) return;
    std::string what = item_kind;
    if (what.empty()) {
      const Tree* items = list.find("items");
      what = items->items.empty() ? "List" : items->items[0].string_at({"kind"});
    }
    const std::string reason =
        fmt::format("the list of {} objects was cut off after {}: metadata.continue is set", what,
                    list.find("items")->items.size());
    manifests_->incomplete.push_back(reason);
    report(at(token->place, "list-cut-off", reason + "; read it again without a limit",
              Severity::Warning));
  }

  const SourceText* source_;
  Manifests* manifests_;
  Diagnostics* diagnostics_;
  bool found_ = false;
  std::vector<Place> foreign_;
};

/// The error that explains all syntax errors of a file that is no manifest yet.
std::optional<Diagnostic> explain_syntax(const SourceText& source) {
  if (const Place place = find_template(source); place.is_known()) {
    return at(place, "template-not-rendered",
              "a template, not a manifest: give the output of helm template CHART");
  }
  const std::string_view text = *source.text;
  const std::size_t notes = text.starts_with("NOTES:") ? 0 : text.find("\nNOTES:");
  if (notes == std::string_view::npos) return std::nullopt;
  const std::string_view before = text.substr(0, notes + (notes == 0 ? 0 : 1));
  const auto line = static_cast<std::uint32_t>(std::ranges::count(before, '\n') + 1);
  return at({source.file, line, 1}, "helm-notes",
            "the notes of a chart are not YAML: give the output of helm template or helm get "
            "manifest");
}

}  // namespace

void add_manifests(const SourceText& source, Manifests& manifests, Diagnostics& diagnostics) {
  if (is_kustomization_name(source.name)) {
    diagnostics.push_back(at({source.file, 1, 1}, "kustomization",
                             fmt::format("a kustomization is not a manifest: give the output of "
                                         "oc kustomize {}",
                                         folder_of(source.name))));
    return;
  }
  Diagnostics found;
  Unfolding unfolding{source, manifests, found};
  Diagnostics syntax;
  for (Document& document : parse_documents(*source.text, source.file)) {
    const bool is_object = document.tree.find("kind") != nullptr;
    const bool is_broken = has_errors(document.diagnostics);
    // Doubtful keys matter only in what is read.
    if (is_broken || is_object) std::ranges::move(document.diagnostics, std::back_inserter(syntax));
    if (!is_broken) unfolding.add(std::move(document.tree));
  }
  if (has_errors(syntax)) {
    if (auto reason = explain_syntax(source); reason) syntax = {std::move(*reason)};
  }
  std::ranges::move(syntax, std::back_inserter(found));
  unfolding.finish();
  std::ranges::move(found, std::back_inserter(diagnostics));
}

}  // namespace meshproof
