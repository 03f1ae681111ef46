#pragma once

#include <string>
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

}  // namespace meshproof
