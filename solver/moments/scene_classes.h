#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "solver/moments/scene.h"

/// Which projects of a scene are alike. Only the files of solver/moments include this.
namespace meshproof {

/// How the projects of a scene refer to each other: by selectors of namespaces and by network ids.
class ProjectRelations {
 public:
  /// Keeps the projects, of which those with steps come first, by reference. What two projects
  /// without steps say of each other counts only if `of_all_flows`. O(policies + distinct selectors
  /// × versions of labels).
  ProjectRelations(const std::vector<SceneProject>& projects, const SymbolTable& symbols,
                   bool of_all_flows);

  /// `0`, an id that several have, or `own`.
  [[nodiscard]] std::string net_id(std::uint32_t netid) const;

  /// What a selector in a policy of the project says of the others, whatever it is called there:
  /// alike projects may each name themselves.
  [[nodiscard]] std::string meaning(const LabelSelector& selector, std::size_t owner);
  /// Which of the selectors in policies of others select the labels.
  [[nodiscard]] std::string selected_by(const Labels& labels, std::size_t project) const;

 private:
  struct Entry {
    LabelSelector selector;
    std::set<std::size_t> owners;                               ///< the first two
    std::vector<std::pair<std::size_t, std::size_t>> selected;  ///< project and version
  };

  const std::vector<SceneProject>& projects_;
  const SymbolTable& symbols_;
  const bool of_all_flows_;
  std::map<std::string, std::size_t> ids_;
  std::vector<Entry> entries_;
  std::vector<std::size_t> asked_by_changed_;  // entries that all projects are told apart by
  std::map<std::string, std::size_t> sets_;
  std::map<std::uint32_t, std::set<std::string>>
      net_ids_;  ///< and the projects that ever have them
};

/// Puts the written objects of each project in an order that is the same in alike projects.
void order_objects(std::vector<SceneProject>& projects, const std::vector<Stage>& stages,
                   ProjectRelations& selectors, const SymbolTable& symbols);

/// Text that two projects share only if they are alike.
[[nodiscard]] std::string signature_of(const SceneProject& project, std::size_t index,
                                       const std::vector<Stage>& stages,
                                       ProjectRelations& selectors, const SymbolTable& symbols);

}  // namespace meshproof
