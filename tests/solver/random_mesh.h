#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/network.h"

namespace meshproof {

/// Picks a number below `count`; a test's source of choices.
using Choose = std::function<unsigned(unsigned count)>;

/// A small cluster with one mesh, as YAML in parts: control plane `cp`, member `shop`, outsiders.
struct RandomMesh {
  Dialect dialect = Dialect::Kubernetes;
  std::string objects;                 ///< everything but policies
  std::vector<std::string> policies;   ///< of the member; bodies to be given to policy_yaml()
  std::vector<bool> internal;          ///< by policy: annotated and owned by the control plane
  std::string egress_policies;         ///< of outsiders
  std::vector<std::string> outsiders;  ///< existing namespaces outside the mesh
  bool has_net_namespaces = false;
};

[[nodiscard]] RandomMesh random_mesh(const Choose& choose);

/// A policy of namespace `shop`: `body` has podSelector and ingress.
[[nodiscard]] std::string policy_yaml(const std::string& name, const std::string& body,
                                      bool internal);

/// All of it as one stream.
[[nodiscard]] std::string to_yaml(const RandomMesh& mesh);

}  // namespace meshproof
