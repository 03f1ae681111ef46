#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/generate.h"

namespace meshproof {

/// One kind of application that clusters run.
struct Application {
  std::string_view name;
  std::string_view role;   ///< label `role`
  std::string_view owner;  ///< ReplicaSet, StatefulSet or Job
  std::string_view protocol;
  std::uint16_t port;  ///< the container port named `service`
};

/// What runs an application in a project.
struct Deployed {
  const Application* application = nullptr;
  std::string name;  ///< unique in the project
  std::string_view version;
  std::size_t pods = 1;
};

/// One namespace with its applications, drawn from the seed and its number.
struct GeneratedProject {
  std::size_t number = 0;  ///< from 0
  std::string name;
  std::string team;
  std::string_view env;
  std::string_view tier;  ///< empty for none
  bool monitored = false;
  bool is_member = false;
  std::vector<Deployed> applications;  ///< none only if the shape has no pods
};

[[nodiscard]] GeneratedProject draw_project(std::size_t number, const ClusterShape& shape);

/// The name of the project of a number. Names sort as the numbers do.
[[nodiscard]] std::string project_name(std::size_t number, const ClusterShape& shape);
/// The value of label `team` for one of the teams of the shape.
[[nodiscard]] std::string team_name(std::size_t team);
[[nodiscard]] std::size_t count_teams(const ClusterShape& shape);

[[nodiscard]] std::string namespace_json(const GeneratedProject& project);

}  // namespace meshproof
