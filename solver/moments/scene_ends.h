#pragma once

#include <map>
#include <string>
#include <vector>

#include "solver/moments/scene.h"

/// The ends of a scene's projects. Only the files of solver/moments include this.
namespace meshproof {

/// Finds the pods that speak for others. Refers to all that it is given.
class SceneEnds {
 public:
  /// O(pods log).
  SceneEnds(const ObjectVersions& versions, const RuleAtoms& atoms, SymbolTable& symbols);

  /// Of a namespace of the state before, in order of their names. Completed pods, those of the
  /// nodes' network and those that the state after lacks are none. O(pods × labels).
  [[nodiscard]] std::vector<SceneEnd> of(NamespaceId ns);
  /// Pods that could be made in a project without any: one for each choice of values of the keys
  /// that rules name, as far as these are few.
  [[nodiscard]] std::vector<SceneEnd> hypothetical(const std::string& ns) const;
  /// Why the ends are not known; empty if they are.
  [[nodiscard]] const std::string& obstacle() const { return obstacle_; }

 private:
  [[nodiscard]] bool stays(const Pod& pod, PodId id);
  [[nodiscard]] std::string signature(const Pod& pod) const;
  [[nodiscard]] std::string ranges_of(const std::vector<IpAddress>& addresses) const;
  [[nodiscard]] SceneEnd end_of(const Pod& pod);
  [[nodiscard]] std::ptrdiff_t range_of(const IpAddress& address) const;
  /// One of the same range that no other end has been given.
  [[nodiscard]] IpAddress another(const IpAddress& address) const;

  const Cluster& before_;
  const Cluster& after_;
  const RuleAtoms& atoms_;
  SymbolTable& symbols_;
  std::vector<Symbol> keys_;  ///< that rules ask pods for, in the symbols of the state before
  std::vector<IpAddress> borders_;
  std::vector<IpAddress> possible_;  ///< an address for each range that a pod may have
  std::map<std::string, std::set<std::string>> values_;
  std::string obstacle_;
  mutable std::uint32_t given_ = 0;
};

}  // namespace meshproof
