#include "backends/snapshot/item.h"

#include <algorithm>
#include <array>
#include <utility>

#include "backends/snapshot/redaction.h"

namespace meshproof {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kLastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/// solver/lint/policy_field_rules.cpp: the rules look for fields that the server did not keep.
constexpr auto kSentKinds = std::to_array<std::string_view>(
    {"CronJob", "DaemonSet", "Deployment", "DeploymentConfig", "Job", "NetworkPolicy", "Service",
     "ServiceMeshControlPlane", "ServiceMeshMember", "ServiceMeshMemberRoll", "StatefulSet"});

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
  Json read = Json::parse(text, nullptr, false);
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
