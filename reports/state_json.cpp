#include "reports/state_json.h"

#include "model/tree_json.h"

namespace meshproof {

std::string state_json(const ObjectStore& objects) {
  std::string out = "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [";
  bool first = true;
  for (const auto& [key, object] : objects.all()) {
    out += first ? "\n" : ",\n";
    first = false;
    append_json(out, *object.tree);
  }
  return out + "\n]}\n";
}

}  // namespace meshproof
