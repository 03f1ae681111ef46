#include "tests/support/yaml.h"

#include <utility>

#include <catch2/catch.hpp>

#include "scenarios/files.h"
#include "scenarios/object_list.h"
#include "scenarios/read.h"

namespace meshproof {
namespace {

void fail_with(const Sources& sources, const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) {
    text += sources.format(diagnostic.place) + ": [" + diagnostic.code + "] " + diagnostic.message +
            '\n';
  }
  FAIL(text);
}

Input input_from(std::string_view yaml, Sources& sources) {
  Diagnostics found;
  Input input = read_text("test.yaml", std::string{yaml}, {}, sources, found);
  if (has_errors(found)) fail_with(sources, found);
  return input;
}

}  // namespace

ObjectStore objects_from(std::string_view yaml) {
  Sources sources;
  return input_from(yaml, sources).objects;
}

std::vector<Tree> trees_from(std::string_view yaml) {
  Sources sources;
  Diagnostics found;
  Manifests manifests;
  const auto source = load_text("test.yaml", std::string{yaml}, sources, found);
  if (source) add_manifests(*source, manifests, found);
  std::vector<Tree> objects = check_objects(manifests, {}, sources, found);
  Diagnostics warnings;
  const Diagnostics errors = split_errors(std::move(found), warnings);
  if (!errors.empty()) fail_with(sources, errors);
  return objects;
}

Snapshot snapshot_from(std::string_view yaml, const NetworkOptions& options) {
  Sources sources;
  Input input = input_from(yaml, sources);
  Diagnostics found;
  Cluster cluster = project(input.objects, options, found);
  if (has_errors(found)) fail_with(sources, found);
  return {std::move(input.objects), std::move(input.coverage), std::move(cluster)};
}

Cluster cluster_from(std::string_view yaml, const NetworkOptions& options) {
  return snapshot_from(yaml, options).cluster;
}

}  // namespace meshproof
