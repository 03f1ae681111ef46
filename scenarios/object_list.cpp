#include "scenarios/object_list.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "scenarios/metadata.h"
#include "scenarios/normal_form.h"

namespace meshproof {

std::vector<Tree> check_objects(Manifests& manifests, const ReadOptions& options,
                                const Sources& sources, Diagnostics& diagnostics) {
  std::vector<Tree> objects;
  for (Tree& object : manifests.objects) {
    if (check_object_metadata(object, sources, diagnostics)) objects.push_back(std::move(object));
  }
  manifests.objects.clear();
  normalise_objects(objects, options.default_namespace, diagnostics);
  return objects;
}

Diagnostics split_errors(Diagnostics found, Diagnostics& warnings) {
  Diagnostics errors;
  std::ranges::partition_copy(
      std::move(found), std::back_inserter(errors), std::back_inserter(warnings),
      [](const Diagnostic& diagnostic) { return diagnostic.severity == Severity::Error; });
  sort_diagnostics(errors);
  sort_diagnostics(warnings);
  return errors;
}

}  // namespace meshproof
