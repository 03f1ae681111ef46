#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/cli/live_scene.h"

namespace meshproof {

/// The objects of all blocks of docs/RBAC.md, for the mesh of this project.
[[nodiscard]] std::vector<Tree> documented_objects(const std::string& mesh = "istio-system");

/// The ServiceAccount of docs/RBAC.md, at first without any right.
class Account {
 public:
  explicit Account(Live& live);

  /// Gives it a role of docs/RBAC.md in the whole cluster, as documented or edited; the roles of
  /// the mesh bear its name.
  void give(const std::string& role, const std::function<void(Tree& role)>& edit = {});
  void take(const std::string& role);
  /// Its token is worth nothing from then on, which the server may notice ten seconds later.
  void remove();

  [[nodiscard]] const std::string& token() const { return token_; }
  /// Of a file with this token.
  [[nodiscard]] const std::string& kubeconfig() const { return kubeconfig_; }

 private:
  ApiClient client_;
  std::string mesh_;
  std::string token_;
  std::string kubeconfig_;
};

/// Writes a kubeconfig with a token; its path.
[[nodiscard]] std::string write_kubeconfig(const Live& live, const std::string& token);

/// Takes a verb away from the rule of a role that has this resource.
void take_verb(Tree& role, const std::string& resource, const std::string& verb);

}  // namespace meshproof
