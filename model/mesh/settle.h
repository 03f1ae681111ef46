#pragma once

#include <string>
#include <vector>

#include "model/diagnostic.h"
#include "model/object.h"
#include "model/prediction.h"
#include "model/result.h"

namespace meshproof {

/// The control planes without a status, in key order: those come from a repository.
[[nodiscard]] std::vector<ObjectKey> declared_planes(const ObjectStore& objects);

/// A state in which every mesh is installed and at rest.
struct SettledState {
  ObjectStore objects;
  Diagnostics diagnostics;
  std::vector<std::string> assumptions;
};

/// A control plane without status comes from a repository, not from a cluster: its mesh is taken as
/// installed and at rest. The objects that its charts make are put into its project (unless objects
/// of those names are there), the project is labelled, and the members that its roll selects are
/// brought to their joined state. Each such mesh is told in a warning `mesh-assumed-installed`, all
/// of them in one sentence. Meshes whose control plane has a status are taken as they are. An
/// unknown operator version is the error `unknown-operator-version`.
[[nodiscard]] Result<SettledState> settle(const ObjectStore& objects,
                                          const PredictOptions& options);

}  // namespace meshproof
