#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "model/cluster.h"
#include "solver/moments/versions.h"

/// The projects between which flows can change, by what decides them. Only the files of
/// solver/moments include this.
namespace meshproof {

/// One version of an object, in the symbols of the scene; monostate: it is not there.
using ObjectVersion =
    std::variant<std::monostate, Namespace, NetworkPolicy, NetNamespace, EgressNetworkPolicy>;

struct SceneObject {
  const WrittenObject* written = nullptr;  ///< null: no step writes it, and it has one version
  std::vector<ObjectVersion> versions;
};

/// A pod that speaks for all of its project that no rule tells apart from it.
struct SceneEnd {
  Pod pod;             ///< only with labels and names of ports that rules ask for
  std::string second;  ///< another one of them; empty if there is none
  std::vector<IpAddress> second_addresses;
  std::string range;  ///< in which its addresses lie, as far as rules tell them apart
  std::size_t count = 1;
  Tree manifest;  ///< of a pod that does not exist; else null
};

struct SceneProject {
  std::string name;
  std::vector<SceneObject> objects;  ///< written ones first, alike in alike projects
  std::vector<SceneEnd> ends;
  std::size_t written = 0;  ///< how many of the objects steps write
  std::vector<UnmodelledObject> unmodelled;

  [[nodiscard]] bool is_changed() const { return written > 0; }
};

/// Projects that nothing but their names tells apart, as far as flows go that can change.
struct SceneClass {
  std::vector<std::size_t> projects;  ///< indices of Scene::projects(); the first few
  std::size_t count = 0;
};

/// Which labels, addresses and names the rules of some clusters ask for.
struct RuleAtoms {
  std::set<std::string> namespace_keys;
  std::set<std::string> pod_keys;
  std::set<Cidr> blocks;
  bool asks_for_port_names = false;

  /// O(policies × what they say).
  void add(const Cluster& cluster);
};

/// What an assertion asks for beside the rules, so that classes do not mix what it tells apart.
struct SceneQuestions {
  RuleAtoms atoms;
  /// Something that tells a project apart in one of the clusters; null: nothing.
  std::function<std::string(const Cluster& cluster, NamespaceId ns)> signature;
  /// Flows between projects without steps are asked about, too.
  bool of_all_flows = false;
};

/// Everything that decides flows at the pods of the changed projects. Ends are the pods that both
/// states have, none of the nodes' network, and the addresses outside.
class Scene {
 public:
  /// O(pods × labels + policies × what they say + distinct selectors × changed projects).
  Scene(const ObjectVersions& versions, const std::vector<Stage>& stages,
        const SceneQuestions& questions);

  [[nodiscard]] const std::string& obstacle() const { return obstacle_; }
  [[nodiscard]] const std::vector<SceneProject>& projects() const { return projects_; }
  /// Those with steps first.
  [[nodiscard]] const std::vector<SceneClass>& classes() const { return classes_; }
  [[nodiscard]] const SceneProject& project(std::size_t of_class, std::size_t number) const {
    return projects_[classes_[of_class].projects[number]];
  }
  [[nodiscard]] const std::vector<IpAddress>& outside() const { return outside_; }
  [[nodiscard]] std::size_t changed_projects() const { return changed_; }
  [[nodiscard]] bool has_hypothetical_ends() const { return has_hypothetical_; }

  /// What stands for hosts in rules: `default` and `openshift-host-network`, without ends.
  [[nodiscard]] const std::vector<SceneProject>& standing_for_hosts() const {
    return standing_for_hosts_;
  }
  [[nodiscard]] const SymbolTable& symbols() const { return symbols_; }
  [[nodiscard]] const Cluster& state() const { return state_; }

 private:
  void find_obstacle(const ObjectVersions& versions);
  void read_projects(const ObjectVersions& versions, const RuleAtoms& atoms);
  void classify(const ObjectVersions& versions, const std::vector<Stage>& stages,
                const SceneQuestions& questions);

  const Cluster& state_;
  std::string obstacle_;
  std::set<std::pair<std::string, std::string>> oversized_;  ///< policies in all states, SDN-P8
  SymbolTable symbols_;
  std::vector<SceneProject> projects_;
  std::vector<SceneClass> classes_;
  std::vector<SceneProject> standing_for_hosts_;
  std::vector<IpAddress> outside_;
  std::size_t changed_ = 0;
  bool has_hypothetical_ = false;
};

}  // namespace meshproof
