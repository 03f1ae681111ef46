#include <map>
#include <tuple>

#include "reports/json.h"

namespace meshproof {
namespace {

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json origin_json(const Origin& origin) {
  Json json{{"name", origin.name}, {"form", to_string(origin.form)}};
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) json[key] = value;
  };
  add("server", origin.server);
  add("identity", origin.identity);
  add("time", origin.time);
  add("resourceVersion", origin.resource_version);
  return json;
}

/// Parts of one kind that fared alike stand together: there may be as many as namespaces.
Json ledger_json(const Coverage& coverage) {
  using Row = std::tuple<std::string, Collected, std::string, std::size_t>;
  std::map<Row, std::map<std::string, std::size_t>> rows;
  for (const auto& [part, listing] : coverage.listings) {
    rows[{part.kind, listing.collected, listing.reason, listing.origin}][part.ns] = listing.objects;
  }
  Json ledger = Json::array();
  for (const auto& [row, parts] : rows) {
    const auto& [kind, collected, reason, origin] = row;
    Json namespaces = Json::object();
    Json objects = nullptr;
    for (const auto& [ns, count] : parts) {
      if (ns.empty()) {
        objects = count;
      } else {
        namespaces[ns] = count;
      }
    }
    ledger.push_back({{"kind", text_or_null(kind)},
                      {"collected", to_string(collected)},
                      {"objects", objects},
                      {"namespaces", namespaces},
                      {"reason", text_or_null(reason)},
                      {"source", origin < coverage.origins.size() ? Json(origin) : Json(nullptr)}});
  }
  return ledger;
}

}  // namespace

Json to_json(const Coverage& coverage) {
  Json kinds = Json::object();
  for (const auto& [kind, count] : coverage.kinds) kinds[kind] = count;
  Json sources = Json::array();
  for (const Origin& origin : coverage.origins) sources.push_back(origin_json(origin));
  const ClusterIdentity& cluster = coverage.cluster;
  return {{"files", coverage.files},
          {"objects", coverage.objects},
          {"skippedDocuments", coverage.skipped_documents},
          {"kinds", kinds},
          {"incomplete", missing_parts(coverage)},
          {"assumedComplete", coverage.is_assumed()},
          {"assumedEmpty", coverage.assumed_empty},
          {"required", coverage.required},
          {"cluster",
           {{"name", text_or_null(cluster.name)},
            {"clusterID", text_or_null(cluster.cluster_id)},
            {"kubeSystemUid", text_or_null(cluster.kube_system_uid)}}},
          {"sources", sources},
          {"ledger", ledger_json(coverage)}};
}

}  // namespace meshproof
