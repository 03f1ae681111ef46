#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "model/diagnostic.h"
#include "model/tree.h"

namespace meshproof {

/// Brings objects into the form in which the API server would keep them. Old groups become today's
/// (warning `old-group`). Objects of namespaced kinds without a namespace get `default_namespace`,
/// or `default` with the warning `namespace-defaulted`, which counts them; a
/// CustomResourceDefinition among the objects says which kinds are namespaced. Cluster-scoped kinds
/// lose a namespace. The payload of Secrets is dropped. Errors: `wrong-group`. Warnings:
/// `unknown-version`, `unknown-kind`.
void normalise_objects(std::vector<Tree>& objects, const std::string& default_namespace,
                       Diagnostics& diagnostics);

/// Tells which objects normalise_objects() would leave as they are, with nothing to tell, whatever
/// CustomResourceDefinitions there are. Remembers kinds.
class NormalForm {
 public:
  /// The object has apiVersion and kind. O(fields of the metadata).
  [[nodiscard]] bool has(const Tree& object);

 private:
  enum class Kind : std::uint8_t { Doubtful, Namespaced, Cluster };
  [[nodiscard]] static Kind kind_of(std::string_view api_version, std::string_view kind);

  std::map<std::pair<std::string, std::string>, Kind> kinds_;
  const std::pair<const std::pair<std::string, std::string>, Kind>* last_ = nullptr;
};

}  // namespace meshproof
