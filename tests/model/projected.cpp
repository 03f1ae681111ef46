#include "tests/model/projected.h"

#include "tests/support/yaml.h"

namespace meshproof {
namespace {

const char* name_of(Severity severity) {
  switch (severity) {
    case Severity::Note:
      return "note";
    case Severity::Warning:
      return "warning";
    case Severity::Error:
      return "error";
  }
  return "";
}

}  // namespace

Projected project_text(std::string_view yaml) {
  NetworkOptions options;
  options.dialect = Dialect::Kubernetes;
  return project_text(yaml, options);
}

Projected project_text(std::string_view yaml, const NetworkOptions& options) {
  Projected projected;
  projected.cluster = project(objects_from(yaml), options, projected.diagnostics);
  return projected;
}

std::vector<std::string> lines_of(Diagnostics diagnostics) {
  sort_diagnostics(diagnostics);
  std::vector<std::string> lines;
  for (const auto& diagnostic : diagnostics) {
    lines.push_back(std::to_string(diagnostic.place.line) + ": " + name_of(diagnostic.severity) +
                    '[' + diagnostic.code + "]: " + diagnostic.message);
  }
  return lines;
}

}  // namespace meshproof
