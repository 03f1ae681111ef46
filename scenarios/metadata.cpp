#include "scenarios/metadata.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "model/dns_name.h"
#include "model/object.h"
#include "model/project/fields.h"
#include "scenarios/names.h"

namespace meshproof {
namespace {

/// Kinds whose names are looser or stricter than a DNS subdomain.
constexpr std::array<std::string_view, 3> kLabelNames{"Namespace", "Project", "Service"};
constexpr std::array<std::string_view, 5> kPathNames{"APIService", "ClusterRole",
                                                     "ClusterRoleBinding", "Role", "RoleBinding"};

/// A plain scalar as it stands in the file; its canonical text if the file was not kept.
std::string written(const Tree& scalar, const Sources& sources) {
  std::string_view line = sources.line(scalar.place);
  if (scalar.place.column == 0 || line.size() < scalar.place.column) return scalar.text;
  line.remove_prefix(scalar.place.column - 1);
  line = line.substr(0, line.find_first_of(",]}"));
  line = line.substr(0, line.find(" #"));
  line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
  return line.empty() ? scalar.text : std::string{line};
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

class MetadataCheck {
 public:
  MetadataCheck(const Sources& sources, Diagnostics& diagnostics)
      : sources_(&sources), diagnostics_(&diagnostics) {}

  [[nodiscard]] bool is_clean() const { return is_clean_; }

  void check(Tree& object) {
    Tree* metadata = object.find("metadata");
    if (metadata == nullptr || metadata->is_null()) return refuse_nameless(object, object.place);
    if (!metadata->is(TreeKind::Mapping)) {
      return error(metadata->place, "wrong-type",
                   fmt::format("metadata must be a mapping, this is {}", name_of(metadata->kind)));
    }
    check_name(object, *metadata);
    check_namespace(*metadata);
    check_labels(*metadata, "labels", "label");
    check_labels(*metadata, "annotations", "annotation");
  }

 private:
  void error(Place place, std::string code, std::string message) {
    diagnostics_->push_back({.place = place,
                             .code = std::move(code),
                             .message = std::move(message),
                             .notes = {},
                             .subject = {}});
    is_clean_ = false;
  }

  void refuse_nameless(const Tree& object, Place place) {
    error(place, "missing-name",
          fmt::format("this {} has no metadata.name", object.string_at({"kind"})));
  }

  /// The value is no string.
  void refuse_type(const Tree& value, std::string_view what, std::string_view code) {
    const bool is_scalar = value.is(TreeKind::Boolean) || value.is(TreeKind::Number);
    const std::string seen = is_scalar ? written(value, *sources_) : "";
    error(value.place, std::string{code},
          is_scalar ? fmt::format("{} must be a string, {} is {}: quote it, \"{}\"", what, seen,
                                  name_of(value.kind), seen)
                    : fmt::format("{} must be a string, this is {}", what, name_of(value.kind)));
  }

  void check_name(const Tree& object, const Tree& metadata) {
    const Tree* name = metadata.find("name");
    if (name == nullptr || name->is_null() || (name->is(TreeKind::String) && name->text.empty())) {
      return refuse_nameless(object, metadata.place);
    }
    if (!name->is(TreeKind::String)) return refuse_type(*name, "metadata.name", "wrong-type");
    const std::string_view kind = object.string_at({"kind"});
    const bool is_known = !default_api_version(kind).empty() &&
                          default_group(kind) == group_of(object.string_at({"apiVersion"}));
    const auto is_one_of = [&](const auto& kinds) {
      return std::ranges::find(kinds, kind) != kinds.end();
    };
    if (is_known && is_one_of(kLabelNames)) {
      if (is_dns_label(name->text)) return;
      return error(name->place, "bad-name",
                   fmt::format("\"{}\" is no name of a {}: it may have lower-case letters, digits "
                               "and '-', at most 63",
                               name->text, kind));
    }
    if (is_known && !is_one_of(kPathNames)) {
      if (is_dns_subdomain(name->text)) return;
      return error(name->place, "bad-name",
                   fmt::format("\"{}\" is no name of a {}: it may have lower-case letters, digits, "
                               "'-' and '.', at most 253",
                               name->text, kind));
    }
    if (!is_path_segment(name->text)) {
      error(name->place, "bad-name",
            fmt::format("\"{}\" is no name: it may not have '/' or '%'", name->text));
    }
  }

  void check_namespace(const Tree& metadata) {
    const Tree* ns = metadata.find("namespace");
    if (ns == nullptr || ns->is_null()) return;
    if (!ns->is(TreeKind::String)) return refuse_type(*ns, "metadata.namespace", "wrong-type");
    if (ns->text.empty() || is_dns_label(ns->text)) return;
    error(ns->place, "bad-name",
          fmt::format("\"{}\" is no name of a namespace: it may have lower-case letters, digits "
                      "and '-', at most 63",
                      ns->text));
  }

  void check_labels(Tree& metadata, std::string_view field, std::string_view word) {
    Tree* mapping = metadata.find(field);
    if (mapping == nullptr || mapping->is_null()) return;
    if (!mapping->is(TreeKind::Mapping)) {
      return error(
          mapping->place, "wrong-type",
          fmt::format("metadata.{} must be a mapping, this is {}", field, name_of(mapping->kind)));
    }
    for (auto& [key, value, key_place] : mapping->fields) {
      // The API server does not mind upper case in the domain of an annotation.
      if (!is_label_key(key) && (word == "label" || !is_label_key(lower(key)))) {
        error(key_place, "bad-label",
              fmt::format("\"{}\" is no key of {} {}: it may have letters, digits, '-', '_' and "
                          "'.', at most 63, after an optional domain and '/'",
                          key, word == "label" ? "a" : "an", word));
      }
      if (value.is_null()) {
        fill_in(value, fmt::format("the {} {}", word, key));
      } else if (!value.is(TreeKind::String)) {
        refuse_type(value, fmt::format("the {} {}", word, key), "label-not-string");
      } else if (word == "label" && !is_label_value(value.text)) {
        error(value.place, "bad-label",
              fmt::format("\"{}\" is no value of a label: it may have letters, digits, '-', '_' "
                          "and '.', at most 63",
                          value.text));
      }
    }
  }

  void fill_in(Tree& value, std::string_view what) {
    diagnostics_->push_back(
        {.place = value.place,
         .severity = Severity::Warning,
         .code = "label-without-value",
         .message = fmt::format("{} has no value, which the API server reads as \"\"", what),
         .notes = {},
         .subject = {}});
    const Place place = value.place;
    value = Tree::string("");
    value.place = place;
  }

  const Sources* sources_;
  Diagnostics* diagnostics_;
  bool is_clean_ = true;
};

}  // namespace

bool check_object_metadata(Tree& object, const Sources& sources, Diagnostics& diagnostics) {
  MetadataCheck check{sources, diagnostics};
  check.check(object);
  return check.is_clean();
}

}  // namespace meshproof
