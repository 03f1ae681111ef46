#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/port_set.h"
#include "model/project.h"
#include "tests/solver/random_mesh.h"

/// The finite cases to which SEMANTICS T7 brings all pods that could be, as pods: for brute force.
namespace meshproof {

[[nodiscard]] NetworkOptions options_of(const RandomMesh& mesh);

/// The ports that random_mesh.cpp can tell apart.
[[nodiscard]] const std::vector<std::pair<Protocol, std::uint16_t>>& port_cases();

/// Every pod that the policies can tell apart, in every namespace that they can tell apart:
/// sources `src…`, destinations `dst…` in `shop`.
class Quotient {
 public:
  /// `with_mesh`: sources inside the mesh too, in the member itself and in members to come.
  Quotient(const RandomMesh& mesh, bool with_mesh);

  [[nodiscard]] const std::string& yaml() const { return yaml_; }

 private:
  void add_pod(const std::string& ns, const std::string& stem, const std::string& labels,
               const std::string& address, const std::string& port = "");
  [[nodiscard]] std::vector<std::string> addresses() const;
  void add_sources(const std::string& ns);
  void add_future_namespaces();
  void add_namespace(const std::string& name, const std::string& labels);
  void add_targets();

  bool with_mesh_;
  bool has_default_;
  bool has_net_namespaces_;
  std::string yaml_;
  unsigned count_ = 0;
  unsigned netids_ = 0;
};

}  // namespace meshproof
