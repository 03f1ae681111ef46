#include "reports/snapshot_json.h"

#include "reports/json.h"

namespace meshproof {

std::string_view snapshot_head() {
  return "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [\n";
}

std::string snapshot_tail(const Coverage& coverage, const SnapshotNote& note) {
  const auto text = [](const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
  };
  const Json about{{"program", note.program},
                   {"redacted", note.is_redacted},
                   {"namespaces", note.namespaces},
                   {"resourceVersions", note.resource_versions}};
  return "\n], \"coverage\": " + text(to_json(coverage)) + ", \"snapshot\": " + text(about) + "}\n";
}

}  // namespace meshproof
