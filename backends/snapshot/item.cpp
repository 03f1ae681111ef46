#include "backends/snapshot/item.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

#include "backends/json_parts.h"
#include "backends/snapshot/redaction.h"

namespace meshproof {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kLastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/// solver/lint/policy_field_rules.cpp: the rules look for fields that the server did not keep.
constexpr auto kSentKinds = std::to_array<std::string_view>(
    {"CronJob", "DaemonSet", "Deployment", "DeploymentConfig", "Job", "NetworkPolicy", "Service",
     "ServiceMeshControlPlane", "ServiceMeshMember", "ServiceMeshMemberRoll", "StatefulSet"});

/// Half of an object is who manages which of its fields: it is not even parsed. What cannot be
/// found by brackets stays, and is told or dropped by who parses.
std::string without_managed_fields(std::string_view text) {
  std::string whole{text};
  const auto fields = json_fields(text);
  if (!fields) return whole;
  const auto metadata = json_fields(json_value(*fields, "metadata"));
  if (!metadata) return whole;
  const auto found = std::ranges::find(*metadata, "managedFields", &JsonField::key);
  if (found == metadata->end()) return whole;
  const auto offset = [&](const char* at) { return static_cast<std::size_t>(at - text.data()); };
  const auto end_of = [](const JsonField& field) {
    return field.value.data() + field.value.size();
  };
  // With the comma before it, or behind it if it is the first.
  std::size_t begin = offset(found->key.data()) - 1;
  std::size_t end = offset(end_of(*found));
  if (found != metadata->begin()) {
    begin = offset(end_of(*std::prev(found)));
  } else if (std::next(found) != metadata->end()) {
    end = offset(std::next(found)->key.data()) - 1;
  }
  return whole.erase(begin, end - begin);
}

Json* member(Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto at = object.find(key);
  return at == object.end() ? nullptr : &*at;
}

void drop_metadata(Json& item, std::string_view kind) {
  Json* metadata = member(item, "metadata");
  if (metadata == nullptr || !metadata->is_object()) return;
  metadata->erase("managedFields");
  if (std::ranges::find(kSentKinds, kind) != kSentKinds.end()) return;
  Json* annotations = member(*metadata, "annotations");
  if (annotations == nullptr || !annotations->is_object()) return;
  annotations->erase(kLastApplied);
  if (annotations->empty()) metadata->erase("annotations");
}

void drop_schemas(Json& definition) {
  Json* spec = member(definition, "spec");
  if (spec == nullptr || !spec->is_object()) return;
  spec->erase("validation");
  Json* versions = member(*spec, "versions");
  if (versions == nullptr || !versions->is_array()) return;
  for (Json& version : *versions) {
    if (version.is_object()) version.erase("schema");
  }
}

void drop_private_key(Json& route) {
  Json* spec = member(route, "spec");
  Json* tls = spec == nullptr ? nullptr : member(*spec, "tls");
  if (tls != nullptr && tls->is_object() && tls->contains("key")) {
    (*tls)["key"] = std::string{kRedacted};
  }
}

std::string metadata_text(const Json& item, const char* key) {
  const auto metadata = item.find("metadata");
  if (metadata == item.end() || !metadata->is_object()) return {};
  const auto value = metadata->find(key);
  return value != metadata->end() && value->is_string() ? value->get<std::string>() : std::string{};
}

}  // namespace

std::optional<Json> read_item(std::string_view text, const ServedKind& kind) {
  Json read = Json::parse(without_managed_fields(text), nullptr, false);
  if (!read.is_object()) return std::nullopt;
  Json item = std::move(read);
  if (!item.contains("apiVersion") || !item.contains("kind")) {
    Json typed{{"apiVersion", kind.api_version}, {"kind", kind.kind}};
    for (auto& [key, value] : item.items()) typed[key] = std::move(value);
    item = std::move(typed);
  }
  drop_metadata(item, kind.kind);
  if (kind.kind == "CustomResourceDefinition") drop_schemas(item);
  if (kind.kind == "Route") drop_private_key(item);
  return item;
}

std::string item_text(const Json& item) {
  return item.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string item_name(const Json& item) { return metadata_text(item, "name"); }
std::string item_namespace(const Json& item) { return metadata_text(item, "namespace"); }

}  // namespace meshproof
