#include "scenarios/normal_form.h"

#include <cstddef>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "model/object.h"
#include "scenarios/kinds.h"

namespace meshproof {
namespace {

constexpr std::string_view kNamespaceIfNone = "default";

using Scopes = std::map<std::pair<std::string, std::string>, Scope>;

Diagnostic at(Place place, Severity severity, std::string code, std::string message) {
  return {.place = place,
          .severity = severity,
          .code = std::move(code),
          .message = std::move(message),
          .notes = {},
          .subject = {}};
}

/// What the CustomResourceDefinitions of the input say about their kinds.
Scopes defined_scopes(const std::vector<Tree>& objects) {
  Scopes scopes;
  for (const Tree& object : objects) {
    if (object.string_at({"kind"}) != "CustomResourceDefinition") continue;
    const std::string_view scope = object.string_at({"spec", "scope"});
    if (scope != "Cluster" && scope != "Namespaced") continue;
    scopes.insert_or_assign({std::string{object.string_at({"spec", "group"})},
                             std::string{object.string_at({"spec", "names", "kind"})}},
                            scope == "Cluster" ? Scope::Cluster : Scope::Namespaced);
  }
  return scopes;
}

Scope find_scope(const Tree& object, const Scopes& defined) {
  const std::string_view group = group_of(object.string_at({"apiVersion"}));
  const std::string_view kind = object.string_at({"kind"});
  if (const Scope scope = scope_of(group, kind); scope != Scope::Unknown) return scope;
  const auto found = defined.find({std::string{group}, std::string{kind}});
  if (found != defined.end()) return found->second;
  // What came from an API server has its namespace if its kind has one.
  const bool is_from_server = object.find_path({"metadata", "uid"}) != nullptr;
  return is_from_server ? Scope::Unknown : Scope::Namespaced;
}

void check_kind(Tree& object, Diagnostics& diagnostics) {
  const std::string api_version{object.string_at({"apiVersion"})};
  const std::string kind{object.string_at({"kind"})};
  const std::string_view group = group_of(api_version);
  const Place place = object.find("kind")->place;
  if (const std::string_view modern = modern_api_version(group, kind); !modern.empty()) {
    diagnostics.push_back(at(place, Severity::Warning, "old-group",
                             fmt::format("{} {} is read as {}", api_version, kind, modern)));
    object.find("apiVersion")->text = modern;
  } else if (is_misplaced(group, kind)) {
    diagnostics.push_back(at(place, Severity::Error, "wrong-group",
                             fmt::format("there is no {} in {}; did you mean {}?", kind,
                                         api_version, default_api_version(kind))));
  } else if (!is_known_version(api_version, kind)) {
    diagnostics.push_back(at(place, Severity::Warning, "unknown-version",
                             fmt::format("{} {} is not known, and is read as {}", api_version, kind,
                                         default_api_version(kind))));
  } else if (default_api_version(kind).empty()) {
    const std::string_view nearest = nearest_kind(group, kind);
    if (nearest.empty()) return;
    diagnostics.push_back(at(place, Severity::Warning, "unknown-kind",
                             fmt::format("the kind {} is not known in {}; did you mean {}?", kind,
                                         api_version, nearest)));
  }
}

bool is_secret(const Tree& object) {
  return object.string_at({"kind"}) == "Secret" && object.string_at({"apiVersion"}) == "v1";
}

/// Secrets are kept as names only; kubectl's own annotation repeats the payload.
void drop_payload(Tree& object) {
  if (!is_secret(object)) return;
  object.erase("data");
  object.erase("stringData");
  Tree* annotations = object.mapping_at("metadata").find("annotations");
  if (annotations != nullptr)
    annotations->erase("kubectl.kubernetes.io/last-applied-configuration");
}

}  // namespace

void normalise_objects(std::vector<Tree>& objects, const std::string& default_namespace,
                       Diagnostics& diagnostics) {
  const Scopes defined = defined_scopes(objects);
  std::size_t defaulted = 0;
  Place first_defaulted;
  for (Tree& object : objects) {
    check_kind(object, diagnostics);
    drop_payload(object);
    Tree& metadata = object.mapping_at("metadata");
    const bool has_namespace = !metadata.string_at({"namespace"}).empty();
    const Scope scope = find_scope(object, defined);
    if (scope == Scope::Cluster) metadata.erase("namespace");
    if (scope != Scope::Namespaced || has_namespace) continue;
    Tree ns =
        Tree::string(default_namespace.empty() ? std::string{kNamespaceIfNone} : default_namespace);
    ns.place = metadata.place;
    metadata.set("namespace", std::move(ns));
    if (!default_namespace.empty()) continue;
    if (defaulted == 0) first_defaulted = object.place;
    ++defaulted;
  }
  if (defaulted == 0) return;
  diagnostics.push_back(at(
      first_defaulted, Severity::Warning, "namespace-defaulted",
      defaulted == 1
          ? fmt::format("1 object names no namespace and is taken as in \"{}\"; -n NS says another",
                        kNamespaceIfNone)
          : fmt::format("{} objects name no namespace and are taken as in \"{}\"; -n NS says "
                        "another; this is the first",
                        defaulted, kNamespaceIfNone)));
}

NormalForm::Kind NormalForm::kind_of(std::string_view api_version, std::string_view kind) {
  Tree object = Tree::mapping({{"apiVersion", Tree::string(std::string{api_version})},
                               {"kind", Tree::string(std::string{kind})}});
  Diagnostics told;
  check_kind(object, told);
  if (!told.empty() || is_secret(object)) return Kind::Doubtful;
  switch (scope_of(group_of(api_version), kind)) {
    case Scope::Namespaced:
      return Kind::Namespaced;
    case Scope::Cluster:
      return Kind::Cluster;
    case Scope::Unknown:
      break;
  }
  return Kind::Doubtful;
}

bool NormalForm::has(const Tree& object) {
  const std::string_view api_version = object.string_at({"apiVersion"});
  const std::string_view kind = object.string_at({"kind"});
  if (last_ == nullptr || last_->first.first != api_version || last_->first.second != kind) {
    const auto [at, is_new] =
        kinds_.try_emplace({std::string{api_version}, std::string{kind}}, Kind::Doubtful);
    if (is_new) at->second = kind_of(api_version, kind);
    last_ = &*at;
  }
  const Tree* metadata = object.find("metadata");
  if (metadata == nullptr || !metadata->is(TreeKind::Mapping)) return false;
  switch (last_->second) {
    case Kind::Namespaced:
      return !metadata->string_at({"namespace"}).empty();
    case Kind::Cluster:
      return metadata->find("namespace") == nullptr;
    case Kind::Doubtful:
      break;
  }
  return false;
}

}  // namespace meshproof
