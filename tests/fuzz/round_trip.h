#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "model/project.h"
#include "model/tree_json.h"
#include "reports/diagnostic_text.h"
#include "scenarios/document.h"
#include "scenarios/json.h"
#include "scenarios/read.h"
#include "scenarios/text.h"
#include "scenarios/yaml.h"

namespace meshproof {

/// What a parser reads without an error says the same when it is written as JSON and read again.
/// The text then goes the whole way of an input: objects, the typed view, the rendered messages.
inline void check_round_trip(std::string_view bytes,
                             std::vector<Document> (*parse)(std::string_view, FileId)) {
  std::string text{bytes};
  if (check_text(text, "fuzz")) return;
  for (const Document& document : parse(text, FileId{})) {
    if (has_errors(document.diagnostics)) continue;
    std::string json;
    append_json(json, document.tree);
    const std::vector<Document> again = parse_json(json, FileId{});
    if (again.size() != 1 || !(again.front().tree == document.tree)) std::abort();
  }
  Sources sources;
  Diagnostics told;
  const Input input = read_text("fuzz", text, {}, sources, told);
  const Cluster cluster = project(input.objects, {}, told);
  for (const Diagnostic& each : told) {
    if (diagnostic_text(each, sources, {}).empty()) std::abort();
  }
}

}  // namespace meshproof
