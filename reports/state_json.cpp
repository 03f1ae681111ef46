#include "reports/state_json.h"

#include "model/tree_json.h"
#include "reports/json.h"

namespace meshproof {

std::string state_json(const ObjectStore& objects, const Coverage& coverage) {
  std::string out = "{\"apiVersion\": \"v1\", \"kind\": \"List\", ";
  if (!coverage.is_silent())
    out +=
        "\"coverage\": " + to_json(coverage).dump(-1, ' ', false, Json::error_handler_t::replace) +
        ", ";
  out += "\"items\": [";
  bool first = true;
  for (const Object& object : objects) {
    out += first ? "\n" : ",\n";
    first = false;
    append_json(out, *object.tree.read());
  }
  return out + "\n]}\n";
}

}  // namespace meshproof
